#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// Paired samples of two random variables: row i of both belongs together.
public struct PairedSample: Sendable, Equatable {
  /// `[count, dimensions of X]`
  public let x: Matrix<Double>
  /// `[count, dimensions of Y]`
  public let y: Matrix<Double>
}

extension KnownInformation {
  /// Independent draws of (X, Y).
  ///
  /// - Shapes: one column for each component; pictures have `side · side` columns, row by row.
  /// - Parameter key: Pair `i` is drawn from `key.fork(i)`, so that fewer pairs are the first of more.
  /// - Throws: `DatasetError.invalidSetting`; see ``check()``.
  public func sample(count: Int, key: RandomKey) throws(DatasetError) -> PairedSample {
    try check()
    var (x, y) = ([Double](), [Double]())
    for index in 0..<count {
      let pair = pair(key.fork(index))
      x += pair.x
      y += pair.y
    }
    let (width, height) = (count == 0 ? 0 : x.count / count, count == 0 ? 0 : y.count / count)
    return PairedSample(
      x: Matrix(values: x, rowCount: count, columnCount: width),
      y: Matrix(values: y, rowCount: count, columnCount: height))
  }

  private func pair(_ key: RandomKey) -> (x: [Double], y: [Double]) {
    func uniform(_ name: String) -> Double {
      let value: [Double] = key.fork(name).uniform(count: 1, in: 0..<1)
      return value[0]
    }
    switch self {
    case .normal(let correlations):
      return Self.normalPair(correlations, key)
    case .uniform(let correlations):
      return Self.normalPair(correlations, key, NormalDistribution.cumulative)
    case .stretchedNormal(let correlations):
      return Self.normalPair(correlations, key) {
        $0.magnitude * $0.magnitude.squareRoot() * ($0 < 0 ? -1 : 1)
      }
    case .contractedNormal(let correlations):
      return Self.normalPair(correlations, key) { asinh($0) }
    case .student(let degrees, let correlations):
      let square = 2 * key.fork("divisor").gamma(shape: degrees / 2)
      let divisor = (square / degrees).squareRoot()
      return Self.normalPair(correlations, key) { $0 / divisor }
    case .smoothedUniform(let sharpness):
      let x = uniform("x")
      return ([x], [x + uniform("noise") / sharpness])
    case .smoothedDiscreteUniform(let count, let sharpness):
      let x = Double(key.fork("x").integer(at: 0, in: 0..<count))
      return ([x], [x + uniform("noise") / sharpness])
    case .logGammaExponential(let c):
      let x = log(key.fork("x").gamma(shape: 1 / c))
      return ([x], [log(-log1p(-uniform("y"))) - x])
    case .quantized(let probabilities):
      let x = uniform("x")
      var (part, end) = (0, probabilities[0])
      while x >= end, part < probabilities.count - 1 {
        part += 1
        end += probabilities[part]
      }
      return ([x], [Double(part)])
    case .noisyChannel(let count, let redraw):
      let letters = key.fork("letters").integers(count: 2, in: 0..<count)
      return ([Double(letters[0])], [Double(uniform("redraw") < redraw ? letters[1] : letters[0])])
    case .additiveNoise(let variances, let noiseVariance):
      let normal: [Double] = key.fork("x").normal(count: variances.count)
      let noise: [Double] = key.fork("noise").normal(
        count: variances.count, standardDeviation: noiseVariance.squareRoot())
      let x = zip(variances, normal).map { $0.squareRoot() * $1 }
      return (x, zip(x, noise).map(+))
    case .rareEvent(let probability, let count):
      let (x, place) = (uniform("x"), uniform("y"))
      guard x >= 1 - probability else { return ([x], [place * (1 - probability)]) }
      let length = probability / Double(count)
      let letter = min(count - 1, Int((x - (1 - probability)) / length))
      return ([x], [1 - probability + (Double(letter) + place) * length])
    case .blobs(let side, let correlations):
      let places = Self.normalPair(correlations, key, NormalDistribution.cumulative)
      return (Self.blob(places.x, side), Self.blob(places.y, side))
    case .rectangles(let side, let correlations):
      let places = Self.normalPair(correlations, key, NormalDistribution.cumulative)
      return (Self.rectangle(places.x, side), Self.rectangle(places.y, side))
    }
  }

  /// Normal components in pairs with the given correlations, each sent through a function.
  private static func normalPair(
    _ correlations: [Double], _ key: RandomKey, _ function: (Double) -> Double = { $0 }
  ) -> (x: [Double], y: [Double]) {
    let x: [Double] = key.fork("x").normal(count: correlations.count)
    let noise: [Double] = key.fork("noise").normal(count: correlations.count)
    let y = correlations.indices.map { index in
      let correlation = correlations[index]
      return correlation * x[index]
        + (1 - correlation * correlation).squareRoot() * noise[index]
    }
    return (x.map(function), y.map(function))
  }

  // MARK: - Pictures

  /// exp(−|u − c|² / (2 · 0.2²)) on a grid over the unit square, c being the place.
  private static func blob(_ place: [Double], _ side: Int) -> [Double] {
    let axes = place.map { center in
      (0..<side).map { index in
        let distance = Double(index) / Double(side - 1) - center
        return exp(-distance * distance / (2 * 0.2 * 0.2))
      }
    }
    return axes[0].flatMap { row in axes[1].map { row * $0 } }
  }

  /// The product of two segments, each of two uniform numbers; segments are 0.2 long at least, so that all four can be
  /// read from the picture.
  private static func rectangle(_ numbers: [Double], _ side: Int) -> [Double] {
    let least = 0.2
    func segment(_ u: Double, _ v: Double) -> [Double] {
      let start = (1 - least) * (1 - (1 - u).squareRoot())
      let end = start + least + v * (1 - start - least)
      // One pixel wide, edges fall off over one pixel.
      return (0..<side).map { index in
        let place = Double(index) + 0.5
        return min(1, max(0, min(place - start * Double(side), end * Double(side) - place)))
      }
    }
    let (rows, columns) = (segment(numbers[0], numbers[1]), segment(numbers[2], numbers[3]))
    return rows.flatMap { row in columns.map { row * $0 } }
  }
}

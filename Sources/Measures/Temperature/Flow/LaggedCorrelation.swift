/// How two series are made to have nothing to do with each other, each keeping its spectrum.
public enum FlowSurrogates: String, Sendable, Codable, CaseIterable {
  /// One of them gets random phases. p-values go down to 1/(surrogates + 1); the series is then that of a Gaussian
  /// process, without bursts.
  case randomPhases
  /// One of them is moved around the circle, by more than twice the largest lag, and keeps its bursts.
  ///
  /// A circle of N records has no more than about N/(2L + 1) windows of lags to compare with, so that p-values
  /// are not let below (2L + 1)/N, however many shifts are drawn: for few pairs of long series.
  case circularShifts
}

/// Correlations of two series at all lags, and of series that have nothing to do with each other.
struct LaggedCorrelator: Sendable {
  /// Series of one length, each with mean 0 and Σ x² = 1.
  let series: [[Double]]
  let largestLag: Int
  private let transform: RealFourierTransform
  private let spectra: [FourierCoefficients]

  /// - Parameter names: of the series, for messages.
  init(
    _ columns: [[Double]], names: [String], largestLag: Int, measure: String
  ) throws(MeasureError) {
    guard largestLag >= 0 else {
      throw .outOfRange(
        measure: measure, what: "largestLag", value: Double(largestLag), expected: "at least 0")
    }
    let count = columns.first?.count ?? 0
    // Shifts are further than two lags from either end of the circle, and there must be some.
    let needed = 4 * largestLag + 22
    guard count >= needed else {
      throw .tooFewSamples(measure: measure, found: count, needed: needed)
    }
    var series = [[Double]]()
    for (index, column) in columns.enumerated() {
      let mean = column.reduce(0, +) / Double(count)
      let centered = column.map { $0 - mean }
      let norm = dot(centered, centered).squareRoot()
      guard norm > 1e-13 * abs(mean) * Double(count).squareRoot(), norm > 0 else {
        throw .undefined(measure: measure, reason: "'\(names[index])' does not change")
      }
      series.append(centered.map { $0 / norm })
    }
    self.series = series
    self.largestLag = largestLag
    var size = 2
    while size < 2 * count { size *= 2 }
    let transform = RealFourierTransform(count: size)
    self.transform = transform
    spectra = series.map {
      transform.coefficients(of: $0 + Array(repeating: 0, count: size - count))
    }
  }

  /// The number of records.
  var count: Int { series.first?.count ?? 0 }

  /// Σ_t a(t) b(t + ℓ mod N) for ℓ in 0 ..< N.
  func circular(_ a: Int, _ b: Int) -> [Double] {
    var product = spectra[b]
    for k in product.real.indices {
      let (x, y) = (spectra[a].real[k], spectra[a].imaginary[k])
      let (u, v) = (spectra[b].real[k], spectra[b].imaginary[k])
      product.real[k] = x * u + y * v
      product.imaginary[k] = x * v - y * u
    }
    let padded = transform.values(of: product)
    return (0..<count).map { padded[$0] + ($0 == 0 ? 0 : padded[padded.count - count + $0]) }
  }

  /// R(ℓ) = Σ_t a(t) b(t + ℓ) for ℓ in −L ... L, over pairs that exist, with b moved on by `shift` around the circle.
  ///
  /// - Parameter circular: the correlations of ``circular(_:_:)``; what they have around the end is taken off.
  func lagged(_ a: Int, _ b: Int, shift: Int, circular: [Double]) -> [Double] {
    let n = count
    let (x, y) = (series[a], series[b])
    return (-largestLag...largestLag).map { lag in
      var sum = circular[((lag - shift) % n + n) % n]
      // Pairs whose second record lies beyond the end, or before the start.
      let beyond = lag >= 0 ? n - lag..<n : 0..<(-lag)
      for t in beyond { sum -= x[t] * y[((t + lag - shift) % n + n) % n] }
      return sum
    }
  }

  /// The shifts that break what two series have to do with each other.
  private var shifts: Range<Int> { 2 * largestLag + 1..<count - 2 * largestLag }

  /// The least p-value that a kind of surrogates can tell.
  func leastPValue(_ surrogates: FlowSurrogates) -> Double {
    surrogates == .circularShifts ? Double(2 * largestLag + 1) / Double(count) : 0
  }

  /// The statistic of R(−L) … R(L) on surrogates of series b, against each of some series.
  ///
  /// - Returns: for each of `others`, a value for each surrogate.
  func nullValues(
    of others: [Int], against b: Int, _ surrogates: FlowSurrogates, surrogateCount: Int,
    key: RandomKey, statistic: ([Double]) -> Double
  ) throws(MeasureError) -> [[Double]] {
    switch surrogates {
    case .circularShifts:
      return others.map { a in
        let circular = circular(a, b)
        return key.fork(a).integers(count: surrogateCount, in: shifts).map {
          statistic(lagged(a, b, shift: $0, circular: circular))
        }
      }
    case .randomPhases:
      let phases = try PhaseSurrogates(of: series[b], measure: "LaggedCorrelator")
      let drawn = Matrix(rows: phases.series(count: surrogateCount, key: key))
      return others.map { a in
        let correlations = drawn.multiplied(by: laggedCopies(of: a), transposingOther: true)
        return (0..<surrogateCount).map { statistic(Array(correlations.row($0))) }
      }
    }
  }

  /// Row ℓ holds a(t − ℓ) at t, zeros where there is none: its product with b is R(ℓ).
  private func laggedCopies(of a: Int) -> Matrix<Double> {
    var copies = Matrix<Double>(rowCount: 2 * largestLag + 1, columnCount: count)
    for (row, lag) in (-largestLag...largestLag).enumerated() {
      for t in max(0, lag)..<min(count, count + lag) { copies[row, t] = series[a][t - lag] }
    }
    return copies
  }
}

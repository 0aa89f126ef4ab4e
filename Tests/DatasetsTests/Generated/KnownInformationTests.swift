import Foundation
import GrokDatasets
import TestSupport
import Testing

/// The closed forms of mutual information, held against averages of the log ratio of densities, which are written here
/// from the definitions, and against sums over all outcomes.
@Suite struct KnownInformationTests {
  private let count = 20_000
  private let key = RandomKey(seed: 5)

  /// The mean of the log density ratio over a sample meets the closed form within five standard errors.
  private func expectMean(
    _ family: KnownInformation, _ logRatio: (_ x: [Double], _ y: [Double]) -> Double
  ) throws {
    let sample = try family.sample(count: count, key: key)
    let values = (0..<count).map { row in
      logRatio(
        (0..<sample.x.columnCount).map { sample.x[row, $0] },
        (0..<sample.y.columnCount).map { sample.y[row, $0] })
    }
    let mean = values.reduce(0, +) / Double(count)
    let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(count)
    let truth = try family.information()
    // Densities that do not vary leave rounding alone.
    let error = max(1e-9, (variance / Double(count)).squareRoot())
    #expect(abs(mean - truth) < 5 * error, "\(family): \(truth)")
  }

  private func normalRatio(_ correlations: [Double], _ x: [Double], _ y: [Double]) -> Double {
    correlations.indices.reduce(0) { sum, index in
      let (r, a, b) = (correlations[index], x[index], y[index])
      let rest = 1 - r * r
      return sum - 0.5 * log(rest) - (a * a - 2 * r * a * b + b * b) / (2 * rest)
        + (a * a + b * b) / 2
    }
  }

  @Test(.tags(.law), arguments: [[0.6], [0.9, -0.3], [0.0, 0.5, 0.99]])
  func normalAndWhatIsMadeOfIt(correlations: [Double]) throws {
    try expectMean(.normal(correlations: correlations)) { normalRatio(correlations, $0, $1) }
    // A bijection of each component changes no ratio: undone here, with functions written the other way round.
    try expectMean(.stretchedNormal(correlations: correlations)) {
      func undone(_ value: Double) -> Double {
        (value < 0 ? -1 : 1) * pow(abs(value), 2.0 / 3)
      }
      return normalRatio(correlations, $0.map(undone), $1.map(undone))
    }
    try expectMean(.contractedNormal(correlations: correlations)) {
      normalRatio(correlations, $0.map { sinh($0) }, $1.map { sinh($0) })
    }
    try expectMean(.uniform(correlations: correlations)) {
      normalRatio(correlations, $0.map(quantile), $1.map(quantile))
    }
  }

  /// Φ⁻¹ by bisection.
  private func quantile(_ p: Double) -> Double {
    var (low, high) = (-10.0, 10.0)
    for _ in 0..<60 {
      let middle = (low + high) / 2
      if erfc(-middle / 2.0.squareRoot()) / 2 < p { low = middle } else { high = middle }
    }
    return (low + high) / 2
  }

  @Test(.tags(.law), arguments: [(1.0, [0.0]), (3.0, [0.6, 0.2]), (5.5, [0.9])])
  func student(degrees: Double, correlations: [Double]) throws {
    let dimension = Double(correlations.count)
    func logDensity(_ square: Double, _ d: Double, _ determinant: Double) -> Double {
      lgamma((degrees + d) / 2) - lgamma(degrees / 2) - d / 2 * log(degrees * .pi)
        - 0.5 * log(determinant) - (degrees + d) / 2 * log1p(square / degrees)
    }
    try expectMean(.student(degrees: degrees, correlations: correlations)) { x, y in
      var (joint, xs, ys, determinant) = (0.0, 0.0, 0.0, 1.0)
      for (index, r) in correlations.enumerated() {
        let (a, b) = (x[index], y[index])
        joint += (a * a - 2 * r * a * b + b * b) / (1 - r * r)
        determinant *= 1 - r * r
        (xs, ys) = (xs + a * a, ys + b * b)
      }
      return logDensity(joint, 2 * dimension, determinant) - logDensity(xs, dimension, 1)
        - logDensity(ys, dimension, 1)
    }
  }

  @Test(.tags(.law), arguments: [0.2, 1, 3.7]) func smoothedUniform(sharpness s: Double) throws {
    try expectMean(.smoothedUniform(sharpness: s)) { _, y in
      // p(y | x) = s; p(y) is s times the length of the x that lead to y.
      let length = min(1, y[0]) - max(0, y[0] - 1 / s)
      return -log(length)
    }
  }

  @Test(.tags(.law), arguments: [(3, 2.0), (5, 0.4), (7, 0.9), (5, 0.1), (4, 0.5)])
  func smoothedDiscreteUniform(levels: Int, sharpness s: Double) throws {
    try expectMean(.smoothedDiscreteUniform(levelCount: levels, sharpness: s)) { _, y in
      let reached = (0..<levels).count { Double($0) <= y[0] && y[0] < Double($0) + 1 / s }
      return -log(Double(reached) / Double(levels))
    }
  }

  @Test(.tags(.law), arguments: [0.05, 1, 4]) func logGammaExponential(c: Double) throws {
    try expectMean(.logGammaExponential(c: c)) { x, y in
      // Given G = e^x, e^y is exponential of rate G; without, P(e^y > t) = (1 + t)^(−1/c).
      let (g, t) = (exp(x[0]), exp(y[0]))
      return (log(g) - g * t) - (log(1 / c) - (1 / c + 1) * log1p(t))
    }
    // For small c the information is c / 2.
    let small = try KnownInformation.logGammaExponential(c: 1e-4).information()
    #expect(abs(small - 0.5e-4) < 1e-8)
  }

  @Test(.tags(.law)) func discreteChannels() throws {
    for (letters, redraw) in [(2, 0.1), (5, 0.0), (5, 0.37), (3, 1.0)] {
      let m = Double(letters)
      var sum = 0.0
      for x in 0..<letters {
        for y in 0..<letters {
          let joint = ((x == y ? 1 - redraw : 0) + redraw / m) / m
          if joint > 0 { sum += joint * log(joint * m * m) }
        }
      }
      let family = KnownInformation.noisyChannel(letterCount: letters, redrawProbability: redraw)
      #expect(abs(try family.information() - sum) < 1e-12)
      let sample = try family.sample(count: count, key: key)
      let same = Double((0..<count).count { sample.x[$0, 0] == sample.y[$0, 0] }) / Double(count)
      let expected = 1 - redraw * (1 - 1 / m)
      #expect(
        abs(same - expected) <= 5 * (expected * (1 - expected) / Double(count)).squareRoot() + 1e-12
      )
    }
    let parts = [0.5, 0.25, 0.25]
    let family = KnownInformation.quantized(probabilities: parts)
    #expect(abs(try family.information() - 1.5 * log(2)) < 1e-12)
    let sample = try family.sample(count: count, key: key)
    for row in 0..<count {
      let x = sample.x[row, 0]
      #expect(sample.y[row, 0] == (x < 0.5 ? 0 : x < 0.75 ? 1 : 2))
    }
  }

  /// The places can be read from the pictures, so that no information is lost.
  @Test(.tags(.law)) func picturesAreTheirPlaces() throws {
    let correlations = [0.8, 0.3]
    let blobs = KnownInformation.blobs(side: 16, correlations: correlations)
    let plain = KnownInformation.uniform(correlations: correlations)
    #expect(try blobs.information() == plain.information())
    let (pictures, places) = (
      try blobs.sample(count: 20, key: key), try plain.sample(count: 20, key: key)
    )
    #expect((pictures.x.columnCount, places.x.columnCount) == (256, 2))
    for row in 0..<20 {
      // ln of a blob is a parabola: two of its values along an axis give the place.
      func place(_ a: Int, _ b: Int, _ u: Double, _ v: Double) -> Double {
        let difference = log(pictures.x[row, a]) - log(pictures.x[row, b])
        return (u + v) / 2 - 0.04 * difference / (v - u)
      }
      #expect(abs(place(7, 8, 7 / 15, 8 / 15) - places.x[row, 1]) < 1e-9)
      #expect(abs(place(7 * 16, 8 * 16, 7 / 15, 8 / 15) - places.x[row, 0]) < 1e-9)
    }
    let rectangles = KnownInformation.rectangles(side: 16, correlations: [0.8, 0.3, 0, 0.5])
    let sample = try rectangles.sample(count: 50, key: key)
    for row in 0..<50 {
      let values = (0..<256).map { sample.y[row, $0] }
      #expect(values.allSatisfy { $0 >= 0 && $0 <= 1 })
      // A segment of a fifth of 16 pixels covers two of them whole.
      #expect(values.contains(1))
    }
  }

  @Test func correlationsOfInformation() throws {
    for information in [0.01, 0.5, 3] {
      let correlation = KnownInformation.correlation(ofInformation: information)
      let found = try KnownInformation.normal(correlations: [correlation]).information()
      #expect(abs(found - information) < 1e-12)
    }
  }

  @Test func fewerPairsAreTheFirstOfMore() throws {
    let family = KnownInformation.student(degrees: 3, correlations: [0.5])
    let (few, many) = (try family.sample(count: 3, key: key), try family.sample(count: 9, key: key))
    #expect((0..<3).allSatisfy { few.x[$0, 0] == many.x[$0, 0] && few.y[$0, 0] == many.y[$0, 0] })
  }

  @Test(arguments: [
    (
      KnownInformation.normal(correlations: [1]),
      "correlations is [1.0]; expected numbers between -1 and 1"
    ),
    (
      .blobs(side: 16, correlations: [0.5]),
      "correlations is [0.5]; expected 2 numbers between -1 and 1"
    ),
    (.student(degrees: 0, correlations: [0.5]), "degrees is 0.0; expected above 0"),
    (
      .quantized(probabilities: [0.5, 0.4]),
      "probabilities is [0.5, 0.4]; expected numbers from 0 that add up to 1"
    ),
    (
      .noisyChannel(letterCount: 2, redrawProbability: 1.5),
      "probability is 1.5; expected 0 to 1"
    ),
  ])
  func messages(family: KnownInformation, message: String) {
    let error = #expect(throws: DatasetError.self) { try family.information() }
    #expect(error?.description == message)
  }
}

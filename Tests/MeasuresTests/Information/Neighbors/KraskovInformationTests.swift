import GrokDatasets
import Testing
import TestSupport

@testable import GrokMeasures

@Suite struct KraskovInformationTests {
  static let families: [(name: String, family: KnownInformation)] = [
    ("normal", .normal(correlations: [0.6, -0.3])),
    ("uniform", .uniform(correlations: [0.9])),
    ("stretched", .stretchedNormal(correlations: [0.7, 0.7, 0])),
    ("contracted", .contractedNormal(correlations: [0.5, 0.2])),
    ("student", .student(degrees: 2, correlations: [0.6, 0, 0.3, 0])),
    ("smoothed", .smoothedUniform(sharpness: 3)),
    ("levels", .smoothedDiscreteUniform(levelCount: 5, sharpness: 0.7)),
    ("gamma", .logGammaExponential(c: 2)),
    ("quantized", .quantized(probabilities: [0.5, 0.3, 0.2])),
    ("channel", .noisyChannel(letterCount: 6, redrawProbability: 0.4)),
    ("blobs", .blobs(side: 6, correlations: [0.8, 0.8])),
    ("rectangles", .rectangles(side: 6, correlations: [0.8, 0.8, 0, 0.5])),
  ]

  static func sample(_ family: KnownInformation, _ count: Int) throws -> PairedSample {
    try family.sample(count: count, key: RandomKey(seed: 11))
  }

  /// One side an average of numbers the other has not: enough for laws that hold for any data.
  static let pair = (
    x: RandomSamples.smooth.matrix(150, 2),
    y: joinedColumns([
      RandomSamples.smooth.matrix(150, 2).selectingColumns([0]),
      RandomSamples.smooth.matrix(150, 1),
    ])
  )

  @Test(.tags(.oracle), arguments: families)
  func everyFamilyEqualsTheExactScan(name: String, family: KnownInformation) throws {
    let sample = try Self.sample(family, 90)
    let plain = PlainKraskov(variables: [sample.x, sample.y])
    // Letters alone have samples that equal many others.
    let counts = name == "channel" ? [30] : [1, 4]
    let results = try kraskovInformation(
      between: NeighborStructure(sample.x), and: NeighborStructure(sample.y),
      estimators: KraskovEstimator.allCases, neighborCounts: counts, wantsLocalValues: true)
    #expect(results.count == 2 * counts.count)
    for result in results {
      let expected = plain.value(result.estimator, result.neighborCount)
      #expect(abs(result.estimate.value - expected) < 1e-12)
      let local = result.localValues
      #expect(abs(local.reduce(0, +) / Double(local.count) - expected) < 1e-12)
    }
  }

  @Test(.tags(.oracle)) func multiInformationEqualsTheExactScan() throws {
    let parts = [1, 2, 3].map { RandomSamples.smooth.matrix(120, $0) }
    let plain = PlainKraskov(variables: parts)
    let variables = try parts.map { try NeighborStructure($0) }
    for estimator in KraskovEstimator.allCases {
      let value = try multiInformation(of: variables, estimator: estimator, neighborCount: 3).value
      #expect(abs(value - plain.value(estimator, 3)) < 1e-12)
    }
  }

  @Test(.tags(.law), arguments: KraskovEstimator.allCases)
  func powersOfTwoShiftsOfSidesAndThreadsChangeNoBit(estimator: KraskovEstimator) throws {
    let (x, y) = Self.pair
    let value = try mutualInformation(between: x, and: y, estimator: estimator)
    for scale in [0x1p-40, 0x1p-1, 0x1p20, 0x1p300] {
      let scaled = try mutualInformation(
        between: x.map { $0 * scale }, and: y.map { $0 * scale }, estimator: estimator)
      #expect(scaled.value == value.value && scaled.naiveStandardError == value.naiveStandardError)
    }
    #expect(try mutualInformation(between: y, and: x, estimator: estimator).value == value.value)
    let workers = Workers(threadCount: 3)
    #expect(
      try mutualInformation(between: x, and: y, estimator: estimator, workers: workers) == value)
  }

  @Test(.tags(.law)) func otherScalesOfAMillionAreFine() throws {
    let (x, y) = Self.pair
    let plain = PlainKraskov(variables: [x.map { $0 * 1e6 }, y.map { $0 * 1e6 }])
    let value = try mutualInformation(between: x.map { $0 * 1e6 }, and: y.map { $0 * 1e6 }).value
    #expect(abs(value - plain.value(.first, 3)) < 1e-12)
  }

  @Test(.tags(.law)) func floatsAreTheirDoubles() throws {
    let (x, y) = (Matrix<Float>(Self.pair.x), Matrix<Float>(Self.pair.y))
    #expect(
      try mutualInformation(between: x, and: y)
        == mutualInformation(between: Matrix<Double>(x), and: Matrix<Double>(y)))
  }

  @Test(.tags(.statistical)) func independentAndDependentNormalsHaveTheirInformation() throws {
    for correlation in [0, 0.6, 0.9] {
      let family = KnownInformation.normal(correlations: [correlation])
      let sample = try Self.sample(family, 2000)
      for result in try kraskovInformation(
        between: NeighborStructure(sample.x), and: NeighborStructure(sample.y),
        estimators: KraskovEstimator.allCases, neighborCounts: [3])
      {
        // Neighbours share samples, which the naive error does not know.
        let error = try #require(result.estimate.naiveStandardError)
        #expect(abs(result.estimate.value - (try family.information())) < 5 * error)
        #expect(error < 0.03)
      }
    }
  }

  @Test(.tags(.law)) func ceilingIsWhatAVariableHasOfItself() throws {
    let x = RandomSamples.smooth.matrix(200, 1)
    let psi = GammaFunctions.digamma
    for k in [1, 3, 7] {
      let first = try mutualInformation(between: x, and: x, neighborCount: k)
      #expect(abs(first.value - (psi(200) - psi(Double(k)))) < 1e-12)
      let ceiling = try #require(first.ceiling)
      #expect(abs(ceiling - first.value) < 1e-12)
      #expect(first.cautions.first == .nearCeiling(ceiling: ceiling))
      let second = try mutualInformation(
        between: x, and: x, estimator: .second, neighborCount: k)
      #expect(abs(second.value - (psi(200) - psi(Double(k)) - 1 / Double(k))) < 1e-12)
      #expect(abs(try #require(second.ceiling) - second.value) < 1e-12)
    }
  }

  @Test func tiesDuplicatesConstantsAndTooManyDimensionsAreSaid() throws {
    let x = RandomSamples.smooth.matrix(100, 1)
    let constant = Matrix<Double>(repeating: 4, rowCount: 100, columnCount: 1)
    let none = try mutualInformation(between: x, and: constant)
    #expect(abs(none.value) < 1e-12 && none.cautions.isEmpty)

    let twice = x.selectingRows((0..<100).map { $0 / 2 })
    let duplicates = try mutualInformation(between: twice, and: twice)
    #expect(duplicates.cautions.contains(.duplicates(count: 100)))

    let lattice = Matrix<Double>(rows: (0..<100).map { [Double($0 % 10), Double($0 / 10)] })
    let ties = try mutualInformation(
      between: lattice.selectingColumns([0]), and: lattice.selectingColumns([1]))
    #expect(ties.cautions == [.ties(count: 100)])
    #expect(ties.value <= (try #require(ties.ceiling)))

    let wide = RandomSamples.smooth.matrix(100, 9)
    let cautions = try mutualInformation(between: wide, and: wide.map { $0 * $0 }).cautions
    #expect(cautions.contains { if case .fewSamples(_, 100) = $0 { true } else { false } })
  }

  @Test func estimatesSayWhatTheyAre() throws {
    let (x, y) = Self.pair
    let result = try mutualInformation(between: x, and: y, estimator: .second, neighborCount: 5)
    #expect(result.estimator == "KSG-2, k = 5" && result.sampleCount == 150)
    #expect(result.preparation.isEmpty)
  }

  @Test func messages() throws {
    let (x, y) = Self.pair
    var broken = y
    broken[3, 1] = .nan
    let empty = Matrix<Double>(rowCount: 150, columnCount: 0)
    let constant = Matrix<Double>(repeating: 1, rowCount: 150, columnCount: 1)
    let cases: [(() throws -> Any, String)] = [
      (
        { try mutualInformation(between: x, and: y.selectingRows(0..<149)) },
        "mutualInformation: 150 rows cannot be paired with 149; row i of both must belong to one sample"
      ),
      (
        { try mutualInformation(between: x, and: y, neighborCount: 150) },
        "mutualInformation: 150 samples; at least 151 are needed"
      ),
      (
        { try mutualInformation(between: x, and: y, neighborCount: 0) },
        "mutualInformation: the number of neighbours is 0.0; expected at least 1"
      ),
      (
        { try mutualInformation(between: x, and: broken) },
        "mutualInformation: element 7 of array 2 is not finite; remove such samples or find their cause"
      ),
      (
        { try mutualInformation(between: x, and: empty) },
        "mutualInformation: a variable has no columns"
      ),
      (
        { try mutualInformation(between: constant, and: constant) },
        "mutualInformation: every sample equals at least 3 others; use the estimator for mixtures, or add jitter"
      ),
      (
        {
          try mutualInformation(between: [[1e308], [-1e308]], and: [[1.0], [2]], neighborCount: 1)
        },
        "mutualInformation: differences of samples are too large; scale the samples down"
      ),
      (
        { try NeighborStructure([[1.0]]) }, "NeighborStructure: 1 samples; at least 2 are needed"
      ),
      ({ try multiInformation(of: []) }, "multiInformation: there are no variables"),
    ]
    for (body, message) in cases {
      let error = #expect(throws: MeasureError.self) { try body() }
      #expect(error?.description == message)
    }
  }
}

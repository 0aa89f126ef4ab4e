import Testing
import TestSupport

@testable import GrokMeasures

@Suite struct CenteredKernelAlignmentTests {
  private static let fixture = SimilarityFixture.self
  private static let estimators = AlignmentEstimator.allCases
  private static let kernels: [AlignmentKernel] = [
    .linear, .gaussian(.medianFraction(0.5)), .gaussian(.width(3)),
  ]

  @Test(.tags(.golden), arguments: estimators) func definitionsByKernelMatrices(
    estimator: AlignmentEstimator
  ) throws {
    let (x, y) = (Self.fixture.x, Self.fixture.y)
    for (name, kernel) in [("linear", Self.kernels[0]), ("gaussian", Self.kernels[1])] {
      let expected = Self.fixture.number("cka", "\(name) \(estimator)")
      let value = try centeredKernelAlignment(of: x, with: y, kernel: kernel, estimator: estimator)
      #expect(abs(value - expected) < 1e-12)
    }
    let expected = Self.fixture.number("cka", "labels \(estimator)")
    let value = try centeredKernelAlignment(
      of: x, withLabels: Self.fixture.labels, estimator: estimator)
    #expect(abs(value - expected) < 1e-12)
  }

  @Test(.tags(.law), arguments: estimators, kernels) func aRepresentationIsItsOwnMatch(
    estimator: AlignmentEstimator, kernel: AlignmentKernel
  ) throws {
    let x = Self.fixture.x
    // The number must come out of the sums, so the copy is another array.
    let copy = x.map { $0 }
    let value = try centeredKernelAlignment(
      of: x, with: copy, kernel: kernel, estimator: estimator)
    #expect(abs(value - 1) < 1e-13)
  }

  @Test(.tags(.law), arguments: estimators) func turningScalingAndShiftingChangeNothing(
    estimator: AlignmentEstimator
  ) throws {
    let (x, y) = (Self.fixture.x, Self.fixture.y)
    let turned = try moved(x, key: RandomKey(seed: 1))
    for kernel in Self.kernels.prefix(2) {
      let before = try centeredKernelAlignment(of: x, with: y, kernel: kernel, estimator: estimator)
      let after = try centeredKernelAlignment(
        of: turned, with: y, kernel: kernel, estimator: estimator)
      // The median is rounded to Float.
      #expect(abs(before - after) < (kernel == .linear ? 1e-12 : 1e-6))
      let exchanged = try centeredKernelAlignment(
        of: y, with: x, kernel: kernel, estimator: estimator)
      #expect(abs(before - exchanged) < 1e-14)
    }
  }

  @Test(.tags(.oracle), arguments: estimators) func featuresPairsAndKernelsAgree(
    estimator: AlignmentEstimator
  ) throws {
    // 300 samples take both tiles; with 6 features products of features are used, with 400 pairs.
    let key = RandomKey(seed: 2)
    let x: Matrix<Double> = key.fork("x").normalMatrix(rowCount: 300, columnCount: 4)
    let y = x.map { $0 * $0 + 7 }
    let few = try centeredKernelAlignment(of: x, with: y, estimator: estimator)
    let embedding: Matrix<Double> = key.fork("q").normalMatrix(rowCount: 400, columnCount: 4)
    let q = try QRFactors(of: embedding).orthogonal
    let many = try centeredKernelAlignment(
      of: x.multiplied(by: q, transposingOther: true), with: y, estimator: estimator)
    #expect(abs(few - many) < 1e-12)
    let kernels = try centeredKernelAlignment(
      ofKernel: x.rowGram, withKernel: y.rowGram, estimator: estimator)
    #expect(abs(few - kernels) < 1e-11)
    let float = try centeredKernelAlignment(
      of: Matrix<Float>(x), with: Matrix<Float>(y), estimator: estimator)
    #expect(abs(few - float) < 1e-6)
  }

  @Test(.tags(.oracle)) func allPairsOfSeveralAreThoseOfTwo() throws {
    let (x, y) = (Self.fixture.x, Self.fixture.y)
    let z = x.map { max(0, $0) }
    let all = try centeredKernelAlignments(among: [x, y, z], estimator: .debiased)
    #expect(all.diagonal == [1, 1, 1])
    #expect(
      abs(all[0, 1] - (try centeredKernelAlignment(of: x, with: y, estimator: .debiased))) < 1e-13)
    #expect(
      abs(all[2, 1] - (try centeredKernelAlignment(of: y, with: z, estimator: .debiased))) < 1e-13)
    #expect(all.transposed == all)
  }

  @Test(.tags(.statistical)) func debiasedAlignmentOfNoiseIsZeroOnAverage() throws {
    // 40 draws of unrelated 30-dimensional noise on 25 samples: the biased form is far from 0.
    let key = RandomKey(seed: 3)
    var (plain, corrected) = ([Double](), [Double]())
    for draw in 0..<40 {
      let x: Matrix<Double> = key.fork(draw).normalMatrix(rowCount: 25, columnCount: 30)
      let y: Matrix<Double> = key.fork(draw).fork("y").normalMatrix(rowCount: 25, columnCount: 30)
      plain.append(try centeredKernelAlignment(of: x, with: y))
      corrected.append(try centeredKernelAlignment(of: x, with: y, estimator: .debiased))
    }
    let mean = try Estimate(meanOf: corrected, measure: "test")
    #expect(abs(mean.value) < 4 * mean.standardError)
    #expect(try Estimate(meanOf: plain, measure: "test").value > 0.4)
  }

  @Test(.tags(.oracle)) func theMedianIsThatOfAllDistances() throws {
    let x: Matrix<Double> = RandomKey(seed: 4).normalMatrix(rowCount: 301, columnCount: 3)
    let sorted = try dissimilarities(of: x, using: .euclidean).values.sorted()
    let median = try medianDistance(of: x, measure: "test", workers: Workers(threadCount: 2))
    #expect(abs(median - sorted[(sorted.count - 1) / 2]) < 1e-6 * median)
  }

  @Test(.tags(.resume)) func bitsDoNotDependOnThreads() throws {
    let x: Matrix<Float> = RandomKey(seed: 6).normalMatrix(rowCount: 700, columnCount: 5)
    let y = x.map { $0 * $0 }
    for kernel in Self.kernels {
      let alone = try centeredKernelAlignment(of: x, with: y, kernel: kernel)
      let shared = try centeredKernelAlignment(
        of: x, with: y, kernel: kernel, workers: Workers(threadCount: 3))
      #expect(alone == shared)
    }
  }

  @Test func bandwidthsThatMakeNoKernelAreRefused() throws {
    let x = Self.fixture.x
    for (bandwidth, message) in [
      (
        GaussianBandwidth.width(0),
        "centeredKernelAlignment: the bandwidth is 0.0; expected a positive number"
      ),
      (
        .medianFraction(-1),
        "centeredKernelAlignment: the fraction of the median distance is -1.0; expected a positive "
          + "number"
      ),
    ] {
      let error = #expect(throws: MeasureError.self) {
        try centeredKernelAlignment(of: x, with: x, kernel: .gaussian(bandwidth))
      }
      #expect(error?.description == message)
    }
    let constant = Matrix<Double>(repeating: 0.3, rowCount: 9, columnCount: 20)
    #expect(throws: MeasureError.self) { try centeredKernelAlignment(of: constant, with: constant) }
    let error = #expect(throws: MeasureError.self) {
      try centeredKernelAlignment(
        of: constant, with: constant, kernel: .gaussian(.medianFraction(0.5)))
    }
    #expect(
      error?.description
        == "centeredKernelAlignment: half of all pairs of samples are equal, so the median distance "
        + "is 0; give a width")
    let asymmetric = Matrix<Double>(rows: [[1, 2], [3, 4]])
    #expect(throws: MeasureError.self) {
      try centeredKernelAlignment(ofKernel: asymmetric, withKernel: asymmetric)
    }
  }
}

import Foundation
import TestSupport
import Testing

@testable import GrokMeasures

@Suite struct GradientNoiseTests {
  private typealias Fixture = TemperatureFixture

  private func gradients() -> Matrix<Double> { Matrix(rows: Fixture.rows("noise", "gradients")) }

  @Test(.tags(.golden)) func formulasEqualNumpy() throws {
    let moments = try GradientMoments(of: gradients())
    let hessian = Matrix(rows: Fixture.rows("noise", "hessian"))
    let trace = hessian.diagonal.reduce(0, +)
    let found: [(String, Double?)] = [
      ("norm", moments.normTest), ("inner", moments.innerProductTest),
      ("orthogonality", moments.orthogonalityTest),
      ("cabs", try moments.coupledBatchSize(learningRate: 0.1, loss: 0.7)),
      ("gsnr", moments.meanSignalToNoise()), ("evidence", moments.stoppingEvidence()),
      ("ticTrace", try moments.takeuchiCriterion(hessianTrace: trace)),
      ("ticTraceCentered", try moments.takeuchiCriterion(hessianTrace: trace, moment: .centered)),
      ("ticDiagonal", try moments.takeuchiCriterion(hessianDiagonal: hessian.diagonal)),
      (
        "ticDiagonalCentered",
        try moments.takeuchiCriterion(hessianDiagonal: hessian.diagonal, moment: .centered)
      ),
      ("diversity", moments.gradientDiversity),
      ("confusion", try gradientConfusion(of: gradients())),
    ]
    for (name, value) in found {
      #expect(isClose(value, Fixture.number("noise", name)), "\(name)")
    }
    let curved = try gradientNoiseScale(of: gradients(), curvature: SymmetricOperator(hessian))
    #expect(isClose(curved.noise, Fixture.number("noise", "curvedNoise")))
    #expect(isClose(curved.signal, Fixture.number("noise", "curvedSignal"), within: 1e-9))
  }

  @Test(.tags(.golden)) func histogramsEqualNumpy() throws {
    let plain = try gradientHistogram(of: gradients(), binCount: 6, limits: -1...1)
    #expect(plain.counts.map { Double($0) } == Fixture.numbers("noise", "histogram"))
    #expect(plain.edges.count == 7 && plain.counts.reduce(0, +) == 35)
    let weights = Matrix(rows: Fixture.rows("noise", "hessian")).diagonal
    let grid = try gradientHistogram(
      of: gradients(), against: weights, gradientBinCount: 4, weightBinCount: 3)
    #expect(grid.counts.map { $0.map { Double($0) } } == Fixture.rows("noise", "grid"))
    let adaptive = try gradientHistogram(
      of: Matrix(rows: [[0.0, 3]]), against: [0, 0], gradientLimits: nil, weightLimits: nil)
    #expect(abs(adaptive.gradientLimits.upperBound - 3.3) < 1e-14)
    #expect(abs(adaptive.weightLimits.upperBound - 5.5e-7) < 1e-20)
  }

  @Test(.tags(.oracle)) func momentsOfProductsAndOfBlocksAgree() throws {
    let g: Matrix<Double> = RandomKey(seed: 4).normalMatrix(rowCount: 40, columnCount: 3000)
    let all = try GradientMoments(of: g)
    let products = try GradientMoments(products: g.rowGram, weightCount: 3000)
    #expect(isClose(products.squaredMeanNorm, all.squaredMeanNorm))
    #expect(isClose(products.squaredNormSum, all.squaredNormSum))
    #expect(isClose(products.squaredProjectionSum, all.squaredProjectionSum))
    #expect(products.meanSignalToNoise() == nil && products.stoppingEvidence() == nil)
    let float = try GradientMoments(of: Matrix<Float>(g))
    #expect(isClose(float.covarianceTrace, all.covarianceTrace, within: 1e-6))
    // θ² = inner² + ν².
    let tests = (try #require(all.innerProductTest), try #require(all.orthogonalityTest))
    let sum = tests.0 * tests.0 + tests.1 * tests.1
    #expect(isClose(all.normTest, sum.squareRoot(), within: 1e-9))
  }

  /// Numerator and denominator are unbiased over 10⁴ draws; their ratio is not, and that of their means is near.
  @Test(.tags(.statistical)) func noiseScalesAreUnbiasedInTheirParts() throws {
    // ‖G‖² = 1, tr Σ = 3 · 0.25.
    let mean = [0.8, 0, -0.6]
    let truth = (noise: 0.75, signal: 1.0)
    let key = RandomKey(seed: 44)
    let (draws, count) = (10_000, 8)
    let normal: [Double] = key.normal(count: draws * count * 3)
    var (pairs, singles) = ([GradientNoiseScale](), [GradientNoiseScale]())
    for draw in 0..<draws {
      let start = draw * count * 3
      let g = Matrix(
        values: (0..<count * 3).map { mean[$0 % 3] + 0.5 * normal[start + $0] },
        rowCount: count, columnCount: 3)
      func squaredNorm(of rows: Int) -> Double {
        (0..<3).reduce(0) { total, column in
          let value = (0..<rows).reduce(0) { $0 + g[$1, column] } / Double(rows)
          return total + value * value
        }
      }
      pairs.append(
        try gradientNoiseScale(
          smallBatch: (2, squaredNorm(of: 2)), largeBatch: (count, squaredNorm(of: count))))
      singles.append(try GradientMoments(of: g).noiseScale)
    }
    for scales in [pairs, singles] {
      let noise = try Estimate(meanOf: scales.map(\.noise), measure: "test")
      let signal = try Estimate(meanOf: scales.map(\.signal), measure: "test")
      #expect(abs(noise.value - truth.noise) < 4 * noise.standardError)
      #expect(abs(signal.value - truth.signal) < 4 * signal.standardError)
      let error = noise.standardError / noise.value + signal.standardError / signal.value
      #expect(abs(noise.value / signal.value / 0.75 - 1) < 4 * error && error < 0.03)
    }
    let ratios = try Estimate(meanOf: singles.compactMap(\.ratio), measure: "test")
    #expect(ratios.value - 0.75 > 10 * ratios.standardError, "\(ratios)")
    // Averaged before dividing.
    var average = try NoiseScaleAverage(weight: 0.002)
    #expect(average.value == nil)
    for scale in singles { average.add(scale) }
    #expect(abs((average.value?.ratio ?? 0) - 0.75) < 0.05)
    let least = singles.map(\.noise).reduce(0) { $0 + ($1 - 0.75) * ($1 - 0.75) }
    #expect(least < pairs.map(\.noise).reduce(0) { $0 + ($1 - 0.75) * ($1 - 0.75) })
  }

  @Test(.tags(.golden)) func normalizedStepsEqualNumpy() throws {
    let alphas = Fixture.numbers("steps", "alphas")
    #expect(alphas.count == 3 && alphas[2] == -1)
    for (row, expected) in zip(Fixture.rows("steps", "cases"), alphas) {
      let found = try normalizedStep(
        from: StepEnd(loss: row[0], lossVariance: row[4], slope: row[2], slopeVariance: row[6]),
        to: StepEnd(loss: row[1], lossVariance: row[5], slope: row[3], slopeVariance: row[7]),
        length: row[8])
      #expect(isClose(found, expected, within: 1e-8), "\(row)")
    }
  }

  /// On s² − 2s the minimum is at 1, and the far side at 2.
  @Test(.tags(.law), arguments: [(0.5, -0.5), (1.0, 0.0), (2.0, 1.0), (3.0, 2.0)])
  func stepsOnAParabola(length: Double, expected: Double) throws {
    let found = try normalizedStep(
      from: StepEnd(loss: 0, slope: -2),
      to: StepEnd(loss: length * length - 2 * length, slope: 2 * length - 2), length: length)
    #expect(abs((found ?? .nan) - expected) < 1e-10)
    let flat = StepEnd(loss: 1, slope: 0)
    #expect(try normalizedStep(from: flat, to: flat, length: 1) == nil)
  }

  @Test(.tags(.law)) func temperaturesOfSteps() throws {
    let found = try stepTemperature(
      learningRate: 0.1, batchSize: 10, noiseScale: 30, largestStep: 0.8)
    #expect(abs(found.bestStep - 0.2) < 1e-15 && abs(found.temperature - 0.5) < 1e-15)
  }

  @Test(.tags(.law)) func gradientsOfZeroSayNothing() throws {
    let moments = try GradientMoments(of: Matrix(rows: [[1.0, -1], [-1, 1]]))
    #expect(moments.normTest == nil && moments.innerProductTest == nil)
    #expect(moments.orthogonalityTest == nil && moments.gradientDiversity == nil)
    #expect(moments.noiseScale.ratio == nil)
    // The same gradient from every example is all signal.
    let same = try GradientMoments(of: Matrix(rows: [[1.0, 2], [1, 2], [1, 2]]))
    #expect(same.normTest == 0 && same.noiseScale.noise == 0)
    #expect(isClose(same.gradientDiversity, 1.0 / 3))
  }

  @Test func refusals() throws {
    expectMessage("gradient moments: 1 samples; at least 2 are needed") {
      _ = try GradientMoments(of: Matrix(rows: [[1.0, 2]]))
    }
    expectMessage(
      "gradient moments: Σ ‖g‖² is 1.0; expected at least B ‖ḡ‖² = 2.0; do the gradients carry a 1/B?"
    ) {
      _ = try GradientMoments(
        exampleCount: 2, weightCount: 1, squaredMeanNorm: 1, squaredNormSum: 1,
        squaredProjectionSum: 2)
    }
    expectMessage(
      "gradientNoiseScale: the size of the large batch is 4.0; expected above that of the small one, 4, "
        + "which is at least 1"
    ) { _ = try gradientNoiseScale(smallBatch: (4, 1), largeBatch: (4, 1)) }
    let moments = try GradientMoments(of: Matrix(rows: [[1.0, 2], [2, 1]]))
    expectMessage("coupledBatchSize: the loss is 0.0; expected above 0 and finite") {
      _ = try moments.coupledBatchSize(learningRate: 0.1, loss: 0)
    }
    expectMessage("takeuchiCriterion: the curvature is 0") {
      _ = try moments.takeuchiCriterion(hessianTrace: 0, damping: 0)
    }
    expectMessage("normalizedStep: the length is 0.0; expected above 0 and finite") {
      _ = try normalizedStep(
        from: StepEnd(loss: 1, slope: 1), to: StepEnd(loss: 1, slope: 1), length: 0)
    }
    expectMessage("gradientHistogram: the number of bins is 0.0; expected at least 1") {
      _ = try gradientHistogram(of: Matrix(rows: [[1.0]]), binCount: 0)
    }
  }
}

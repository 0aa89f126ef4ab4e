import Foundation
import TestSupport
import Testing

@testable import GrokMeasures

@Suite struct PairwiseBoundsTests {
  private let layer = mixedLayer(rowCount: 300, columnCount: 3)
  private let labels = RandomKey(seed: 8).integers(count: 300, in: 0..<3)

  @Test(
    .tags(.oracle),
    .enabled(if: InformationReference.isThere, "\(InformationReference.missing)"))
  func equalsNumpy() throws {
    let expected = InformationReference.value("bounds")?.array ?? []
    #expect(expected.count == 3)
    let found = try pairwiseBounds(
      of: InformationReference.layer,
      noiseVariances: expected.map { $0.object?["variance"]?.double ?? .nan },
      labels: InformationReference.labels)
    for (found, expected) in zip(found, expected) {
      func check(_ value: Double?, _ name: String) {
        #expect(abs((value ?? .nan) - (expected.object?[name]?.double ?? .nan)) < 1e-10, "\(name)")
      }
      check(found.inputLower.value, "lower")
      check(found.inputUpper.value, "upper")
      check(found.output?.fromLower.value, "fromLower")
      check(found.output?.fromUpper.value, "fromUpper")
      check(found.output?.lower, "outputLower")
      check(found.output?.upper, "outputUpper")
    }
  }

  @Test(.tags(.law)) func boundsAreOrderedAndHaveTheirLimits() throws {
    let variances = [1e-30, 1e-4, 1e-2, 1, 100, 1e30]
    let bounds = try pairwiseBounds(of: layer, noiseVariances: variances, labels: labels)
    for bound in bounds {
      #expect(bound.inputLower.value >= 0)
      #expect(bound.inputLower.value <= bound.inputUpper.value)
      #expect(bound.inputUpper.value <= log(300) + 1e-12)
      let output = try #require(bound.output)
      #expect(output.lower <= output.upper)
      #expect(output.lower <= output.fromLower.value + 1e-12)
      #expect(output.fromUpper.value <= output.upper + 1e-12)
    }
    // Less noise, more information.
    for (more, less) in zip(bounds, bounds.dropFirst()) {
      #expect(more.inputUpper.value >= less.inputUpper.value - 1e-12)
    }
    #expect(abs(bounds[0].inputLower.value - log(300)) < 1e-12)
    let entropy = try discreteEntropy(of: labels)
    #expect(abs((bounds[0].output?.fromUpper.value ?? 0) - entropy) < 1e-12)
    #expect(abs(bounds[5].inputUpper.value) < 1e-12)
    #expect(abs(bounds[5].output?.upper ?? 1) < 1e-12)
    // Equal samples count as one: three different ones, of shares ½, ¼, ¼.
    let few = Matrix(rows: [[0.0], [0], [1], [5]])
    let limit = try pairwiseBounds(of: few, noiseVariances: [1e-9])[0]
    #expect(abs(limit.inputUpper.value - 1.5 * log(2)) < 1e-12)
    #expect(abs(limit.inputLower.value - 1.5 * log(2)) < 1e-12)
  }

  /// The true value of the mixture lies between, for the layer and for its labels.
  @Test(.tags(.statistical)) func theMixtureLiesBetween() throws {
    for variance in [0.01, 0.3, 3] {
      let bounds = try pairwiseBounds(of: layer, noiseVariances: [variance], labels: labels)[0]
      let key = RandomKey(seed: 5)
      let whole = try noisyLayerInformation(
        of: layer, noiseVariance: variance, drawCount: 4, key: key)
      let error = 5 * (whole.naiveStandardError ?? 0)
      #expect(whole.value > bounds.inputLower.value - error)
      #expect(whole.value < bounds.inputUpper.value + error)
      // I(T; Y) = I(X; T) − Σ p(y) I(X; T | y).
      var output = whole.value
      for label in 0..<3 {
        let rows = labels.indices.filter { labels[$0] == label }
        output -=
          Double(rows.count) / 300
          * (try noisyLayerInformation(
            of: layer.selectingRows(rows), noiseVariance: variance, drawCount: 4,
            key: key.fork(label)
          ).value)
      }
      #expect(output > (bounds.output?.lower ?? 0) - 2 * error)
      #expect(output < (bounds.output?.upper ?? 0) + 2 * error)
    }
  }

  /// Two points, where one integral over one dimension gives the truth.
  @Test(.tags(.law)) func mixtureOfTwoPoints() throws {
    let (distance, deviation) = (3.0, 1.0)
    var truth = 0.0
    let step = 1e-3
    for index in -10_000...10_000 {
      let z = Double(index) * step
      let density = exp(-z * z / 2) / (2 * Double.pi).squareRoot()
      let other = exp((z * z - (z + distance / deviation) * (z + distance / deviation)) / 2)
      truth -= density * step * log((1 + other) / 2)
    }
    let points = Matrix(rows: [[0.0, 0], [0, distance]])
    let found = try noisyLayerInformation(
      of: points, noiseVariance: 1, drawCount: 20_000, key: RandomKey(seed: 1))
    #expect(abs(found.value - truth) < 5 * (found.naiveStandardError ?? 0))
    #expect((found.naiveStandardError ?? 1) < 0.005)
  }

  @Test(.tags(.resume)) func workersChangeNoBit() throws {
    let wide = mixedLayer(rowCount: 600, columnCount: 4)
    let workers = Workers(threadCount: 3)
    let some = (0..<600).map { $0 % 7 }
    #expect(
      try pairwiseBounds(of: wide, noiseVariances: [0.1, 1], labels: some)
        == pairwiseBounds(of: wide, noiseVariances: [0.1, 1], labels: some, workers: workers))
    let key = RandomKey(seed: 2)
    #expect(
      try noisyLayerInformation(of: wide, noiseVariance: 0.1, key: key)
        == noisyLayerInformation(of: wide, noiseVariance: 0.1, workers: workers, key: key))
  }

  @Test func messages() {
    let variance = #expect(throws: MeasureError.self) {
      try pairwiseBounds(of: layer, noiseVariances: [1, -1])
    }
    #expect(
      variance?.description
        == "pairwiseBounds: the variance of the noise is -1.0; expected above 0")
    let count = #expect(throws: MeasureError.self) {
      try pairwiseBounds(of: layer, noiseVariances: [1], labels: [1])
    }
    #expect(
      count?.description
        == "pairwiseBounds: 300 rows cannot be paired with 1; row i of both must belong to one "
        + "sample")
    #expect(
      throws: MeasureError.outOfRange(
        measure: "noisyLayerInformation", what: "drawCount", value: 0, expected: "at least 1")
    ) {
      try noisyLayerInformation(
        of: layer, noiseVariance: 1, drawCount: 0, key: RandomKey(seed: 0))
    }
  }
}

@Suite struct GaussianInformationTests {
  private func pair(_ correlation: Double, count: Int, seed: UInt64) -> (
    Matrix<Double>, Matrix<Double>
  ) {
    let key = RandomKey(seed: seed)
    let x: Matrix<Double> = key.fork("x").normalMatrix(rowCount: count, columnCount: 2)
    let noise: Matrix<Double> = key.fork("noise").normalMatrix(rowCount: count, columnCount: 2)
    let y = Matrix(
      values: zip(x.values, noise.values).map {
        correlation * $0 + (1 - correlation * correlation).squareRoot() * $1
      }, rowCount: count, columnCount: 2)
    return (x, y)
  }

  @Test(
    .tags(.oracle),
    .enabled(if: InformationReference.isThere, "\(InformationReference.missing)"))
  func equalsDeterminants() throws {
    let found = try gaussianInformation(
      between: InformationReference.layer, and: InformationReference.other)
    #expect(abs(found.estimate.value - InformationReference.number("gaussian")) < 1e-10)
    let expected = InformationReference.numbers("chi")
    for (index, (value, degrees)) in [(0.5, 1), (3, 4), (40, 13), (200, 150)].enumerated() {
      let tail = chiSquaredTail(value, degreesOfFreedom: degrees)
      #expect(abs(tail / expected[index] - 1) < 1e-11)
    }
  }

  /// Over many draws the estimate less its bias is the truth, and p-values of independent variables are uniform.
  @Test(.tags(.statistical), arguments: [0.0, 0.6]) func biasAndNull(correlation: Double) throws {
    let truth = -log1p(-correlation * correlation)
    var (corrected, small) = ([Double](), 0)
    for seed in 0..<400 {
      let (x, y) = pair(correlation, count: 20, seed: UInt64(seed))
      let found = try gaussianInformation(between: x, and: y)
      corrected.append(found.corrected)
      small += found.pValue < 0.25 ? 1 : 0
      #expect(found.bias > 0.1)
    }
    let mean = try Estimate(meanOf: corrected, measure: "test")
    #expect(abs(mean.value - truth) < 4 * mean.standardError)
    if correlation == 0 {
      // 100 ± 8.7 of 400.
      #expect(abs(small - 100) < 35)
    } else {
      #expect(small > 390)
    }
  }

  @Test(.tags(.law)) func linearMapsChangeNothing() throws {
    let (x, y) = pair(0.8, count: 500, seed: 1)
    let found = try gaussianInformation(between: x, and: y)
    let mapped = try gaussianInformation(
      between: x.multiplied(by: Matrix(rows: [[3, 1], [-2, 0.5]])), and: y.map { 1e3 * $0 - 7 })
    #expect(abs(found.estimate.value - mapped.estimate.value) < 1e-10)
    #expect(abs(found.estimate.value + log(1 - 0.64)) < 0.2)
    #expect(found.correlations.count == 2)
  }

  @Test func messages() throws {
    let (x, y) = pair(0.5, count: 5, seed: 1)
    let few = #expect(throws: MeasureError.self) { try gaussianInformation(between: x, and: y) }
    #expect(few?.description == "gaussianInformation: 5 samples; at least 6 are needed")
    let (long, _) = pair(0.5, count: 50, seed: 1)
    let same = #expect(throws: MeasureError.self) {
      try gaussianInformation(between: long, and: long.map { 2 * $0 })
    }
    #expect(
      same?.description
        == "gaussianInformation: canonical correlation 1 is 1: one variable tells a combination of "
        + "the other exactly, and information is infinite; add noise")
  }
}

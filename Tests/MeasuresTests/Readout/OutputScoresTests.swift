import Testing
import TestSupport

@testable import GrokMeasures

@Suite struct OutputScoresTests {
  private static let fixture = ReadoutFixture.self
  private static let logits = fixture.matrix("outputs", "logits")
  private static let labels = fixture.integers("outputs", "labels")

  @Test(.tags(.golden)) func scoresOfEveryExample() throws {
    let scores = try outputScores(of: Self.logits, labels: Self.labels)
    for (values, name) in [
      (scores.margins, "margins"), (scores.confidences, "confidences"),
      (scores.confidenceLogOdds, "logOdds"), (scores.entropies, "entropies"),
      (scores.energies, "energies"), (scores.losses, "losses"),
    ] {
      #expect(largestDifference(values, Self.fixture.numbers("outputs", name)) < 1e-12)
    }
    let some = try outputClassification(of: Self.logits, labels: Self.labels, among: [3, 1])
    #expect(some.predictions == Self.fixture.integers("outputs", "among"))
    let all = try outputClassification(of: Self.logits, labels: Self.labels)
    #expect(all == scores.classification)
  }

  @Test(.tags(.golden)) func statisticsOverExamples() throws {
    let result = try outputStatistics(of: Self.logits, labels: Self.labels, binCount: 10)
    #expect(
      largestDifference(
        result.margin.quantiles, Self.fixture.numbers("outputs", "marginQuantiles")) < 1e-13)
    let area = Self.fixture.numbers("outputs", "auroc")
    let found = try #require(result.confidenceDiscrimination)
    #expect(abs(found.value - area[0]) < 1e-14 && abs(found.standardError - area[1]) < 1e-14)
    #expect(
      abs(result.calibration.expectedError - Self.fixture.number("outputs", "ece")) < 1e-14)
    #expect(abs(result.calibration.largestError - Self.fixture.number("outputs", "mce")) < 1e-14)
    let bins = Self.fixture.matrix("outputs", "bins")
    #expect(result.calibration.bins.map(\.lower) == bins.column(0))
    #expect(result.calibration.bins.map { Double($0.accuracy.total) } == bins.column(1))
    #expect(result.calibration.bins.map { Double($0.accuracy.count) } == bins.column(2))
    #expect(
      largestDifference(result.calibration.bins.map(\.confidence), bins.column(3)) < 1e-14)
  }

  @Test(.tags(.golden)) func accuracyPredictedFromConfidence() throws {
    let scores = try outputScores(of: Self.logits, labels: Self.labels)
    let isCorrect = scores.classification.isCorrect
    let found = try averageThresholdedConfidence(
      of: Self.fixture.numbers("outputs", "target"), reference: scores.confidences,
      areCorrect: isCorrect)
    #expect(found.count == Int(Self.fixture.number("outputs", "predictedCount")))
    // On the reference itself it is the accuracy.
    let same = try averageThresholdedConfidence(
      of: scores.confidences, reference: scores.confidences, areCorrect: isCorrect)
    #expect(same == scores.classification.accuracy)
  }

  @Test(.tags(.law)) func aConstantAddedToAllOutputsMovesTheEnergyAlone() throws {
    let before = try outputScores(of: Self.logits, labels: Self.labels)
    let after = try outputScores(of: Self.logits.map { $0 + 700 }, labels: Self.labels)
    #expect(largestDifference(before.margins, after.margins) < 1e-12)
    #expect(largestDifference(before.entropies, after.entropies) < 1e-12)
    #expect(largestDifference(before.losses, after.losses) < 1e-12)
    #expect(largestDifference(before.energies.map { $0 - 700 }, after.energies) < 1e-11)
  }

  @Test(.tags(.law)) func hugeLogitsKeepTheirOrder() throws {
    let scores = try outputScores(
      of: [[5_000, 0, -5_000], [0, 9_000, -1_000], [1, 1, 1]], labels: [0, 0, 2])
    #expect(scores.confidences == [1, 1, 1.0 / 3])
    #expect(scores.confidenceLogOdds[..<2] == [5_000, 9_000])
    #expect(scores.losses[..<2] == [0, 9_000])
    #expect(scores.entropies[0] == 0 && abs(scores.entropies[2] - 1.0986122886681098) < 1e-15)
    #expect(scores.margins == [5_000, -9_000, 0])
    #expect(scores.classification.predictions == [0, 1, 0])
  }

  @Test(.tags(.law)) func areasUnderCurves() throws {
    #expect(try areaUnderROC(of: [3, 4], against: [1, 2]).value == 1)
    #expect(try areaUnderROC(of: [1, 1], against: [1, 1]).value == 0.5)
    let key = RandomKey(seed: 1)
    let a: [Double] = key.normal(count: 400, mean: 1)
    let b: [Double] = key.fork("b").normal(count: 300)
    let found = try areaUnderROC(of: a, against: b)
    let other = try areaUnderROC(of: b, against: a)
    #expect(abs(found.value + other.value - 1) < 1e-14)
    #expect(abs(found.standardError - other.standardError) < 1e-14)
    // Φ(1/√2) for two normal distributions a standard deviation apart.
    #expect(abs(found.value - 0.760250013656) < 4 * found.standardError)
    #expect(found.standardError < 0.03)
  }

  @Test(.tags(.statistical)) func confidenceThatIsMeantIsCalibrated() throws {
    let key = RandomKey(seed: 2)
    let confidences: [Double] = key.uniform(count: 20_000)
    let draws: [Double] = key.fork("draws").uniform(count: 20_000)
    let isCorrect = zip(draws, confidences).map { $0 < $1 }
    let good = try calibration(of: confidences, areCorrect: isCorrect)
    #expect(abs(good.overconfidence.value) < 4 * good.overconfidence.standardError)
    // By chance alone it is about √(15/20000)/3 = 0.009.
    #expect(good.expectedError > 0.004 && good.expectedError < 0.016)
    let sure = try calibration(of: confidences.map { ($0 + 1) / 2 }, areCorrect: isCorrect)
    #expect(abs(sure.expectedError - 0.25) < 0.02 && sure.overconfidence.value > 0.2)
  }

  @Test func messages() {
    for (body, message) in [
      (
        { _ = try outputScores(of: [[1, 2], [3, 4]], labels: [0, 2]) },
        "outputScores: a label is 2.0; expected 0 to 1, as there are 2 outputs"
      ),
      (
        { _ = try outputScores(of: [[1], [3]], labels: [0, 0]) },
        "outputScores: 1 outputs; at least 2 are needed"
      ),
      (
        { _ = try outputScores(of: [[1, .nan]], labels: [0]) },
        "outputScores: element 1 of the samples is not finite; remove such samples or find their cause"
      ),
      (
        { _ = try outputClassification(of: [[1, 2]], labels: [0], among: [0, 2]) },
        "outputClassification: an output to choose among is 2.0; expected 0 to 1, as there are 2 "
          + "outputs"
      ),
      (
        { _ = try outputStatistics(of: [[1, 2], [3, 4]], labels: [0, 1], levels: [2]) },
        "outputStatistics: the level of a quantile is 2.0; expected 0 to 1"
      ),
      (
        { _ = try areaUnderROC(of: [1], against: [1, 2]) },
        "areaUnderROC, the positives: 1 samples; at least 2 are needed"
      ),
      (
        { _ = try calibration(of: [0.5, 1.5], areCorrect: [true, false]) },
        "calibration: a confidence is 1.5; expected 0 to 1"
      ),
      (
        { _ = try calibration(of: [0.5, 0.5], areCorrect: [true, false], binCount: 0) },
        "calibration: the number of bins is 0.0; expected at least 1"
      ),
    ] as [(() throws -> Void, String)] {
      let error = #expect(throws: MeasureError.self) { try body() }
      #expect(error?.description == message)
    }
  }
}

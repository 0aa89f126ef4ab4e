import Testing
import TestSupport

@testable import GrokMeasures

@Suite struct ReadoutSplitTests {
  private let key = RandomKey(seed: 1)

  /// Features in clouds, and the logits of a head that knows the first two classes alone.
  private func network(distance: Double) throws -> (
    features: Matrix<Double>, logits: Matrix<Double>, labels: [Int]
  ) {
    let (features, labels) = clouds(
      4, of: 200, features: 8, distance: distance, key: key)
    let centers = try nearestCenterReadout(of: features, labels: labels)
    var logits = try centers.scores(of: features)
    for row in 0..<logits.rowCount {
      logits[row, 2] -= 1e6
      logits[row, 3] -= 1e6
    }
    return (features, logits, labels)
  }

  @Test(.tags(.law)) func aBadHeadOnGoodFeaturesIsTold() throws {
    let (features, logits, labels) = try network(distance: 30)
    let (train, test) = (Array(0..<500), Array(500..<800))
    let split = try readoutSplit(
      of: features.selectingRows(train), logits: logits.selectingRows(train),
      labels: train.map { labels[$0] }, testFeatures: features.selectingRows(test),
      testLogits: logits.selectingRows(test), testLabels: test.map { labels[$0] }, key: key)
    #expect(split.best.accuracy.value == 1 && split.representationGap == 0)
    #expect(abs(split.headTestAccuracy.value - 0.5) < 0.1)
    #expect(abs(split.headTrainAccuracy.value - 0.5) < 0.1)
    #expect(
      abs(split.readoutGap.value - (1 - split.headTestAccuracy.value)) < 1e-14)
    // All differences are gains: the error is that of one share.
    let share = split.headTestAccuracy
    #expect(
      abs(split.readoutGap.standardError - share.standardError * (300.0 / 299).squareRoot())
        < 1e-14)
  }

  @Test(.tags(.law)) func aGoodHeadOnPoorFeaturesIsTold() throws {
    let (features, labels) = clouds(4, of: 300, features: 8, distance: 1.5, key: key)
    let logits = try nearestCenterReadout(of: features, labels: labels).scores(of: features)
    let (train, test) = (Array(0..<700), Array(700..<1200))
    let split = try readoutSplit(
      of: features.selectingRows(train), logits: logits.selectingRows(train),
      labels: train.map { labels[$0] }, testFeatures: features.selectingRows(test),
      testLogits: logits.selectingRows(test), testLabels: test.map { labels[$0] },
      method: .ridge(), key: key)
    #expect(split.representationGap > 0.3)
    #expect(abs(split.readoutGap.value) < 4 * split.readoutGap.standardError)
  }

  @Test(.tags(.law)) func foreignInputsByOutputsAndByProbe() throws {
    let (features, logits, labels) = try network(distance: 30)
    // The inputs are of the last two classes alone, which the head does not know.
    let rows = labels.indices.filter { labels[$0] >= 2 }
    let found = try outOfDistributionEvaluation(
      ofLogits: logits.selectingRows(rows), features: features.selectingRows(rows),
      labels: rows.map { labels[$0] }, among: [2, 3], method: .ridge(), key: key)
    #expect(found.direct.accuracy.count == 0)
    #expect(found.restricted.accuracy.value == 1 && found.probe.accuracy.value == 1)
    #expect(found.probe.accuracy.total == 100 && found.majorityShare == 0.5)
  }

  @Test(.tags(.law)) func logitsOfAnySizeAreProbedAlike() throws {
    // The published probe fails on logits of 1e4 because its steps do, not because of what they hold.
    let (samples, labels) = clouds(5, of: 80, features: 5, distance: 6, key: key)
    let small = try linearProbe(of: samples, labels: labels, key: key)
    let large = try linearProbe(of: samples.map { 1e4 * $0 }, labels: labels, key: key)
    #expect(small.accuracy == large.accuracy)
    #expect(small.accuracy.interval().lowerBound > 0.6)
  }

  @Test func messages() {
    let x = Matrix<Double>(rows: [[1, 2], [3, 4]])
    for (body, message) in [
      (
        {
          _ = try readoutSplit(
            of: x, logits: x.selectingRows([0]), labels: [0, 1], testFeatures: x, testLogits: x,
            testLabels: [0, 1], key: key)
        },
        "readoutSplit: 2 rows cannot be paired with 1; row i of both must belong to one sample"
      ),
      (
        {
          _ = try outOfDistributionEvaluation(
            ofLogits: x, features: x.selectingRows([0]), labels: [0, 1], key: key)
        },
        "outOfDistributionEvaluation: 2 rows cannot be paired with 1; row i of both must belong to one "
          + "sample"
      ),
    ] as [(() throws -> Void, String)] {
      let error = #expect(throws: MeasureError.self) { try body() }
      #expect(error?.description == message)
    }
  }
}

import Foundation
import Testing
import TestSupport

@testable import GrokMeasures

@Suite struct ClassificationTests {
  private static let fixture = ReadoutFixture.self
  private static let labels = fixture.labels

  @Test(.tags(.golden)) func nearestNeighbors() throws {
    let (x, test) = (Self.fixture.x, Self.fixture.test)
    for (count, name) in [(1, "one held out"), (4, "four held out")] {
      let found = try neighborClassification(
        of: test, labels: Self.fixture.testLabels, among: x, referenceLabels: Self.labels,
        neighborCount: count)
      #expect(found.predictions == Self.fixture.integers("neighbors", name))
    }
    let own = try neighborClassification(of: x, labels: Self.labels, neighborCount: 3)
    #expect(own.predictions == Self.fixture.integers("neighbors", "three left out"))
  }

  @Test(.tags(.oracle)) func neighborsAmongManyTiles() throws {
    let key = RandomKey(seed: 1)
    let (x, labels) = clouds(3, of: 200, features: 4, distance: 3, key: key)
    let (first, second) = (Array(0..<330), Array(330..<600))
    let workers = Workers(threadCount: 2)
    let found = try neighborClassification(
      of: Matrix<Float>(x.selectingRows(second)), labels: second.map { labels[$0] },
      among: Matrix<Float>(x.selectingRows(first)), referenceLabels: first.map { labels[$0] },
      neighborCount: 1, workers: workers)
    let float = Matrix<Double>(Matrix<Float>(x))
    let expected = second.map { i in
      let nearest = first.min { a, b in
        Self.square(float.row(i), float.row(a)) < Self.square(float.row(i), float.row(b))
      }
      return nearest.map { labels[$0] } ?? -1
    }
    #expect(found.predictions == expected)
  }

  private static func square(_ a: ArraySlice<Double>, _ b: ArraySlice<Double>) -> Double {
    zip(a, b).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
  }

  @Test(.tags(.golden)) func nearestCenters() throws {
    let readout = try nearestCenterReadout(of: Self.fixture.x, labels: Self.labels)
    #expect(
      try readout.predictions(for: Self.fixture.test)
        == Self.fixture.integers("centers", "held out"))
    let own = try nearestCenterClassification(of: Self.fixture.x, labels: Self.labels)
    #expect(own.predictions == Self.fixture.integers("centers", "left out"))
  }

  @Test(.tags(.law)) func separatedClassesAreToldApartAndNoiseIsNot() throws {
    let key = RandomKey(seed: 2)
    let (x, labels) = clouds(4, of: 40, features: 6, distance: 40, key: key)
    #expect(try neighborClassification(of: x, labels: labels).accuracy.value == 1)
    #expect(try nearestCenterClassification(of: x, labels: labels).accuracy.value == 1)
    let noise: Matrix<Double> = key.normalMatrix(rowCount: 800, columnCount: 5)
    let coins = (0..<800).map { $0 % 2 }
    let found = try neighborClassification(of: noise, labels: coins).accuracy
    #expect(found.interval(confidence: 0.999).contains(0.5))
    // In many dimensions a sample pulls the mean of its class to itself, unless it is left out.
    let wide: Matrix<Double> = key.normalMatrix(rowCount: 120, columnCount: 200)
    let labelsOfWide = (0..<120).map { $0 % 2 }
    let pulled = try nearestCenterReadout(of: wide, labels: labelsOfWide).predictions(for: wide)
    #expect(Classification(predictions: pulled, labels: labelsOfWide).accuracy.value > 0.9)
    #expect(try nearestCenterClassification(of: wide, labels: labelsOfWide).accuracy.value < 0.6)
  }

  @Test(.tags(.golden)) func confusionMatrices() throws {
    let matrix = try confusionMatrix(
      of: Self.fixture.integers("confusion", "predicted"), against: Self.fixture.testLabels)
    #expect(matrix.labels == [2, 5, 7, 9])
    #expect(
      matrix.counts.map { $0.map { Double($0) } }
        == (Self.fixture.value("confusion", "counts")?.array ?? []).map {
          Self.fixture.numbers($0)
        })
    let classes = matrix.classes
    for (values, name) in [
      (classes.map { $0.recall?.value ?? 0 }, "recall"),
      (classes.map { $0.precision?.value ?? 0 }, "precision"), (classes.map(\.f1), "f1"),
    ] {
      #expect(largestDifference(values, Self.fixture.numbers("confusion", name)) < 1e-15)
    }
    #expect(classes[2].recall == nil && classes[2].precision?.total == 3)
    #expect(
      abs(matrix.balancedAccuracy.value - Self.fixture.number("confusion", "balanced")) < 1e-15)
    #expect(matrix.exampleCount == 36)
    #expect(matrix.accuracy == Proportion(of: 9, in: 36))
  }

  @Test(.tags(.golden)) func wilsonIntervals() throws {
    for row in Self.fixture.value("wilson")?.array ?? [] {
      let numbers = Self.fixture.numbers(row)
      let share = try Proportion(count: Int(numbers[0]), total: Int(numbers[1]))
      let interval = share.interval(confidence: numbers[2])
      #expect(abs(interval.lowerBound - numbers[3]) < 1e-12)
      #expect(abs(interval.upperBound - numbers[4]) < 1e-12)
    }
  }

  @Test(.tags(.statistical)) func intervalsHoldTheTruth() {
    let key = RandomKey(seed: 3)
    var held = 0
    for trial in 0..<2_000 {
      let draws: [Double] = key.fork(trial).uniform(count: 30)
      if Proportion(of: draws.map { $0 < 0.9 }).interval().contains(0.9) { held += 1 }
    }
    // 95 % wanted; over 30 trials the discrete count makes it 94 to 98 %.
    #expect(held > 1_860 && held < 1_980)
  }

  @Test(.tags(.law)) func scoresAndReadoutsOfSomeClasses() throws {
    let readout = try Self.fixture.readout()
    let scores = try readout.scores(of: Self.fixture.x)
    for row in [0, 17, 59] {
      let plain = readout.weights.multiplied(by: Array(Self.fixture.x.row(row)))
      #expect(
        largestDifference(Array(scores.row(row)), zip(plain, readout.biases).map(+)) < 1e-13)
    }
    let two = try readout.selecting([9, 2], measure: "test")
    #expect(two.labels == [9, 2] && two.biases == [readout.biases[2], readout.biases[0]])
    let data = try JSONEncoder().encode(readout)
    #expect(try JSONDecoder().decode(LinearReadout.self, from: data) == readout)
  }

  @Test func messages() {
    let x = Self.fixture.x
    for (body, message) in [
      (
        { _ = try neighborClassification(of: x, labels: Self.labels, neighborCount: 0) },
        "neighborClassification: the number of neighbors is 0.0; expected at least 1"
      ),
      (
        { _ = try neighborClassification(of: x, labels: Self.labels, neighborCount: 60) },
        "neighborClassification: 60 samples; at least 61 are needed"
      ),
      (
        { _ = try nearestCenterClassification(of: [[1], [2], [3]], labels: [0, 0, 1]) },
        "nearestCenterClassification, label 1: 1 samples; at least 2 are needed"
      ),
      (
        { _ = try LinearReadout(weights: [[1], [2]], labels: [3, 3]) },
        "linearReadout: two rows of the weights have the same label"
      ),
      (
        { _ = try LinearReadout(weights: [[1], [2]], biases: [1]) },
        "linearReadout: 2 rows cannot be paired with 1; row i of both must belong to one sample"
      ),
      (
        { _ = try LinearReadout(weights: [[1], [2]]).predictions(for: x) },
        "predictions: the readout takes 1 features, the samples have 5"
      ),
      (
        { _ = try confusionMatrix(of: [1], against: [1, 2]) },
        "confusionMatrix: 1 rows cannot be paired with 2; row i of both must belong to one sample"
      ),
      (
        { _ = try Proportion(count: 3, total: 2) },
        "proportion: the count is 3.0; expected 0 to 2"
      ),
    ] as [(() throws -> Void, String)] {
      let error = #expect(throws: MeasureError.self) { try body() }
      #expect(error?.description == message)
    }
  }
}

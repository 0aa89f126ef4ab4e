import Foundation
import Testing
import TestSupport

@testable import GrokMeasures

@Suite struct LinearProbeTests {
  private static let fixture = ReadoutFixture.self
  private let key = RandomKey(seed: 1)

  private func probe(_ method: ProbeMethod) throws -> LinearProbe {
    try linearProbe(
      of: Self.fixture.x, labels: Self.fixture.labels, heldOut: Self.fixture.test,
      heldOutLabels: Self.fixture.testLabels, method: method, key: key)
  }

  @Test(.tags(.golden)) func logisticWeightsAreThoseOfNewtonsMethod() throws {
    for expected in Self.fixture.value("logistic")?.array ?? [] {
      let fields = try #require(expected.object)
      let penalty = try #require(fields["penalty"]?.double)
      let found = try probe(.logistic(penalties: [penalty], gradientTolerance: 1e-10))
      #expect(found.readout.labels == [2, 5, 9])
      let weights = Self.fixture.matrix(fields["weights"])
      #expect(largestDifference(found.readout.weights.values, weights.values) < 1e-7)
      #expect(
        largestDifference(found.readout.biases, Self.fixture.numbers(fields["biases"])) < 1e-7)
      #expect(Double(found.accuracy.count) == fields["correct"]?.double)
      #expect(found.accuracy.total == 36)
      #expect(Double(found.trainAccuracy.count) == fields["trainCorrect"]?.double)
      let loss = Self.fixture.numbers(fields["loss"])
      #expect(abs((found.crossEntropy?.value ?? 0) - loss[0]) < 1e-8)
      #expect(abs((found.crossEntropy?.standardError ?? 0) - loss[1]) < 1e-8)
      #expect(found.candidates.isEmpty && found.penalty == penalty)
      let convergence = try #require(found.convergence)
      #expect(convergence.largestGradient <= 1e-10 && convergence.evaluationCount < 100)
    }
  }

  @Test(.tags(.golden)) func ridgeInClosedForm() throws {
    let found = try probe(.ridge(penalties: [1e-4, 1, 1e-2]))
    #expect(found.penalty == Self.fixture.number("ridge", "penalty"))
    #expect(found.candidates.map(\.penalty) == [1, 1e-2, 1e-4])
    #expect(
      largestDifference(
        found.candidates.map(\.error), Self.fixture.numbers("ridge", "errors").reversed()) < 1e-12)
    let weights = Self.fixture.matrix("ridge", "weights")
    #expect(largestDifference(found.readout.weights.values, weights.values) < 1e-12)
    #expect(
      largestDifference(found.readout.biases, Self.fixture.numbers("ridge", "biases")) < 1e-12)
    #expect(found.accuracy.count == Int(Self.fixture.number("ridge", "correct")))
    #expect(found.crossEntropy == nil && found.convergence == nil)
  }

  @Test(.tags(.oracle)) func theGradientIsThatOfDifferences() throws {
    let (x, labels) = (Self.fixture.x, Self.fixture.labels)
    let moments = try CenteredMoments(of: [x], measure: "test", inDouble: true)
    var objective = LogisticObjective(
      x, classes: try LabeledRows(labels, rowCount: 60, measure: "test"),
      standardization: try Standardization(moments, measure: "test"), workers: nil)
    objective.isHeldOut = labels.indices.map { $0 % 7 == 0 }
    let weights: Matrix<Double> = key.normalMatrix(rowCount: 3, columnCount: 5)
    let point = LogisticWeights(weights: weights, biases: [0.3, -1, 0.2])
    let gradient = objective.value(at: point).gradient
    for (row, column) in [(0, 0), (1, 3), (2, 4)] {
      var (up, down) = (point, point)
      up.weights[row, column] += 1e-5
      down.weights[row, column] -= 1e-5
      let slope = (objective.value(at: up).loss - objective.value(at: down).loss) / 2e-5
      #expect(abs(slope - gradient.weights[row, column]) < 1e-9)
    }
    var (up, down) = (point, point)
    up.biases[1] += 1e-5
    down.biases[1] -= 1e-5
    let slope = (objective.value(at: up).loss - objective.value(at: down).loss) / 2e-5
    #expect(abs(slope - gradient.biases[1]) < 1e-9)
  }

  @Test(.tags(.oracle)) func theCurvatureIsTheMeanOverClassesOfSecondDifferences() throws {
    let (x, labels) = (Self.fixture.x, Self.fixture.labels)
    let moments = try CenteredMoments(of: [x], measure: "test", inDouble: true)
    var objective = LogisticObjective(
      x, classes: try LabeledRows(labels, rowCount: 60, measure: "test"),
      standardization: try Standardization(moments, measure: "test"), workers: nil)
    objective.isHeldOut = labels.indices.map { $0 % 7 == 0 }
    let weights: Matrix<Double> = key.normalMatrix(rowCount: 3, columnCount: 5)
    let point = LogisticWeights(weights: weights, biases: [0.3, -1, 0.2])
    let found = objective.meanCurvature(at: point)
    for column in [0, 3] {
      // Σ p(1 − p) over three classes, over two.
      var sum = 0.0
      for row in 0..<3 {
        var (up, down) = (point, point)
        up.weights[row, column] += 1e-5
        down.weights[row, column] -= 1e-5
        sum +=
          (objective.value(at: up).gradient.weights[row, column]
            - objective.value(at: down).gradient.weights[row, column]) / 2e-5
      }
      #expect(abs(found[column, column] - sum / 2) < 1e-8)
    }
    var sum = 0.0
    for row in 0..<3 {
      var (up, down) = (point, point)
      up.biases[row] += 1e-5
      down.biases[row] -= 1e-5
      sum +=
        (objective.value(at: up).gradient.weights[row, 2]
          - objective.value(at: down).gradient.weights[row, 2]) / 2e-5
    }
    #expect(abs(found[5, 2] - sum / 2) < 1e-8)
  }

  @Test(.tags(.law)) func shiftAndScaleOfFeaturesChangeNothing() throws {
    let (samples, labels) = clouds(4, of: 60, features: 10, distance: 4, key: key)
    // A tolerance that determines the weights: they are uncertain by gradient/λ.
    let method = ProbeMethod.logistic(gradientTolerance: 1e-10)
    let before = try linearProbe(of: samples, labels: labels, method: method, key: key)
    var scaled = samples
    for row in 0..<samples.rowCount {
      for column in 0..<10 {
        scaled[row, column] = samples[row, column] * pow(10, Double(column)) + 1_000
      }
    }
    let after = try linearProbe(of: scaled, labels: labels, method: method, key: key)
    #expect(before.accuracy == after.accuracy && before.penalty == after.penalty)
    for (a, b) in zip(before.candidates, after.candidates) {
      #expect(abs(a.error - b.error) < 1e-5)
    }
    #expect(before.accuracy.total == 60)
    // From the largest down, until two in a row are worse than the best.
    let best = try #require(before.candidates.firstIndex { $0.penalty == before.penalty })
    #expect(before.candidates.map(\.error).min() == before.candidates[best].error)
    #expect(before.candidates.count == min(6, best + 3))
    #expect(
      before.candidates.map(\.penalty)
        == Array(ProbeMethod.logisticPenalties.reversed().prefix(before.candidates.count)))
    // Far more than by chance, and less than what a probe scored on its own samples would claim.
    #expect(before.accuracy.interval().lowerBound > 0.4)
  }

  @Test(.tags(.law)) func labelsWithoutMeaningAreNotFound() throws {
    // 100 features fit 150 training samples of 2 classes almost perfectly, and say nothing of others.
    let samples: Matrix<Double> = key.normalMatrix(rowCount: 300, columnCount: 100)
    let labels = (0..<300).map { $0 % 2 }
    for method in [ProbeMethod.logistic(penalties: [1e-4]), .ridge(penalties: [1e-6])] {
      let found = try linearProbe(
        of: samples, labels: labels, heldOutFraction: 0.5, method: method, key: key)
      #expect(found.trainAccuracy.value > 0.9)
      #expect(found.accuracy.interval(confidence: 0.999).contains(0.5))
    }
    let chosen = try linearProbe(
      of: samples, labels: labels, heldOutFraction: 0.5, key: key)
    #expect(chosen.penalty == 1)
  }

  @Test(.tags(.law)) func separableClassesAreFoundAndConstantFeaturesIgnored() throws {
    let (samples, labels) = clouds(3, of: 50, features: 6, distance: 30, key: key)
    let wide = Matrix(
      rows: (0..<150).map { Array(samples.row($0)) + [0.1, Double($0 % 2) * 1e-9 + 5] })
    for method in [ProbeMethod.logistic(), .ridge()] {
      let found = try linearProbe(of: wide, labels: labels, method: method, key: key)
      #expect(found.accuracy.value == 1 && found.trainAccuracy.value == 1)
      #expect(found.readout.weights.column(6) == [0, 0, 0])
    }
  }

  @Test(.tags(.oracle)) func filesAndThreadsGiveTheSameBits() throws {
    try withTemporaryFolder { folder in
      let (samples, labels) = clouds(3, of: 700, features: 8, distance: 3, key: key)
      let float = Matrix<Float>(samples)
      var archive = Archive()
      archive.set("x", float)
      try archive.write(to: "\(folder)/x.npy")
      let mapped = try MappedMatrix(contentsOf: "\(folder)/x.npy")
      let workers = Workers(threadCount: 2)
      for method in [ProbeMethod.logistic(), .ridge()] {
        let inMemory = try linearProbe(of: float, labels: labels, method: method, key: key)
        let inFile = try linearProbe(
          of: mapped, labels: labels, method: method, workers: workers, key: key)
        #expect(inMemory == inFile)
      }
    }
  }

  @Test func aProbeIsWrittenAndReadAsJSON() throws {
    let probe = try probe(.logistic(penalties: [0.1, 1]))
    let data = try JSONEncoder().encode(probe)
    #expect(try JSONDecoder().decode(LinearProbe.self, from: data) == probe)
  }

  @Test func settingsThatFitNothingAreRefused() {
    let (x, labels) = (Self.fixture.x, Self.fixture.labels)
    let test = Self.fixture.test
    for (method, heldOut, heldOutLabels, message) in [
      (
        ProbeMethod.logistic(penalties: []), test, Self.fixture.testLabels,
        "linearProbe, penalties: 0 samples; at least 1 are needed"
      ),
      (
        .ridge(penalties: [-1]), test, Self.fixture.testLabels,
        "linearProbe: a penalty is -1.0; expected positive and finite"
      ),
      (
        .logistic(validationFraction: 1), test, Self.fixture.testLabels,
        "linearProbe: the validation fraction is 1.0; expected above 0, below 1"
      ),
      (
        .logistic(gradientTolerance: 0), test, Self.fixture.testLabels,
        "linearProbe: the gradient tolerance is 0.0; expected above 0"
      ),
      (
        .ridge(), test, Self.fixture.testLabels.map { $0 + 1 },
        "linearProbe: the held-out label 3 does not occur in training"
      ),
      (
        .ridge(), test.selectingColumns([0]), Self.fixture.testLabels,
        "linearProbe: one set of samples has 5 features, the other 1; both must lie in one space"
      ),
      (
        .logistic(penalties: [1], gradientTolerance: 1e-300), test, Self.fixture.testLabels,
        ""
      ),
    ] {
      let error = #expect(throws: MeasureError.self) {
        try linearProbe(
          of: x, labels: labels, heldOut: heldOut, heldOutLabels: heldOutLabels, method: method,
          key: key)
      }
      if message.isEmpty {
        let text = error?.description ?? ""
        #expect(
          text.hasPrefix(
            "linearProbe: logistic regression with penalty 1.0 stopped at a gradient of "))
        #expect(
          text.hasSuffix(", above 1e-300; take larger penalties or a larger tolerance"))
      } else {
        #expect(error?.description == message)
      }
    }
    let error = #expect(throws: MeasureError.self) {
      try linearProbe(
        of: Matrix<Double>(repeating: 1, rowCount: 60, columnCount: 2), labels: labels, key: key)
    }
    #expect(
      error?.description == "linearProbe: the samples do not vary: all rows are the same")
  }
}

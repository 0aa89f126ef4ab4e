import GrokTraining
import TestSupport
import Testing

/// Trainings on examples with numbers to be told.
@Suite struct RegressionTests {
  private func data() throws -> TrainTestSplit {
    let task = try TeacherStudent(widths: [3, 8, 2], key: RandomKey(seed: 1))
    return TrainTestSplit(
      train: task.examples(count: 40, key: RandomKey(seed: 2)),
      test: task.examples(count: 30, key: RandomKey(seed: 3)), trainIndices: Array(0..<40),
      testIndices: Array(0..<30))
  }

  private func trainer(_ loss: Loss = .meanSquaredError, outputs: Int = 2) throws -> Trainer<Double>
  {
    let model = MLP(inputs: 3, hidden: [32], outputs: outputs, activation: .tanh)
    return try Trainer(
      model, parameters: model.initialParameters(key: RandomKey(seed: 2)), loss: loss,
      optimizer: .adam(learningRate: 1e-2))
  }

  /// The loss is the mean square over examples and outputs; right is what is closer than √10⁻³ on average.
  @Test(.tags(.oracle), arguments: [Batching.full, .epochPermutation(batchSize: 7)])
  func studentsLearn(batching: Batching) throws {
    let data = try data()
    var trainer = try trainer()
    let before = try trainer.evaluate(on: data.train)
    #expect(before.accuracy < 0.2)
    _ = try trainer.fit(data, steps: 1500, plan: .init(batching: batching), key: RandomKey(seed: 1))
    let after = try trainer.evaluate(on: data.train)
    #expect(after.loss < 1e-3 && after.accuracy > 0.8)
    let outputs = try trainer.snapshot.outputs(on: data.train)
    let numbers = try #require(data.train.numbers)
    var (total, right) = (0.0, 0)
    for row in 0..<40 {
      let square = (0..<2).reduce(0.0) {
        let difference = Double(outputs[row, $1]) - Double(numbers[row, $1])
        return $0 + difference * difference / 2
      }
      total += square / 40
      right += square < 1e-3 ? 1 : 0
    }
    #expect(abs(total - after.loss) < 1e-9 * total)
    #expect(Double(right) / 40 == after.accuracy)
  }

  @Test func whatDoesNotFitIsRefused() throws {
    let data = try data()
    var classes = try trainer(.crossEntropy)
    let error = #expect(throws: TrainingError.self) {
      try classes.fit(data, steps: 1, key: RandomKey(seed: 0))
    }
    #expect(
      error?.description
        == "the examples have numbers to be told and no classes; take the loss mean-squared-error")
    var wide = try trainer(outputs: 3)
    let other = #expect(throws: TrainingError.self) {
      try wide.fit(data, steps: 1, key: RandomKey(seed: 0))
    }
    #expect(
      other?.description
        == "the examples have 2 numbers to be told, but the network has 3 outputs")
  }
}

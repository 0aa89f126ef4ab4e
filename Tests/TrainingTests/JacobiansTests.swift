import TestSupport
import Testing

@testable import GrokTraining

@Suite struct JacobiansTests {
  /// A network in double precision with the weights of `training`, each moved along `direction`.
  private func snapshot(
    _ training: SmallTraining, adding step: Double = 0, at place: Int = 0
  ) throws -> Snapshot<Double> {
    var parameters: [Double] = training.model.initialParameters(key: training.key.fork("weights"))
    parameters[place] += step
    return try Trainer<Double>(
      training.model, parameters: parameters, loss: training.loss, optimizer: .sgd(learningRate: 1)
    ).snapshot
  }

  @Test(.tags(.oracle), arguments: [SmallTraining.perceptron(), .transformer()])
  func parametersByDifferences(_ training: SmallTraining) throws {
    let examples = training.data.test.prefix(5)
    let jacobian = try snapshot(training).meanJacobian(on: examples)
    #expect(jacobian.rowCount == training.model.outputCount)
    #expect(jacobian.columnCount == training.model.layout.count)
    let h = 1e-5
    for place in stride(from: 0, to: jacobian.columnCount, by: 29) {
      let after = try snapshot(training, adding: h, at: place).outputs(on: examples)
      let before = try snapshot(training, adding: -h, at: place).outputs(on: examples)
      for output in 0..<jacobian.rowCount {
        var slope = 0.0
        for example in 0..<examples.count {
          slope += (after[example, output] - before[example, output]) / (2 * h)
        }
        let expected = slope / Double(examples.count)
        #expect(abs(jacobian[output, place] - expected) < 1e-7)
      }
    }
  }

  @Test(.tags(.oracle)) func inputsByDifferences() throws {
    let training = SmallTraining.perceptron()
    let examples = training.data.test.prefix(4)
    let snapshot = try snapshot(training)
    let jacobian = try snapshot.inputJacobian(on: examples)
    guard case .features(let features) = examples.inputs else { return }
    let outputCount = training.model.outputCount
    #expect(jacobian.rowCount == 4 * outputCount && jacobian.columnCount == features.columnCount)
    // A power of 2, so that one-hot features in Float move by exactly that.
    let h = 0x1p-8
    for feature in 0..<features.columnCount {
      func moved(_ step: Double) throws -> Matrix<Double> {
        var values = features.values
        for example in 0..<4 { values[example * features.columnCount + feature] += Float(step) }
        let examples = try LabeledExamples(
          inputs: .features(
            Matrix(values: values, rowCount: 4, columnCount: features.columnCount)),
          labels: examples.labels, classCount: examples.classCount)
        return try snapshot.outputs(on: examples)
      }
      let (after, before) = (try moved(h), try moved(-h))
      for example in 0..<4 {
        for output in 0..<outputCount {
          // Piecewise linear: exact away from the corners of the network.
          let expected = (after[example, output] - before[example, output]) / (2 * h)
          #expect(abs(jacobian[example * outputCount + output, feature] - expected) < 1e-9)
        }
      }
    }
  }

  @Test func tokensHaveNoDerivatives() throws {
    let training = SmallTraining.transformer()
    #expect(throws: ModelError.self) {
      try snapshot(training).inputJacobian(on: training.data.test)
    }
  }
}

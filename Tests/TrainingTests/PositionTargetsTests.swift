import Foundation
import TestSupport
import Testing

@testable import GrokTraining

/// Examples with a target at every position, on the smallest network that has outputs there.
@Suite struct PositionTargetsTests {
  /// The outputs at a position are the row of a table that its token names.
  struct Bigram: Model {
    let context: Int
    let outputCount: Int
    let layout: ParameterLayout
    let tapNames: [String] = []
    var positionCount: Int { context }

    init(context: Int, vocabularySize: Int) {
      self.context = context
      outputCount = vocabularySize
      var layout = ParameterLayout()
      layout.append("table", [vocabularySize, vocabularySize], .normal(standardDeviation: 1))
      self.layout = layout
    }

    func outputs<Scalar>(
      for input: ModelInput<Scalar>, parameters: Parameters<Scalar>, pass: Pass<Scalar>
    ) -> Tensor<Scalar> {
      guard case .tokens(let batch) = input else { preconditionFailure("Bigram: reads tokens") }
      return parameters["table"].gather(rows: batch.tokens)
    }

    func check<Scalar>(_ input: ModelInput<Scalar>) throws(ModelError) {}
  }

  private let key = RandomKey(seed: 3)

  /// Sequences whose first position, and every fifth after it, has no target.
  private func examples(_ count: Int, context: Int = 7, vocabularySize: Int = 5) throws
    -> LabeledExamples
  {
    let tokens = key.fork("tokens").integers(count: count * context, in: 0..<vocabularySize)
    let targets = key.fork("targets").integers(count: count * context, in: 0..<vocabularySize)
    return try LabeledExamples(
      sequences: TokenMatrix(
        values: tokens.map { Int32($0) }, exampleCount: count, contextLength: context,
        vocabularySize: vocabularySize),
      targets: targets.enumerated().map {
        $0 % 5 == 0 ? LabeledExamples.noTarget : Int32($1)
      },
      classCount: vocabularySize)
  }

  private func trainer(_ loss: Loss, context: Int = 7) throws -> Trainer<Double> {
    let model = Bigram(context: context, vocabularySize: 5)
    return try Trainer(
      model, parameters: model.initialParameters(as: Double.self, key: key), loss: loss,
      optimizer: .sgd(learningRate: 0.5), context: ComputeContext(threadCount: 2))
  }

  /// Mean loss, accuracy and gradient, target by target.
  private func byHand(_ table: [Double], _ examples: LabeledExamples, _ loss: Loss) -> (
    loss: Double, accuracy: Double, gradient: [Double], losses: [Double]
  ) {
    guard case .tokens(let tokens) = examples.inputs else { return (.nan, .nan, [], []) }
    var (total, correct, targets) = (0.0, 0.0, 0.0)
    var gradient = [Double](repeating: 0, count: 25)
    var losses: [Double] = []
    for (token, label) in zip(tokens.values, examples.labels) {
      losses.append(.nan)
      guard label >= 0 else { continue }
      let row = Int(token) * 5..<Int(token) * 5 + 5
      let sum = table[row].reduce(0) { $0 + exp($1) }
      targets += 1
      losses[losses.count - 1] = log(sum) - table[row.lowerBound + Int(label)]
      if table[row].max() == table[row.lowerBound + Int(label)] { correct += 1 }
      if loss == .crossEntropy { total += losses.last! }
      for (column, place) in row.enumerated() {
        let target = column == Int(label) ? 1.0 : 0
        if loss == .crossEntropy {
          gradient[place] += exp(table[place]) / sum - target
        } else {
          total += (table[place] - target) * (table[place] - target) / 5
          gradient[place] += 2 * (table[place] - target) / 5
        }
      }
    }
    return (total / targets, correct / targets, gradient.map { $0 / targets }, losses)
  }

  @Test(.tags(.oracle), arguments: [Loss.crossEntropy, .meanSquaredError])
  func lossesAreMeansOverTargets(loss: Loss) throws {
    let (trainer, examples) = (try trainer(loss), try examples(9))
    let expected = byHand(trainer.parameters, examples, loss)
    let found = try trainer.snapshot.lossAndGradient(on: examples)
    #expect(abs(found.loss - expected.loss) < 1e-14)
    #expect(zip(found.gradient, expected.gradient).allSatisfy { abs($0 - $1) < 1e-15 })
    let (mean, accuracy) = try trainer.evaluate(on: examples)
    #expect(abs(mean - expected.loss) < 1e-14)
    #expect(accuracy == expected.accuracy)
  }

  @Test(.tags(.oracle)) func tokenLossesOfEveryTarget() throws {
    let (trainer, examples) = (try trainer(.crossEntropy), try examples(9))
    let expected = byHand(trainer.parameters, examples, .crossEntropy).losses
    let found = try trainer.snapshot.tokenLosses(on: examples)
    #expect((found.rowCount, found.columnCount) == (9, 7))
    for (found, expected) in zip(found.values, expected) {
      #expect(found.isNaN == expected.isNaN)
      if !expected.isNaN { #expect(abs(found - expected) < 1e-14) }
    }
    #expect(try trainer.snapshot.outputs(on: examples).rowCount == 63)
  }

  /// 1,500 sequences of 7 are three pieces with different numbers of targets.
  @Test(.tags(.oracle)) func piecesAreWeightedByTheirTargets() throws {
    let (trainer, examples) = (try trainer(.crossEntropy), try examples(1_500))
    let expected = byHand(trainer.parameters, examples, .crossEntropy)
    #expect(abs(try trainer.evaluate(on: examples).loss - expected.loss) < 1e-13)
    let surface = try trainer.snapshot.lossSurface(on: examples)
    let (loss, gradient) = try surface.lossAndGradient(at: trainer.parameters, key: key)
    #expect(abs(loss - expected.loss) < 1e-13)
    #expect(zip(gradient, expected.gradient).allSatisfy { abs($0 - $1) < 1e-14 })
  }

  @Test(.tags(.oracle)) func aStepOnABatchFollowsItsOwnTargets() throws {
    for loss in [Loss.crossEntropy, .meanSquaredError] {
      var trainer = try trainer(loss)
      let (before, examples) = (trainer.parameters, try examples(12))
      let data = TrainTestSplit(
        train: examples, test: examples.prefix(0), trainIndices: Array(0..<12), testIndices: [])
      _ = try trainer.fit(
        data, steps: 1, plan: .init(batching: .fixed([4, 1, 4, 9])), key: key)
      let gradient = byHand(before, examples.selecting([4, 1, 4, 9]), loss).gradient
      for (index, value) in trainer.parameters.enumerated() {
        #expect(abs(value - (before[index] - 0.5 * gradient[index])) < 1e-15)
      }
    }
  }

  /// A position's outputs are outputs of the example.
  @Test(.tags(.oracle)) func tangentKernelsHaveARowForEachPosition() throws {
    let (snapshot, examples) = (try trainer(.crossEntropy).snapshot, try examples(3))
    let kernel = try tangentKernel(of: snapshot.kernelFactors(on: examples), form: .full)
    #expect(kernel.rowCount == 3 * 7 * 5)
    guard case .tokens(let tokens) = examples.inputs else { return }
    for row in 0..<kernel.rowCount {
      for column in 0..<kernel.rowCount {
        let isSame =
          row % 5 == column % 5 && tokens.values[row / 5] == tokens.values[column / 5]
        #expect(kernel[row, column] == (isSame ? 1 : 0))
      }
    }
  }

  @Test func whatDoesNotFitIsRefused() throws {
    let (trainer, other) = (try trainer(.crossEntropy), try examples(4, context: 6))
    let error = #expect(throws: TrainingError.self) { try trainer.evaluate(on: other) }
    #expect(
      error?.description
        == "the examples have targets at 6 positions, but the network has outputs for 7")
    let perceptron = try SmallTraining.perceptron().trainer(as: Float.self)
    #expect(
      #expect(throws: TrainingError.self) { try perceptron.evaluate(on: other) }?.description
        == "the examples have targets at 6 positions, but the network has outputs for one")
  }
}

import Foundation
import TestSupport
import Testing

@testable import GrokTraining

/// A training that takes milliseconds, to be run again and again in different ways.
struct SmallTraining: Sendable, CustomTestStringConvertible {
  var model: any Model
  var data: TrainTestSplit
  var loss = Loss.crossEntropy
  var optimizer = Optimizer.adamW(learningRate: 1e-2, weightDecay: 0.1)
  var learningRate = LearningRateSchedule.warmUp(steps: 5)
  var steps = 40
  var threads = 1
  var plan: TrainerPlan
  let key = RandomKey(seed: 31)

  var testDescription: String {
    "\(Swift.type(of: model)), \(optimizer), \(steps) steps, \(threads) threads"
  }

  typealias TrainerPlan = Trainer<Float>.Plan

  /// Addition modulo `modulus` by a perceptron in batches.
  static func perceptron(
    modulus: Int = 7, hidden: [Int] = [12], batchSize: Int = 8, steps: Int = 40
  ) -> SmallTraining {
    let task = ModularArithmetic(.addition, modulus: modulus)
    return SmallTraining(
      model: MLP(inputs: task.inputSize, hidden: hidden, outputs: modulus),
      data: task.split(trainFraction: 0.6, key: RandomKey(seed: 2)), steps: steps,
      plan: TrainerPlan(
        batching: .epochPermutation(batchSize: batchSize), recording: .every(7) | .at([1, 2]),
        checkpoints: .init(.every(11))))
  }

  /// Addition modulo `modulus` by a transformer on the full batch.
  static func transformer(modulus: Int = 7, width: Int = 8, steps: Int = 40) -> SmallTraining {
    let task = ModularArithmetic(.addition, modulus: modulus)
    return SmallTraining(
      model: Transformer(
        vocabularySize: modulus + 1, context: 3, width: width, headCount: 2,
        perceptronWidth: 4 * width),
      data: task.split(trainFraction: 0.6, encoding: .tokens, key: RandomKey(seed: 2)),
      steps: steps,
      plan: TrainerPlan(recording: .logarithmic(perDecade: 5), checkpoints: .init(.at([3, 20]))))
  }

  func trainer<Scalar: RealScalar>(
    as type: Scalar.Type = Float.self, run: Run? = nil
  ) throws -> Trainer<Scalar> {
    try Trainer(
      model, parameters: model.initialParameters(key: key.fork("weights")), loss: loss,
      optimizer: optimizer, learningRate: learningRate, accuracyThreshold: 0.6, run: run,
      context: ComputeContext(threadCount: threads))
  }

  func trainerPlan<Scalar: RealScalar>() -> Trainer<Scalar>.Plan {
    .init(batching: plan.batching, recording: plan.recording, checkpoints: plan.checkpoints)
  }

  func fit<Scalar: RealScalar>(
    _ trainer: inout Trainer<Scalar>, steps: Int? = nil, stoppingAt stop: Int? = nil
  ) throws -> Outcome {
    try trainer.fit(
      data, steps: steps ?? self.steps,
      plan: trainerPlan(),
      key: key.fork("batches")
    ) { $0 != stop }
  }
}

/// Keeps records in memory.
final class RecordKeeper: RecordSink, @unchecked Sendable {
  // Trainers report from the thread that trains.
  private(set) var records: [Record] = []
  func record(_ records: [Record]) { self.records += records }
}

extension [Record] {
  /// What must be equal in equal runs: all but the clock.
  var timeless: [String] {
    map { "\($0.step) \($0.name) \($0.value.bitPattern) \($0.error?.bitPattern ?? 0)" }
  }
}

extension Outcome {
  /// What must be equal in equal runs: all but the clock.
  var timeless: [String] {
    [
      "\(steps)", "\(trainLoss)", "\(testLoss)", "\(trainAccuracy)", "\(testAccuracy)",
      "\(String(describing: fitStep))", "\(String(describing: generalizationStep))", "\(relapses)",
    ]
  }
}

/// The contents of a file.
func bytes(of path: String) throws -> Data { try Data(contentsOf: URL(fileURLWithPath: path)) }

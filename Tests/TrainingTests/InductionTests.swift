import TestSupport
import Testing

@testable import GrokTraining

/// An attention-only transformer of two layers on segments that repeat at varying distances: it learns to copy by
/// content, and does so suddenly.
@Suite struct InductionTests {
  private static let (vocabulary, context) = (32, 36)

  private static func predictableLosses(
    depth: Int, steps: Int, at recorded: [Int]
  ) throws -> [Double] {
    let key = RandomKey(seed: 1)
    let task = try RepeatedTokens(vocabularySize: vocabulary, contextLength: context)
    let train = task.examples(count: 4_000, key: key.fork("train"))
    let test = task.examples(count: 200, key: key.fork("test"))
    let predictable = task.isPredictable(count: 200, key: key.fork("test"))
    let model = Transformer(
      vocabularySize: vocabulary, context: context, width: 64, depth: depth, headCount: 4,
      perceptronWidth: 0, reading: .everyPosition)
    var trainer = try Trainer(
      model, parameters: model.initialParameters(as: Float.self, key: key.fork("weights")),
      loss: .crossEntropy,
      optimizer: .adamW(learningRate: 3e-3, beta2: 0.98, weightDecay: 0.01),
      learningRate: .warmUp(steps: 50), context: ComputeContext(threadCount: 2))
    let data = TrainTestSplit(
      train: train, test: test.prefix(0), trainIndices: Array(0..<train.count), testIndices: [])
    return try recorded.map { step in
      _ = try trainer.fit(
        data, steps: step,
        plan: .init(
          batching: .epochPermutation(batchSize: 48), recording: .never, checkpoints: .init(.never)),
        key: key.fork("batches"))
      let losses = try trainer.snapshot.tokenLosses(on: test).values
      let chosen = zip(losses, predictable).filter { $1 }.map(\.0)
      return chosen.reduce(0, +) / Double(chosen.count)
    }
  }

  @Test(.tags(.slow)) func twoLayersLearnToCopy() throws {
    let losses = try Self.predictableLosses(depth: 2, steps: 800, at: [100, 800])
    #expect(losses[0] > 2.5)
    #expect(losses[1] < 0.3)
  }
}

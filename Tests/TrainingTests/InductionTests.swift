import TestSupport
import Testing

@testable import GrokTraining

/// Attention-only transformers on repeated sequences: two layers learn to copy by content, one does not.
@Suite struct InductionTests {
  private static let (vocabulary, context) = (32, 36)

  /// Segments of 6 to 18 different tokens, repeated to the length of the context; what follows the first pass
  /// through a segment can be predicted.
  private static func repeats(_ count: Int, key: RandomKey) throws -> (
    examples: LabeledExamples, isPredictable: [Bool]
  ) {
    var (tokens, targets, predictable) = ([Int32](), [Int32](), [Bool]())
    for example in 0..<count {
      let key = key.fork(example)
      let period = key.fork("period").integer(at: 0, in: 6..<19)
      let segment = key.fork("segment").choice(period, of: vocabulary).map { Int32($0) }
      let shuffled = key.fork("order").permutation(of: period).map { segment[Int($0)] }
      for position in 0..<context {
        tokens.append(shuffled[position % period])
        let isLast = position == context - 1
        targets.append(isLast ? LabeledExamples.noTarget : shuffled[(position + 1) % period])
        predictable.append(!isLast && position + 1 > period)
      }
    }
    let matrix = try TokenMatrix(
      values: tokens, exampleCount: count, contextLength: context, vocabularySize: vocabulary)
    let examples = try LabeledExamples(
      sequences: matrix, targets: targets, classCount: vocabulary)
    return (examples, predictable)
  }

  private static func predictableLosses(
    depth: Int, steps: Int, at recorded: [Int]
  ) throws -> [Double] {
    let key = RandomKey(seed: 1)
    let (train, _) = try repeats(4_000, key: key.fork("train"))
    let (test, predictable) = try repeats(200, key: key.fork("test"))
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

import GrokDatasets
import GrokModels

/// Examples as a training step reads them.
struct Batch<Scalar: RealScalar>: Sendable {
  var input: ModelInput<Scalar>
  var labels: [Int32]
  /// One-hot rows, `[examples, outputs]`, where the loss wants them.
  var targets: Tensor<Scalar>?

  var exampleCount: Int { labels.count }
}

/// A set of examples in the precision and context of a training, ready to be used over and over.
struct PreparedExamples<Scalar: RealScalar>: Sendable {
  let all: Batch<Scalar>
  /// The same examples in pieces whose intermediate values stay small: for evaluation.
  let pieces: [Batch<Scalar>]
  private static var pieceSize: Int { 1_000 }

  init(
    _ examples: LabeledExamples, outputCount: Int, loss: Loss, in context: ComputeContext
  ) throws(TrainingError) {
    guard examples.count > 0 else { throw .noExamples }
    if let label = examples.labels.first(where: { $0 < 0 || $0 >= outputCount }) {
      throw .labelOutOfRange(Int(label), outputCount: outputCount)
    }
    let input: ModelInput<Scalar> =
      switch examples.inputs {
      case .features(let features): .features(Tensor(features, in: context))
      case .tokens(let tokens):
        .tokens(
          TokenBatch(
            tokens: tokens.values, context: tokens.contextLength,
            vocabularySize: tokens.vocabularySize))
      }
    let targets: Tensor<Scalar>? =
      loss == .meanSquaredError
      ? .oneHot(examples.labels, classCount: outputCount, in: context) : nil
    let all = Batch(input: input, labels: examples.labels, targets: targets)
    self.all = all
    pieces = stride(from: 0, to: examples.count, by: Self.pieceSize).map { start in
      all.piece(start..<min(start + Self.pieceSize, examples.count))
    }
  }

  /// Writes the examples at the given indices into `batch`; for vectors, without allocating.
  func select(_ indices: [Int32], into batch: inout Batch<Scalar>) {
    switch all.input {
    case .features(let features): batch.input = .features(features.gather(rows: indices))
    case .tokens(let tokens): batch.input = .tokens(tokens.selecting(indices))
    }
    batch.targets = all.targets.map { $0.gather(rows: indices) }
    batch.labels.removeAll(keepingCapacity: true)
    for index in indices { batch.labels.append(all.labels[Int(index)]) }
  }
}

extension Batch {
  /// A run of examples; features are not copied.
  fileprivate func piece(_ range: Range<Int>) -> Batch {
    if range == 0..<exampleCount { return self }
    let input: ModelInput<Scalar> =
      switch input {
      case .features(let features): .features(features.rows(range))
      case .tokens(let tokens): .tokens(tokens.selecting(range.map { Int32($0) }))
      }
    return Batch(
      input: input, labels: Array(labels[range]), targets: targets.map { $0.rows(range) })
  }
}

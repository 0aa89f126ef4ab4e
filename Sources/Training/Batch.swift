import GrokDatasets
import GrokModels

/// Examples as a training step reads them.
struct Batch<Scalar: RealScalar>: Sendable {
  var input: ModelInput<Scalar>
  /// `[examples · positions]`, `LabeledExamples.noTarget` where nothing is asked.
  var labels: [Int32]
  /// The number of positions of an example that have a label.
  let positionCount: Int
  /// The number of labels that are targets: what losses and accuracies are means over.
  private(set) var targetCount: Int
  /// One-hot rows, or the numbers to be told, `[examples · positions, outputs]`, where the loss wants them.
  var targets: Tensor<Scalar>?
  /// Whether the targets are numbers to be told, and labels mean nothing.
  let hasNumbers: Bool

  init(
    input: ModelInput<Scalar>, labels: [Int32], positionCount: Int, targets: Tensor<Scalar>?,
    hasNumbers: Bool
  ) {
    self.hasNumbers = hasNumbers
    self.input = input
    self.labels = labels
    self.positionCount = positionCount
    self.targets = targets
    targetCount = 0
    countTargets()
  }

  var exampleCount: Int { labels.count / positionCount }

  /// The rows that have a target; nil where all have.
  var targetRows: [Int32]? {
    targetCount == labels.count
      ? nil
      : labels.indices.filter { labels[$0] != LabeledExamples.noTarget }.map { Int32($0) }
  }

  private mutating func countTargets() {
    targetCount = labels.count
    if positionCount > 1 {
      for label in labels where label == LabeledExamples.noTarget { targetCount -= 1 }
    }
  }
}

/// A set of examples in the precision and context of a training, ready to be used over and over.
struct PreparedExamples<Scalar: RealScalar>: Sendable {
  let all: Batch<Scalar>
  /// The same examples in pieces whose intermediate values stay small: for evaluation.
  let pieces: [Batch<Scalar>]
  /// The rows of a piece of examples with positions, as far as whole examples go.
  private static var positionPieceSize: Int { 4_096 }

  /// - Parameter notesZeros: Whether products may leave out the zeros of the examples: worth while for examples that are
  ///   used many times.
  init(
    _ examples: LabeledExamples, for model: any Model, loss: Loss, notesZeros: Bool,
    in context: ComputeContext
  ) throws {
    guard examples.count > 0 else { throw TrainingError.noExamples }
    let positionCount = model.positionCount
    guard examples.positionCount == positionCount else {
      throw TrainingError.positionMismatch(found: examples.positionCount, expected: positionCount)
    }
    if let label = examples.labels.first(where: { $0 >= model.outputCount }) {
      throw TrainingError.labelOutOfRange(Int(label), outputCount: model.outputCount)
    }
    let input: ModelInput<Scalar> =
      switch examples.inputs {
      case .features(let features):
        .features(
          notesZeros ? Tensor(features, in: context).notingZeros() : Tensor(features, in: context))
      case .tokens(let tokens):
        .tokens(
          TokenBatch(
            tokens: tokens.values, context: tokens.contextLength,
            vocabularySize: tokens.vocabularySize))
      }
    try model.check(input)
    // Rows without a target have a one-hot row too, which is never read.
    if let numbers = examples.numbers {
      guard loss == .meanSquaredError else { throw TrainingError.noClasses }
      guard numbers.columnCount == model.outputCount else {
        throw TrainingError.numberMismatch(
          found: numbers.columnCount, expected: model.outputCount)
      }
    }
    let targets: Tensor<Scalar>? =
      examples.numbers.map { Tensor($0, in: context) }
      ?? (loss == .meanSquaredError
        ? .oneHot(examples.labels.map { max($0, 0) }, classCount: model.outputCount, in: context)
        : nil)
    let all = Batch(
      input: input, labels: examples.labels, positionCount: positionCount, targets: targets,
      hasNumbers: examples.numbers != nil)
    self.all = all
    let size =
      positionCount == 1
      ? model.evaluationBatchSize : max(1, Self.positionPieceSize / positionCount)
    pieces = stride(from: 0, to: examples.count, by: size).map { start in
      all.piece(start..<min(start + size, examples.count))
    }
  }

  /// A batch to be filled by ``select(_:into:)``.
  var emptyBatch: Batch<Scalar> {
    let input: ModelInput<Scalar> =
      switch all.input {
      case .features: all.input
      case .tokens(let tokens): .tokens(tokens.selecting([]))
      }
    return Batch(
      input: input, labels: [], positionCount: all.positionCount, targets: nil,
      hasNumbers: all.hasNumbers)
  }

  /// Writes the examples at the given indices into `batch`, without allocating once it has held as many.
  func select(_ indices: [Int32], into batch: inout Batch<Scalar>) {
    switch all.input {
    case .features(let features):
      var earlier: Tensor<Scalar>?
      if case .features(let values) = batch.input { earlier = values }
      batch.input = all.input  // so that nobody else holds the earlier batch
      batch.input = .features(features.gather(rows: indices, inPlaceOf: &earlier))
    case .tokens(let tokens): batch.input.select(indices, of: tokens)
    }
    batch.targets = all.targets.map { targets in
      let width = targets.shape[1]
      return targets.reshaped(to: Shape(all.exampleCount, all.positionCount * width))
        .gather(rows: indices).reshaped(to: Shape(indices.count * all.positionCount, width))
    }
    batch.selectLabels(indices, of: all)
  }
}

extension Batch {
  /// A run of examples; features are not copied.
  func piece(_ range: Range<Int>) -> Batch {
    if range == 0..<exampleCount { return self }
    let input: ModelInput<Scalar> =
      switch input {
      case .features(let features): .features(features.rows(range))
      case .tokens(let tokens): .tokens(tokens.selecting(range.map { Int32($0) }))
      }
    let rows = range.lowerBound * positionCount..<range.upperBound * positionCount
    return Batch(
      input: input, labels: Array(labels[rows]), positionCount: positionCount,
      targets: targets.map { $0.rows(rows) }, hasNumbers: hasNumbers)
  }

  /// The number of targets that outputs meet: those whose label has the largest output, and examples with numbers
  /// to be told whose mean square error is below 10⁻³.
  ///
  /// - Source: for numbers, Liu, Michaud & Tegmark, arXiv 2210.01117, teacher and student.
  func correctCount(_ outputs: Tensor<Scalar>) -> Int {
    guard hasNumbers, let targets else {
      return zip(labels, outputs.rowArgmax()).count { $0 == $1 }
    }
    let width = targets.shape[1]
    return outputs.withValues { found in
      targets.withValues { expected in
        (0..<exampleCount).count { example in
          let squares = (example * width..<(example + 1) * width).reduce(0.0) {
            let difference = Double(found[$1]) - Double(expected[$1])
            return $0 + difference * difference
          }
          return squares < 1e-3 * Double(width)
        }
      }
    }
  }

  /// Labels and targets of a run of rows; the input stays whole.
  func rows(_ range: Range<Int>) -> Batch {
    if range == labels.indices { return self }
    return Batch(
      input: input, labels: Array(labels[range]), positionCount: positionCount,
      targets: targets.map { $0.rows(range) }, hasNumbers: hasNumbers)
  }

  fileprivate mutating func selectLabels(_ indices: [Int32], of all: Batch) {
    labels.removeAll(keepingCapacity: true)
    for index in indices {
      let start = Int(index) * positionCount
      labels.append(contentsOf: all.labels[start..<start + positionCount])
    }
    countTargets()
  }
}

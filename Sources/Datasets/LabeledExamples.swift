@_exported import GrokNumerics

/// The inputs of a set of examples.
public enum ExampleInputs: Sendable, Equatable {
  /// One row of numbers per example, `[examples, features]`.
  case features(Matrix<Float>)
  /// One sequence of tokens per example, `[examples, context]`.
  case tokens(TokenMatrix)

  /// The number of examples.
  public var exampleCount: Int {
    switch self {
    case .features(let matrix): matrix.rowCount
    case .tokens(let tokens): tokens.exampleCount
    }
  }

  /// The inputs with the given indices, in the order given.
  ///
  /// - Precondition: every index is below `exampleCount`.
  public func selecting(_ indices: some Collection<Int>) -> ExampleInputs {
    switch self {
    case .features(let matrix): .features(matrix.selectingRows(indices))
    case .tokens(let tokens): .tokens(tokens.selecting(indices))
    }
  }
}

extension ExampleInputs {
  fileprivate func followed(by other: ExampleInputs) -> ExampleInputs {
    switch (self, other) {
    case (.features(let first), .features(let second)): return .features(first.followed(by: second))
    case (.tokens(let first), .tokens(let second)):
      precondition(
        first.contextLength == second.contextLength
          && first.vocabularySize == second.vocabularySize, "followed: other sequences")
      return .tokens(
        TokenMatrix(
          checked: first.values + second.values,
          exampleCount: first.exampleCount + second.exampleCount,
          contextLength: first.contextLength, vocabularySize: first.vocabularySize))
    default: preconditionFailure("followed: vectors and sequences")
    }
  }
}

extension Matrix {
  fileprivate func followed(by other: Matrix) -> Matrix {
    precondition(
      columnCount == other.columnCount, "followed: \(columnCount) and \(other.columnCount) columns")
    return Matrix(
      values: values + other.values, rowCount: rowCount + other.rowCount, columnCount: columnCount)
  }
}

/// Sequences of tokens of one length.
public struct TokenMatrix: Sendable, Equatable {
  /// The number of sequences.
  public let exampleCount: Int
  /// The length of each sequence.
  public let contextLength: Int
  /// Tokens are in `0..<vocabularySize`.
  public let vocabularySize: Int
  /// The tokens `[exampleCount, contextLength]` in row-major order.
  public let values: [Int32]

  /// Sequences from their tokens in row-major order.
  ///
  /// - Throws: `DatasetError.countMismatch`, `.tokenOutOfRange`.
  public init(
    values: [Int32], exampleCount: Int, contextLength: Int, vocabularySize: Int
  ) throws(DatasetError) {
    guard exampleCount >= 0, contextLength >= 0, values.count == exampleCount * contextLength else {
      throw .countMismatch(
        what: "tokens of \(exampleCount) sequences of \(contextLength)",
        expected: exampleCount * contextLength, found: values.count)
    }
    if let index = values.firstIndex(where: { $0 < 0 || Int($0) >= vocabularySize }) {
      throw .tokenOutOfRange(
        example: index / contextLength, position: index % contextLength,
        token: Int(values[index]), vocabularySize: vocabularySize)
    }
    self.init(
      checked: values, exampleCount: exampleCount, contextLength: contextLength,
      vocabularySize: vocabularySize)
  }

  /// Sequences whose tokens are known to be in range.
  init(checked values: [Int32], exampleCount: Int, contextLength: Int, vocabularySize: Int) {
    self.values = values
    self.exampleCount = exampleCount
    self.contextLength = contextLength
    self.vocabularySize = vocabularySize
  }

  /// The tokens of one sequence; a slice of `values`, with its indices.
  public func sequence(_ example: Int) -> ArraySlice<Int32> {
    precondition(
      example >= 0 && example < exampleCount,
      "TokenMatrix: sequence \(example) is outside [\(exampleCount), \(contextLength)]")
    return values[example * contextLength..<(example + 1) * contextLength]
  }

  /// The token at `position` of `example`.
  public subscript(example: Int, position: Int) -> Int32 {
    precondition(
      example >= 0 && example < exampleCount && position >= 0 && position < contextLength,
      "TokenMatrix: (\(example), \(position)) is outside [\(exampleCount), \(contextLength)]")
    return values[example * contextLength + position]
  }

  /// The sequences with the given indices, in the order given.
  public func selecting(_ indices: some Collection<Int>) -> TokenMatrix {
    var selected = [Int32]()
    selected.reserveCapacity(indices.count * contextLength)
    for index in indices { selected += sequence(index) }
    return TokenMatrix(
      checked: selected, exampleCount: indices.count, contextLength: contextLength,
      vocabularySize: vocabularySize)
  }
}

/// Examples with a class each, with one at each of several positions, as in language modelling, or with numbers to be
/// told.
public struct LabeledExamples: Sendable, Equatable {
  /// The label of a position that has no target: nothing is asked there.
  public static let noTarget: Int32 = -1

  /// The inputs, one per example.
  public let inputs: ExampleInputs
  /// The class of each example, in `0..<classCount`; with several positions `[count, positionCount]` in
  /// row-major order, ``noTarget`` where a position has none.
  public let labels: [Int32]
  /// The number of positions of an example that have a label; 1 where the example has one as a whole.
  public let positionCount: Int
  /// The number of classes, whether or not each occurs; with numbers to be told, how many an example has.
  public let classCount: Int
  /// The numbers to be told of each example, `[count, classCount]`, where it has no class; all labels are 0 then.
  public let numbers: Matrix<Float>?

  /// Examples with numbers to be told, for regression.
  ///
  /// - Parameter numbers: `[examples, outputs]`, finite.
  /// - Throws: `DatasetError.countMismatch`, `.invalidSetting` where a number is not finite or there are none.
  public init(inputs: ExampleInputs, numbers: Matrix<Float>) throws(DatasetError) {
    let count = inputs.exampleCount
    guard numbers.rowCount == count else {
      throw .countMismatch(
        what: "rows of numbers to be told of \(count) examples", expected: count,
        found: numbers.rowCount)
    }
    guard numbers.columnCount > 0 else {
      throw .invalidSetting(name: "numbers to be told", value: "none", expected: "at least one")
    }
    if let bad = numbers.values.first(where: { !$0.isFinite }) {
      throw .invalidSetting(name: "a number to be told", value: "\(bad)", expected: "a finite one")
    }
    self.init(checkedInputs: inputs, numbers: numbers)
  }

  /// Examples whose numbers to be told are known to be finite and as many.
  init(checkedInputs inputs: ExampleInputs, numbers: Matrix<Float>) {
    self.inputs = inputs
    self.numbers = numbers
    labels = [Int32](repeating: 0, count: inputs.exampleCount)
    positionCount = 1
    classCount = numbers.columnCount
  }

  /// Examples from their inputs and classes.
  ///
  /// - Throws: `DatasetError.countMismatch`, `.labelOutOfRange`.
  public init(inputs: ExampleInputs, labels: [Int32], classCount: Int) throws(DatasetError) {
    guard labels.count == inputs.exampleCount else {
      throw .countMismatch(
        what: "labels of \(inputs.exampleCount) examples", expected: inputs.exampleCount,
        found: labels.count)
    }
    if let example = labels.firstIndex(where: { $0 < 0 || Int($0) >= classCount }) {
      throw .labelOutOfRange(
        example: example, label: Int(labels[example]), classCount: classCount)
    }
    self.init(checkedInputs: inputs, labels: labels, classCount: classCount)
  }

  /// Sequences with a class to be told at each position: the next token, for example.
  ///
  /// - Parameter targets: `[sequences, positions]` in row-major order, each in `0..<classCount`, or
  ///   ``noTarget``; every sequence has a target somewhere.
  /// - Throws: `DatasetError.countMismatch`, `.labelOutOfRange`, `.noTarget`.
  public init(
    sequences: TokenMatrix, targets: [Int32], classCount: Int
  ) throws(DatasetError) {
    let (count, positions) = (sequences.exampleCount, sequences.contextLength)
    guard targets.count == sequences.values.count else {
      throw .countMismatch(
        what: "targets of \(count) sequences of \(positions)", expected: sequences.values.count,
        found: targets.count)
    }
    for example in 0..<count {
      let own = targets[example * positions..<(example + 1) * positions]
      if let label = own.first(where: { $0 < Self.noTarget || Int($0) >= classCount }) {
        throw .labelOutOfRange(example: example, label: Int(label), classCount: classCount)
      }
      guard own.contains(where: { $0 != Self.noTarget }) else { throw .noTarget(example: example) }
    }
    self.init(
      checkedInputs: .tokens(sequences), labels: targets, positionCount: positions,
      classCount: classCount)
  }

  /// Examples whose labels are known to be in range.
  init(
    checkedInputs inputs: ExampleInputs, labels: [Int32], positionCount: Int = 1, classCount: Int
  ) {
    self.inputs = inputs
    self.labels = labels
    self.positionCount = positionCount
    self.classCount = classCount
    numbers = nil
  }

  /// The number of examples.
  public var count: Int { inputs.exampleCount }

  /// The examples with the given indices, in the order given; an index may occur more than once.
  ///
  /// - Precondition: every index is below `count`.
  public func selecting(_ indices: some Collection<Int>) -> LabeledExamples {
    if let numbers {
      return LabeledExamples(
        checkedInputs: inputs.selecting(indices), numbers: numbers.selectingRows(indices))
    }
    return LabeledExamples(
      checkedInputs: inputs.selecting(indices),
      labels: positionCount == 1
        ? indices.map { labels[$0] }
        : indices.flatMap { labels[$0 * positionCount..<($0 + 1) * positionCount] },
      positionCount: positionCount, classCount: classCount)
  }

  /// The same inputs with other labels, each in `0 ..< classCount`, one for each example.
  package func relabeled(_ labels: [Int32]) -> LabeledExamples {
    precondition(
      labels.count == count && labels.allSatisfy { $0 >= 0 && $0 < classCount },
      "relabeled: \(labels.count) labels for \(count) examples of \(classCount) classes")
    return LabeledExamples(checkedInputs: inputs, labels: labels, classCount: classCount)
  }

  /// These examples and, behind them, others of the same task.
  ///
  /// - Precondition: both have inputs of one kind and width, and the same classes and positions.
  public func followed(by other: LabeledExamples) -> LabeledExamples {
    precondition(
      classCount == other.classCount && positionCount == other.positionCount
        && (numbers == nil) == (other.numbers == nil), "followed: examples of another task")
    let both = inputs.followed(by: other.inputs)
    if let numbers, let others = other.numbers {
      return LabeledExamples(checkedInputs: both, numbers: numbers.followed(by: others))
    }
    return LabeledExamples(
      checkedInputs: both, labels: labels + other.labels, positionCount: positionCount,
      classCount: classCount)
  }

  /// The first `maximumCount` examples, or all where there are fewer.
  public func prefix(_ maximumCount: Int) -> LabeledExamples {
    maximumCount >= count ? self : selecting(0..<max(0, maximumCount))
  }
}

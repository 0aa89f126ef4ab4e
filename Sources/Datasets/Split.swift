/// Examples to train on and examples to test on, out of one set.
public struct TrainTestSplit: Sendable {
  /// The examples to train on, in the order of `trainIndices`.
  public let train: LabeledExamples
  /// The examples to test on, in the order of `testIndices`.
  public let test: LabeledExamples
  /// Where the training examples stood in the whole set.
  public let trainIndices: [Int]
  /// Where the test examples stood in the whole set.
  public let testIndices: [Int]

  /// A split with given indices into `examples`.
  ///
  /// - Throws: `DatasetError.indexOutOfRange`, `.repeatedIndex` where an index occurs twice.
  public init(
    of examples: LabeledExamples, trainIndices: [Int], testIndices: [Int]
  ) throws(DatasetError) {
    _ = try complement(of: trainIndices + testIndices, count: examples.count)
    self.init(
      train: examples.selecting(trainIndices), test: examples.selecting(testIndices),
      trainIndices: trainIndices, testIndices: testIndices)
  }

  /// A random split: the training examples are the first of a random order, the test examples the rest.
  ///
  /// With one key, the training examples of a smaller fraction are the first of those of a larger one.
  ///
  /// - Parameter trainFraction: the share to train on, in 0...1; `Int(trainFraction × count)` examples.
  public init(of examples: LabeledExamples, trainFraction: Double, key: RandomKey) {
    let order = key.permutation(of: examples.count)
    let parts = order.split(first: trainFraction)
    self.init(
      train: examples.selecting(parts.first), test: examples.selecting(parts.rest),
      trainIndices: parts.first, testIndices: parts.rest)
  }

  init(
    train: LabeledExamples, test: LabeledExamples, trainIndices: [Int], testIndices: [Int]
  ) {
    self.train = train
    self.test = test
    self.trainIndices = trainIndices
    self.testIndices = testIndices
  }
}

// MARK: - Helpers

extension Array where Element == Int {
  /// The first `Int(fraction × count)` elements and the rest.
  func split(first fraction: Double) -> (first: [Int], rest: [Int]) {
    precondition(
      fraction >= 0 && fraction <= 1, "split: trainFraction \(fraction) is not in 0...1")
    let firstCount = Int(fraction * Double(count))
    return (Array(self[..<firstCount]), Array(self[firstCount...]))
  }
}

/// The indices below `count` that are not among `indices`, ascending.
func complement(of indices: [Int], count: Int) throws(DatasetError) -> [Int] {
  var isTaken = [Bool](repeating: false, count: count)
  for index in indices {
    guard index >= 0, index < count else { throw .indexOutOfRange(index: index, count: count) }
    if isTaken[index] { throw .repeatedIndex(index: index) }
    isTaken[index] = true
  }
  return (0..<count).filter { !isTaken[$0] }
}

/// The task of telling whether an odd number of a few chosen bits out of many are set.
///
/// - Source: Barak, Edelman, Goel, Kakade, Malach & Zhang, arXiv 2207.08799.
public struct SparseParity: Sendable, Equatable {
  /// The number of bits.
  public let bitCount: Int
  /// The bits that matter, rising.
  public let relevantBits: [Int]

  /// A task with bits that matter drawn from a key.
  ///
  /// - Throws: `DatasetError.invalidSetting` unless 1 to `bitCount` of 1 to 10,000 bits matter.
  public init(bitCount: Int, relevantCount: Int, key: RandomKey) throws(DatasetError) {
    guard (1...10_000).contains(bitCount) else {
      throw .invalidSetting(name: "number of bits", value: "\(bitCount)", expected: "1 to 10000")
    }
    guard (1...bitCount).contains(relevantCount) else {
      throw .invalidSetting(
        name: "number of relevant bits", value: "\(relevantCount)", expected: "1 to \(bitCount)")
    }
    self.bitCount = bitCount
    relevantBits = key.choice(relevantCount, of: bitCount).sorted()
  }

  /// Uniformly random bits, each −1 or 1, with the class 1 where an odd number of those that matter are −1.
  ///
  /// - Shapes: features are `[count, bitCount]`.
  /// - Parameter key: Example `i` is drawn from `key.fork(i)`, so that fewer examples are the first of more.
  public func examples(count: Int, key: RandomKey) -> LabeledExamples {
    var features = Matrix<Float>(rowCount: count, columnCount: bitCount)
    var labels = [Int32](repeating: 0, count: count)
    for example in 0..<count {
      let signs: [Float] = key.fork(example).signs(count: bitCount)
      for (bit, sign) in signs.enumerated() { features[example, bit] = sign }
      labels[example] = relevantBits.reduce(0) { signs[$1] < 0 ? 1 - $0 : $0 }
    }
    return LabeledExamples(checkedInputs: .features(features), labels: labels, classCount: 2)
  }
}

/// A mean over all pairs, over those trained on, and over the others.
///
/// - Source: definition.
public struct SplitValues: Sendable, Equatable, Codable {
  /// Over all pairs.
  public var all: Double
  /// Over the pairs trained on; nil where these are not known, or none.
  public var train: Double?
  /// Over the other pairs; nil where these are not known, or none.
  public var test: Double?

  /// The means.
  public init(all: Double, train: Double? = nil, test: Double? = nil) {
    self.all = all
    self.train = train
    self.test = test
  }
}

/// Sums of a value over the pairs trained on and over the others, from which means are taken at the end.
struct SplitSums: Sendable {
  private var train = 0.0
  private var test = 0.0
  private var trainCount = 0
  private var testCount = 0

  /// Adds a value that some pairs have, of which some are trained on.
  mutating func add(_ value: Double, count: Int = 1, trainedCount: Int) {
    train += value * Double(trainedCount)
    trainCount += trainedCount
    test += value * Double(count - trainedCount)
    testCount += count - trainedCount
  }

  mutating func add(_ other: SplitSums) {
    train += other.train
    trainCount += other.trainCount
    test += other.test
    testCount += other.testCount
  }

  /// The means.
  func means(isSplit: Bool) -> SplitValues {
    SplitValues(
      all: (train + test) / Double(trainCount + testCount),
      train: isSplit && trainCount > 0 ? train / Double(trainCount) : nil,
      test: isSplit && testCount > 0 ? test / Double(testCount) : nil)
  }
}

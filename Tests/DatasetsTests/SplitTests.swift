import Testing
import TestSupport

@testable import GrokDatasets

@Suite struct SplitTests {
  let examples: LabeledExamples

  init() throws {
    let rows = Matrix<Float>(values: (0..<10).map { Float($0) }, rowCount: 10, columnCount: 1)
    examples = try LabeledExamples(
      inputs: .features(rows), labels: (0..<10).map { Int32($0) }, classCount: 10)
  }

  @Test func givenIndices() throws {
    let split = try TrainTestSplit(of: examples, trainIndices: [3, 1], testIndices: [0])
    #expect(split.train == examples.selecting([3, 1]))
    #expect(split.test == examples.selecting([0]))
    #expect(throws: DatasetError.repeatedIndex(index: 1)) {
      try TrainTestSplit(of: examples, trainIndices: [3, 1], testIndices: [1])
    }
    #expect(throws: DatasetError.indexOutOfRange(index: -1, count: 10)) {
      try TrainTestSplit(of: examples, trainIndices: [3], testIndices: [-1])
    }
  }

  @Test(.tags(.law)) func randomSplitsCoverEverythingOnce() {
    let split = TrainTestSplit(of: examples, trainFraction: 0.7, key: RandomKey(seed: 1))
    #expect(split.trainIndices.count == 7)
    #expect((split.trainIndices + split.testIndices).sorted() == Array(0..<10))
    #expect(split.train.labels.map { Int($0) } == split.trainIndices)
    #expect(split.test.labels.map { Int($0) } == split.testIndices)
  }
}

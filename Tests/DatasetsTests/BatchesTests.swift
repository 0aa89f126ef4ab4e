import Testing
import TestSupport

@testable import GrokDatasets

@Suite struct BatchesTests {
  let key = RandomKey(seed: 3)

  private func indices(_ batches: inout Batches, _ step: Int) -> [Int32] {
    var result: [Int32] = [99]
    batches.indices(ofStep: step, into: &result)
    return result
  }

  @Test func fullBatchesAreAllExamplesInOrder() throws {
    var batches = try Batches(.full, exampleCount: 4, key: key)
    #expect(batches.stepsPerEpoch == 1)
    for step in [0, 1, 100] { #expect(indices(&batches, step) == [0, 1, 2, 3]) }
  }

  @Test func fixedBatchesStay() throws {
    var batches = try Batches(.fixed([3, 1]), exampleCount: 4, key: key)
    for step in [0, 7] { #expect(indices(&batches, step) == [3, 1]) }
  }

  @Test(
    .tags(.law),
    arguments: [(10, 3, true), (10, 3, false), (9, 3, true), (5, 8, true), (4, 1, false)])
  func anEpochUsesEveryExampleOnce(count: Int, size: Int, keepsShortBatch: Bool) throws {
    var batches = try Batches(
      .epochPermutation(batchSize: size, keepsShortBatch: keepsShortBatch), exampleCount: count,
      key: key)
    let stepCount = keepsShortBatch ? (count + size - 1) / size : count / size
    #expect(batches.stepsPerEpoch == stepCount)
    for epoch in 0..<3 {
      var used: [Int32] = []
      for step in 0..<stepCount {
        let batch = indices(&batches, epoch * stepCount + step)
        #expect(batch.count == (step < count / size ? size : count % size))
        used += batch
      }
      let order = key.fork(epoch).permutation(of: count)
      #expect(used.map { Int($0) } == Array(order.prefix(used.count)))
      #expect(used.count == (keepsShortBatch ? count : count / size * size))
    }
  }

  @Test(
    .tags(.resume),
    arguments: [
      Batching.full, .epochPermutation(batchSize: 4), .withReplacement(batchSize: 5),
      .fixed([2, 0]),
    ])
  func stepsDoNotDependOnTheStepsBefore(batching: Batching) throws {
    var inOrder = try Batches(batching, exampleCount: 11, key: key)
    let expected = (0..<20).map { indices(&inOrder, $0) }
    var backwards = try Batches(batching, exampleCount: 11, key: key)
    for step in (0..<20).reversed() {
      #expect(indices(&backwards, step) == expected[step])
      var fresh = try Batches(batching, exampleCount: 11, key: key)
      #expect(indices(&fresh, step) == expected[step])
    }
  }

  @Test(.tags(.statistical)) func drawsWithReplacementAreUniform() throws {
    var batches = try Batches(.withReplacement(batchSize: 50), exampleCount: 10, key: key)
    #expect(batches.stepsPerEpoch == 1)
    var counts = [Double](repeating: 0, count: 10)
    for step in 0..<400 {
      for index in indices(&batches, step) { counts[Int(index)] += 1 }
    }
    // χ² with 9 degrees of freedom: five standard deviations above its mean.
    let statistic = counts.reduce(0) { $0 + ($1 - 2000) * ($1 - 2000) / 2000 }
    #expect(statistic < 9 + 5 * 18.0.squareRoot())
    #expect(indices(&batches, 0) != indices(&batches, 1))
  }

  @Test func batchesKeepTheirStorage() throws {
    var batches = try Batches(.epochPermutation(batchSize: 64), exampleCount: 1000, key: key)
    var buffer: [Int32] = []
    batches.indices(ofStep: 0, into: &buffer)
    let address = buffer.withUnsafeBufferPointer { $0.baseAddress }
    for step in 1..<100 {
      batches.indices(ofStep: step, into: &buffer)
      #expect(buffer.withUnsafeBufferPointer { $0.baseAddress } == address)
    }
  }

  @Test func batchesThatDoNotExistAreRefused() {
    func refuses(_ batching: Batching, _ count: Int, _ error: DatasetError) {
      #expect(throws: error) { try Batches(batching, exampleCount: count, key: key) }
    }
    refuses(
      .full, 0,
      .invalidSetting(
        name: "number of training examples", value: "0", expected: "1 to \(Int32.max)"))
    refuses(
      .epochPermutation(batchSize: 0), 3,
      .invalidSetting(name: "batch size", value: "0", expected: "at least 1"))
    refuses(
      .epochPermutation(batchSize: 4, keepsShortBatch: false), 3,
      .invalidSetting(
        name: "batch size", value: "4", expected: "1 to 3, the number of examples"))
    refuses(
      .withReplacement(batchSize: -1), 3,
      .invalidSetting(name: "batch size", value: "-1", expected: "at least 1"))
    refuses(
      .fixed([]), 3,
      .invalidSetting(name: "fixed batch", value: "empty", expected: "at least one index"))
    refuses(.fixed([0, 3]), 3, .indexOutOfRange(index: 3, count: 3))
  }
}

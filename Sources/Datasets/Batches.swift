/// Which examples a step trains on.
public enum Batching: Sendable, Hashable {
  /// All examples, in their order, at every step.
  case full
  /// Every epoch is one random order of all examples, cut into batches.
  ///
  /// Where the batch size does not divide the number of examples, the last batch of an epoch is shorter, or left
  /// out where `keepsShortBatch` is false. The default keeps it, as PyTorch's `DataLoader` does.
  case epochPermutation(batchSize: Int, keepsShortBatch: Bool = true)
  /// The same, in the orders of PyTorch's `DataLoader(shuffle=True)` whose default generator was in this state
  /// before the first epoch; see ``DataLoaderOrder``. The key of the batches is not used.
  case dataLoader(batchSize: Int, keepsShortBatch: Bool = true, generator: PyTorchRandom)
  /// Every element of a batch is drawn from all examples, independently.
  case withReplacement(batchSize: Int)
  /// The same examples, by index, at every step.
  case fixed([Int])
}

/// The batches of a training: which examples each step uses, as a pure function of a key and the step.
///
/// The value keeps the order of the current epoch, so that the steps of an epoch cost no more than
/// their own batch. What it keeps never changes the answer: steps may be asked for in any order.
public struct Batches: Sendable {
  /// How examples are chosen.
  public let batching: Batching
  /// The number of examples chosen from.
  public let exampleCount: Int
  private let key: RandomKey
  // The order of one epoch, kept between the steps that use it.
  private var order: [Int32] = []
  private var orderedEpoch = -1
  private var loader: DataLoaderOrder?

  /// The batches of a training on `exampleCount` examples.
  ///
  /// - Throws: `DatasetError.invalidSetting` where there are no examples or a batch would be empty,
  ///   `.indexOutOfRange` for a fixed batch.
  public init(_ batching: Batching, exampleCount: Int, key: RandomKey) throws(DatasetError) {
    guard exampleCount > 0, exampleCount <= Int(Int32.max) else {
      throw .invalidSetting(
        name: "number of training examples", value: "\(exampleCount)",
        expected: "1 to \(Int32.max)")
    }
    switch batching {
    case .full: break
    case .epochPermutation(let batchSize, let keepsShortBatch),
      .dataLoader(let batchSize, let keepsShortBatch, _):
      guard batchSize > 0, keepsShortBatch || batchSize <= exampleCount else {
        throw .invalidSetting(
          name: "batch size", value: "\(batchSize)",
          expected: keepsShortBatch ? "at least 1" : "1 to \(exampleCount), the number of examples")
      }
    case .withReplacement(let batchSize):
      guard batchSize > 0 else {
        throw .invalidSetting(name: "batch size", value: "\(batchSize)", expected: "at least 1")
      }
    case .fixed(let indices):
      guard !indices.isEmpty else {
        throw .invalidSetting(name: "fixed batch", value: "empty", expected: "at least one index")
      }
      if let index = indices.first(where: { $0 < 0 || $0 >= exampleCount }) {
        throw .indexOutOfRange(index: index, count: exampleCount)
      }
    }
    self.batching = batching
    self.exampleCount = exampleCount
    self.key = key
  }

  /// The number of steps in which every example is used once, short batches included; with
  /// replacement, the steps in which as many are drawn as there are.
  public var stepsPerEpoch: Int {
    switch batching {
    case .full, .fixed: 1
    case .withReplacement(let batchSize): (exampleCount + batchSize - 1) / batchSize
    case .epochPermutation(let batchSize, let keepsShortBatch),
      .dataLoader(let batchSize, let keepsShortBatch, _):
      (exampleCount + (keepsShortBatch ? batchSize - 1 : 0)) / batchSize
    }
  }

  /// Replaces the contents of `indices` by the examples of step `step`, counted from 0.
  ///
  /// Allocates nothing once `indices` has had the size of the largest batch, and the order of an
  /// epoch has been made once.
  ///
  /// - Complexity: O(batch), and O(`exampleCount`) where the step begins an epoch of random order.
  public mutating func indices(ofStep step: Int, into indices: inout [Int32]) {
    precondition(step >= 0, "Batches: step \(step) is negative")
    indices.removeAll(keepingCapacity: true)
    switch batching {
    case .full:
      indices.append(contentsOf: 0..<Int32(exampleCount))
    case .fixed(let fixed):
      for index in fixed { indices.append(Int32(index)) }
    case .withReplacement(let batchSize):
      for element in step * batchSize..<(step + 1) * batchSize {
        indices.append(Int32(key.integer(at: element, in: 0..<exampleCount)))
      }
    case .epochPermutation(let batchSize, _), .dataLoader(let batchSize, _, _):
      let (epoch, stepInEpoch) = step.quotientAndRemainder(dividingBy: stepsPerEpoch)
      if epoch != orderedEpoch { makeOrder(ofEpoch: epoch) }
      let start = stepInEpoch * batchSize
      indices.append(contentsOf: order[start..<min(start + batchSize, exampleCount)])
    }
  }

  /// The order is `key.fork(epoch).permutation(of: exampleCount)`, or that of the data loader.
  private mutating func makeOrder(ofEpoch epoch: Int) {
    order.removeAll(keepingCapacity: true)
    orderedEpoch = epoch
    if case .dataLoader(_, _, let generator) = batching {
      var loader = loader ?? DataLoaderOrder(exampleCount: exampleCount, generator: generator)
      for index in loader.order(ofEpoch: epoch) { order.append(Int32(index)) }
      self.loader = loader
      return
    }
    order.append(contentsOf: 0..<Int32(exampleCount))
    let count = exampleCount
    let epochKey = key.fork(epoch)
    order.withUnsafeMutableBufferPointer { epochKey.shuffle($0, count: count) }
  }
}

/// The orders in which PyTorch's `DataLoader(shuffle=True)` goes through its examples, epoch by epoch.
///
/// At the start of each epoch the loader draws two numbers from the default generator: one that would seed its
/// workers, and one that seeds the generator of `torch.randperm`. Nothing else may draw from the default
/// generator in between: not dropout, and not another shuffled loader, as for the evaluation of some programs.
///
/// ```swift
/// var order = DataLoaderOrder(exampleCount: 1000, generator: PyTorchRandom(seed: 0))
/// let second = order.order(ofEpoch: 1)
/// ```
///
/// - Source: PyTorch 2.15, `torch/utils/data/dataloader.py` (`_BaseDataLoaderIter`) and `sampler.py`
///   (`RandomSampler`).
public struct DataLoaderOrder: Sendable {
  /// The number of examples.
  public let exampleCount: Int
  private let start: PyTorchRandom
  // The generator before the epoch with that number.
  private var generator: PyTorchRandom
  private var nextEpoch = 0

  /// The orders of `exampleCount` examples, with the default generator as it is before the first epoch.
  public init(exampleCount: Int, generator: PyTorchRandom) {
    self.exampleCount = exampleCount
    start = generator
    self.generator = generator
  }

  /// The examples in the order of an epoch, counted from 0.
  ///
  /// - Complexity: O(`exampleCount`), and O(epochs) where an epoch is asked for that is not the next.
  public mutating func order(ofEpoch epoch: Int) -> [Int] {
    precondition(epoch >= 0, "DataLoaderOrder: epoch \(epoch) is negative")
    if epoch < nextEpoch { (generator, nextEpoch) = (start, 0) }
    generator.skip64(2 * (epoch - nextEpoch))
    nextEpoch = epoch + 1
    _ = generator.seed()
    var shuffling = PyTorchRandom(seed: generator.seed())
    return shuffling.randperm(exampleCount)
  }
}

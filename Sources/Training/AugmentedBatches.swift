import GrokDatasets
import GrokModels

/// How the pictures of a training are changed, step by step.
struct Augmenter {
  let augmentation: PictureAugmentation
  let key: RandomKey
  let stepsPerEpoch: Int

  /// Checks that examples are pictures of the shape.
  ///
  /// - Throws: ``TrainingError/noPictures(found:expected:)``.
  func check<Scalar>(_ examples: PreparedExamples<Scalar>) throws(TrainingError) {
    guard case .features(let features) = examples.all.input else {
      throw .noPictures(found: "sequences of tokens", expected: augmentation.shape.description)
    }
    guard features.shape[-1] == augmentation.shape.featureCount else {
      throw .noPictures(
        found: "vectors of \(features.shape[-1]) features",
        expected: augmentation.shape.description)
    }
  }

  /// Changes the pictures of a batch, each by the epoch of the step and its own index.
  func change<Scalar>(
    _ batch: inout Batch<Scalar>, _ indices: [Int32], step: Int, in context: ComputeContext
  ) {
    guard case .features(let features) = batch.input else { return }
    let (epoch, size) = (step / stepsPerEpoch, augmentation.shape.featureCount)
    let changed = features.withValues { source in
      [Scalar](unsafeUninitializedCapacity: source.count) { result, count in
        for (row, index) in indices.enumerated() {
          let range = row * size..<(row + 1) * size
          augmentation.apply(
            augmentation.change(ofExample: Int(index), epoch: epoch, key: key),
            to: UnsafeBufferPointer(rebasing: source[range]),
            into: UnsafeMutableBufferPointer(rebasing: result[range]))
        }
        count = source.count
      }
    }
    batch.input = .features(Tensor(changed, shape: features.shape, in: context))
  }
}

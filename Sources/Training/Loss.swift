import GrokTensor

/// What a training makes small.
public enum Loss: String, Sendable, Hashable, CaseIterable {
  /// The mean over examples of −log softmax(outputs)[label], in nats; exponentials, sums and logarithm
  /// in `Double`.
  case crossEntropy
  /// The mean over examples and outputs of (outputs − one-hot label)².
  case meanSquaredError

  /// The loss of a batch, a scalar.
  ///
  /// - Shapes: `outputs` `[examples, outputs]`.
  func callAsFunction<Scalar>(_ outputs: Tensor<Scalar>, _ batch: Batch<Scalar>) -> Tensor<Scalar> {
    switch self {
    case .crossEntropy: outputs.crossEntropy(labels: batch.labels)
    case .meanSquaredError: outputs.meanSquaredError(to: batch.targets!)
    }
  }

  /// The sum of the loss over examples in `Double`, for means over more examples than one batch.
  func total<Scalar>(_ outputs: Tensor<Scalar>, _ batch: Batch<Scalar>) -> Double {
    switch self {
    case .crossEntropy:
      return outputs.crossEntropyLosses(labels: batch.labels).sum().value
    case .meanSquaredError:
      let mean = outputs.converted(to: Double.self)
        .meanSquaredError(to: batch.targets!.converted(to: Double.self))
      return mean.value * Double(batch.labels.count)
    }
  }
}

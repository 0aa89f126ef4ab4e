import GrokTensor

/// What a training makes small.
public enum Loss: String, Sendable, Hashable, CaseIterable {
  /// The mean over targets of −log softmax(outputs)[label], in nats; exponentials, sums and logarithm
  /// in `Double`.
  case crossEntropy
  /// The mean over targets and outputs of (outputs − one-hot label)².
  case meanSquaredError
  /// The mean over targets of −log stablemax(outputs)[label], in nats: cross-entropy with s(x) = x + 1 for x ≥ 0 and
  /// 1 / (1 − x) below in place of the exponential, which does not let large outputs round the gradient to 0.
  ///
  /// - Source: Prieto, Barsbey, Mediano & Birdal, arXiv 2501.04697, Eq. 6.
  case stableMax

  /// The loss of a batch, a scalar.
  ///
  /// - Shapes: `outputs` `[examples · positions, outputs]`.
  func callAsFunction<Scalar>(_ outputs: Tensor<Scalar>, _ batch: Batch<Scalar>) -> Tensor<Scalar> {
    switch self {
    case .crossEntropy: outputs.crossEntropy(labels: batch.labels)
    case .stableMax: outputs.symmetricLogarithm().crossEntropy(labels: batch.labels)
    case .meanSquaredError:
      if let rows = batch.targetRows {
        outputs.gather(rows: rows).meanSquaredError(to: batch.targets!.gather(rows: rows))
      } else {
        outputs.meanSquaredError(to: batch.targets!)
      }
    }
  }

  /// The same of what the outputs are read from, without holding them all where that is possible.
  func callAsFunction<Scalar>(_ readout: Readout<Scalar>, _ batch: Batch<Scalar>) -> Tensor<Scalar>
  {
    switch self {
    case .crossEntropy: readout.crossEntropy(labels: batch.labels)
    case .meanSquaredError, .stableMax: self(readout.outputs, batch)
    }
  }

  /// The sum of the loss over targets in `Double`, for means over more examples than one batch.
  func total<Scalar>(_ outputs: Tensor<Scalar>, _ batch: Batch<Scalar>) -> Double {
    switch self {
    case .crossEntropy:
      return outputs.crossEntropyLosses(labels: batch.labels).sum().value
    case .stableMax:
      return outputs.symmetricLogarithm().crossEntropyLosses(labels: batch.labels).sum().value
    case .meanSquaredError:
      var (outputs, targets) = (outputs, batch.targets!)
      if let rows = batch.targetRows {
        (outputs, targets) = (outputs.gather(rows: rows), targets.gather(rows: rows))
      }
      let mean = outputs.converted(to: Double.self)
        .meanSquaredError(to: targets.converted(to: Double.self))
      return mean.value * Double(batch.targetCount)
    }
  }
}

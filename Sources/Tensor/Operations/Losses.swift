import GrokKernels

// MARK: - Mean squared error

extension Tensor {
  /// The mean over all elements of `(self − target)²`, summed in `Double`.
  public func meanSquaredError(to target: Tensor) -> Tensor {
    precondition(shape == target.shape, "meanSquaredError: \(shape) against \(target.shape)")
    if target.isRecorded { return plainMeanSquaredError(to: target) }
    let engine = Engine.common(self, target)
    let gradient = isRecorded ? Tensor(uninitialized: shape, in: engine) : nil
    let total = Scalar.kernels.pointee.squared_error(
      pointer, target.pointer, gradient?.mutablePointer, 2 / Double(count), count)
    let mean = Tensor(repeating: Scalar(total / Double(count)), shape: Shape(), engine: engine)
    return mean.recorded(MeanSquaredError(), from: self, target, saved: gradient)
  }

  /// ``meanSquaredError(to:)`` made of plain operations; the two agree.
  func plainMeanSquaredError(to target: Tensor) -> Tensor { (self - target).squared().mean() }
}

private struct MeanSquaredError<Scalar: RealScalar>: DifferentiableOperation {
  func propagate(
    _ upstream: Tensor<Scalar>, through record: OperationRecord<Scalar>,
    to gradients: inout InputGradients<Scalar>
  ) {
    if gradients.isRecording {
      let difference = record.first - record.second!
      gradients.add(upstream * (difference * (2 / Scalar(difference.count))), to: 0)
    } else {
      gradients.add(record.saved! * upstream, to: 0)
    }
  }
}

// MARK: - Cross-entropy

extension Tensor {
  /// The mean over rows of `−log softmax(row)[label]`.
  ///
  /// - Shapes: This tensor, the logits, `[rows, classes]`; one label in `0 ..< classes` per row, or -1 for a row
  ///   that has none and does not count.
  /// - Parameter precision: By default exponentials, their sums and the logarithm are in `Double`, so
  ///   that losses far below 1e-7 are exact; the result is rounded to this tensor's precision.
  /// - Units: nats.
  public func crossEntropy(labels: [Int32], precision: SoftmaxPrecision = .double) -> Tensor {
    let gradient = isRecorded ? Tensor(uninitialized: shape, in: engine) : nil
    let losses = crossEntropyLosses(labels: labels, precision: precision, gradient: gradient)
    let mean =
      Double.kernels.pointee.sum(losses.pointer, losses.count) / Double(targetCount(labels))
    let result = Tensor(repeating: Scalar(mean), shape: Shape(), engine: engine)
    return result.recorded(
      CrossEntropy(labels: labels, precision: precision), from: self, saved: gradient)
  }

  /// `−log softmax(row)[label]` of each row in `Double`, 0 where the label is -1; not recorded.
  ///
  /// - Shapes: This tensor `[examples, classes]`; the result `[examples]`.
  public func crossEntropyLosses(labels: [Int32], precision: SoftmaxPrecision = .double)
    -> Tensor<Double>
  {
    crossEntropyLosses(labels: labels, precision: precision, gradient: nil)
  }

  private func crossEntropyLosses(
    labels: [Int32], precision: SoftmaxPrecision, gradient: Tensor?
  ) -> Tensor<Double> {
    precondition(
      shape.rank == 2 && labels.count == shape[0],
      "crossEntropy: logits \(shape) with \(labels.count) labels")
    let classes = Int32(shape[1])
    for label in labels {
      precondition(
        label >= -1 && label < classes, "crossEntropy: label \(label) of \(classes) classes")
    }
    let losses = Tensor<Double>(uninitialized: Shape(shape[0]), in: engine)
    let targets = targetCount(labels)
    labels.withUnsafeBufferPointer { labels in
      guard shape[0] > 0 else { return }
      let job = CrossEntropyJob(
        logits: pointer, labels: labels.baseAddress!, losses: losses.mutablePointer,
        gradient: gradient?.mutablePointer, rows: shape[0], columns: shape[1],
        targets: targets, inDouble: precision == .double)
      engine.workers.run(job, blockCount: job.blockCount)
    }
    return losses
  }

  /// ``crossEntropy(labels:precision:)`` made of plain operations; the two agree.
  func plainCrossEntropy(labels: [Int32], precision: SoftmaxPrecision = .double) -> Tensor {
    let target = Tensor.oneHot(labels, classCount: shape[1], engine: engine)
    return (logSoftmax(precision: precision) * target).sum() * (-1 / Scalar(targetCount(labels)))
  }

  /// Rows that are 1 at their label and 0 elsewhere, and all 0 where the label is -1:
  /// `[labels.count, classCount]`.
  public static func oneHot(_ labels: [Int32], classCount: Int, in context: ComputeContext? = nil)
    -> Tensor
  {
    oneHot(labels, classCount: classCount, engine: context?.engine ?? .plain)
  }

  static func oneHot(_ labels: [Int32], classCount: Int, engine: Engine) -> Tensor {
    let result = Tensor(repeating: 0, shape: Shape(labels.count, classCount), engine: engine)
    for (row, label) in labels.enumerated() {
      precondition(
        label >= -1 && label < classCount, "oneHot: label \(label) of \(classCount) classes")
      if label < 0 { continue }
      result.mutablePointer[row * classCount + Int(label)] = 1
    }
    return result
  }
}

private struct CrossEntropy<Scalar: RealScalar>: DifferentiableOperation {
  let labels: [Int32]
  let precision: SoftmaxPrecision

  func propagate(
    _ upstream: Tensor<Scalar>, through record: OperationRecord<Scalar>,
    to gradients: inout InputGradients<Scalar>
  ) {
    let logits = record.first
    if gradients.isRecording {  // (softmax − one-hot) / rows
      let target = Tensor<Scalar>.oneHot(labels, classCount: logits.shape[1])
      let scale = upstream * (1 / Scalar(targetCount(labels)))
      gradients.add(
        (logits.softmax(precision: precision).keeping(rowsWith: labels) - target) * scale, to: 0)
    } else {
      gradients.add(record.saved! * upstream, to: 0)
    }
  }
}

/// The number of labels that are not -1.
func targetCount(_ labels: [Int32]) -> Int {
  var count = labels.count
  for label in labels where label < 0 { count -= 1 }
  return count
}

extension Tensor {
  /// These rows, but 0 where the label is -1.
  func keeping(rowsWith labels: [Int32]) -> Tensor {
    if targetCount(labels) == labels.count { return self }
    return self * Tensor(labels.map { $0 < 0 ? 0 : 1 }, shape: Shape(labels.count, 1))
  }
}

private struct CrossEntropyJob<Scalar: RealScalar>: BlockJob {
  let logits: UnsafePointer<Scalar>
  let labels: UnsafePointer<Int32>
  let losses: UnsafeMutablePointer<Double>
  let gradient: UnsafeMutablePointer<Scalar>?
  let rows, columns, targets: Int
  let inDouble: Bool

  var blockCount: Int { max(1, min(64, rows * columns / 8_192)) }

  func run(block: Int) {
    let range = Workers.range(ofBlock: block, of: blockCount, count: rows)
    let start = range.lowerBound * columns
    Scalar.kernels.pointee.cross_entropy_rows(
      logits + start, labels + range.lowerBound, losses + range.lowerBound,
      gradient.map { $0 + start }, 1 / Double(targets), range.count, columns, columns, inDouble)
  }
}

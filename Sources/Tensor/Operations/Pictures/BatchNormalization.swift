import GrokKernels

/// The mean and variance of each channel that a batch normalization used: `[channels]` each.
public struct ChannelStatistics<Scalar: RealScalar>: Sendable {
  /// The means.
  public let mean: Tensor<Scalar>
  /// The variances, divided by the number of rows.
  public let variance: Tensor<Scalar>
  /// The rows they were found from.
  public let rowCount: Int

  /// Given statistics, such as running means and variances.
  ///
  /// - Shapes: `mean` and `variance` have one element for each channel.
  public init(mean: Tensor<Scalar>, variance: Tensor<Scalar>, rowCount: Int = 0) {
    self.mean = mean
    self.variance = variance
    self.rowCount = rowCount
  }
}

extension Tensor {
  /// The mean and variance of each channel, over all axes but the last; summed in `Double`, not recorded.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  public func channelStatistics() -> ChannelStatistics<Scalar> {
    let channels = shape[-1]
    let sums = ChannelRows(self).sums(
      of: ChannelSums(input: pointer, shift: pointer, upstream: nil, mask: nil))
    // About the first row: sums of squares about 0 lose what a large mean takes.
    let count = Double(shape.rowCount)
    let shifts = (0..<channels).map { sums[$0] / count }
    let means = (0..<channels).map { Scalar(Double(pointer[$0]) + shifts[$0]) } as [Scalar]
    let variances = (0..<channels).map { channel -> Scalar in
      Scalar(max(0, sums[channels + channel] / count - shifts[channel] * shifts[channel]))
    }
    return ChannelStatistics(
      mean: Tensor(means, shape: Shape(channels)),
      variance: Tensor(variances, shape: Shape(channels)),
      rowCount: shape.rowCount)
  }

  /// Batch normalization in one pass, as PyTorch's `BatchNorm1d` and `BatchNorm2d`: `f(x̂ γ + β + residual)`
  /// with `x̂ = (x − mean) / √(variance + ε)` for each channel (the last axis).
  ///
  /// - Shapes: This tensor and `residual` `[…, channels]`; `scale` (γ) and `shift` (β) `[channels]`.
  /// - Parameter statistics: The means and variances to use, constants for gradients; without them, those of
  ///   this batch, through which gradients go.
  /// - Parameter rectified: Whether f is ReLU; else it is the identity.
  /// - Returns: The normalized values, and the statistics that were used.
  /// - Source: Ioffe & Szegedy, arXiv 1502.03167, Algorithm 1.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  public func batchNormalized(
    scale: Tensor, shift: Tensor, epsilon: Double = 1e-5, adding residual: Tensor? = nil,
    rectified: Bool = false, statistics given: ChannelStatistics<Scalar>? = nil
  ) -> (output: Tensor, statistics: ChannelStatistics<Scalar>) {
    let channels = shape[-1]
    precondition(
      scale.shape == Shape(channels) && shift.shape == Shape(channels)
        && residual.map { $0.shape == shape } ?? true,
      "batchNormalize: \(shape) with scale \(scale.shape) and shift \(shift.shape)")
    let statistics = given ?? channelStatistics()
    let saved = Tensor(uninitialized: Shape(2, channels), in: engine)
    let factor = Tensor(uninitialized: Shape(channels), in: engine)
    let offset = Tensor(uninitialized: Shape(channels), in: engine)
    for channel in 0..<channels {
      let mean = statistics.mean.pointer[channel]
      let variance = Double(statistics.variance.pointer[channel])
      let inverse = Scalar(1 / (variance + epsilon).squareRoot())
      saved.mutablePointer[channel] = mean
      saved.mutablePointer[channels + channel] = inverse
      factor.mutablePointer[channel] = scale.pointer[channel] * inverse
      offset.mutablePointer[channel] = shift.pointer[channel] - mean * factor.pointer[channel]
    }
    let result = Tensor(uninitialized: shape, in: engine)
    let rows = ChannelRows(self)
    let job = ChannelAffineJob(
      rows: rows, rectified: rectified, input: pointer, factor: factor.pointer,
      offset: offset.pointer, residual: residual?.pointer, result: result.mutablePointer)
    engine.workers.run(job, blockCount: rows.blockCount)
    withExtendedLifetime((factor, offset)) {}
    let operation = BatchNormalization<Scalar>(
      epsilon: epsilon, rectified: rectified, usesBatch: given == nil)
    return (
      result.recorded(operation, from: self, scale, shift, residual, saved: saved), statistics
    )
  }

  /// ``batchNormalized(scale:shift:epsilon:adding:rectified:statistics:)`` made of plain operations; the two
  /// agree.
  func plainBatchNormalization(
    scale: Tensor, shift: Tensor, epsilon: Double = 1e-5, adding residual: Tensor? = nil,
    rectified: Bool = false, statistics given: ChannelStatistics<Scalar>? = nil
  ) -> Tensor {
    let mean = given?.mean ?? channelMean()
    let centered = self - mean
    let variance = given?.variance ?? centered.squared().channelMean()
    let normalized = centered / (variance + Scalar(epsilon)).squareRoot()
    let affine = normalized * scale + shift
    return (residual.map { affine + $0 } ?? affine).activated(rectified ? .relu : .identity)
  }

  fileprivate func channelMean() -> Tensor { sum(to: Shape(shape[-1])) / Scalar(shape.rowCount) }
}

private struct BatchNormalization<Scalar: RealScalar>: DifferentiableOperation {
  let epsilon: Double
  let rectified, usesBatch: Bool

  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func propagate(
    _ upstream: Tensor<Scalar>, through record: OperationRecord<Scalar>,
    to gradients: inout InputGradients<Scalar>
  ) {
    if gradients.isRecording {
      propagatePlainly(upstream, through: record, to: &gradients)
    } else if !tellExamples(upstream, through: record, to: &gradients) {
      propagateFused(upstream, through: record, to: &gradients)
    }
  }

  // g = f′ dy: dβ = Σ g, dγ = Σ g x̂, dx = γ/σ (g − mean g − x̂ mean(g x̂)), without the means where the
  // statistics are constants.
  private func propagatePlainly(
    _ upstream: Tensor<Scalar>, through record: OperationRecord<Scalar>,
    to gradients: inout InputGradients<Scalar>
  ) {
    let (x, scale) = (record.first, record.second!)
    let channels = x.shape[-1]
    let gradient = rectified ? upstream * record.output.step() : upstream
    var (mean, inverse) = constants(of: record)
    if usesBatch {
      mean = x.channelMean()
      inverse = ((x - mean).squared().channelMean() + Scalar(epsilon)).squareRoot().reciprocal()
    }
    let normalized = (x - mean) * inverse
    let bySum = gradient.sum(to: Shape(channels))
    let byScale = (gradient * normalized).sum(to: Shape(channels))
    let rows = Scalar(x.shape.rowCount)
    let centered =
      usesBatch ? gradient - bySum / rows - normalized * (byScale / rows) : gradient
    gradients.add(centered * (scale * inverse), to: 0)
    gradients.add(byScale, to: 1)
    gradients.add(bySum, to: 2)
    gradients.add(gradient, to: 3)
  }

  private func constants(of record: OperationRecord<Scalar>) -> (Tensor<Scalar>, Tensor<Scalar>) {
    let channels = record.first.shape[-1]
    return (
      record.saved!.rows(0..<1).reshaped(to: Shape(channels)),
      record.saved!.rows(1..<2).reshaped(to: Shape(channels))
    )
  }

  private func propagateFused(
    _ upstream: Tensor<Scalar>, through record: OperationRecord<Scalar>,
    to gradients: inout InputGradients<Scalar>
  ) {
    let (x, scale) = (record.first, record.second!)
    let engine = record.output.engine
    let channels = x.shape[-1]
    let (mean, inverse) = constants(of: record)
    let mask = rectified ? record.output : nil
    let rows = ChannelRows(x)
    let sums = rows.sums(
      of: ChannelSums(
        input: x.pointer, shift: mean.pointer, upstream: upstream.pointer, mask: mask?.pointer))
    let dScale = gradients.destination(for: 1) ?? Tensor(uninitialized: scale.shape, in: engine)
    let dShift = gradients.destination(for: 2) ?? Tensor(uninitialized: scale.shape, in: engine)
    // dx = a g + b x + d
    let factors = (0..<3).map { _ in Tensor<Scalar>(uninitialized: scale.shape, in: engine) }
    let count = Double(x.shape.rowCount)
    for channel in 0..<channels {
      let sigma = Double(inverse.pointer[channel])
      let (sum, product) = (sums[channel], sums[channels + channel] * sigma)
      dShift.mutablePointer[channel] = Scalar(sum)
      dScale.mutablePointer[channel] = Scalar(product)
      let a = Double(scale.pointer[channel]) * sigma
      let b = usesBatch ? -a * product * sigma / count : 0
      let d = usesBatch ? -a * sum / count - b * Double(mean.pointer[channel]) : 0
      for (factor, value) in zip(factors, [a, b, d]) {
        factor.mutablePointer[channel] = Scalar(value)
      }
    }
    if gradients.needs(0) || gradients.needs(3) {
      let dx = Tensor<Scalar>(uninitialized: x.shape, in: engine)
      let dResidual =
        gradients.needs(3) && rectified ? Tensor<Scalar>(uninitialized: x.shape, in: engine) : nil
      let job = ChannelGradientJob(
        rows: rows, upstream: upstream.pointer, mask: mask?.pointer, input: x.pointer,
        factors: (factors[0].pointer, factors[1].pointer, factors[2].pointer),
        dx: dx.mutablePointer, dResidual: dResidual?.mutablePointer)
      engine.workers.run(job, blockCount: rows.blockCount)
      withExtendedLifetime(factors) {}
      gradients.add(dx, to: 0)
      gradients.add(dResidual ?? upstream, to: 3)
    }
    gradients.add(dScale, to: 1)
    gradients.add(dShift, to: 2)
  }

  /// Where somebody listens for what the gradients of γ and β are made of: tells them for each example.
  private func tellExamples(
    _ upstream: Tensor<Scalar>, through record: OperationRecord<Scalar>,
    to gradients: inout InputGradients<Scalar>
  ) -> Bool {
    guard gradients.isListening, !usesBatch, let scaleRange = gradients.listenedRange(of: 1),
      let shiftRange = gradients.listenedRange(of: 2)
    else { return false }
    let (x, scale) = (record.first, record.second!)
    let (mean, inverse) = constants(of: record)
    let gradient = rectified ? upstream * record.output.step() : upstream
    gradients.tell(
      .examples(scaleRange, gradient: (gradient * ((x - mean) * inverse)).sumOverPixels()))
    gradients.tell(.examples(shiftRange, gradient: gradient.sumOverPixels()))
    gradients.add(gradient * (scale * inverse), to: 0)
    gradients.add(gradient, to: 3)
    return true
  }
}

extension Tensor {
  /// Sums over all axes but the last two, the examples and channels.
  fileprivate func sumOverPixels() -> Tensor {
    if shape.rank == 2 { return self }
    let pixels = reshaped(to: Shape(count / (shape[-1] * shape[-2]), shape[-2], shape[-1]))
    return pixels.sum(alongAxis: 0)
  }
}

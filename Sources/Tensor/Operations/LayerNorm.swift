import GrokKernels

extension Tensor {
  /// Each row less its mean, over the root of its variance and ε, times a gain, plus a bias.
  ///
  /// The variance is over the row, without Bessel's correction; means and variances are summed in `Double`.
  ///
  /// - Shapes: This tensor `[…, width]`; `gain` and `bias` `[width]`; the result `[…, width]`.
  /// - Source: Ba, Kiros & Hinton, arXiv 1607.06450, Eq. 3; ε inside the root as in PyTorch.
  public func layerNorm(gain: Tensor, bias: Tensor? = nil, epsilon: Double = 1e-5) -> Tensor {
    precondition(
      shape.rank >= 1 && gain.shape == Shape(shape[-1])
        && bias.map { $0.shape == gain.shape } != false,
      "layerNorm: \(shape) with gain \(gain.shape), bias \(bias?.shape ?? [])")
    let result = Tensor(uninitialized: shape, in: engine)
    let statistics = Tensor(uninitialized: Shape(shape.rowCount, 2), in: engine)
    let job = LayerNormJob(
      input: pointer, gain: gain.pointer, bias: bias?.pointer, result: result.mutablePointer,
      statistics: statistics.mutablePointer, rows: shape.rowCount, columns: shape[-1],
      epsilon: epsilon)
    engine.workers.run(job, blockCount: job.blockCount)
    return result.recorded(LayerNorm(epsilon: epsilon), from: self, gain, bias, saved: statistics)
  }

  /// ``layerNorm(gain:bias:epsilon:)`` made of plain operations; the two agree.
  func plainLayerNorm(gain: Tensor, bias: Tensor? = nil, epsilon: Double = 1e-5) -> Tensor {
    let scaled = plainNormalized(epsilon: epsilon).normal * gain
    return bias.map { scaled + $0 } ?? scaled
  }

  /// (x − mean) · rate with rate = 1/√(variance + ε), and rate.
  fileprivate func plainNormalized(epsilon: Double) -> (normal: Tensor, rate: Tensor) {
    let centered = self - mean(alongAxis: -1, keepingAxis: true)
    let variance = centered.squared().mean(alongAxis: -1, keepingAxis: true)
    let rate = (variance + Scalar(epsilon)).squareRoot().reciprocal()
    return (centered * rate, rate)
  }
}

private struct LayerNorm<Scalar: RealScalar>: DifferentiableOperation {
  let epsilon: Double

  // g = gain dy: dx = rate (g − mean(g) − x̂ mean(g x̂)), dgain = Σ dy x̂, dbias = Σ dy
  func propagate(
    _ upstream: Tensor<Scalar>, through record: OperationRecord<Scalar>,
    to gradients: inout InputGradients<Scalar>
  ) {
    let (x, gain) = (record.first, record.second!)
    let width = x.shape[-1]
    let flat = Shape(x.shape.rowCount, width)
    if gradients.isRecording {
      let (normal, rate) = x.plainNormalized(epsilon: epsilon)
      let g = upstream * gain
      let mean = g.mean(alongAxis: -1, keepingAxis: true)
      let along = (g * normal).mean(alongAxis: -1, keepingAxis: true)
      gradients.add(rate * (g - mean - normal * along), to: 0)
      gradients.add((upstream * normal).reshaped(to: flat).sum(alongAxis: 0), to: 1)
      gradients.add(upstream.reshaped(to: flat).sum(alongAxis: 0), to: 2)
      return
    }
    if gradients.isListening { tellFactors(upstream, of: record, to: &gradients) }
    let dx = gradients.needs(0) ? Tensor<Scalar>(uninitialized: x.shape, in: x.engine) : nil
    let sums = Tensor<Double>(
      repeating: 0, shape: Shape(LayerNormGradientJob<Scalar>.blockCount(flat), 2, width),
      engine: x.engine)
    let job = LayerNormGradientJob<Scalar>(
      input: x.pointer, statistics: record.saved!.pointer, gain: gain.pointer,
      upstream: upstream.pointer, dx: dx?.mutablePointer, sums: sums.mutablePointer,
      rows: flat[0], columns: width)
    x.engine.workers.run(job, blockCount: LayerNormGradientJob<Scalar>.blockCount(flat))
    if let dx { gradients.add(dx, to: 0) }
    if gradients.isListening { return }
    for (input, start) in [(1, 0), (2, width)] where gradients.needs(input) {
      let total =
        gradients.destination(for: input) ?? Tensor(uninitialized: gain.shape, in: x.engine)
      for column in 0..<width {
        var sum = 0.0
        for block in 0..<sums.shape[0] { sum += sums.pointer[block * 2 * width + start + column] }
        total.mutablePointer[column] = Scalar(sum)
      }
      gradients.add(total, to: input)
    }
  }

  /// What each row adds to the gradients of gain and bias.
  private func tellFactors(
    _ upstream: Tensor<Scalar>, of record: OperationRecord<Scalar>,
    to gradients: inout InputGradients<Scalar>
  ) {
    let normal = record.first.detached.plainNormalized(epsilon: epsilon).normal
    for (input, terms) in [(1, upstream * normal), (2, upstream)] where gradients.needs(input) {
      gradients.tell(elementwise: terms, of: input)
    }
  }
}

// MARK: - Loops

private struct LayerNormJob<Scalar: RealScalar>: BlockJob {
  let input, gain: UnsafePointer<Scalar>
  let bias: UnsafePointer<Scalar>?
  let result, statistics: UnsafeMutablePointer<Scalar>
  let rows, columns: Int
  let epsilon: Double

  var blockCount: Int { max(1, min(64, rows * columns / 16_384)) }

  func run(block: Int) {
    let range = Workers.range(ofBlock: block, of: blockCount, count: rows)
    let start = range.lowerBound * columns
    Scalar.kernels.pointee.layer_norm_rows(
      input + start, gain, bias, result + start, statistics + 2 * range.lowerBound, range.count,
      columns, epsilon)
  }
}

/// Blocks of rows, each with sums of its own, so that their order depends on the shape alone.
private struct LayerNormGradientJob<Scalar: RealScalar>: BlockJob {
  let input, statistics, gain, upstream: UnsafePointer<Scalar>
  let dx: UnsafeMutablePointer<Scalar>?
  let sums: UnsafeMutablePointer<Double>
  let rows, columns: Int

  static func blockCount(_ shape: Shape) -> Int { max(1, min(32, shape.count / 16_384)) }

  func run(block: Int) {
    let range = Workers.range(
      ofBlock: block, of: Self.blockCount(Shape(rows, columns)), count: rows)
    let start = range.lowerBound * columns
    Scalar.kernels.pointee.layer_norm_gradient(
      input + start, statistics + 2 * range.lowerBound, gain, upstream + start,
      dx.map { $0 + start },
      sums + block * 2 * columns, range.count, columns)
  }
}

import GrokKernels

/// Rows of channels in fixed blocks that any threads take.
struct ChannelRows<Scalar: RealScalar> {
  let rowCount, channelCount: Int
  let engine: Engine

  init(_ tensor: Tensor<Scalar>) {
    rowCount = tensor.shape.rowCount
    channelCount = tensor.shape[-1]
    engine = tensor.engine
  }

  var blockCount: Int { max(1, min(64, rowCount * channelCount / 32_768)) }

  subscript(block: Int) -> Range<Int> {
    Workers.range(ofBlock: block, of: blockCount, count: rowCount)
  }

  /// Two sums in `Double` for each channel: of blocks of rows, then of all blocks in their order.
  func sums(of terms: ChannelSums<Scalar>) -> [Double] {
    let width = 2 * channelCount
    let partial = Tensor<Double>(uninitialized: Shape(blockCount, width), in: engine)
    engine.workers.run(
      ChannelSumsJob(rows: self, terms: terms, partial: partial.mutablePointer),
      blockCount: blockCount)
    var sums = Array(repeating: 0.0, count: width)
    partial.withValues { partial in
      for block in 0..<blockCount {
        for column in 0..<width { sums[column] += partial[block * width + column] }
      }
    }
    return sums
  }
}

/// What is summed: `x − shift` and its square; with an upstream gradient g (0 where the mask is not positive),
/// g and `g (x − shift)`.
struct ChannelSums<Scalar: RealScalar> {
  let input, shift: UnsafePointer<Scalar>
  let upstream, mask: UnsafePointer<Scalar>?
}

private struct ChannelSumsJob<Scalar: RealScalar>: BlockJob {
  let rows: ChannelRows<Scalar>
  let terms: ChannelSums<Scalar>
  let partial: UnsafeMutablePointer<Double>

  func run(block: Int) {
    let (range, channels) = (rows[block], rows.channelCount)
    let start = range.lowerBound * channels
    let target = partial + block * 2 * channels
    if let upstream = terms.upstream {
      Scalar.kernels.pointee.channel_gradient_sums(
        upstream + start, terms.mask.map { $0 + start }, terms.input + start, terms.shift, target,
        range.count, channels)
    } else {
      Scalar.kernels.pointee.channel_moments(
        terms.input + start, terms.shift, target, range.count, channels)
    }
  }
}

/// `f(a x + b + residual)`, f the identity or ReLU.
struct ChannelAffineJob<Scalar: RealScalar>: BlockJob {
  let rows: ChannelRows<Scalar>
  let rectified: Bool
  let input, factor, offset: UnsafePointer<Scalar>
  let residual: UnsafePointer<Scalar>?
  let result: UnsafeMutablePointer<Scalar>

  func run(block: Int) {
    let (range, channels) = (rows[block], rows.channelCount)
    let start = range.lowerBound * channels
    Scalar.kernels.pointee.channel_affine(
      rectified, input + start, factor, offset, residual.map { $0 + start }, result + start,
      range.count, channels)
  }
}

/// `dx = a g + b x + d`, and g itself for the residual.
struct ChannelGradientJob<Scalar: RealScalar>: BlockJob {
  let rows: ChannelRows<Scalar>
  let upstream: UnsafePointer<Scalar>
  let mask: UnsafePointer<Scalar>?
  let input: UnsafePointer<Scalar>
  let factors: (a: UnsafePointer<Scalar>, b: UnsafePointer<Scalar>, d: UnsafePointer<Scalar>)
  let dx: UnsafeMutablePointer<Scalar>
  let dResidual: UnsafeMutablePointer<Scalar>?

  func run(block: Int) {
    let (range, channels) = (rows[block], rows.channelCount)
    let start = range.lowerBound * channels
    Scalar.kernels.pointee.channel_gradient(
      upstream + start, mask.map { $0 + start }, input + start, factors.a, factors.b, factors.d,
      dx + start, dResidual.map { $0 + start }, range.count, channels)
  }
}

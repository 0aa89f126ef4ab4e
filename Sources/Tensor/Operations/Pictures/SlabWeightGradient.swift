import GrokKernels

extension Tensor {
  /// Writes the gradient of a convolution of these pictures by its weights into `result`.
  ///
  /// The pixels are cut into bands, each with sums of its own for every tap, which are added in the end.
  func slabWeightGradient(
    _ upstream: Tensor, windows: PictureWindows, groupCount: Int, into result: Tensor
  ) {
    let engine = result.engine
    let job = WeightGradientJob(
      x: pointer, upstream: upstream.pointer, table: windows.table, examples: shape[2],
      inner: shape[3] / groupCount, columns: upstream.shape[3] / groupCount,
      groupCount: groupCount)
    let sums = Tensor(uninitialized: Shape(job.sumCount), in: engine)
    let workspace = Tensor(uninitialized: Shape(job.workspaceCount), in: engine)
    engine.workers.run(
      WeightGradientBlocks(
        job: job, sums: sums.mutablePointer, workspace: workspace.mutablePointer),
      blockCount: job.blockCount)
    let gather = TapGathering(job: job, sums: sums.pointer, result: result.mutablePointer)
    engine.workers.run(gather, blockCount: gather.blockCount)
    withExtendedLifetime((sums, workspace)) {}
  }
}

/// How the work on a gradient by weights is cut: by its sizes alone.
private struct WeightGradientJob<Scalar: RealScalar> {
  let x, upstream: UnsafePointer<Scalar>
  let table: PixelTable
  let examples, inner, columns, groupCount: Int
  /// Parts of the pixels, runs of taps and parts of the inner channels, each pair a block.
  let bandCount, tapRunCount, rowPartCount: Int

  init(
    x: UnsafePointer<Scalar>, upstream: UnsafePointer<Scalar>, table: PixelTable, examples: Int,
    inner: Int, columns: Int, groupCount: Int
  ) {
    self.x = x
    self.upstream = upstream
    self.table = table
    self.examples = examples
    self.inner = inner
    self.columns = columns
    self.groupCount = groupCount
    let weights = inner * columns * table.tapCount
    let work = table.pixelCount * examples * weights
    // Sums of one band stay in the second-level cache where all taps share what a band reads.
    let sharesTaps = weights * MemoryLayout<Scalar>.stride <= 1_024 * 1_024
    let affordable = max(1, 4 * 1_024 * 1_024 / (weights * MemoryLayout<Scalar>.stride))
    bandCount = max(
      1, min(sharesTaps ? 16 : 4, affordable, table.pixelCount, work / 2_000_000))
    tapRunCount = sharesTaps || work < 8_000_000 ? 1 : table.tapCount
    rowPartCount =
      bandCount * tapRunCount >= 16 || work < 8_000_000 ? 1 : max(1, min(4, inner / 64))
  }

  var blockCount: Int { groupCount * bandCount * tapRunCount * rowPartCount }
  /// Elements of one band's sums: `[taps, inner, columns]`.
  var bandSize: Int { table.tapCount * inner * columns }
  var sumCount: Int { groupCount * bandCount * bandSize }
  /// Elements of workspace of one block.
  var blockWorkspace: Int {
    let tile = Scalar.kernels.pointee.product_tile
    let rows = (inner + rowPartCount - 1) / rowPartCount + tile
    return (rows + tile) * Scalar.kernels.pointee.product_longest(columns)
  }
  var workspaceCount: Int { blockCount * blockWorkspace }
}

private struct WeightGradientBlocks<Scalar: RealScalar>: BlockJob {
  let job: WeightGradientJob<Scalar>
  let sums, workspace: UnsafeMutablePointer<Scalar>

  /// Rows of both sides that stay in cache while every tap reads them.
  private static var stretchRows: Int { 512 }

  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func run(block: Int) {
    var rest = block
    func next(_ count: Int) -> Int {
      defer { rest /= count }
      return rest % count
    }
    let rows = Workers.range(
      ofBlock: next(job.rowPartCount), of: job.rowPartCount, count: job.inner,
      alignment: Scalar.kernels.pointee.product_tile)
    let taps = Workers.range(
      ofBlock: next(job.tapRunCount), of: job.tapRunCount, count: job.table.tapCount)
    let band = next(job.bandCount)
    let pixels = Workers.range(ofBlock: band, of: job.bandCount, count: job.table.pixelCount)
    let group = rest
    let target = sums + (group * job.bandCount + band) * job.bandSize
    for tap in taps where job.table.reads[tap] {
      Scalar.kernels.pointee.fill(
        target + (tap * job.inner + rows.lowerBound) * job.columns, 0, rows.count * job.columns)
    }
    let length = max(1, Self.stretchRows / max(1, job.examples))
    var product = gk_product(
      rows: rows.count, columns: job.columns, inner: 0, a: job.x, b: job.upstream, c: target,
      stride_a: job.inner * job.groupCount, stride_b: job.columns * job.groupCount,
      stride_c: job.columns, transposed_a: true, transposed_b: false, adds: true,
      upper: false, workspace: UnsafeMutableRawPointer(workspace + block * job.blockWorkspace))
    for start in stride(from: pixels.lowerBound, to: pixels.upperBound, by: length) {
      let end = min(start + length, pixels.upperBound)
      for tap in taps where job.table.reads[tap] {
        product.c = UnsafeMutableRawPointer(
          target + (tap * job.inner + rows.lowerBound) * job.columns)
        var pixel = start
        while pixel < end {
          let source = job.table[pixel, tap]
          guard source >= 0 else {
            pixel += 1
            continue
          }
          var run = 1  // pixels that follow one another on both sides
          while pixel + run < end && job.table[pixel + run, tap] == source + run { run += 1 }
          product.a = UnsafeRawPointer(
            job.x + source * job.examples * product.stride_a + group * job.inner + rows.lowerBound)
          product.b = UnsafeRawPointer(
            job.upstream + pixel * job.examples * product.stride_b + group * job.columns)
          product.inner = run * job.examples
          Scalar.kernels.pointee.product_rows(&product, 0, rows.count)
          pixel += run
        }
      }
    }
  }
}

/// The sums of all bands, in the order of the weights.
private struct TapGathering<Scalar: RealScalar>: BlockJob {
  let job: WeightGradientJob<Scalar>
  let sums: UnsafePointer<Scalar>
  let result: UnsafeMutablePointer<Scalar>

  private var parts: Int { max(1, min(16, job.bandSize / 32_768, job.inner)) }
  var blockCount: Int { job.groupCount * parts }

  func run(block: Int) {
    let group = block / parts
    let range = Workers.range(ofBlock: block % parts, of: parts, count: job.inner)
    job.table.withPointers { _, reads in
      Scalar.kernels.pointee.gather_taps(
        sums + group * job.bandCount * job.bandSize, reads, result + group * job.bandSize,
        job.bandCount, job.table.tapCount, job.inner, job.columns, range.lowerBound,
        range.upperBound)
    }
  }
}

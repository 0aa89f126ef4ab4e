import GrokKernels

/// Which pixels and weights a product of slabs reads: forward, or transposed as its gradient does.
struct SlabMap {
  let windows: PictureWindows
  let isTransposed: Bool
  let groupCount: Int

  var table: PixelTable { isTransposed ? windows.transposedTable : windows.table }

  /// The channels made, all groups together, by weights of shape `weight`.
  func columnCount(_ weight: Shape) -> Int {
    isTransposed ? weight[1] * groupCount : weight[0]
  }

  func outputShape(of shape: Shape, _ weight: Shape) -> Shape {
    isTransposed
      ? Shape([windows.height, windows.width, shape[2], columnCount(weight)])
      : windows.outputShape(of: shape, channels: columnCount(weight))
  }
}

extension Tensor {
  /// The product of slabs with weights as they lie, `[outputs, inputs, kernelHeight, kernelWidth]`, then bias
  /// and activation while the rows are in cache; not recorded.
  func slabProduct(_ weight: Tensor, _ map: SlabMap, bias: Tensor?, activation: Activation)
    -> Tensor
  {
    let engine = Engine.common(self, weight)
    let result = Tensor(
      uninitialized: map.outputShape(of: shape, weight.shape), in: engine)
    let taps = map.windows.kernelCount
    let (outputs, inputs) = (weight.shape[0] / map.groupCount, weight.shape[1])
    map.table.withPointers { sources, reads in
      guard result.count > 0 else { return }
      var product = gk_slab_product(
        examples: shape[2], inner: map.isTransposed ? outputs : inputs,
        columns: map.isTransposed ? inputs : outputs, taps: taps, a: pointer,
        weights: weight.pointer, c: result.mutablePointer, stride_a: shape[3],
        stride_c: result.shape[3], stride_tap: 1,
        stride_inner: map.isTransposed ? inputs * taps : taps,
        stride_column: map.isTransposed ? taps : inputs * taps, sources: sources, reads: reads,
        workspace: nil)
      let size = Scalar.kernels.pointee.slab_workspace(&product)
      let workspace = Tensor(uninitialized: Shape(size * map.groupCount), in: engine)
      product.workspace = UnsafeMutableRawPointer(workspace.mutablePointer)
      let job = SlabJob(
        product: product, groupCount: map.groupCount, workspaceSize: size,
        weightSize: outputs * inputs * taps, pixelCount: map.table.pixelCount,
        bias: bias?.pointer, activation: activation)
      let panelCount = Scalar.kernels.pointee.slab_panels(&product)
      engine.workers.run(
        SlabPackingJob(job: job, panelCount: panelCount), blockCount: panelCount * map.groupCount)
      engine.workers.run(job, blockCount: job.blockCount)
      withExtendedLifetime(workspace) {}
    }
    return result
  }
}

/// Blocks of pixels and examples of each group of channels.
private struct SlabJob<Scalar: RealScalar>: BlockJob {
  let product: gk_slab_product
  let groupCount, workspaceSize, weightSize, pixelCount: Int
  let bias: UnsafePointer<Scalar>?
  let activation: Activation

  /// Enough that the rows which neighbouring windows share stay in cache; a multiple of a tile.
  private static var exampleBlock: Int { 32 }
  private var exampleBlockCount: Int {
    (product.examples + Self.exampleBlock - 1) / Self.exampleBlock
  }
  private var bandCount: Int {
    let work = product.examples * pixelCount * product.inner * product.columns * product.taps
    return max(1, min(pixelCount, work / exampleBlockCount / 2_000_000, 64 / exampleBlockCount))
  }
  var blockCount: Int { groupCount * exampleBlockCount * bandCount }

  /// The product of one group of channels.
  func group(_ index: Int) -> gk_slab_product {
    var result = product
    func moved(_ pointer: UnsafeRawPointer, _ count: Int) -> UnsafeRawPointer {
      pointer + count * MemoryLayout<Scalar>.stride
    }
    result.a = moved(product.a, index * product.inner)
    result.weights = moved(product.weights, index * weightSize)
    result.c = UnsafeMutableRawPointer(mutating: moved(product.c, index * product.columns))
    result.workspace = UnsafeMutableRawPointer(
      mutating: moved(product.workspace!, index * workspaceSize))
    return result
  }

  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func run(block: Int) {
    var part = group(block / (exampleBlockCount * bandCount))
    let rest = block % (exampleBlockCount * bandCount)
    let first = rest % exampleBlockCount * Self.exampleBlock
    let last = min(first + Self.exampleBlock, product.examples)
    let pixels = Workers.range(
      ofBlock: rest / exampleBlockCount, of: bandCount, count: pixelCount)
    Scalar.kernels.pointee.slab_pixels(
      &part, pixels.lowerBound, pixels.upperBound, first, last)
    if bias == nil && activation == .identity { return }
    // With one group rows are contiguous.
    let columns = product.columns
    let groupStart = block / (exampleBlockCount * bandCount) * columns
    for pixel in pixels {
      let start = part.c.assumingMemoryBound(to: Scalar.self)
      for example in groupCount == 1 ? first..<first + 1 : first..<last {
        let row = start + (pixel * product.examples + example) * product.stride_c
        Scalar.kernels.pointee.bias_activate(
          activation.code, activation.parameter, row, bias.map { $0 + groupStart }, nil, row,
          groupCount == 1 ? last - first : 1, columns)
      }
    }
  }
}

private struct SlabPackingJob<Scalar: RealScalar>: BlockJob {
  let job: SlabJob<Scalar>
  let panelCount: Int
  func run(block: Int) {
    var part = job.group(block / panelCount)
    let panel = block % panelCount
    Scalar.kernels.pointee.slab_pack(&part, panel, panel + 1)
  }
}

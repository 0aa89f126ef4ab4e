import GrokKernels

extension Tensor {
  /// The largest element of each window, channel by channel, as PyTorch's `MaxPool2d`: padding never wins,
  /// the first of equal elements does, and not-a-number always.
  ///
  /// - Shapes: `[height, width, examples, channels]` → `[outputHeight, outputWidth, examples, channels]`.
  public func maxPooled(_ windows: PictureWindows) -> Tensor {
    windows.check(shape, "maxPool")
    let result = Tensor(
      uninitialized: windows.outputShape(of: shape, channels: shape[3]), in: engine)
    // Which tap of its window each element is.
    let winners = Tensor(repeating: 0, shape: result.shape, engine: engine)
    let job = LargestJob(
      table: windows.table, input: pointer, result: result.mutablePointer,
      winners: winners.mutablePointer, size: shape[2] * shape[3])
    engine.workers.run(job, blockCount: job.blockCount)
    return result.recorded(MaxPool(windows: windows), from: self, saved: winners)
  }

  /// The mean of each window, channel by channel, as PyTorch's `AvgPool2d`: padding counts as zeros.
  ///
  /// - Shapes: `[height, width, examples, channels]` → `[outputHeight, outputWidth, examples, channels]`.
  public func averagePooled(_ windows: PictureWindows) -> Tensor {
    windows.check(shape, "averagePool")
    return windowSums(windows, isTransposed: false, scale: 1 / Scalar(windows.kernelCount))
  }

  /// The mean of each picture, channel by channel: `[examples, channels]`.
  public func globallyAveraged() -> Tensor {
    let pooled = averagePooled(.whole(height: shape[0], width: shape[1]))
    return pooled.reshaped(to: Shape(shape[2], shape[3]))
  }

  /// Every pixel repeated in a square of `factor` × `factor`, as PyTorch's `Upsample` with nearest neighbours.
  public func upsampled(by factor: Int) -> Tensor {
    let windows = PictureWindows(
      height: shape[0] * factor, width: shape[1] * factor, kernel: factor, stride: factor)
    return windowSums(windows, isTransposed: true, scale: 1)
  }

  /// The scaled sum of each window, or the gradient of that: a linear operation and its transpose.
  func windowSums(_ windows: PictureWindows, isTransposed: Bool, scale: Scalar) -> Tensor {
    let table = isTransposed ? windows.transposedTable : windows.table
    let target =
      isTransposed
      ? Shape([windows.height, windows.width, shape[2], shape[3]])
      : windows.outputShape(of: shape, channels: shape[3])
    let result = Tensor(uninitialized: target, in: engine)
    let job = WindowSumJob(
      table: table, input: pointer, result: result.mutablePointer, winners: nil,
      winnersOfInput: false, scale: scale, size: shape[2] * shape[3])
    engine.workers.run(job, blockCount: job.blockCount)
    return result.recorded(
      WindowSums(windows: windows, isTransposed: isTransposed, scale: scale), from: self)
  }

  /// Of each window the element that `winners` names, or the gradient of that.
  fileprivate func winning(_ winners: Tensor, _ windows: PictureWindows, isTransposed: Bool)
    -> Tensor
  {
    let table = isTransposed ? windows.transposedTable : windows.table
    let target =
      isTransposed ? Shape([windows.height, windows.width, shape[2], shape[3]]) : winners.shape
    let result = Tensor(uninitialized: target, in: engine)
    let job = WindowSumJob(
      table: table, input: pointer, result: result.mutablePointer, winners: winners.pointer,
      winnersOfInput: isTransposed, scale: 1, size: shape[2] * shape[3])
    engine.workers.run(job, blockCount: job.blockCount)
    return result.recorded(
      Winning(windows: windows, isTransposed: isTransposed), from: self, saved: winners)
  }

  /// ``maxPooled(_:)`` by its definition, not recorded; the two agree.
  func plainMaxPool(_ windows: PictureWindows) -> Tensor {
    let (x, size) = (values, shape[2] * shape[3])
    let result = (0..<windows.table.pixelCount * size).map { index -> Scalar in
      (0..<windows.kernelCount).map { windows.table[index / size, $0] }.filter { $0 >= 0 }
        .map { x[$0 * size + index % size] }.max()!
    }
    return Tensor(result, shape: windows.outputShape(of: shape, channels: shape[3]))
  }
}

private struct MaxPool<Scalar: RealScalar>: DifferentiableOperation {
  let windows: PictureWindows
  func propagate(
    _ upstream: Tensor<Scalar>, through record: OperationRecord<Scalar>,
    to gradients: inout InputGradients<Scalar>
  ) {
    gradients.add(upstream.winning(record.saved!, windows, isTransposed: true), to: 0)
  }
}

private struct Winning<Scalar: RealScalar>: DifferentiableOperation {
  let windows: PictureWindows
  let isTransposed: Bool
  func propagate(
    _ upstream: Tensor<Scalar>, through record: OperationRecord<Scalar>,
    to gradients: inout InputGradients<Scalar>
  ) {
    gradients.add(upstream.winning(record.saved!, windows, isTransposed: !isTransposed), to: 0)
  }
}

private struct WindowSums<Scalar: RealScalar>: DifferentiableOperation {
  let windows: PictureWindows
  let isTransposed: Bool
  let scale: Scalar
  func propagate(
    _ upstream: Tensor<Scalar>, through record: OperationRecord<Scalar>,
    to gradients: inout InputGradients<Scalar>
  ) {
    gradients.add(
      upstream.windowSums(windows, isTransposed: !isTransposed, scale: scale), to: 0)
  }
}

// MARK: - Loops over pixels

private struct LargestJob<Scalar: RealScalar>: BlockJob {
  let table: PixelTable
  let input: UnsafePointer<Scalar>
  let result, winners: UnsafeMutablePointer<Scalar>
  let size: Int

  var blockCount: Int { pixelBlockCount(table, size) }

  func run(block: Int) {
    let kernels = Scalar.kernels.pointee
    for pixel in Workers.range(ofBlock: block, of: blockCount, count: table.pixelCount) {
      kernels.fill(result + pixel * size, -Double.infinity, size)
      for tap in 0..<table.tapCount where table[pixel, tap] >= 0 {
        kernels.take_larger(
          input + table[pixel, tap] * size, Double(tap), result + pixel * size,
          winners + pixel * size, size)
      }
    }
  }
}

/// Sums over the taps of each pixel; with winners, of those elements only that have won.
private struct WindowSumJob<Scalar: RealScalar>: BlockJob {
  let table: PixelTable
  let input: UnsafePointer<Scalar>
  let result: UnsafeMutablePointer<Scalar>
  let winners: UnsafePointer<Scalar>?
  /// Whether winners lie as the input does, and not as the result.
  let winnersOfInput: Bool
  let scale: Scalar
  let size: Int

  var blockCount: Int { pixelBlockCount(table, size) }

  func run(block: Int) {
    let kernels = Scalar.kernels.pointee
    for pixel in Workers.range(ofBlock: block, of: blockCount, count: table.pixelCount) {
      let target = result + pixel * size
      kernels.fill(target, 0, size)
      for tap in 0..<table.tapCount where table[pixel, tap] >= 0 {
        let source = table[pixel, tap]
        if let winners {
          kernels.accumulate_where(
            winners + (winnersOfInput ? source : pixel) * size, Double(tap), input + source * size,
            target, size)
        } else {
          kernels.accumulate(Double(scale), input + source * size, target, size)
        }
      }
    }
  }
}

private func pixelBlockCount(_ table: PixelTable, _ size: Int) -> Int {
  max(1, min(64, table.pixelCount, table.pixelCount * table.tapCount * size / 32_768))
}

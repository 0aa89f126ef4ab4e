import GrokKernels

extension Tensor {
  /// The mean over rows of `−log softmax(row · W)[label]`, without ever holding all logits: the loss of a network
  /// over a large vocabulary.
  ///
  /// A chunk of rows at a time, logits, losses and both gradients are computed while the chunk is in cache.
  /// Exponentials, sums and logarithms are in `Double`.
  ///
  /// - Shapes: This tensor `[rows, width]`; `weight` `[width, classes]`; one label in `0 ..< classes` per row, or -1
  ///   for a row that has none and does not count.
  /// - Units: nats.
  public func linearCrossEntropy(weight: Tensor, labels: [Int32]) -> Tensor {
    precondition(
      shape.rank == 2 && weight.shape.rank == 2 && weight.shape[0] == shape[1]
        && labels.count == shape[0],
      "linearCrossEntropy: \(shape) meets weights \(weight.shape) and \(labels.count) labels")
    for label in labels {
      precondition(
        label >= -1 && label < weight.shape[1],
        "linearCrossEntropy: label \(label) of \(weight.shape[1]) classes")
    }
    let engine = Engine.common(self, weight)
    let losses = Tensor<Double>(uninitialized: Shape(shape[0]), in: engine)
    // The gradients by rows and weights one after the other, at an upstream gradient of 1.
    let slopes =
      isRecorded || weight.isRecorded
      ? Tensor(uninitialized: Shape(count + weight.count), in: engine) : nil
    computeChunks(weight: weight, labels: labels, losses: losses, slopes: slopes, in: engine)
    let mean =
      Double.kernels.pointee.sum(losses.pointer, losses.count) / Double(targetCount(labels))
    return Tensor(repeating: Scalar(mean), shape: Shape(), engine: engine)
      .recorded(LinearCrossEntropy(labels: labels), from: self, weight, saved: slopes)
  }

  /// ``linearCrossEntropy(weight:labels:)`` made of plain operations; the two agree.
  func plainLinearCrossEntropy(weight: Tensor, labels: [Int32]) -> Tensor {
    linear(weight: weight, layout: .inputsByOutputs).crossEntropy(labels: labels)
  }

  private func computeChunks(
    weight: Tensor, labels: [Int32], losses: Tensor<Double>, slopes: Tensor?, in engine: Engine
  ) {
    let (rows, width, classes) = (shape[0], shape[1], weight.shape[1])
    let cut = ChunkCut(rows: rows, classes: classes, tile: Scalar.kernels.pointee.product_tile)
    let logits = Tensor(uninitialized: Shape(cut.chunk, classes), in: engine)
    let scale = 1 / Double(targetCount(labels))
    // Products of a whole chunk; the last one computes fewer of their rows.
    let forward = RowProduct(
      ProductDimensions(
        rows: cut.chunk, columns: classes, inner: width, transposedLeft: false,
        transposedRight: false),
      left: pointer, right: weight.pointer, result: logits.mutablePointer, in: engine)
    let backward = slopes.map { slopes in
      RowProduct(
        ProductDimensions(
          rows: cut.chunk, columns: width, inner: classes, transposedLeft: false,
          transposedRight: true),
        left: logits.pointer, right: weight.pointer, result: slopes.mutablePointer, in: engine)
    }
    labels.withUnsafeBufferPointer { labels in
      guard let labels = labels.baseAddress else { return }
      for start in stride(from: 0, to: rows, by: cut.chunk) {
        let count = min(cut.chunk, rows - start)
        let chunk = ChunkJob(
          logits: forward.moved(left: start * width),
          backward: backward?.moved(result: start * width),
          values: logits.mutablePointer, labels: labels + start,
          losses: losses.mutablePointer + start, scale: scale, rows: count, classes: classes,
          blockRows: cut.block)
        engine.workers.run(chunk, blockCount: chunk.blockCount)
        guard let slopes else { continue }
        let byWeight = RowProduct(
          ProductDimensions(
            rows: width, columns: classes, inner: count, transposedLeft: true,
            transposedRight: false),
          left: pointer + start * width, right: logits.pointer,
          result: slopes.mutablePointer + self.count, adding: start > 0, in: engine)
        engine.workers.run(byWeight, blockCount: byWeight.partition.blockCount)
      }
    }
  }
}

private struct LinearCrossEntropy<Scalar: RealScalar>: DifferentiableOperation, ProductOperation {
  let labels: [Int32]

  func multiplicationCount(first: Shape, second: Shape, output: Shape) -> Int {
    second.count * first[0]
  }

  func propagate(
    _ upstream: Tensor<Scalar>, through record: OperationRecord<Scalar>,
    to gradients: inout InputGradients<Scalar>
  ) {
    let (x, weight) = (record.first, record.second!)
    if gradients.isRecording {  // d logits = (softmax − one-hot) / targets
      let target = Tensor<Scalar>.oneHot(labels, classCount: weight.shape[1])
      let shares = x.matmul(weight).softmax(precision: .double).keeping(rowsWith: labels)
      let slopes = (shares - target) * (upstream * (1 / Scalar(targetCount(labels))))
      gradients.add(slopes.matmul(weight, transposed: (false, true)), to: 0)
      gradients.add(x.matmul(slopes, transposed: (true, false)), to: 1)
      return
    }
    let factor = upstream.value
    let byRows = record.saved!.viewed(as: x.shape)
    gradients.add(factor == 1 ? byRows : byRows * factor, to: 0)
    guard gradients.needs(1) else { return }
    let byWeight = record.saved!.viewed(as: weight.shape, offset: x.count)
    if let place = gradients.destination(for: 1) {
      Scalar.kernels.pointee.affine(
        Double(factor), byWeight.pointer, 0, place.mutablePointer, place.count)
      gradients.add(place, to: 1)
    } else {
      gradients.add(factor == 1 ? byWeight : byWeight * factor, to: 1)
    }
  }
}

// MARK: - Chunks

/// How rows are cut: chunks whose logits fit into the last-level cache, of several blocks for the threads.
private struct ChunkCut {
  /// Rows of a chunk and of a block; multiples of a product's tile.
  let chunk, block: Int

  init(rows: Int, classes: Int, tile: Int) {
    block = 8 * tile
    let blocks = min(64, max(8, 2_500_000 / (block * max(1, classes))))
    chunk = min(blocks * block, (rows + block - 1) / block * block)
  }
}

/// Blocks of a chunk: logits, losses and slopes in place of logits, and the gradient by the rows.
private struct ChunkJob<Scalar: RealScalar>: BlockJob {
  let logits: RowProduct<Scalar>
  let backward: RowProduct<Scalar>?
  let values: UnsafeMutablePointer<Scalar>
  let labels: UnsafePointer<Int32>
  let losses: UnsafeMutablePointer<Double>
  let scale: Double
  let rows, classes, blockRows: Int

  var blockCount: Int { (rows + blockRows - 1) / blockRows }

  func run(block: Int) {
    let start = block * blockRows
    let range = start..<min(start + blockRows, rows)
    logits.multiply(rows: range)
    let own = values + start * classes
    Scalar.kernels.pointee.cross_entropy_rows(
      own, labels + start, losses + start, backward == nil ? nil : own, scale, range.count, classes,
      classes, true)
    backward?.multiply(rows: range)
  }
}

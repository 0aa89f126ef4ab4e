import GrokKernels

extension Tensor {
  /// The rows of this table that tokens name, plus the row of another table for their position.
  ///
  /// - Shapes: This tensor `[vocabulary, width]`; `positions` `[context, width]`; `tokens`, `[examples, context]` in
  ///   row-major order; the result `[examples · context, width]`.
  public func embedding(tokens: [Int32], positions: Tensor) -> Tensor {
    let (context, width) = (positions.shape[0], shape[-1])
    precondition(
      shape.rank == 2 && positions.shape == Shape(context, width) && tokens.count % context == 0,
      "embedding: table \(shape), positions \(positions.shape), \(tokens.count) tokens")
    for token in tokens {
      precondition(token >= 0 && token < shape[0], "embedding: token \(token) of \(shape[0])")
    }
    let result = Tensor(uninitialized: Shape(tokens.count, width), in: engine)
    tokens.withUnsafeBufferPointer { tokens in
      guard let tokens = tokens.baseAddress else { return }
      let job = EmbeddingJob(
        table: pointer, positions: positions.pointer, tokens: tokens, result: result.mutablePointer,
        examples: result.shape[0] / context, context: context, width: width)
      engine.workers.run(job, blockCount: job.blockCount)
    }
    return result.recorded(Embedding(tokens: tokens), from: self, positions)
  }

  /// ``embedding(tokens:positions:)`` made of plain operations; the two agree.
  func plainEmbedding(tokens: [Int32], positions: Tensor) -> Tensor {
    gather(rows: tokens) + positions.tiled(tokens.count / positions.shape[0])
  }

  /// All rows, `count` times one after the other: `[count · rows, width]`.
  public func tiled(_ count: Int) -> Tensor {
    precondition(shape.rank == 2 && count >= 0, "tiled: \(shape), \(count) times")
    let result = Tensor(uninitialized: Shape(count * shape[0], shape[1]), in: engine)
    for copy in 0..<count {
      (result.mutablePointer + copy * self.count).update(from: pointer, count: self.count)
    }
    return result.recorded(Tiling(), from: self)
  }

  /// The sum of `count` runs of rows: the gradient of ``tiled(_:)``.
  fileprivate func summedRuns(of rows: Int) -> Tensor {
    let width = shape[1]
    return reshaped(to: Shape(shape[0] / rows, rows * width)).sum(alongAxis: 0)
      .reshaped(to: Shape(rows, width))
  }
}

private struct Embedding<Scalar: RealScalar>: DifferentiableOperation {
  let tokens: [Int32]

  func propagate(
    _ upstream: Tensor<Scalar>, through record: OperationRecord<Scalar>,
    to gradients: inout InputGradients<Scalar>
  ) {
    let (rows, context) = (record.first.shape[0], record.second!.shape[0])
    if let table = gradients.listenedRange(of: 0) {
      gradients.tell(.lookup(table: table, indices: tokens, upstream: upstream))
    } else {
      gradients.add(upstream.scatteredAdding(rows: tokens, rowCount: rows), to: 0)
    }
    gradients.addPositions(upstream, context: context, to: 1)
  }
}

private struct Tiling<Scalar: RealScalar>: DifferentiableOperation {
  func propagate(
    _ upstream: Tensor<Scalar>, through record: OperationRecord<Scalar>,
    to gradients: inout InputGradients<Scalar>
  ) {
    gradients.addPositions(upstream, context: record.first.shape[0], to: 0)
  }
}

extension InputGradients {
  /// Adds the gradient of a table of positions whose rows were used in turn.
  fileprivate mutating func addPositions(
    _ upstream: Tensor<Scalar>, context: Int, to input: Int
  ) {
    if let table = listenedRange(of: input) {
      let rows = (0..<upstream.shape[0]).map { Int32($0 % context) }
      tell(.lookup(table: table, indices: rows, upstream: upstream))
    } else {
      add(upstream.summedRuns(of: context), to: input)
    }
  }
}

/// Blocks of whole examples, the positions added while the rows are in cache.
private struct EmbeddingJob<Scalar: RealScalar>: BlockJob {
  let table, positions: UnsafePointer<Scalar>
  let tokens: UnsafePointer<Int32>
  let result: UnsafeMutablePointer<Scalar>
  let examples, context, width: Int

  var blockCount: Int { max(1, min(64, examples, examples * context * width / 32_768)) }

  func run(block: Int) {
    for example in Workers.range(ofBlock: block, of: blockCount, count: examples) {
      let rows = result + example * context * width
      Scalar.kernels.pointee.gather_rows(table, tokens + example * context, rows, context, width)
      Scalar.kernels.pointee.add(rows, positions, rows, context * width)
    }
  }
}

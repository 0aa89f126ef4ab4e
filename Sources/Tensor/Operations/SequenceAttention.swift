import GrokKernels

/// How attention within sequences is arranged.
public struct SequenceAttentionShape: Sendable, Hashable {
  /// The length of a sequence.
  public let context: Int32
  /// The number of heads, which share the width of a row.
  public let headCount: Int32
  /// Whether a position sees only those up to itself.
  public let isCausal: Bool

  /// Attention of `headCount` heads within sequences of `context` positions.
  public init(context: Int, headCount: Int, isCausal: Bool = true) {
    precondition(
      context >= 1 && headCount >= 1, "attention: \(headCount) heads, sequences of \(context)")
    self.context = Int32(context)
    self.headCount = Int32(headCount)
    self.isCausal = isCausal
  }
}

extension Tensor {
  /// Attention of every position of a sequence, all heads at once: Σ_j softmax_j(q_i·k_j / √width) v_j for each
  /// head, over all positions j or those up to i.
  ///
  /// The scores are made a few rows at a time and never kept.
  ///
  /// - Shapes: This tensor, the queries, `keys`, `values` and the result `[examples · context, heads · width]`,
  ///   the positions of one example together.
  /// - Source: Vaswani et al., arXiv 1706.03762, Eq. 1; without the score matrix as in Dao et al., arXiv 2205.14135.
  public func sequenceAttention(
    keys: Tensor, values: Tensor, as arrangement: SequenceAttentionShape
  ) -> Tensor {
    checkSequences(keys, arrangement)
    precondition(
      keys.shape == values.shape, "attention: keys \(keys.shape), values \(values.shape)")
    let engine = keys.engine
    let result = Tensor(uninitialized: shape, in: engine)
    let job = SequenceAttentionJob<Scalar>(
      arrangement, resultShape: shape, row: shape[1], in: engine)
    job.run(
      (pointer, keys.pointer, values.pointer), into: result.mutablePointer, in: engine)
    return result.recorded(
      SequenceAttention(arrangement: arrangement), from: self, keys, values, saved: job.kept)
  }

  /// ``sequenceAttention(keys:values:as:)`` of queries, keys and values that stand side by side in the rows of this
  /// tensor, as one product makes them.
  ///
  /// - Shapes: This tensor `[examples · context, 3 · heads · width]`; the result
  ///   `[examples · context, heads · width]`.
  public func packedSequenceAttention(as arrangement: SequenceAttentionShape) -> Tensor {
    precondition(
      shape.rank == 2 && shape[0] % Int(arrangement.context) == 0
        && shape[1] % (3 * Int(arrangement.headCount)) == 0,
      "attention: rows \(shape), \(arrangement.headCount) heads, sequences of \(arrangement.context)"
    )
    let result = Tensor(uninitialized: Shape(shape[0], shape[1] / 3), in: engine)
    let job = SequenceAttentionJob<Scalar>(
      arrangement, resultShape: result.shape, row: shape[1], in: engine)
    job.run(packedParts, into: result.mutablePointer, in: engine)
    return result.recorded(
      PackedSequenceAttention(arrangement: arrangement), from: self, saved: job.kept)
  }

  /// ``packedSequenceAttention(as:)`` made of plain operations; the two agree.
  func plainPackedSequenceAttention(as arrangement: SequenceAttentionShape) -> Tensor {
    let (queries, keys, values) = columnThirds
    return queries.plainSequenceAttention(keys: keys, values: values, as: arrangement)
  }

  /// The thirds of the columns.
  fileprivate var columnThirds: (Tensor, Tensor, Tensor) {
    let width = shape[1] / 3
    return (
      slice(axis: 1, 0..<width), slice(axis: 1, width..<2 * width),
      slice(axis: 1, 2 * width..<3 * width)
    )
  }

  /// Where the thirds of the columns begin.
  fileprivate var packedParts: SequenceAttentionJob<Scalar>.Operands {
    (pointer, pointer + shape[1] / 3, pointer + 2 * (shape[1] / 3))
  }

  /// The weights of attention, softmax_j(q_i·k_j / √width), made of plain operations.
  ///
  /// - Shapes: This tensor, the queries, and `keys` `[examples · context, heads · width]`; the result
  ///   `[examples, heads, context, context]` with axes for the query's and the key's position.
  public func attentionPattern(
    keys: Tensor, as arrangement: SequenceAttentionShape
  ) -> Tensor {
    checkSequences(keys, arrangement)
    let context = Int(arrangement.context)
    let queries = splitHeads(arrangement)
    let scale = 1 / Scalar(queries.shape[-1]).squareRoot()
    let scores =
      queries.matmul(keys.splitHeads(arrangement), transposed: (false, true)) * scale
    guard arrangement.isCausal else { return scores.softmax() }
    // Far below every score, and finite, so that differences stay numbers.
    let hidden = -Scalar.greatestFiniteMagnitude / 4
    let mask = (0..<context * context).map { $0 % context > $0 / context ? hidden : 0 }
    return (scores + Tensor(mask, shape: Shape(context, context))).softmax()
  }

  /// Σ_j pattern_ij v_j for each head: what attention with a given pattern writes.
  ///
  /// - Shapes: This tensor, the values, and the result `[examples · context, heads · width]`; `pattern`
  ///   `[examples, heads, context, context]`.
  public func attended(
    with pattern: Tensor, as arrangement: SequenceAttentionShape
  ) -> Tensor {
    pattern.matmul(splitHeads(arrangement)).permuted([0, 2, 1, 3]).reshaped(to: shape)
  }

  /// ``sequenceAttention(keys:values:as:)`` made of plain operations; the two agree.
  func plainSequenceAttention(
    keys: Tensor, values: Tensor, as arrangement: SequenceAttentionShape
  ) -> Tensor {
    values.attended(with: attentionPattern(keys: keys, as: arrangement), as: arrangement)
  }

  /// `[examples, heads, context, width]`
  fileprivate func splitHeads(_ arrangement: SequenceAttentionShape) -> Tensor {
    let (context, heads) = (Int(arrangement.context), Int(arrangement.headCount))
    return reshaped(to: [shape[0] / context, context, heads, shape[1] / heads])
      .permuted([0, 2, 1, 3])
  }

  private func checkSequences(_ keys: Tensor, _ arrangement: SequenceAttentionShape) {
    precondition(
      shape == keys.shape && shape.rank == 2 && shape[0] % Int(arrangement.context) == 0
        && shape[1] % Int(arrangement.headCount) == 0,
      "attention: queries \(shape), keys \(keys.shape), \(arrangement.headCount) heads, sequences of "
        + "\(arrangement.context)")
  }
}

private struct SequenceAttention<Scalar: RealScalar>: DifferentiableOperation, UncountedProduct {
  let arrangement: SequenceAttentionShape

  func propagate(
    _ upstream: Tensor<Scalar>, through record: OperationRecord<Scalar>,
    to gradients: inout InputGradients<Scalar>
  ) {
    let (q, k, v) = (record.first, record.second!, record.third!)
    if gradients.isRecording {
      let slopes = q.plainAttentionSlopes(keys: k, values: v, upstream, as: arrangement)
      gradients.add(slopes.0, to: 0)
      gradients.add(slopes.1, to: 1)
      gradients.add(slopes.2, to: 2)
      return
    }
    let (dq, dk, dv) = (
      Tensor<Scalar>(uninitialized: q.shape, in: q.engine),
      Tensor<Scalar>(uninitialized: q.shape, in: q.engine),
      Tensor<Scalar>(uninitialized: q.shape, in: q.engine)
    )
    let job = SequenceAttentionJob<Scalar>(
      arrangement, resultShape: q.shape, row: q.shape[1], kept: record.saved!, in: q.engine)
    job.run(
      (q.pointer, k.pointer, v.pointer), output: record.output.pointer, upstream.pointer,
      into: (dq.mutablePointer, dk.mutablePointer, dv.mutablePointer), in: q.engine)
    gradients.add(dq, to: 0)
    gradients.add(dk, to: 1)
    gradients.add(dv, to: 2)
  }
}

private struct PackedSequenceAttention<Scalar: RealScalar>: DifferentiableOperation,
  UncountedProduct
{
  let arrangement: SequenceAttentionShape

  func propagate(
    _ upstream: Tensor<Scalar>, through record: OperationRecord<Scalar>,
    to gradients: inout InputGradients<Scalar>
  ) {
    let packed = record.first
    if gradients.isRecording {
      let (q, k, v) = packed.columnThirds
      let slopes = q.plainAttentionSlopes(keys: k, values: v, upstream, as: arrangement)
      gradients.add(.concatenated([slopes.0, slopes.1, slopes.2], axis: 1), to: 0)
      return
    }
    let slopes = Tensor<Scalar>(uninitialized: packed.shape, in: packed.engine)
    let job = SequenceAttentionJob<Scalar>(
      arrangement, resultShape: record.output.shape, row: packed.shape[1],
      kept: record.saved!, in: packed.engine)
    let (dq, width) = (slopes.mutablePointer, packed.shape[1] / 3)
    job.run(
      packed.packedParts, output: record.output.pointer, upstream.pointer,
      into: (dq, dq + width, dq + 2 * width), in: packed.engine)
    gradients.add(slopes, to: 0)
  }
}

extension Tensor {
  /// The gradients of attention by queries, keys and values, made of plain operations.
  ///
  /// z = w v: dv = wᵀ dz, dw = dz vᵀ; w = softmax(s): ds = w (dw − Σ w dw); s = q kᵀ / √width.
  fileprivate func plainAttentionSlopes(
    keys: Tensor, values: Tensor, _ upstream: Tensor, as arrangement: SequenceAttentionShape
  ) -> (Tensor, Tensor, Tensor) {
    func joined(_ tensor: Tensor) -> Tensor {
      tensor.permuted([0, 2, 1, 3]).reshaped(to: shape)
    }
    let (q, k) = (splitHeads(arrangement), keys.splitHeads(arrangement))
    let weights = attentionPattern(keys: keys, as: arrangement)
    let dz = upstream.splitHeads(arrangement)
    let dWeights = dz.matmul(values.splitHeads(arrangement), transposed: (false, true))
    let mean = (weights * dWeights).sum(alongAxis: -1, keepingAxis: true)
    let dScores = weights * (dWeights - mean) * (1 / Scalar(q.shape[-1]).squareRoot())
    return (
      joined(dScores.matmul(k)), joined(dScores.matmul(q, transposed: (true, false))),
      joined(weights.matmul(dz, transposed: (true, false)))
    )
  }
}

// MARK: - Loops

/// Blocks of pairs of example and head.
private struct SequenceAttentionJob<Scalar: RealScalar> {
  typealias Operands = (
    UnsafePointer<Scalar>, UnsafePointer<Scalar>, UnsafePointer<Scalar>
  )
  typealias Slopes = (
    UnsafeMutablePointer<Scalar>, UnsafeMutablePointer<Scalar>, UnsafeMutablePointer<Scalar>
  )
  /// What the gradient wants of each row.
  let kept: Tensor<Scalar>
  private let blocks: PairBlocks<Scalar>
  private let workspace: Tensor<Scalar>

  /// - Parameter row: elements from one row of queries, keys and values to the next.
  init(
    _ arrangement: SequenceAttentionShape, resultShape: Shape, row: Int,
    kept: Tensor<Scalar>? = nil, in engine: Engine
  ) {
    let (context, heads) = (Int(arrangement.context), Int(arrangement.headCount))
    let width = resultShape[1] / heads
    var shape = gk_sequences(
      context: context, heads: heads, width: width, row: row,
      scale: 1 / Double(width).squareRoot(), causal: arrangement.isCausal)
    let pairCount = resultShape[0] / context * heads
    let size = Scalar.kernels.pointee.attend_sequences_workspace(&shape)
    self.kept =
      kept
      ?? Tensor(
        uninitialized: Shape(
          pairCount * Scalar.kernels.pointee.attend_sequences_kept(&shape) + 16),
        in: engine)
    workspace = Tensor(uninitialized: Shape(min(16, pairCount), size), in: engine)
    blocks = PairBlocks(
      shape: shape, pairCount: pairCount, blockCount: min(16, pairCount), workspaceSize: size,
      workspace: workspace.mutablePointer, kept: self.kept.mutablePointer)
  }

  func run(_ operands: Operands, into result: UnsafeMutablePointer<Scalar>, in engine: Engine) {
    engine.workers.run(
      ForwardJob(blocks: blocks, operands: operands, result: result), blockCount: blocks.blockCount)
  }

  func run(
    _ operands: Operands, output: UnsafePointer<Scalar>, _ upstream: UnsafePointer<Scalar>,
    into slopes: Slopes, in engine: Engine
  ) {
    engine.workers.run(
      BackwardJob(
        blocks: blocks, operands: operands, output: output, upstream: upstream, slopes: slopes),
      blockCount: blocks.blockCount)
  }

  private struct ForwardJob: BlockJob {
    let blocks: PairBlocks<Scalar>
    let operands: Operands
    let result: UnsafeMutablePointer<Scalar>

    func run(block: Int) {
      blocks.with(block) { shape, first, last, workspace in
        Scalar.kernels.pointee.attend_sequences(
          shape, operands.0, operands.1, operands.2, result, blocks.kept, first, last,
          workspace)
      }
    }
  }

  private struct BackwardJob: BlockJob {
    let blocks: PairBlocks<Scalar>
    let operands: Operands
    let output, upstream: UnsafePointer<Scalar>
    let slopes: Slopes

    func run(block: Int) {
      blocks.with(block) { shape, first, last, workspace in
        Scalar.kernels.pointee.attend_sequences_gradient(
          shape, operands.0, operands.1, operands.2, output, blocks.kept, upstream, slopes.0,
          slopes.1, slopes.2, first, last, workspace)
      }
    }
  }
}

/// How pairs are cut, and the memory of each block.
private struct PairBlocks<Scalar: RealScalar> {
  let shape: gk_sequences
  let pairCount, blockCount, workspaceSize: Int
  let workspace, kept: UnsafeMutablePointer<Scalar>

  func with(
    _ block: Int,
    _ body: (UnsafePointer<gk_sequences>, Int, Int, UnsafeMutablePointer<Scalar>) -> Void
  ) {
    let range = Workers.range(ofBlock: block, of: blockCount, count: pairCount)
    withUnsafePointer(to: shape) {
      body($0, range.lowerBound, range.upperBound, workspace + block * workspaceSize)
    }
  }
}

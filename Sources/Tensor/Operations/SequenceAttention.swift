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
    let job = SequenceAttentionJob(self, keys, values, arrangement, in: engine)
    engine.workers.run(job, blockCount: job.blockCount)
    return job.output.recorded(
      SequenceAttention(arrangement: arrangement), from: self, keys, values, saved: job.statistics)
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
  private func splitHeads(_ arrangement: SequenceAttentionShape) -> Tensor {
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

private struct SequenceAttention<Scalar: RealScalar>: DifferentiableOperation {
  let arrangement: SequenceAttentionShape

  func propagate(
    _ upstream: Tensor<Scalar>, through record: OperationRecord<Scalar>,
    to gradients: inout InputGradients<Scalar>
  ) {
    let (q, k, v) = (record.first, record.second!, record.third!)
    if gradients.isRecording {
      propagatePlainly(upstream, q, k, v, to: &gradients)
      return
    }
    let (dq, dk, dv) = (
      Tensor<Scalar>(uninitialized: q.shape, in: q.engine),
      Tensor<Scalar>(uninitialized: q.shape, in: q.engine),
      Tensor<Scalar>(uninitialized: q.shape, in: q.engine)
    )
    let job = SequenceAttentionJob(
      q, k, v, arrangement, in: q.engine, output: record.output, statistics: record.saved!,
      gradients: (upstream, dq, dk, dv))
    q.engine.workers.run(job, blockCount: job.blockCount)
    gradients.add(dq, to: 0)
    gradients.add(dk, to: 1)
    gradients.add(dv, to: 2)
  }

  // z = w v: dv = wᵀ dz, dw = dz vᵀ; w = softmax(s): ds = w (dw − Σ w dw); s = q kᵀ / √width.
  private func propagatePlainly(
    _ upstream: Tensor<Scalar>, _ q: Tensor<Scalar>, _ k: Tensor<Scalar>, _ v: Tensor<Scalar>,
    to gradients: inout InputGradients<Scalar>
  ) {
    let (context, heads) = (Int(arrangement.context), Int(arrangement.headCount))
    let (rows, width) = (q.shape[0], q.shape[1] / heads)
    func split(_ tensor: Tensor<Scalar>) -> Tensor<Scalar> {
      tensor.reshaped(to: [rows / context, context, heads, width]).permuted([0, 2, 1, 3])
    }
    func joined(_ tensor: Tensor<Scalar>) -> Tensor<Scalar> {
      tensor.permuted([0, 2, 1, 3]).reshaped(to: q.shape)
    }
    let weights = q.attentionPattern(keys: k, as: arrangement)
    let dz = split(upstream)
    let dWeights = dz.matmul(split(v), transposed: (false, true))
    let mean = (weights * dWeights).sum(alongAxis: -1, keepingAxis: true)
    let dScores = weights * (dWeights - mean) * (1 / Scalar(width).squareRoot())
    gradients.add(joined(dScores.matmul(split(k))), to: 0)
    gradients.add(joined(dScores.matmul(split(q), transposed: (true, false))), to: 1)
    gradients.add(joined(weights.matmul(dz, transposed: (true, false))), to: 2)
  }
}

/// Blocks of pairs of example and head, forward or, with gradients, backward.
private struct SequenceAttentionJob<Scalar: RealScalar>: BlockJob {
  typealias Gradients = (
    upstream: Tensor<Scalar>, dq: Tensor<Scalar>, dk: Tensor<Scalar>, dv: Tensor<Scalar>
  )
  let shape: gk_sequences
  let pairCount, blockCount, workspaceSize: Int
  let queries, keys, values, output, statistics, workspace: Tensor<Scalar>
  let gradients: Gradients?

  init(
    _ queries: Tensor<Scalar>, _ keys: Tensor<Scalar>, _ values: Tensor<Scalar>,
    _ arrangement: SequenceAttentionShape, in engine: Engine, output: Tensor<Scalar>? = nil,
    statistics: Tensor<Scalar>? = nil, gradients: Gradients? = nil
  ) {
    let (context, heads) = (Int(arrangement.context), Int(arrangement.headCount))
    let width = queries.shape[1] / heads
    var shape = gk_sequences(
      context: context, heads: heads, width: width, scale: 1 / Double(width).squareRoot(),
      causal: arrangement.isCausal)
    self.shape = shape
    pairCount = queries.shape[0] / context * heads
    blockCount = min(16, pairCount)
    workspaceSize = Scalar.kernels.pointee.attend_sequences_workspace(&shape)
    (self.queries, self.keys, self.values) = (queries, keys, values)
    self.output = output ?? Tensor(uninitialized: queries.shape, in: engine)
    self.statistics =
      statistics ?? Tensor(uninitialized: Shape(pairCount, 2, context), in: engine)
    workspace = Tensor(uninitialized: Shape(blockCount, workspaceSize), in: engine)
    self.gradients = gradients
  }

  func run(block: Int) {
    let range = Workers.range(ofBlock: block, of: blockCount, count: pairCount)
    let own = workspace.mutablePointer + block * workspaceSize
    withUnsafePointer(to: shape) { shape in
      if let gradients {
        Scalar.kernels.pointee.attend_sequences_gradient(
          shape, queries.pointer, keys.pointer, values.pointer, output.pointer, statistics.pointer,
          gradients.upstream.pointer, gradients.dq.mutablePointer, gradients.dk.mutablePointer,
          gradients.dv.mutablePointer, range.lowerBound, range.upperBound, own)
      } else {
        Scalar.kernels.pointee.attend_sequences(
          shape, queries.pointer, keys.pointer, values.pointer, output.mutablePointer,
          statistics.mutablePointer, range.lowerBound, range.upperBound, own)
      }
    }
  }
}

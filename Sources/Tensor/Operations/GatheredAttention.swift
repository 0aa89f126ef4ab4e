import GrokKernels

/// Which rows of shared tables each example's attention reads.
///
/// Examples of a small vocabulary share most of their keys and values: over p tokens there are p
/// distinct embeddings a position, however many examples there are. Keys, values and queries are
/// computed once for each distinct row, and looked up here.
public final class AttentionPlan: Sendable {
  /// The query's row of each example.
  public let queryRows: [Int32]
  /// The rows of keys and values of each example, `context` each.
  public let keyRows: [Int32]
  /// The number of keys that each example attends to.
  public let context: Int
  /// The largest number of keys that an example can attend to.
  public static let maximumContext = Int(GK_MAXIMUM_CONTEXT)

  /// A plan; `keyRows` holds `context` rows for each of `queryRows`.
  public init(queryRows: [Int32], keyRows: [Int32], context: Int) {
    precondition(
      keyRows.count == queryRows.count * context && context >= 1 && context <= Self.maximumContext,
      "AttentionPlan: \(keyRows.count) key rows for \(queryRows.count) examples of \(context)")
    self.queryRows = queryRows
    self.keyRows = keyRows
    self.context = context
  }

  /// The number of examples.
  public var exampleCount: Int { queryRows.count }
}

extension Tensor {
  /// Attention of one query per example to `plan.context` keys, all heads at once, with queries, keys
  /// and values looked up in tables: Σ_c softmax_c(q·k_c / √width) v_c for each head.
  ///
  /// - Shapes: This tensor, the queries, `[query rows, heads·width]`; `keys` and `values`
  ///   `[key rows, heads·width]`; the result `[examples, heads·width]`.
  /// - Source: Vaswani et al., arXiv 1706.03762, Eq. 1.
  public func gatheredAttention(
    keys: Tensor, values: Tensor, headCount: Int, plan: AttentionPlan
  ) -> Tensor {
    precondition(
      shape.rank == 2 && keys.shape == values.shape && keys.shape.rank == 2
        && keys.shape[1] == shape[1] && shape[1] % headCount == 0,
      "attention: queries \(shape), keys \(keys.shape), values \(values.shape), \(headCount) heads")
    precondition(
      plan.queryRows.allSatisfy { $0 >= 0 && $0 < shape[0] }
        && plan.keyRows.allSatisfy { $0 >= 0 && $0 < keys.shape[0] },
      "attention: the plan names rows that queries \(shape) or keys \(keys.shape) lack")
    let result = Tensor(uninitialized: Shape(plan.exampleCount, shape[1]), in: keys.engine)
    let weights = Tensor(
      uninitialized: Shape(plan.exampleCount, headCount, plan.context), in: keys.engine)
    let operation = GatheredAttention<Scalar>(plan: plan, headCount: headCount)
    let job = AttentionJob(
      plan: plan, headCount: headCount, queries: self, keys: keys, values: values,
      weights: weights.mutablePointer, result: result.mutablePointer)
    keys.engine.workers.run(job, blockCount: job.blockCount)
    return result.recorded(operation, from: self, keys, values, saved: weights)
  }

  /// ``gatheredAttention(keys:values:headCount:plan:)`` made of plain operations; the two agree.
  func plainGatheredAttention(
    keys: Tensor, values: Tensor, headCount: Int, plan: AttentionPlan
  ) -> Tensor {
    let parts = AttentionParts(self, keys, values, headCount: headCount, plan: plan)
    return (parts.weights * parts.values).sum(alongAxis: 1)
      .reshaped(to: Shape(plan.exampleCount, shape[1]))
  }
}

private struct GatheredAttention<Scalar: RealScalar>: DifferentiableOperation, UncountedProduct {
  let plan: AttentionPlan
  let headCount: Int

  func propagate(
    _ upstream: Tensor<Scalar>, through record: OperationRecord<Scalar>,
    to gradients: inout InputGradients<Scalar>
  ) {
    if gradients.isRecording {
      propagatePlainly(upstream, through: record, to: &gradients)
    } else {
      propagateFused(upstream, through: record, to: &gradients)
    }
  }

  // z = Σ w v: dv = w dz, dw = Σ_width dz v; w = softmax(s): ds = w (dw − Σ w dw); s = q·k/√width.
  private func propagatePlainly(
    _ upstream: Tensor<Scalar>, through record: OperationRecord<Scalar>,
    to gradients: inout InputGradients<Scalar>
  ) {
    let (q, k) = (record.first, record.second!)
    let p = AttentionParts(q, k, record.third!, headCount: headCount, plan: plan)
    let dz = upstream.reshaped(to: [plan.exampleCount, 1, headCount, p.width])
    let dWeights = (dz * p.values).sum(alongAxis: 3, keepingAxis: true)
    let mean = (p.weights * dWeights).sum(alongAxis: 1, keepingAxis: true)
    let dScores = p.weights * (dWeights - mean) * p.scale
    func scattered(_ rows: Tensor<Scalar>, _ indices: [Int32], like table: Tensor<Scalar>)
      -> Tensor<Scalar>
    {
      rows.reshaped(to: Shape(indices.count, table.shape[1]))
        .scatteredAdding(rows: indices, rowCount: table.shape[0])
    }
    gradients.add(
      scattered((dScores * p.keys).sum(alongAxis: 1), plan.queryRows, like: q), to: 0)
    gradients.add(scattered(dScores * p.queries, plan.keyRows, like: k), to: 1)
    gradients.add(scattered(p.weights * dz, plan.keyRows, like: k), to: 2)
  }

  private func propagateFused(
    _ upstream: Tensor<Scalar>, through record: OperationRecord<Scalar>,
    to gradients: inout InputGradients<Scalar>
  ) {
    let (q, k, v) = (record.first, record.second!, record.third!)
    let dq = Tensor<Scalar>(repeating: 0, shape: q.shape, engine: q.engine)
    let dk = Tensor<Scalar>(repeating: 0, shape: k.shape, engine: q.engine)
    let dv = Tensor<Scalar>(repeating: 0, shape: v.shape, engine: q.engine)
    let job = AttentionGradientJob(
      plan: plan, headCount: headCount, queries: q, keys: k, values: v,
      weights: record.saved!.pointer, upstream: upstream.pointer, dq: dq.mutablePointer,
      dk: dk.mutablePointer, dv: dv.mutablePointer)
    q.engine.workers.run(job, blockCount: headCount)
    gradients.add(dq, to: 0)
    gradients.add(dk, to: 1)
    gradients.add(dv, to: 2)
  }
}

/// The looked-up operands and the weights, with axes `[examples, context, heads, width]`.
private struct AttentionParts<Scalar: RealScalar> {
  let queries, keys, values, weights: Tensor<Scalar>
  let width: Int
  let scale: Scalar

  init(
    _ queries: Tensor<Scalar>, _ keys: Tensor<Scalar>, _ values: Tensor<Scalar>, headCount: Int,
    plan: AttentionPlan
  ) {
    width = queries.shape[1] / headCount
    scale = 1 / Scalar(width).squareRoot()
    let shape: Shape = [plan.exampleCount, plan.context, headCount, width]
    self.queries = queries.gather(rows: plan.queryRows)
      .reshaped(to: [plan.exampleCount, 1, headCount, width])
    self.keys = keys.gather(rows: plan.keyRows).reshaped(to: shape)
    self.values = values.gather(rows: plan.keyRows).reshaped(to: shape)
    let scores = (self.queries * self.keys).sum(alongAxis: 3, keepingAxis: true) * scale
    weights = scores.permuted([0, 2, 3, 1]).softmax().permuted([0, 3, 1, 2])
  }
}

// MARK: - Loops

/// Blocks of examples.
private struct AttentionJob<Scalar: RealScalar>: BlockJob {
  let plan: AttentionPlan
  let headCount: Int
  let queries, keys, values: Tensor<Scalar>
  let weights, result: UnsafeMutablePointer<Scalar>

  var blockCount: Int { max(1, min(32, plan.keyRows.count * queries.shape[1] / 65_536)) }

  func run(block: Int) {
    let range = Workers.range(ofBlock: block, of: blockCount, count: plan.exampleCount)
    guard !range.isEmpty else { return }
    let (start, row) = (range.lowerBound, queries.shape[1])
    var shape = gk_attention(plan, headCount: headCount, row: row, exampleCount: range.count)
    plan.queryRows.withUnsafeBufferPointer { queryRows in
      plan.keyRows.withUnsafeBufferPointer { keyRows in
        Scalar.kernels.pointee.attend(
          &shape, queries.pointer, keys.pointer, values.pointer, queryRows.baseAddress! + start,
          keyRows.baseAddress! + start * plan.context, weights + start * headCount * plan.context,
          result + start * row)
      }
    }
  }
}

/// One block a head: heads share no column, so nothing is added by two threads.
private struct AttentionGradientJob<Scalar: RealScalar>: BlockJob {
  let plan: AttentionPlan
  let headCount: Int
  let queries, keys, values: Tensor<Scalar>
  let weights, upstream: UnsafePointer<Scalar>
  let dq, dk, dv: UnsafeMutablePointer<Scalar>

  func run(block: Int) {
    guard plan.exampleCount > 0 else { return }
    var shape = gk_attention(
      plan, headCount: headCount, row: queries.shape[1], exampleCount: plan.exampleCount)
    Scalar.kernels.pointee.attend_gradient(
      &shape, block, queries.pointer, keys.pointer, values.pointer, plan.queryRows, plan.keyRows,
      weights, upstream, dq, dk, dv)
  }
}

extension gk_attention {
  fileprivate init(_ plan: AttentionPlan, headCount: Int, row: Int, exampleCount: Int) {
    let width = row / headCount
    self.init(
      examples: exampleCount, context: plan.context, heads: headCount, width: width,
      scale: 1 / Double(width).squareRoot())
  }
}

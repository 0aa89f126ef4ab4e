/// How much a later head reads of what an earlier one writes, through its queries, keys and values.
public struct Composition: Sendable, Equatable, Codable {
  /// ‖W_QKᵀ OV‖_F / (‖W_QK‖_F ‖OV‖_F).
  public var queries: Double
  /// ‖W_QK OV‖_F / (‖W_QK‖_F ‖OV‖_F).
  public var keys: Double
  /// ‖OV′ OV‖_F / (‖OV′‖_F ‖OV‖_F).
  public var values: Double

  /// What is above the composition of heads with random weights.
  public func above(_ baseline: Composition) -> Composition {
    Composition(
      queries: queries - baseline.queries, keys: keys - baseline.keys,
      values: values - baseline.values)
  }
}

/// How much a head reads of what an earlier one writes; 1 would be all, and random weights give ``randomComposition(width:headWidth:drawCount:key:)``.
///
/// - Throws: `MeasureError.undefined` for a circuit of 0, `.outOfRange` for heads of different widths.
/// - Complexity: O(width headWidth²).
/// - Source: Elhage et al., A Mathematical Framework for Transformer Circuits (2021).
public func composition(
  of later: HeadWeights, with earlier: HeadWeights
) throws(MeasureError) -> Composition {
  let measure = "composition"
  guard later.queries.columnCount == earlier.queries.columnCount else {
    throw .outOfRange(
      measure: measure, what: "the width", value: Double(later.queries.columnCount),
      expected: "\(earlier.queries.columnCount), as the earlier head has")
  }
  let (scores, writes, earlierWrites) = (
    later.scoreCircuit, later.writeCircuit, earlier.writeCircuit
  )
  func ratio(_ circuit: ThinProduct) throws(MeasureError) -> Double {
    let size = try circuit.norm() * earlierWrites.norm()
    guard size > 0 else { throw .undefined(measure: measure, reason: "a circuit is 0") }
    return try circuit.multiplied(by: earlierWrites).norm() / size
  }
  return Composition(
    queries: try ratio(scores.transposed), keys: try ratio(scores), values: try ratio(writes))
}

/// The mean composition of two heads with normal weights.
///
/// - Throws: `MeasureError.outOfRange` for counts below 1.
/// - Complexity: O(`drawCount` width headWidth²).
public func randomComposition(
  width: Int, headWidth: Int, drawCount: Int = 20, key: RandomKey
) throws(MeasureError) -> Composition {
  for (name, value) in [("width", width), ("headWidth", headWidth), ("drawCount", drawCount)]
  where value < 1 {
    throw .outOfRange(
      measure: "randomComposition", what: name, value: Double(value), expected: "at least 1")
  }
  func head(_ key: RandomKey) throws(MeasureError) -> HeadWeights {
    func matrix(_ name: String, _ rows: Int, _ columns: Int) -> Matrix<Double> {
      Matrix(
        values: key.fork(name).normal(count: rows * columns), rowCount: rows, columnCount: columns)
    }
    return try HeadWeights(
      layer: 0, head: 0, queries: matrix("queries", headWidth, width),
      keys: matrix("keys", headWidth, width), values: matrix("values", headWidth, width),
      output: matrix("output", width, headWidth))
  }
  var total = Composition(queries: 0, keys: 0, values: 0)
  for draw in 0..<drawCount {
    let found = try composition(
      of: head(key.fork(draw).fork("later")), with: head(key.fork(draw).fork("earlier")))
    total.queries += found.queries / Double(drawCount)
    total.keys += found.keys / Double(drawCount)
    total.values += found.values / Double(drawCount)
  }
  return total
}

/// How much a head's keys, moved on by previous-token heads, match its queries of the same token.
///
/// Σ_e s_e tr(W_Eᵀ W_Qᵀ W_K W_O^e W_V^e W_E) over earlier heads e with weights s_e: large and positive for induction heads.
///
/// - Shapes: `embedding` is W_E `[width, vocabulary]`.
/// - Units: those of attention scores before their division by √headWidth, summed over the vocabulary.
/// - Parameter earlier: heads of earlier layers with their previous-token scores.
/// - Throws: `MeasureError.undefined` for a head of the first layer, `.outOfRange`.
/// - Complexity: O(width vocabulary headWidth) for the head and each earlier one.
/// - Source: Olsson et al. (2022), appendix.
public func previousTokenTrace(
  of head: HeadWeights, earlier: [(head: HeadWeights, previousTokenScore: Double)],
  embedding: Matrix<Double>
) throws(MeasureError) -> Double {
  let measure = "previousTokenTrace"
  guard head.layer > 0, !earlier.isEmpty else {
    throw .undefined(measure: measure, reason: "a head of the first layer has none before it")
  }
  guard embedding.rowCount == head.queries.columnCount else {
    throw .outOfRange(
      measure: measure, what: "the rows of the embedding", value: Double(embedding.rowCount),
      expected: "\(head.queries.columnCount), the width")
  }
  let queries = head.queries.multiplied(by: embedding)
  var sum = 0.0
  for (other, score) in earlier {
    // tr(QᵀK O V) over tokens, with Q = W_Q W_E and V = W_V^e W_E: the inner product of Q Vᵀ and W_K W_O^e.
    let tokens = queries.multiplied(
      by: other.values.multiplied(by: embedding), transposingOther: true)
    sum += score * dot(tokens.values, head.keys.multiplied(by: other.output).values)
  }
  return sum
}

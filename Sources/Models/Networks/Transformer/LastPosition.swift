// A single block of which only the last position is read.

extension Transformer {
  /// The outputs at the last position: `[examples, vocabulary]`.
  ///
  /// Only the last position is computed behind the keys and values, and these once for each distinct
  /// (token, position) pair.
  func lastPositionOutputs<Scalar>(
    for batch: TokenBatch, _ parameters: Parameters<Scalar>, _ taps: Taps<Scalar>
  ) -> Tensor<Scalar> {
    let distinct = batch.pairs
    let pairs =
      parameters["embed.W_E"].transposed().gather(rows: distinct.tokens)
      + parameters["pos_embed.W_pos"].gather(rows: distinct.positions)
    let lastPairs = pairs.gather(rows: distinct.last)
    let projected = { (name: String, rows: Tensor<Scalar>) in
      let weight = parameters[name].reshaped(to: Shape(headCount * headWidth, width))
      return rows.linear(weight: weight)
    }
    let attended = projected("blocks.0.attn.W_Q", lastPairs).gatheredAttention(
      keys: projected("blocks.0.attn.W_K", pairs), values: projected("blocks.0.attn.W_V", pairs),
      headCount: headCount, plan: distinct.lastPositionPlan)
    let z = taps("blocks.0.attn.z", attended)
    let stream = lastPairs.gather(rows: distinct.lastPositionPlan.queryRows)
    let middle = taps(
      "blocks.0.resid_mid", stream + z.linear(weight: parameters["blocks.0.attn.W_O"]))
    let hidden = taps(
      "blocks.0.mlp.post",
      middle.linear(
        weight: parameters["blocks.0.mlp.W_in"], bias: parameters["blocks.0.mlp.b_in"],
        activation: activation))
    let written = hidden.linear(
      weight: parameters["blocks.0.mlp.W_out"], bias: parameters["blocks.0.mlp.b_out"])
    let final = taps("blocks.0.resid_post", middle + written)
    let logits = final.linear(weight: parameters["unembed.W_U"], layout: .inputsByOutputs)
    return taps("logits", outputScale == 1 ? logits : logits * Scalar(outputScale))
  }
}

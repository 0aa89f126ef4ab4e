import Synchronization

/// How an attention head is taken out of a network.
public enum HeadAblation: String, Sendable, Hashable, Codable, CaseIterable {
  /// It writes nothing.
  case full
  /// It writes nothing, and all heads attend as they did with it: what later heads lose through their attention does not count.
  /// The published form.
  case patternPreserving
}

extension Snapshot {
  /// The cross-entropy of every target with one head taken out, for every head: `[examples, positions]` in nats each.
  ///
  /// - Returns: as many matrices as heads, in the order of ``attentionHeads()``; what has no target is not a number.
  /// - Throws: as ``attendedSequences(on:)``.
  /// - Complexity: a pass for each head, and one for the patterns.
  /// - Source: Olsson et al., In-context Learning and Induction Heads (2022).
  public func tokenLosses(
    on examples: LabeledExamples, withoutEachHead ablation: HeadAblation
  ) throws -> [Matrix<Double>] {
    let transformer = try transformer()
    let patternNames = (0..<transformer.depth).map { "blocks.\($0).attn.pattern" }
    if ablation == .patternPreserving, !patternNames.allSatisfy(model.tapNames.contains) {
      throw MeasureError.undefined(
        measure: "attention",
        reason: "this network is read at its last position and keeps no pattern")
    }
    let headCount = transformer.depth * transformer.headCount
    var values = [[Double]](repeating: [], count: headCount)
    for piece in try prepared(examples).pieces {
      let kept = KeptValues<Scalar>()
      if ablation == .patternPreserving {
        _ = model.outputs(
          for: piece.input, parameters: parameters,
          taps: Taps(of: patternNames) { kept.keep($0, $1) })
      }
      for head in 0..<headCount {
        let name = "blocks.\(head / transformer.headCount).attn.z"
        let removed = head % transformer.headCount
        let taps = Taps<Scalar>(
          of: [name] + (ablation == .patternPreserving ? patternNames : [])
        ) { tap, value in
          if tap != name { return kept.value(tap) ?? value }
          return value * mask(without: removed, of: transformer, for: value)
        }
        values[head] += tokenLosses(of: piece, taps: taps)
      }
    }
    return values.map {
      Matrix(values: $0, rowCount: examples.count, columnCount: model.positionCount)
    }
  }

  /// Ones, and zeros for one head, in a shape that spreads over `[…, heads, headWidth]` or `[examples, heads · headWidth]`.
  private func mask(
    without head: Int, of transformer: Transformer, for value: Tensor<Scalar>
  ) -> Tensor<Scalar> {
    let (count, width) = (transformer.headCount, transformer.headWidth)
    let isJoined = value.shape[-1] == count * width && value.shape.rank == 2
    return Tensor(
      (0..<count * width).map { $0 / width == head ? 0 : 1 },
      shape: isJoined ? Shape(count * width) : Shape(count, width), in: context)
  }
}

/// Values that pass some taps, by name.
private final class KeptValues<Scalar: RealScalar>: Sendable {
  private let values = Mutex<[String: Tensor<Scalar>]>([:])

  func keep(_ name: String, _ value: Tensor<Scalar>) -> Tensor<Scalar> {
    values.withLock { $0[name] = value }
    return value
  }

  func value(_ name: String) -> Tensor<Scalar>? { values.withLock { $0[name] } }
}

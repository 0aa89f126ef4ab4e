/// What the outputs of a network are read from.
///
/// Over a vocabulary of thousands the outputs of all positions are by far the largest matrix of a network; a loss
/// that is computed from this never holds them.
public enum Readout<Scalar: RealScalar>: Sendable {
  /// The outputs: `[examples · positions, outputs]`.
  case outputs(Tensor<Scalar>)
  /// What the last layer reads, `[examples · positions, width]`, and its weights, `[width, outputs]`.
  case linear(rows: Tensor<Scalar>, weight: Tensor<Scalar>)

  /// The outputs: `[examples · positions, outputs]`.
  public var outputs: Tensor<Scalar> {
    switch self {
    case .outputs(let outputs): outputs
    case .linear(let rows, let weight): rows.linear(weight: weight, layout: .inputsByOutputs)
    }
  }

  /// The mean over labels of −log softmax(outputs)[label], as `Tensor.crossEntropy(labels:precision:)`.
  package func crossEntropy(labels: [Int32]) -> Tensor<Scalar> {
    switch self {
    case .outputs(let outputs): outputs.crossEntropy(labels: labels)
    case .linear(let rows, let weight): rows.linearCrossEntropy(weight: weight, labels: labels)
    }
  }

  /// Calls `body` with the outputs a run of rows at a time, in their order; not recorded.
  package func forEachRun(_ body: (Range<Int>, Tensor<Scalar>) -> Void) {
    switch self {
    case .outputs(let outputs):
      body(0..<outputs.shape[0], outputs)
    case .linear(let rows, let weight):
      let (rows, weight) = (rows.detached, weight.detached)
      let count = rows.shape[0]
      let length = max(64, 2_000_000 / max(1, weight.shape[1]))
      for start in stride(from: 0, to: count, by: length) {
        let range = start..<min(start + length, count)
        body(range, Readout.linear(rows: rows.rows(range), weight: weight).outputs)
      }
    }
  }
}

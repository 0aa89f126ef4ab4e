import TestSupport
import Testing

@testable import GrokTensor

/// Fused operations against the plain compositions beside them, forward and backward, in both precisions.
@Suite struct OperationOracleTests {
  private func compare<Scalar: RealScalar>(
    _ type: Scalar.Type, tolerance: Scalar, shapes: [Shape], key: RandomKey,
    fused: ([Tensor<Scalar>]) -> Tensor<Scalar>, plain: ([Tensor<Scalar>]) -> Tensor<Scalar>
  ) {
    let operands = shapes.enumerated().map { index, shape in
      Tensor<Scalar>(key.fork(index).normal(count: shape.count), shape: shape)
    }
    func result(_ function: ([Tensor<Scalar>]) -> Tensor<Scalar>) -> [[Scalar]] {
      let tape = Tape<Scalar>()
      let watched = operands.map(tape.watch)
      let output = function(watched)
      let weights = Tensor<Scalar>(
        key.fork("weights").normal(count: output.count), shape: output.shape)
      return [output.values]
        + tape.gradients(of: (output * weights).sum(), by: watched).map(\.values)
    }
    for (found, expected) in zip(result(fused), result(plain)) {
      let scale = expected.reduce(1) { max($0, abs($1)) }
      for (a, b) in zip(found, expected) { #expect(abs(a - b) <= tolerance * scale) }
    }
  }

  private let activations: [Activation] = [
    .identity, .relu, .leakyReLU(slope: 0.1), .tanh, .sigmoid, .gelu, .geluTanh,
  ]

  @Test(.tags(.oracle)) func linearLayers() {
    for (index, activation) in activations.enumerated() {
      for layout in [WeightLayout.outputsByInputs, .inputsByOutputs] {
        let key = RandomKey(seed: 1).fork(index)
        let (n, inputs, outputs) = (key.integer(at: 0, in: 1..<300), 37, 23)
        let weight: Shape = layout == .outputsByInputs ? [outputs, inputs] : [inputs, outputs]
        func check<Scalar: RealScalar>(_ type: Scalar.Type, _ tolerance: Scalar) {
          compare(
            type, tolerance: tolerance, shapes: [[n, inputs], weight, [outputs]], key: key
          ) {
            $0[0].linear(weight: $0[1], bias: $0[2], activation: activation, layout: layout)
          } plain: {
            $0[0].plainLinear(weight: $0[1], bias: $0[2], activation: activation, layout: layout)
          }
        }
        check(Double.self, 1e-12)
        check(Float.self, 1e-4)
      }
    }
  }

  @Test(.tags(.oracle)) func losses() {
    let labels = (0..<60).map { Int32($0 % 7) }
    compare(Double.self, tolerance: 1e-13, shapes: [[60, 7]], key: RandomKey(seed: 2)) {
      $0[0].crossEntropy(labels: labels)
    } plain: {
      $0[0].plainCrossEntropy(labels: labels)
    }
    let target = Tensor<Double>(RandomKey(seed: 4).normal(count: 420), shape: [60, 7])
    compare(Double.self, tolerance: 1e-13, shapes: [[60, 7]], key: RandomKey(seed: 3)) {
      $0[0].meanSquaredError(to: target)
    } plain: {
      $0[0].plainMeanSquaredError(to: target)
    }
  }

  @Test(.tags(.oracle)) func gatheredAttention() {
    let key = RandomKey(seed: 6)
    let plan = AttentionPlan(
      queryRows: (0..<50).map { Int32(key.integer(at: $0, in: 0..<4)) },
      keyRows: (0..<250).map { Int32(key.fork("keys").integer(at: $0, in: 0..<9)) }, context: 5)
    let shapes: [Shape] = [[4, 34], [9, 34], [9, 34]]  // heads of width 17, no multiple of a vector
    compare(Double.self, tolerance: 1e-12, shapes: shapes, key: key) {
      $0[0].gatheredAttention(keys: $0[1], values: $0[2], headCount: 2, plan: plan)
    } plain: {
      $0[0].plainGatheredAttention(keys: $0[1], values: $0[2], headCount: 2, plan: plan)
    }
    compare(Float.self, tolerance: 1e-4, shapes: shapes, key: key) {
      $0[0].gatheredAttention(keys: $0[1], values: $0[2], headCount: 2, plan: plan)
    } plain: {
      $0[0].plainGatheredAttention(keys: $0[1], values: $0[2], headCount: 2, plan: plan)
    }
  }

  /// Products of random shapes and transposes against three nested loops in Double.
  @Test(.tags(.oracle)) func products() {
    let key = RandomKey(seed: 9)
    for trial in 0..<60 {
      let size = { key.fork(trial).integer(at: $0, in: 1..<(trial < 50 ? 40 : 260)) }
      let (m, n, k) = (size(0), size(1), size(2))
      let (left, right) = (trial % 2 == 1, trial / 2 % 2 == 1)
      let a = Tensor<Float>(
        key.fork("a").fork(trial).normal(count: m * k), shape: left ? [k, m] : [m, k])
      let b = Tensor<Float>(
        key.fork("b").fork(trial).normal(count: k * n), shape: right ? [n, k] : [k, n])
      let c = a.matmul(b, transposed: (left, right)).values
      let (x, y) = (a.values, b.values)
      for i in 0..<m {
        for j in 0..<n {
          var sum = 0.0
          for l in 0..<k {
            sum +=
              Double(x[left ? l * m + i : i * k + l]) * Double(y[right ? j * k + l : l * n + j])
          }
          if abs(Double(c[i * n + j]) - sum) > 1e-5 * Double(k) {
            Issue.record("trial \(trial): [\(i), \(j)] is \(c[i * n + j]), not \(sum)")
          }
        }
      }
    }
  }

  /// Wrong shapes stop with the operation and both shapes.
  @Test func wrongShapesNameTheOperation() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let a = Tensor<Float>(repeating: 0, shape: [128, 64])
      _ = a.matmul(Tensor<Float>(repeating: 0, shape: [32, 10]))
    }
    let text = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(text.contains("matmul: [128, 64] · [32, 10]: 64 columns cannot meet 32 rows"))
    let addition = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Tensor<Float>(repeating: 0, shape: [3, 4]) + Tensor<Float>(repeating: 0, shape: [3, 5])
    }
    let other = String(decoding: addition?.standardErrorContent ?? [], as: UTF8.self)
    #expect(other.contains("[3, 4] + [3, 5]: the shapes do not broadcast"))
  }
}

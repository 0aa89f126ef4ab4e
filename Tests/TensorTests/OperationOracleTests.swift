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

  /// Contexts below, at and beyond the height of a strip, widths that are no multiple of a vector.
  @Test(.tags(.oracle), arguments: [1, 7, 36, 48, 49, 101], [true, false])
  func sequenceAttention(context: Int, isCausal: Bool) {
    for (heads, width) in [(1, 5), (3, 16), (2, 33)] {
      let arrangement = SequenceAttentionShape(
        context: context, headCount: heads, isCausal: isCausal)
      let key = RandomKey(seed: 21).fork(context * 100 + width)
      let shapes = Array(repeating: Shape(3 * context, heads * width), count: 3)
      func check<Scalar: RealScalar>(_ type: Scalar.Type, _ tolerance: Scalar) {
        compare(type, tolerance: tolerance, shapes: shapes, key: key) {
          $0[0].sequenceAttention(keys: $0[1], values: $0[2], as: arrangement)
        } plain: {
          $0[0].plainSequenceAttention(keys: $0[1], values: $0[2], as: arrangement)
        }
      }
      check(Double.self, 1e-12)
      check(Float.self, 1e-4)
      let packed: [Shape] = [[3 * context, 3 * heads * width]]
      compare(Double.self, tolerance: 1e-12, shapes: packed, key: key) {
        $0[0].packedSequenceAttention(as: arrangement)
      } plain: {
        $0[0].plainPackedSequenceAttention(as: arrangement)
      }
    }
  }

  /// Many scores far apart: the largest of a row is subtracted first.
  @Test(.tags(.law)) func sequenceAttentionOfLargeScores() {
    let key = RandomKey(seed: 22)
    let x = Tensor<Float>(key.normal(count: 60 * 8), shape: [60, 8]) * 100
    let values = Tensor<Float>(repeating: 1, shape: [60, 8])
    let arrangement = SequenceAttentionShape(context: 60, headCount: 2)
    let found = x.sequenceAttention(keys: x, values: values, as: arrangement)
    #expect(found.values.allSatisfy { abs($0 - 1) < 1e-5 })
  }

  @Test(.tags(.oracle)) func layerNorm() {
    for (rows, width) in [(1, 1), (5, 7), (300, 64), (33, 100)] {
      let key = RandomKey(seed: 23).fork(rows)
      let shapes: [Shape] = [[rows, width], [width], [width]]
      func check<Scalar: RealScalar>(_ type: Scalar.Type, _ tolerance: Scalar) {
        compare(type, tolerance: tolerance, shapes: shapes, key: key) {
          $0[0].layerNorm(gain: $0[1], bias: $0[2])
        } plain: {
          $0[0].plainLayerNorm(gain: $0[1], bias: $0[2])
        }
      }
      check(Double.self, 1e-11)
      check(Float.self, 1e-4)
    }
  }

  /// Several chunks, the last one short, with and without rows that do not count.
  @Test(.tags(.oracle), arguments: [(5, 3, 4), (700, 20, 33), (1100, 32, 700), (515, 8, 5_000)])
  func linearCrossEntropy(rows: Int, width: Int, classes: Int) {
    let key = RandomKey(seed: 24).fork(rows)
    for share in [0, 3] {
      let labels = (0..<rows).map { row in
        row > 0 && key.fork("missing").integer(at: row, in: 0..<10) < share
          ? -1 : Int32(key.integer(at: row, in: 0..<classes))
      }
      func check<Scalar: RealScalar>(_ type: Scalar.Type, _ tolerance: Scalar) {
        compare(type, tolerance: tolerance, shapes: [[rows, width], [width, classes]], key: key) {
          $0[0].linearCrossEntropy(weight: $0[1], labels: labels) * 3
        } plain: {
          $0[0].plainLinearCrossEntropy(weight: $0[1], labels: labels) * 3
        }
      }
      check(Double.self, 1e-13)
      check(Float.self, 1e-5)
    }
  }

  @Test(.tags(.oracle)) func embeddings() {
    let key = RandomKey(seed: 25)
    let tokens = (0..<140).map { Int32(key.integer(at: $0, in: 0..<9)) }
    compare(Double.self, tolerance: 1e-13, shapes: [[9, 6], [7, 6]], key: key) {
      $0[0].embedding(tokens: tokens, positions: $0[1])
    } plain: {
      $0[0].plainEmbedding(tokens: tokens, positions: $0[1])
    }
  }

  @Test(.tags(.oracle), arguments: [1, 2, 9])
  func longShortTermMemory(context: Int) {
    for (examples, units) in [(3, 5), (40, 24)] {
      let key = RandomKey(seed: 26).fork(units)
      let shapes: [Shape] = [
        [examples * context, 4 * units], [4 * units, units], [4 * units],
      ]
      func check<Scalar: RealScalar>(_ type: Scalar.Type, _ tolerance: Scalar) {
        compare(type, tolerance: tolerance, shapes: shapes, key: key) {
          $0[0].longShortTermMemory(recurrent: $0[1], bias: $0[2], context: context)
        } plain: {
          $0[0].plainLongShortTermMemory(recurrent: $0[1], bias: $0[2], context: context)
        }
      }
      check(Double.self, 1e-12)
      check(Float.self, 1e-3)
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

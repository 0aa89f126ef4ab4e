import GrokTensor
import TestSupport
import Testing

@testable import GrokTensor

/// One differentiable function of one or more tensors, with how to draw its operands.
struct GradientCase: Sendable, CustomTestStringConvertible {
  let name: String
  /// Shapes of the operands. Unless fixed, equal extents stand for one that is drawn anew for each test;
  /// 1 stays 1.
  let shapes: [Shape]
  var positive = false
  var isFixed = false
  let function: @Sendable ([Tensor<Double>]) -> Tensor<Double>
  var testDescription: String { name }
}

private let labels: [Int32] = [2, 0, 1, 2]
private let rows: [Int32] = [3, 0, 3, 1, 2]

private let plan = AttentionPlan(
  queryRows: [0, 1, 0, 1], keyRows: [0, 3, 4, 1, 1, 2, 2, 0, 4, 3, 4, 0], context: 3)
private let attentionShapes: [Shape] = [[2, 6], [5, 6], [5, 6]]

private let causal = SequenceAttentionShape(context: 3, headCount: 2)
private let full = SequenceAttentionShape(context: 3, headCount: 2, isCausal: false)
private let sequences: [Shape] = [[6, 4], [6, 4], [6, 4]]
private let partLabels: [Int32] = [2, -1, 1, -1]

private let activations: [(String, Activation)] = [
  ("relu", .relu), ("leakyReLU", .leakyReLU(slope: 0.2)), ("tanh", .tanh), ("sigmoid", .sigmoid),
  ("gelu", .gelu), ("geluTanh", .geluTanh),
]

let gradientCases: [GradientCase] =
  [
    .init(name: "add", shapes: [[3, 4], [3, 4]]) { $0[0] + $0[1] },
    .init(name: "add, broadcast row", shapes: [[3, 4], [4]]) { $0[0] + $0[1] },
    .init(name: "add, broadcast both", shapes: [[3, 1, 2], [4, 1]]) { $0[0] + $0[1] },
    .init(name: "subtract, broadcast column", shapes: [[3, 4], [3, 1]]) { $0[0] - $0[1] },
    .init(name: "multiply", shapes: [[2, 3, 2], [2, 3, 2]]) { $0[0] * $0[1] },
    .init(name: "multiply, broadcast", shapes: [[2, 3, 2], [3, 1]]) { $0[0] * $0[1] },
    .init(name: "multiply by itself", shapes: [[5]]) { $0[0] * $0[0] },
    .init(name: "divide", shapes: [[3, 4], [3, 4]], positive: true) { $0[0] / $0[1] },
    .init(name: "divide, broadcast", shapes: [[4], [3, 4]], positive: true) { $0[0] / $0[1] },
    .init(name: "affine", shapes: [[3, 4]]) { 2 - $0[0] * 3 + 1 },
    .init(name: "exponential", shapes: [[3, 4]]) { $0[0].exponential() },
    .init(name: "logarithm", shapes: [[3, 4]], positive: true) { $0[0].logarithm() },
    .init(name: "square root", shapes: [[3, 4]], positive: true) { $0[0].squareRoot() },
    .init(name: "reciprocal", shapes: [[3, 4]], positive: true) { $0[0].reciprocal() },
    .init(name: "absolute value", shapes: [[3, 4]]) { $0[0].absoluteValue() },
    .init(name: "error function", shapes: [[3, 4]]) { $0[0].errorFunction() },
    .init(name: "sum", shapes: [[3, 4]]) { $0[0].squared().sum() },
    .init(name: "mean", shapes: [[3, 4]]) { $0[0].squared().mean() },
    .init(name: "sum along axis 0", shapes: [[3, 4, 2]]) { $0[0].sum(alongAxis: 0) },
    .init(name: "sum along axis 1", shapes: [[3, 4, 2]]) { $0[0].sum(alongAxis: 1) },
    .init(name: "mean along last axis", shapes: [[3, 4]]) {
      $0[0].mean(alongAxis: -1, keepingAxis: true)
    },
    .init(name: "broadcast", shapes: [[3, 1]], isFixed: true) { $0[0].broadcast(to: [2, 3, 4]) },
    .init(name: "reshape", shapes: [[3, 4]], isFixed: true) { $0[0].reshaped(to: [2, 6]) },
    .init(name: "transpose", shapes: [[3, 4]]) { $0[0].transposed() },
    .init(name: "transpose, batch", shapes: [[2, 3, 4]]) { $0[0].transposed() },
    .init(name: "permute", shapes: [[2, 3, 4]]) { $0[0].permuted([2, 0, 1]) },
    .init(name: "slice", shapes: [[3, 5, 2]], isFixed: true) { $0[0].slice(axis: 1, 1..<4) },
    .init(name: "pad", shapes: [[3, 2]], isFixed: true) { $0[0].padded(axis: 1, to: 5, at: 2) },
    .init(name: "concatenate", shapes: [[3, 2], [3, 4]]) { .concatenated($0, axis: 1) },
    .init(name: "vector slice", shapes: [[12]], isFixed: true) {
      $0[0].slice(from: 2, shape: [3, 2])
    },
    .init(name: "gather", shapes: [[4, 3]], isFixed: true) { $0[0].gather(rows: rows) },
    .init(name: "scatter", shapes: [[5, 3]], isFixed: true) {
      $0[0].scatteredAdding(rows: rows, rowCount: 4)
    },
    .init(name: "matmul", shapes: [[3, 4], [4, 5]]) { $0[0].matmul($0[1]) },
    .init(name: "matmul, left transposed", shapes: [[4, 3], [4, 5]]) {
      $0[0].matmul($0[1], transposed: (true, false))
    },
    .init(name: "matmul, right transposed", shapes: [[3, 4], [5, 4]]) {
      $0[0].matmul($0[1], transposed: (false, true))
    },
    .init(name: "matmul, both transposed", shapes: [[4, 3], [5, 4]]) {
      $0[0].matmul($0[1], transposed: (true, true))
    },
    .init(name: "matmul, batch", shapes: [[2, 3, 4], [2, 5, 4]]) {
      $0[0].matmul($0[1], transposed: (false, true))
    },
    .init(name: "matmul, batch and one matrix", shapes: [[2, 3, 4], [4, 2]]) {
      $0[0].matmul($0[1])
    },
    .init(name: "softmax", shapes: [[4, 3]]) { $0[0].softmax() },
    .init(name: "log-softmax", shapes: [[4, 3]]) { $0[0].logSoftmax() },
    .init(name: "mean squared error", shapes: [[4, 3], [4, 3]]) {
      $0[0].meanSquaredError(to: $0[1])
    },
    .init(name: "mean squared error to a constant", shapes: [[4, 3]], isFixed: true) {
      $0[0].meanSquaredError(to: Tensor(repeating: 0.5, shape: [4, 3]))
    },
    .init(name: "cross-entropy", shapes: [[4, 3]], isFixed: true) {
      $0[0].crossEntropy(labels: labels)
    },
    .init(name: "cross-entropy of large logits", shapes: [[4, 3]], isFixed: true) {
      ($0[0] * 20).crossEntropy(labels: labels)
    },
    .init(name: "gathered attention", shapes: attentionShapes, isFixed: true) {
      $0[0].gatheredAttention(keys: $0[1], values: $0[2], headCount: 2, plan: plan)
    },
    .init(name: "cross-entropy, rows without a label", shapes: [[4, 3]], isFixed: true) {
      $0[0].crossEntropy(labels: partLabels)
    },
    .init(name: "linear cross-entropy", shapes: [[4, 5], [5, 3]], isFixed: true) {
      $0[0].linearCrossEntropy(weight: $0[1], labels: labels)
    },
    .init(name: "linear cross-entropy, part", shapes: [[4, 5], [5, 3]], isFixed: true) {
      $0[0].linearCrossEntropy(weight: $0[1], labels: partLabels)
    },
    .init(name: "sequence attention, causal", shapes: sequences, isFixed: true) {
      $0[0].sequenceAttention(keys: $0[1], values: $0[2], as: causal)
    },
    .init(name: "sequence attention, full", shapes: sequences, isFixed: true) {
      $0[0].sequenceAttention(keys: $0[1], values: $0[2], as: full)
    },
    .init(name: "packed attention", shapes: [[6, 12]], isFixed: true) {
      $0[0].packedSequenceAttention(as: causal)
    },
    .init(name: "attention pattern", shapes: [[6, 4], [6, 4]], isFixed: true) {
      $0[0].attentionPattern(keys: $0[1], as: causal)
    },
    .init(name: "layer norm", shapes: [[4, 3], [3], [3]], isFixed: true) {
      $0[0].layerNorm(gain: $0[1], bias: $0[2])
    },
    .init(name: "layer norm without bias", shapes: [[2, 2, 5], [5]], isFixed: true) {
      $0[0].layerNorm(gain: $0[1])
    },
    .init(name: "embedding with positions", shapes: [[4, 3], [2, 3]], isFixed: true) {
      $0[0].embedding(tokens: [3, 0, 3, 1], positions: $0[1])
    },
    .init(name: "tiled", shapes: [[2, 3]], isFixed: true) { $0[0].tiled(3) },
    .init(name: "long short-term memory", shapes: [[6, 8], [8, 2], [8]], isFixed: true) {
      $0[0].longShortTermMemory(recurrent: $0[1], bias: $0[2], context: 3)
    },
    .init(name: "linear without bias", shapes: [[4, 3], [2, 3]]) { $0[0].linear(weight: $0[1]) },
    .init(name: "linear on three axes", shapes: [[2, 4, 3], [2, 3], [2]]) {
      $0[0].linear(weight: $0[1], bias: $0[2], activation: .tanh)
    },
  ]
  + pictureCases
  + activations.map { name, function in
    .init(name: name, shapes: [[4, 5]]) { $0[0].activated(function) }
  }
  + activations.flatMap { name, function -> [GradientCase] in
    [WeightLayout.outputsByInputs, .inputsByOutputs].map { layout in
      .init(
        name: "linear, \(name), \(layout)",
        shapes: [[4, 3], layout == .outputsByInputs ? [5, 3] : [3, 5], [5]]
      ) { $0[0].linear(weight: $0[1], bias: $0[2], activation: function, layout: layout) }
    }
  }

@Suite struct GradientTests {
  /// A scalar that depends on every element of the function's result in its own way.
  private func scalar(_ result: Tensor<Double>, key: RandomKey) -> Tensor<Double> {
    let weights: [Double] = key.fork("weights").normal(count: result.count)
    return (result * Tensor(weights, shape: result.shape)).sum()
  }

  /// Operands away from 0, where the piecewise linear functions have no derivative.
  private func operands(of test: GradientCase, key: RandomKey) -> [Tensor<Double>] {
    var drawn: [Int: Int] = [1: 1]
    for (position, extent) in test.shapes.flatMap(\.dimensions).enumerated()
    where drawn[extent] == nil {
      let random = key.fork("extents").integer(at: position, in: 1..<6)
      drawn[extent] = test.isFixed ? extent : random
    }
    let shapes = test.shapes.map { shape in Shape(shape.dimensions.map { drawn[$0]! }) }
    return shapes.enumerated().map { index, shape in
      let values: [Double] = key.fork(index).normal(count: shape.count)
      return Tensor(
        values.map { value in
          let magnitude = 0.05 + abs(value)
          return test.positive || value >= 0 ? magnitude : -magnitude
        }, shape: shape)
    }
  }

  private func replacing(_ operand: Int, element: Int, by change: Double, in list: [Tensor<Double>])
    -> [Tensor<Double>]
  {
    var list = list
    var values = list[operand].values
    values[element] += change
    list[operand] = Tensor(values, shape: list[operand].shape)
    return list
  }

  private func gradients(of test: GradientCase, at point: [Tensor<Double>], key: RandomKey)
    -> [Tensor<Double>]
  {
    let tape = Tape<Double>()
    let watched = point.map(tape.watch)
    return tape.gradients(of: scalar(test.function(watched), key: key), by: watched)
  }

  // Central differences in Double: error h² f‴/6 + 1e-16/h, near 1e-10 for h = 1e-5.
  private let step = 1e-5
  private let tolerance = 1e-7

  @Test(.tags(.gradient), arguments: gradientCases)
  func firstOrder(_ test: GradientCase) {
    for seed in 0..<4 {
      let key = RandomKey(seed: UInt64(seed)).fork(test.name)
      let point = operands(of: test, key: key)
      let gradients = gradients(of: test, at: point, key: key)
      for operand in point.indices {
        for element in 0..<point[operand].count {
          func value(_ change: Double) -> Double {
            let moved = replacing(operand, element: element, by: change, in: point)
            return scalar(test.function(moved), key: key).value
          }
          let expected = (value(step) - value(-step)) / (2 * step)
          let found = gradients[operand].values[element]
          #expect(
            abs(found - expected) <= tolerance * (1 + abs(expected)),
            "seed \(seed), operand \(operand), element \(element): \(found), not \(expected)")
        }
      }
    }
  }

  /// Hessian–vector products against central differences of the gradient.
  @Test(.tags(.gradient), arguments: gradientCases)
  func secondOrder(_ test: GradientCase) {
    let key = RandomKey(seed: 3).fork(test.name)
    let point = operands(of: test, key: key)
    let direction = point.indices.map { index -> Tensor<Double> in
      Tensor(
        key.fork("direction").fork(index).normal(count: point[index].count),
        shape: point[index].shape)
    }
    let tape = Tape<Double>()
    let watched = point.map(tape.watch)
    // The square makes the second derivative of linear functions non-zero too.
    func target(_ operands: [Tensor<Double>]) -> Tensor<Double> {
      scalar(test.function(operands), key: key).squared()
    }
    let first = tape.gradients(of: target(watched), by: watched, recording: true)
    var slope = Tensor<Double>(0)
    for (gradient, vector) in zip(first, direction) { slope = slope + (gradient * vector).sum() }
    let products = tape.gradients(of: slope, by: watched)

    func gradient(_ change: Double) -> [Tensor<Double>] {
      let tape = Tape<Double>()
      let moved = zip(point, direction).map { tape.watch($0 + $1 * change) }
      return tape.gradients(of: target(moved), by: moved)
    }
    let (ahead, behind) = (gradient(step), gradient(-step))
    for operand in point.indices {
      let expected = ((ahead[operand] - behind[operand]) / (2 * step)).values
      let scale = 1 + (expected.map(abs).max() ?? 0)
      for (element, found) in products[operand].values.enumerated() {
        #expect(
          abs(found - expected[element]) <= 1e-6 * scale,
          "operand \(operand), element \(element): \(found), not \(expected[element])")
      }
    }
  }

  /// d³/dx³ of x⁵ summed, through three recordings.
  @Test(.tags(.law)) func thirdOrder() {
    let tape = Tape<Double>()
    let x = tape.watch(Tensor([1.5, -2], shape: [2]))
    let fifth = x * x.squared().squared()
    let first = tape.gradient(of: fifth.sum(), by: x, recording: true)
    let second = tape.gradient(of: first.sum(), by: x, recording: true)
    let third = tape.gradient(of: second.sum(), by: x)
    #expect(third.values == [60 * 1.5 * 1.5, 60 * 4])
  }

  @Test(.tags(.law)) func hessianOfQuadraticForm() {
    let key = RandomKey(seed: 11)
    let a = Tensor<Double>(key.fork("a").normal(count: 36), shape: [6, 6])
    let x = Tensor<Double>(key.fork("x").normal(count: 6), shape: [6])
    let v = Tensor<Double>(key.fork("v").normal(count: 6), shape: [6])
    let (gradient, product) = hessianVectorProduct(at: x, along: v) { x in
      let column = x.reshaped(to: [6, 1])
      return column.matmul(a.matmul(column), transposed: (true, false)).sum()
    }
    let symmetric = a + a.transposed()
    func times(_ vector: Tensor<Double>) -> [Double] {
      symmetric.matmul(vector.reshaped(to: [6, 1])).values
    }
    for (found, expected) in zip(gradient.values + product.values, times(x) + times(v)) {
      #expect(abs(found - expected) < 1e-12)
    }
  }
}

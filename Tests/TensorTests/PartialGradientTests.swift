import TestSupport
import Testing

@testable import GrokTensor

/// Gradients by some of the watched tensors alone: what the others would need is not computed.
@Suite struct PartialGradientTests {
  @Test(.tags(.oracle), arguments: [false, true])
  func gradientsByOneTensorAreThoseByAll(isRecording: Bool) {
    let key = RandomKey(seed: 8)
    func tensor(_ name: String, _ shape: Shape) -> Tensor<Double> {
      Tensor(key.fork(name).normal(count: shape.count, mean: 0, standardDeviation: 1), shape: shape)
    }
    let tape = Tape<Double>()
    let (x, w, b) = (
      tape.watch(tensor("x", [4, 3])), tape.watch(tensor("w", [5, 3])), tape.watch(tensor("b", [5]))
    )
    let hidden = x.linear(weight: w, bias: b, activation: .tanh)
    let target = (hidden.softmax() * hidden).sum() + x.squared().sum()
    let all = tape.gradients(of: target, by: [x, w, b, hidden], recording: isRecording)
    for (source, expected) in zip([x, w, b, hidden], all) {
      let found = tape.gradient(of: target, by: source, recording: isRecording)
      #expect(found.values == expected.values)
    }
    // A value that the target does not depend on.
    let other = tape.watch(tensor("other", [2]))
    #expect(tape.gradient(of: target, by: other).values == [0, 0])
    tape.clear()
  }

  /// What a training writes in place: slices of a vector, the vector as a whole, and both.
  @Test(
    .tags(.oracle), arguments: ["slices", "whole", "whole first", "whole last", "one slice twice"])
  func writtenGradientsAreThoseOfUsesOfEveryKind(use: String) {
    let key = RandomKey(seed: 3)
    let point = Tensor<Double>(key.normal(count: 12, mean: 0, standardDeviation: 1), shape: [12])
    let other = Tensor<Double>(
      key.fork("other").normal(count: 12, mean: 0, standardDeviation: 1), shape: [12])
    func target(_ vector: Tensor<Double>) -> Tensor<Double> {
      let slices =
        vector.slice(from: 2, shape: [2, 3]).squared().sum()
        + vector.slice(from: 7, shape: [4]).exponential().sum()
      let whole = ((vector - other).squared() * other).sum()
      return switch use {
      case "slices": slices
      case "whole": whole
      case "whole first": whole + slices
      case "one slice twice":
        // Layers write their weights' gradients in place; the third use is of another kind.
        {
          let weight = vector.slice(from: 2, shape: [2, 3])
          let rows = other.reshaped(to: [4, 3])
          let first = rows.linear(weight: weight).squared().sum()
          return first + (rows * 2).linear(weight: weight).exponential().sum()
            + weight.squared().sum()
        }()
      default: slices + whole
      }
    }
    let expected = valueAndGradient(at: point, of: target).gradient
    let tape = Tape<Double>()
    let result = Tensor<Double>(repeating: .nan, shape: [12])
    let variable = tape.watch(point)
    tape.writeGradient(of: target(variable), by: variable, to: result)
    for (found, value) in zip(result.values, expected.values) {
      #expect(abs(found - value) < 1e-14)
    }
  }

  /// The rule of an operand that nobody asks for is not even begun.
  @Test(.tags(.law)) func nothingIsComputedForOthers() {
    let tape = Tape<Double>()
    let (x, y) = (tape.watch(Tensor([2.0], shape: [1])), tape.watch(Tensor([3.0], shape: [1])))
    let calls = Calls()
    let loud = y.squared().recorded(Loud(calls: calls), from: y)
    #expect(tape.gradient(of: (x * loud).sum(), by: x).values == [9])
    #expect(calls.count == 0)
    #expect(tape.gradient(of: (x * loud).sum(), by: y).values == [12])
    #expect(calls.count == 1)
    tape.clear()
  }

  private final class Calls: @unchecked Sendable { var count = 0 }

  /// The square, counting how often its gradient is asked for.
  private struct Loud: DifferentiableOperation {
    let calls: Calls

    func propagate(
      _ upstream: Tensor<Double>, through record: OperationRecord<Double>,
      to gradients: inout InputGradients<Double>
    ) {
      calls.count += 1
      gradients.add(upstream * record.first * 2, to: 0)
    }
  }
}

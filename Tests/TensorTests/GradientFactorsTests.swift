import GrokNumerics
import TestSupport
import Testing

@testable import GrokTensor

@Suite struct GradientFactorsTests {
  private static func tensor(_ name: String, _ shape: Shape) -> Tensor<Double> {
    Tensor(RandomKey(seed: 4).fork(name).normal(count: shape.count), shape: shape)
  }

  private let parameters = tensor("parameters", [46])

  /// θ: a table [4, 5] read transposed, weights [4, 4] with bias [4], a gain [6].
  private func outputs(_ vector: Tensor<Double>) -> Tensor<Double> {
    let table = vector.slice(from: 0, shape: [4, 5]).transposed()
    let weight = vector.slice(from: 20, shape: [2, 8]).reshaped(to: [4, 4])
    let hidden = table.gather(rows: [0, 4, 4, 2]).linear(
      weight: weight, bias: vector.slice(from: 36, shape: [4]), activation: .tanh)
    return hidden * vector.slice(from: 40, shape: [6]).slice(axis: 0, 1..<5)
  }

  @Test(.tags(.oracle)) func productsOfFactorsAreTheGradient() throws {
    let tape = Tape<Double>()
    let vector = tape.watch(parameters)
    let result = outputs(vector)
    let upstream = Self.tensor("upstream", result.shape)
    let gradient = tape.gradient(of: (result * upstream).sum(), by: vector).values
    var seen: [String] = []
    tape.forEachFactor(of: result, upstream: upstream, by: vector) { factors in
      switch factors {
      case .linear(let linear):
        let product = linear.dz.matmul(linear.inputs, transposed: (true, false)).values
        expectEqual(product, Array(gradient[linear.weight]))
        expectEqual(linear.dz.sum(alongAxis: 0).values, Array(gradient[linear.bias ?? 0..<0]))
        // dz = f′(z) dy
        let slope = linear.slope?().values ?? []
        expectEqual(zip(slope, linear.upstream.values).map(*), linear.dz.values)
        seen.append("linear \(linear.weight) \(linear.bias ?? 0..<0)")
      case .lookup(let table, let indices, let upstream):
        let sum = upstream.scatteredAdding(rows: indices, rowCount: 5).transposed()
        expectEqual(sum.values, Array(gradient[table]))
        seen.append("lookup \(table)")
      case .examples(let range, _): seen.append("examples \(range)")
      case .other(let range): seen.append("other \(range)")
      }
    }
    #expect(seen.sorted() == ["linear 20..<36 36..<40", "lookup 0..<20", "other 40..<46"])
    // Gradients are made again when nobody listens.
    expectEqual(tape.gradient(of: (result * upstream).sum(), by: vector).values, gradient)
  }

  private func expectEqual(_ a: [Double], _ b: [Double]) {
    #expect(a.count == b.count)
    for (x, y) in zip(a, b) { #expect(abs(x - y) < 1e-14) }
  }
}

import GrokKernels
import TestSupport
import Testing

@testable import GrokTensor

/// Products that leave out zeros have the bits of those that do not.
@Suite struct NonzeroTests {
  /// Rows of which about a fifth of the elements are not zero; every seventh is all zeros.
  private static func pictures<Scalar: RealScalar>(
    _ rows: Int, _ columns: Int, seed: UInt64, in context: ComputeContext
  ) -> Tensor<Scalar> {
    let key = RandomKey(seed: seed)
    let values: [Scalar] = key.fork("values").normal(count: rows * columns)
    let chances: [Double] = key.fork("zeros").uniform(count: rows * columns)
    let sparse = values.indices.map { index in
      chances[index] < 0.2 && index / columns % 7 != 3 ? values[index] : 0
    }
    return Tensor(sparse, shape: [rows, columns], in: context)
  }

  private static func check<Scalar: RealScalar>(
    _ type: Scalar.Type, rows: Int, columns: Int, outputs: Int, threads: Int
  ) throws {
    let context = ComputeContext(threadCount: threads)
    let plain: Tensor<Scalar> = pictures(rows, columns, seed: 5, in: context)
    let noted = plain.notingZeros()
    #expect((noted.nonzeros != nil) == (Scalar.kernels.pointee.level != GK_PORTABLE))
    let key = RandomKey(seed: 6)
    let weights: [Scalar] = key.fork("w").normal(count: outputs * columns)
    let biases: [Scalar] = key.fork("b").normal(count: outputs)
    let factors: [Scalar] = key.fork("f").normal(count: rows * outputs)
    func results(_ x: Tensor<Scalar>) -> [[Scalar]] {
      let tape = Tape<Scalar>()
      let weight = tape.watch(Tensor(weights, shape: [outputs, columns], in: context))
      let bias = tape.watch(Tensor(biases, shape: [outputs], in: context))
      let y = x.linear(weight: weight, bias: bias, activation: .tanh)
      let total = (y * Tensor(factors, shape: [rows, outputs], in: context)).sum()
      return [y.values] + tape.gradients(of: total, by: [weight, bias]).map(\.values)
    }
    #expect(results(noted) == results(plain), "\(rows) × \(columns) × \(outputs), \(threads)")
  }

  @Test(
    .tags(.oracle),
    arguments: [
      (200, 784, 200), (1000, 784, 64), (64, 40, 16), (33, 97, 300), (700, 100, 17),
      (16, 1100, 257),
    ])
  func bitsAreThoseOfAllElements(rows: Int, columns: Int, outputs: Int) throws {
    for threads in [1, 3] {
      try Self.check(Float.self, rows: rows, columns: columns, outputs: outputs, threads: threads)
      try Self.check(Double.self, rows: rows, columns: columns, outputs: outputs, threads: threads)
    }
  }

  @Test func matricesOfFewZerosAreLeftAsTheyAre() {
    let dense = Tensor<Float>(RandomKey(seed: 1).normal(count: 600), shape: [20, 30])
    #expect(dense.notingZeros().nonzeros == nil)
    #expect(Tensor<Float>([], shape: [0, 30]).notingZeros().nonzeros == nil)
    #expect(Tensor<Float>(repeating: 0, shape: [5]).notingZeros().nonzeros == nil)
  }

  @Test(.tags(.law)) func batchesAndRunsOfRowsKnowTheirZeros() throws {
    let context = ComputeContext(threadCount: 2)
    let plain: Tensor<Float> = Self.pictures(120, 96, seed: 8, in: context)
    let noted = plain.notingZeros()
    let weight = Tensor<Float>(
      RandomKey(seed: 9).normal(count: 32 * 96), shape: [32, 96], in: context)
    var batch: Tensor<Float>?
    for step in 0..<3 {
      let indices = (0..<50).map { Int32(($0 * 7 + step * 31) % 120) }
      let first = batch?.nonzeros.map(ObjectIdentifier.init)
      batch = noted.gather(rows: indices, inPlaceOf: &batch)
      #expect(batch!.values == plain.gather(rows: indices).values)
      #expect(
        batch!.linear(weight: weight).values
          == plain.gather(rows: indices).linear(weight: weight).values)
      // The same memory from batch to batch.
      if let first { #expect(batch!.nonzeros.map(ObjectIdentifier.init) == first) }
    }
    #expect(
      noted.rows(30..<77).linear(weight: weight).values
        == plain.rows(30..<77).linear(weight: weight).values)
    #expect(
      batch!.rows(5..<40).linear(weight: weight).values
        == batch!.detached.rows(5..<40).matmul(weight, transposed: (false, true)).values)
    // What is changed knows nothing any more.
    var changed = noted
    changed.withMutableValues { $0[0] = 1 }
    #expect(changed.nonzeros == nil)
    let zeros = Tensor<Float>(repeating: 0, shape: [32, 96], in: context).notingZeros()
    #expect(zeros.linear(weight: weight).values.allSatisfy { $0 == 0 })
  }
}

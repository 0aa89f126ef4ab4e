import TestSupport
import Testing

@testable import GrokTensor

@Suite struct ComputeContextTests {
  @Test func buffersAreReusedOnceNobodyHoldsThem() {
    let context = ComputeContext()
    let x = Tensor<Float>(repeating: 1, shape: [100], in: context)
    _ = x + x
    let before = context.bufferByteCount
    for _ in 0..<1_000 { _ = (x + x) * x }
    #expect(context.bufferByteCount <= before + 512)
  }

  @Test func tensorsThatAreKeptStayAsTheyAre() {
    let context = ComputeContext()
    let x = Tensor<Float>(repeating: 1, shape: [100], in: context)
    let kept = (0..<50).map { x * Float($0) }
    for _ in 0..<1_000 { _ = x + x }
    for (factor, tensor) in kept.enumerated() {
      #expect(tensor.values.allSatisfy { $0 == Float(factor) })
    }
  }

  @Test func tensorsOutliveTheirContext() {
    var context: ComputeContext? = ComputeContext(threadCount: 2)
    let x = Tensor<Double>([1, 2, 3], shape: [3], in: context)
    context = nil
    #expect((x + x).values == [2, 4, 6])
  }

  @Test(.tags(.oracle)) func normsOfLargeVectorsAreThoseOfTheirElements() {
    let values: [Float] = RandomKey(seed: 4).normal(count: 200_003)
    let plain = values.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
    let norms = [1, 3].map { threads in
      Tensor(values, shape: [values.count], in: ComputeContext(threadCount: threads)).norm
    }
    #expect(abs(norms[0] / plain - 1) < 1e-13)
    #expect(norms[0] == norms[1])
  }

  @Test func changingATensorLeavesItsCopiesAlone() {
    let context = ComputeContext()
    var x = Tensor<Double>([1, 2, 3], shape: [3], in: context)
    let copy = x
    x.withMutableValues { $0[0] = 9 }
    #expect(x.values == [9, 2, 3] && copy.values == [1, 2, 3])
    let again = x
    x.withMutableValues { $0[1] = 8 }
    #expect(x.values == [9, 8, 3] && again.values == [9, 2, 3])
  }

  @Test(.tags(.law)) func shelvesHoldWhatIsAskedFor() {
    var sizes: [Int: Int] = [:]
    for byteCount in Array(1...5_000) + stride(from: 5_001, to: 5_000_000, by: 997) {
      let (index, size) = BufferPool.shelf(for: byteCount)
      #expect(size >= byteCount && size <= max(byteCount + 64, byteCount * 9 / 8 + 64))
      #expect(sizes[index] == nil || sizes[index] == size, "shelf \(index) has two sizes")
      sizes[index] = size
    }
  }

  /// One thread and many give the same bits, forward and backward, for layers large enough to be cut.
  @Test(.tags(.law)) func bitsDoNotDependOnTheThreadCount() {
    func gradient(threadCount: Int) -> [Float] {
      let context = ComputeContext(threadCount: threadCount)
      let key = RandomKey(seed: 4)
      let x = Tensor<Float>(key.fork("x").normal(count: 400 * 300), shape: [400, 300], in: context)
      let theta = Tensor<Float>(
        key.fork("w").normal(count: 300 * 250 + 250), shape: [300 * 250 + 250], in: context)
      let labels = (0..<400).map { Int32($0 % 250) }
      let tape = Tape<Float>()
      let watched = tape.watch(theta)
      let weight = watched.slice(from: 0, shape: [250, 300])
      let bias = watched.slice(from: 300 * 250, shape: [250])
      let loss = x.linear(weight: weight, bias: bias, activation: .gelu).crossEntropy(
        labels: labels)
      let result = Tensor<Float>(repeating: 0, shape: theta.shape, in: context)
      tape.writeGradient(of: loss, by: watched, to: result)
      return result.values
    }
    let one = gradient(threadCount: 1)
    #expect(one.contains { $0 != 0 })
    #expect(gradient(threadCount: 2) == one && gradient(threadCount: 5) == one)
  }

  /// The gradient written in place equals the one made of slices and pads.
  @Test(.tags(.oracle)) func writtenGradientEqualsTheGeneralOne() {
    let key = RandomKey(seed: 8)
    let theta = Tensor<Double>(key.normal(count: 40), shape: [40])
    func loss(_ theta: Tensor<Double>) -> Tensor<Double> {
      let a = theta.slice(from: 2, shape: [3, 4])
      let b = theta.slice(from: 2, shape: [3, 4])  // the same range again
      let c = theta.slice(from: 10, shape: [4, 2])  // overlaps in part
      let d = theta.slice(from: 30, shape: [2])
      return (a * b).matmul(c.linear(weight: theta.slice(from: 20, shape: [3, 2]), bias: nil))
        .sum() + (d * d * d).sum()
    }
    let tape = Tape<Double>()
    let watched = tape.watch(theta)
    let general = tape.gradient(of: loss(watched), by: watched).values
    tape.clear()
    let again = tape.watch(theta)
    let result = Tensor<Double>(repeating: 7, shape: [40])
    tape.writeGradient(of: loss(again), by: again, to: result)
    for (found, expected) in zip(result.values, general) { #expect(abs(found - expected) < 1e-14) }
    #expect(result.values[0] == 0 && result.values[39] == 0)
  }
}

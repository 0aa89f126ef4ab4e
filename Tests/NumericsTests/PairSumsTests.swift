import Testing
import TestSupport

@testable import GrokNumerics

@Suite struct PairSumsTests {
  @Test(.tags(.oracle), arguments: [0, 1, 17, 4096, 10_000]) func equalTwoProducts(_ count: Int) {
    let x: [Float] = RandomKey(seed: 88).fork(count).normal(count: count)
    let y: [Float] = RandomKey(seed: 89).fork(count).normal(count: count)
    x.withUnsafeBufferPointer { x0 in
      y.withUnsafeBufferPointer { y0 in
        guard let first = x0.baseAddress, let second = y0.baseAddress else { return }
        let found = squareAndProduct(first, second, count: count)
        // Rounding of sums of so many numbers of size 1.
        let tolerance = 1e-15 * Double(count + 1)
        #expect(abs(found.square - dot(x, x)) <= tolerance)
        #expect(abs(found.product - dot(x, y)) <= tolerance)
        let alone = squareAndProduct(first, nil, count: count)
        #expect(alone.square == found.square && alone.product == 0)
      }
    }
  }
}

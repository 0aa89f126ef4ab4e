import Foundation
import GrokKernels
import Testing
import TestSupport

@testable import GrokNumerics

@Suite struct BoxMullerTests {
  @Test(.tags(.oracle)) func logarithmIsWithinTwoUnitsInTheLastPlace() {
    let key = RandomKey(seed: 41)
    var inputs: [Double] = key.uniform(count: 20_000)
    inputs += (0..<53).flatMap { exponent in
      let power = Double(sign: .plus, exponent: -exponent, significand: 1)
      return [power, power.nextUp, power.nextDown]
    }
    for x in inputs where x > 0 {
      let expected = log(x)
      #expect(abs(naturalLogarithm(x) - expected) <= 2 * expected.ulp, "x = \(x)")
    }
    #expect(naturalLogarithm(1) == 0)
  }

  @Test(.tags(.oracle)) func cosineAndSineFollowTheTurn() {
    let key = RandomKey(seed: 42)
    let special = (0..<32).map { UInt64($0) << 59 }
    for turn in special + special.map({ $0 &- 1 }) + (0..<20_000).map({ key.bits(at: $0) }) {
      let (cosine, sine) = cosineAndSine(turn: turn)
      // The reference rounds the angle, which costs up to 2π ulp of absolute error.
      let angle = 2 * Double.pi * (Double(turn) * 0x1p-64)
      #expect(abs(cosine - cos(angle)) < 2e-15 && abs(sine - sin(angle)) < 2e-15, "\(turn)")
      #expect(abs(cosine * cosine + sine * sine - 1) < 1e-15, "\(turn)")
    }
    #expect(cosineAndSine(turn: 1 << 62) == (0, 1))
  }

  @Test(.tags(.oracle), arguments: [GK_PORTABLE, GK_AVX2], [0, 1, 7, 8, 9, 3000])
  func bulkNumbersEqualThePlainOnes(level: gk_level, pairCount: Int) {
    guard let random = gk_random_at(level) else { return }  // not on this processor
    let key = RandomKey(seed: 43).fork(pairCount)
    for first: UInt64 in [0, 1 << 32 - 3, 1 << 60] {
      var bits = [UInt64](repeating: 7, count: 2 * pairCount + 1)
      var normal = [Double](repeating: 7, count: 2 * pairCount + 1)
      random.pointee.bits(key.key, key.stream, first, &bits, pairCount)
      random.pointee.normal(key.key, key.stream, first, &normal, pairCount)
      var differenceCount = 0
      for pair in 0..<pairCount {
        let block = key.block(at: first + UInt64(pair))
        let (even, odd) = normalPair(block)
        if bits[2 * pair] != block.first || bits[2 * pair + 1] != block.second
          || normal[2 * pair] != even || normal[2 * pair + 1] != odd
        {
          differenceCount += 1
        }
      }
      #expect(differenceCount == 0)
      #expect(bits.last == 7 && normal.last == 7)  // Nothing is written behind the end.
    }
  }
}

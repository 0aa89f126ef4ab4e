import Foundation
import Testing
import TestSupport

@testable import GrokMeasures

@Suite struct WeightSampleTests {
  @Test func drawsWithoutReplacement() {
    let sample = WeightSample(count: 50, of: 100..<300, key: RandomKey(seed: 65))
    #expect(sample.indices.count == 50 && Set(sample.indices).count == 50)
    #expect(sample.indices == sample.indices.sorted())
    #expect(sample.indices.allSatisfy { (100..<300).contains($0) })
    #expect(sample == WeightSample(count: 50, of: 100..<300, key: RandomKey(seed: 65)))
    #expect(WeightSample(count: 9, of: 2..<5, key: RandomKey(seed: 1)).indices == [2, 3, 4])
    #expect(
      WeightSample(count: 1, of: 2..<3, key: RandomKey(seed: 1)).values(of: [7, 8, 9.0]) == [9])
  }
}

import Testing
import TestSupport

@testable import GrokNumerics

@Suite struct RandomIntegersTests {
  @Test(.tags(.golden)) func valuesEqualTheDocumentedOnes() throws {
    for golden in try RandomKeyGolden.load() {
      #expect(golden.key.integers(count: 8, in: 0..<1000) == golden.integersBelow1000)
      #expect(golden.key.permutation(of: 12) == golden.permutationOf12)
      #expect(golden.key.choice(5, of: 1000) == golden.choiceOf5From1000)
    }
  }

  @Test(.tags(.law), arguments: [0, 1, 2, 3, 7, 1000], [0, 1, 2, 5, 1 << 40])
  func elementsDependOnTheirPositionOnly(count: Int, start: Int) {
    let key = RandomKey(seed: 5).fork(count)
    let ranges = [-3..<9, Int.min..<Int.max / 2]  // The second repeats draws.
    for range in ranges {
      let integers = key.integers(count: count, in: range, startingAt: start)
      for index in 0..<count {
        #expect(integers[index] == key.integer(at: start + index, in: range))
      }
    }
  }

  @Test(.tags(.statistical)) func integersAreUnbiased() {
    var bins = [Double](repeating: 0, count: 7)
    for value in RandomKey(seed: 23).integers(count: 70_000, in: -3..<4) { bins[value + 3] += 1 }
    expectUniform(bins, total: 70_000)
    // Three quarters of 2⁶⁴ is a range in which one draw in four must be repeated.
    let range = Int.min..<Int.max / 2
    let large = RandomKey(seed: 24).integers(count: 30_000, in: range)
    var thirds = [Double](repeating: 0, count: 3)
    for value in large {
      #expect(range.contains(value))
      thirds[value < Int.min / 2 ? 0 : value < 0 ? 1 : 2] += 1
    }
    expectUniform(thirds, total: 30_000)
  }

  @Test(.tags(.law), arguments: [0, 1, 2, 3, 17, 500])
  func permutationsHoldEveryIndexOnce(count: Int) {
    let key = RandomKey(seed: 31)
    #expect(key.permutation(of: count).sorted() == Array(0..<count))
  }

  @Test(.tags(.statistical)) func everyOrderOfThreeIsEquallyLikely() {
    var bins = [Double](repeating: 0, count: 6)
    let orders = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]]
    let key = RandomKey(seed: 32)
    for draw in 0..<12_000 {
      bins[orders.firstIndex(of: key.fork(draw).permutation(of: 3))!] += 1
    }
    expectUniform(bins, total: 12_000)
  }

  @Test(.tags(.oracle)) func shortChoicesArePrefixesOfThePermutation() {
    let key = RandomKey(seed: 33)
    let permutation = key.permutation(of: 400)
    for count in [0, 1, 5, 24, 25, 26, 399, 400] {
      #expect(key.choice(count, of: 400) == Array(permutation[..<count]))
    }
  }
}

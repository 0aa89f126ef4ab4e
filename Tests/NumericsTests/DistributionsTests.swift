import Testing
import TestSupport

@testable import GrokNumerics

@Suite struct DistributionsTests {
  @Test(.tags(.golden)) func valuesEqualTheDocumentedOnes() throws {
    for golden in try RandomKeyGolden.load() {
      let key = golden.key
      let uniform: [Double] = key.uniform(count: golden.uniform.count)
      #expect(uniform == golden.uniform)
      let normal: [Double] = key.normal(count: golden.normal.count)
      // The reference uses the C library, which rounds a few of these differently in the last bits.
      for (value, expected) in zip(normal, golden.normal) {
        #expect(abs(value - expected) <= 4e-15 * max(1, abs(expected)))
      }
    }
  }

  @Test(.tags(.law), arguments: [0, 1, 2, 3, 7, 1000], [0, 1, 2, 5, 1 << 40])
  func elementsDependOnTheirPositionOnly(count: Int, start: Int) {
    let key = RandomKey(seed: 5).fork(count)
    let uniform: [Double] = key.uniform(count: count, startingAt: start)
    let normal: [Double] = key.normal(count: count, startingAt: start)
    let signs: [Double] = key.signs(count: count, startingAt: start)
    for index in 0..<count {
      #expect(uniform[index] == key.uniform(count: 1, startingAt: start + index)[0])
      #expect(normal[index] == key.normal(count: 1, startingAt: start + index)[0])
      #expect(signs[index] == key.signs(count: 1, startingAt: start + index)[0])
    }
  }

  @Test(.tags(.law)) func floatsAreTheDoublesOfTheSamePositions() {
    let key = RandomKey(seed: 8)
    let doubles: [Double] = key.normal(count: 1001, mean: 2, standardDeviation: 3)
    let floats: [Float] = key.normal(count: 1001, mean: 2, standardDeviation: 3)
    #expect(floats == doubles.map { Float($0) })
    let fine: [Double] = key.uniform(count: 1001)
    let coarse: [Float] = key.uniform(count: 1001)
    #expect(coarse.map { Double($0) } == fine.map { ($0 * 0x1p24).rounded(.down) * 0x1p-24 })
  }

  @Test(.tags(.statistical)) func uniformNumbersFillTheirRange() {
    let count = 100_000
    let values: [Float] = RandomKey(seed: 21).uniform(count: count, in: -2..<3)
    #expect(values.allSatisfy { $0 >= -2 && $0 < 3 })
    let mean = values.reduce(0) { $0 + Double($1) } / Double(count)
    // The standard deviation of the range is 5/√12; five standard errors of the mean.
    #expect(abs(mean - 0.5) < 5 * 5 / 12.0.squareRoot() / Double(count).squareRoot())
    var bins = [Double](repeating: 0, count: 20)
    for value in values { bins[Int((value + 2) * 4)] += 1 }
    expectUniform(bins, total: count)
  }

  @Test func uniformNeverReturnsTheUpperBound() {
    // With one representable number inside, rounding would otherwise give 1 + 2⁻²³ half the time.
    let values: [Float] = RandomKey(seed: 2).uniform(count: 200, in: 1..<(1 as Float).nextUp)
    #expect(values.allSatisfy { $0 == 1 })
  }

  @Test(.tags(.statistical)) func normalNumbersHaveTheMomentsOfTheNormalDistribution() {
    let count = 200_000
    let values: [Double] = RandomKey(seed: 22).normal(count: count)
    var moments = [Double](repeating: 0, count: 4)
    var product = 0.0
    for (index, value) in values.enumerated() {
      for power in 0..<4 {
        moments[power] += (0...power).reduce(1) { result, _ in result * value } / Double(count)
      }
      product += value * values[(index + 1) % count] / Double(count)
    }
    // Five standard errors; the variances of z, z², z³, z⁴ and of z z' are 1, 2, 15, 96 and 1.
    let error = 5 / Double(count).squareRoot()
    #expect(abs(moments[0]) < error)
    #expect(abs(moments[1] - 1) < error * 2.0.squareRoot())
    #expect(abs(moments[2]) < error * 15.0.squareRoot())
    #expect(abs(moments[3] - 3) < error * 96.0.squareRoot())
    #expect(abs(product) < error)
  }

  @Test(.tags(.statistical)) func signsAreBalanced() {
    let signs: [Double] = RandomKey(seed: 34).signs(count: 10_000)
    #expect(signs.allSatisfy { abs($0) == 1 })
    #expect(abs(signs.reduce(0, +)) < 5 * 100)
  }

  @Test func normalMatrixIsFilledRowByRow() {
    let key = RandomKey(seed: 35)
    let matrix: Matrix<Float> = key.normalMatrix(rowCount: 3, columnCount: 5)
    #expect(matrix.values == key.normal(count: 15))
    #expect((matrix.rowCount, matrix.columnCount) == (3, 5))
  }
}

import Foundation
import GrokNumerics
import TestSupport
import Testing

/// What PyTorch's generator gave; see the script beside the data.
@Suite(.tags(.golden)) struct PyTorchRandomTests {
  struct File: Decodable { let generators: [Case] }

  struct Case: Decodable {
    let seed: String
    let integers: [Integers]
    let loaderSeed: String
    let permutation: [Int]
    let uniform, uniformRange, fewNormal, sixteenNormal, someNormal: [Float]
    let uniformDouble, fewNormalAgain, someNormalDouble: [Double]
    let manyNormal, manyUniform, manyPermuted: String
    let last: Float
  }

  struct Integers: Decodable {
    let low, high: Int
    let values: [Int]

    init(from decoder: any Decoder) throws {
      var container = try decoder.unkeyedContainer()
      low = try #require(Int(container.decode(String.self)))
      high = try #require(Int(container.decode(String.self)))
      values = try container.decode([String].self).map { try #require(Int($0)) }
    }
  }

  @Test(arguments: 0..<6) func numbersInTheOrderOfTheScript(index: Int) throws {
    let all = try fixture("pytorch-random/expected.json", as: File.self).generators
    #expect(all.count == 6)
    let expected = all[index]
    var generator = PyTorchRandom(seed: try #require(UInt64(expected.seed)))
    for integers in expected.integers {
      #expect(generator.randint(integers.low..<integers.high, count: 3) == integers.values)
    }
    #expect(String(generator.seed()) == expected.loaderSeed)
    #expect(generator.randperm(20) == expected.permutation)
    #expect(generator.uniform(count: 3, from: 0, to: 1) == expected.uniform)
    #expect(generator.uniform(count: 3, from: 0, to: 1) == expected.uniformDouble)
    #expect(generator.uniform(count: 3, from: -0.7, to: 0.3) == expected.uniformRange)
    #expect(generator.normal(count: 3) == expected.fewNormal)
    #expect(generator.normal(count: 16) == expected.sixteenNormal)
    #expect(
      generator.normal(count: 4, mean: 1.5, standardDeviation: 0.3) == expected.fewNormalAgain)
    #expect(generator.normal(count: 37, mean: -0.2, standardDeviation: 3) == expected.someNormal)
    #expect(
      generator.normal(count: 21, mean: -0.2, standardDeviation: 3) == expected.someNormalDouble)
    #expect(digest(generator.normal(count: 100_003) as [Float]) == expected.manyNormal)
    #expect(
      digest(generator.uniform(count: 100_003, from: -1 / 28, to: 1 / 28) as [Float])
        == expected.manyUniform)
    #expect(digest(generator.randperm(60_000)) == expected.manyPermuted)
    #expect(generator.uniform(count: 1, from: 0, to: 1) == [expected.last])
  }

  /// One generator with the published first numbers of MT19937, and leaving numbers out is drawing them.
  @Test(.tags(.law), arguments: [0, 1, 311, 312, 313, 1000]) func skippingIsDrawing(count: Int) {
    var generator = PyTorchRandom(seed: 5489)
    #expect(generator.random() == 3_499_211_612)
    var other = generator
    for _ in 0..<count { _ = generator.random64() }
    other.skip64(count)
    #expect(generator.random64() == other.random64())
  }

  /// The numbers that a range of no width has.
  @Test func rangesWithoutWidth() {
    var generator = PyTorchRandom(seed: 1)
    #expect(generator.uniform(count: 2, from: 0, to: 0) == [0, 0] as [Float])
    #expect(generator.randperm(0) == [])
    #expect(generator.randperm(1) == [0])
    #expect(generator.normal(count: 0) == [] as [Double])
  }
}

private func digest<Element: BitwiseCopyable>(_ values: [Element]) -> String {
  var digest = SHA256()
  values.withUnsafeBytes { digest.update($0) }
  return digest.hexadecimal
}

import Foundation
import Testing
import TestSupport

@testable import GrokNumerics

@Suite struct RandomProjectionTests {
  /// Vectors whose weights are alike, concentrated on one column of a layer, and on a few.
  private static let vectors: [String: [Double]] = [
    "even": RandomKey(seed: 70).normal(count: 1000),
    "column": (0..<1024).map { $0 % 64 == 7 ? 1 : 0 },
    "few": (0..<1000).map { $0 % 300 == 0 ? 1 : 0 },
  ]

  /// ‖Px‖² has mean ‖x‖² and at most the stated scatter, over projections.
  @Test(.tags(.statistical), arguments: RandomProjection.Kind.allCases, vectors.keys.sorted())
  func lengthsAreKept(_ kind: RandomProjection.Kind, _ name: String) throws {
    let vector = try #require(Self.vectors[name])
    let square = dot(vector, vector)
    let drawCount = kind == .sparse ? 200 : 20
    let ratios = (0..<drawCount).map { draw -> Double in
      let projection = RandomProjection(
        of: vector.count, to: 64, kind: kind, key: RandomKey(seed: 71).fork(draw))
      let sketch = projection.project(vector)
      return dot(sketch, sketch) / square
    }
    let mean = ratios.reduce(0, +) / Double(drawCount)
    let deviation =
      (ratios.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(drawCount - 1)).squareRoot()
    let error = (2.0 / 64).squareRoot()
    #expect(abs(mean - 1) < 4 * error / Double(drawCount).squareRoot(), "\(mean)")
    // The scatter of so many draws is known to 1/√(2 draws), more for few weights.
    #expect(deviation < error * (1 + 4 / Double(2 * drawCount).squareRoot()), "\(deviation)")
    if name == "even" { #expect(deviation > error * 0.6) }
  }

  /// The error falls as √(2/k).
  @Test(.tags(.statistical), arguments: [64, 256]) func moreNumbersAreMoreExact(_ count: Int) {
    let values: [Float] = RandomKey(seed: 72).normal(count: 2000)
    let square = dot(values, values)
    var sum = 0.0
    for draw in 0..<100 {
      let projection = RandomProjection(of: 2000, to: count, key: RandomKey(seed: 73).fork(draw))
      let sketch = projection.project(values)
      let error = dot(sketch, sketch) / square - 1
      sum += error * error / 100
    }
    let expected = RandomProjection(of: 1, to: count, key: RandomKey(seed: 1)).relativeError
    #expect(abs(sum.squareRoot() / expected - 1) < 0.3)
    #expect(expected == (2 / Double(count)).squareRoot())
  }

  @Test(.tags(.law), arguments: RandomProjection.Kind.allCases) func isLinear(
    _ kind: RandomProjection.Kind
  ) {
    let x: [Double] = RandomKey(seed: 74).normal(count: 150)
    let y: [Double] = RandomKey(seed: 75).normal(count: 150)
    let projection = RandomProjection(of: 150, to: 64, kind: kind, key: RandomKey(seed: 76))
    let sum = projection.project(zip(x, y).map { 2 * $0 - $1 })
    for (index, value) in sum.enumerated() {
      let expected = 2 * projection.project(x)[index] - projection.project(y)[index]
      #expect(abs(value - expected) < 1e-12)
    }
    #expect(projection.project(x) != projection.project(y))
  }

  /// Each element goes to one place with one sign, and those of a block to different ones.
  @Test(.tags(.law)) func eachElementOfABlockHasItsPlace() {
    let projection = RandomProjection(of: 320, to: 128, key: RandomKey(seed: 77))
    for block in 0..<2 {
      var places = Set<Int>()
      for index in block * 128..<(block + 1) * 128 {
        var unit = [Double](repeating: 0, count: 320)
        unit[index] = 1
        let image = projection.project(unit)
        #expect(image.count { $0 != 0 } == 1 && image.allSatisfy { abs($0) <= 1 })
        places.insert(image.firstIndex { $0 != 0 } ?? -1)
      }
      #expect(places.count == 128)
    }
  }

  /// Bit for bit, in both precisions, with whole blocks and without.
  @Test(.tags(.oracle), arguments: [0, 1, 63, 64, 200, 64 * 130 + 5], [64, 192])
  func theFastFormEqualsThePlainOne(_ elementCount: Int, _ count: Int) {
    let x: [Double] = RandomKey(seed: 78).fork(elementCount).normal(count: elementCount)
    let projection = RandomProjection(of: elementCount, to: count, key: RandomKey(seed: 79))
    #expect(projection.project(x) == x.withUnsafeBufferPointer(projection.plainSparseProjection))
    let y = x.map { Float($0) }
    #expect(projection.project(y) == y.withUnsafeBufferPointer(projection.plainSparseProjection))
  }
}

import Testing
import TestSupport

@testable import GrokMeasures

@Suite struct NeighborDistancesTests {
  private func plain(_ x: Matrix<Double>, count: Int) -> [[Double]] {
    (0..<x.rowCount).map { i in
      let distances = (0..<x.rowCount).filter { $0 != i }.map { j in
        (0..<x.columnCount).reduce(0.0) {
          $0 + (x[i, $1] - x[j, $1]) * (x[i, $1] - x[j, $1])
        }.squareRoot()
      }
      return Array(distances.sorted().prefix(count))
    }
  }

  @Test(.tags(.oracle), arguments: [1, 4]) func distancesAreThoseOfAllPairs(count: Int) throws {
    let x: Matrix<Double> = RandomKey(seed: 1).normalMatrix(rowCount: 280, columnCount: 3)
    let float = Matrix<Float>(x)
    for (samples, reference) in [
      (x as any SampleMatrix, x), (float, Matrix<Double>(float)),
    ] {
      let found = try NeighborDistances(
        of: samples, neighborCount: count, measure: "test", workers: Workers(threadCount: 2))
      #expect(
        largestDifference(found.values.values, plain(reference, count: count).flatMap { $0 }) == 0)
    }
  }

  @Test(.tags(.oracle)) func closeNeighborsFarFromTheMeanKeepTheirDistances() throws {
    // Two clusters 10⁴ apart, neighbours about 10⁻³ apart: products in Float know nothing of those.
    let noise: Matrix<Double> = RandomKey(seed: 2).normalMatrix(rowCount: 200, columnCount: 2)
    var x = noise.map { 1e-3 * $0 }
    for row in 0..<100 { x[row, 0] += 10_000 }
    let float = Matrix<Float>(x)
    let found = try NeighborDistances(
      of: float, neighborCount: 3, measure: "test", workers: nil)
    let expected = plain(Matrix<Double>(float), count: 3).flatMap { $0 }
    #expect(largestDifference(found.values.values, expected) == 0)
  }

  @Test(.tags(.law)) func ofEqualDistancesTheLowerRowComesFirst() throws {
    // More samples at one place than a list of candidates holds before it is gone through.
    let x = Matrix<Float>(values: (0..<600).map { Float($0 % 2) }, rowCount: 600, columnCount: 1)
    let found = try NeighborDistances(
      of: x, queries: 100..<400, references: 0..<300, neighborCount: 3, measure: "test",
      workers: Workers(threadCount: 2))
    #expect(found.values.values.allSatisfy { $0 == 0 })
    let nearest = (100..<400).flatMap { (query: Int) -> [Int] in
      let first = query % 2
      return [first, first + 2, first + 4]
    }
    #expect(found.indices == nearest)
  }

  @Test(.tags(.oracle)) func samplesTooLargeForFloatAreTakenInDouble() throws {
    let x = Matrix<Float>(rows: [[1e25, 0], [2e25, 0], [4e25, 1e25]])
    let found = try NeighborDistances(of: x, neighborCount: 1, measure: "test", workers: nil)
    #expect(found.values.values.allSatisfy { $0.isFinite && $0 > 9e24 })
    let error = #expect(throws: MeasureError.self) { try twoNN(of: [[1e200], [-1e200], [0]]) }
    #expect(error?.description == "twoNN: squared distances are too large; scale the samples down")
  }
}

import Testing
import TestSupport

@testable import GrokMeasures

@Suite struct DissimilarityMatrixTests {
  private static let fixture = SimilarityFixture.self

  @Test(.tags(.golden), arguments: Dissimilarity.allCases) func pairsAreThoseOfScipy(
    dissimilarity: Dissimilarity
  ) throws {
    let result = try dissimilarities(of: Self.fixture.x, using: dissimilarity)
    let expected = Self.fixture.numbers("rdm", dissimilarity.rawValue)
    #expect(expected.count == 276)
    #expect(largestDifference(result.values, expected) < 1e-11)
    #expect(result[0, 0] == 0 && result[3, 1] == result[1, 3])
    #expect(result[1, 3] == result.values[23 + 1])
  }

  @Test(.tags(.oracle)) func severalTilesAreOne() throws {
    let x: Matrix<Double> = RandomKey(seed: 1).normalMatrix(rowCount: 300, columnCount: 3)
    let result = try dissimilarities(of: x, using: .squaredEuclidean)
    for (i, j) in [(0, 299), (255, 256), (256, 299), (10, 200), (298, 299)] {
      let expected = (0..<3).reduce(0.0) { $0 + (x[i, $1] - x[j, $1]) * (x[i, $1] - x[j, $1]) }
      #expect(abs(result[i, j] - expected) < 1e-12)
    }
  }

  @Test(.tags(.golden), arguments: DissimilarityComparison.allCases) func comparisonsOfScipy(
    comparison: DissimilarityComparison
  ) throws {
    let x = try dissimilarities(of: Self.fixture.x, using: .euclidean)
    // The second has many ties.
    let y = DissimilarityMatrix(itemCount: 24, values: Self.fixture.numbers("rsa", "second"))
    let value = try representationalSimilarity(of: x, with: y, using: comparison)
    #expect(abs(value - Self.fixture.number("rsa", comparison.rawValue)) < 1e-12)
  }

  @Test(.tags(.law)) func ranksIgnoreMonotoneChanges() throws {
    let x = try dissimilarities(of: Self.fixture.x, using: .euclidean)
    let bent = DissimilarityMatrix(itemCount: 24, values: x.values.map { $0 * $0 * $0 })
    #expect(abs(try representationalSimilarity(of: x, with: bent) - 1) < 1e-14)
    #expect(try representationalSimilarity(of: x, with: bent, using: .pearson) < 0.99)
    #expect(meanRanks([3, 1, 3, 2]) == [3.5, 1, 3.5, 2])
  }

  @Test func whatCannotBeComparedIsRefused() {
    let flat = DissimilarityMatrix(itemCount: 3, values: [1, 1, 1])
    let two = DissimilarityMatrix(itemCount: 2, values: [1])
    let broken = DissimilarityMatrix(itemCount: 3, values: [1, .nan, 2])
    let cases: [(() throws -> Any, String)] = [
      (
        { try representationalSimilarity(of: flat, with: flat) },
        "representationalSimilarity: all dissimilarities of one array are equal"
      ),
      (
        { try representationalSimilarity(of: two, with: two) },
        "representationalSimilarity: 2 samples; at least 3 are needed"
      ),
      (
        { try representationalSimilarity(of: flat, with: broken) },
        "representationalSimilarity: element 1 of array 2 is not finite; remove such samples or find "
          + "their cause"
      ),
      (
        { try dissimilarities(of: [[1, 1], [1, 2]], using: .correlation) },
        "dissimilarities: sample 0 is constant over features and correlates with nothing"
      ),
      (
        { try dissimilarities(of: [[1, 1], [0, 0]], using: .cosine) },
        "dissimilarities: sample 1 is 0 and has no direction"
      ),
    ]
    for (body, message) in cases {
      let error = #expect(throws: MeasureError.self) { try body() }
      #expect(error?.description == message)
    }
  }
}

import Testing
import TestSupport

@testable import GrokMeasures

@Suite struct IntrinsicDimensionTests {
  private static let fixture = SimilarityFixture.self
  private static let points = fixture.matrix("dimension", "points")

  /// Uniform points of a cube, turned into more dimensions.
  private static func cube(_ dimension: Int, count: Int, key: RandomKey) throws -> Matrix<Double> {
    let values: [Double] = key.uniform(count: count * dimension)
    let axes = try QRFactors(
      of: key.fork("axes").normalMatrix(rowCount: 8, columnCount: dimension) as Matrix<Double>
    ).orthogonal
    return Matrix(values: values, rowCount: count, columnCount: dimension)
      .multiplied(by: axes, transposingOther: true)
  }

  @Test(.tags(.golden)) func valuesOfDefinitionsAndPackages() throws {
    let expected = { Self.fixture.number("dimension", $0) }
    let likelihood = try twoNN(of: Self.points)
    #expect(abs(likelihood.dimension.value - expected("likelihood")) < 1e-11)
    let slope = try twoNN(of: Self.points, estimator: .slope(discardedFraction: 0.1))
    #expect(abs(slope.dimension.value - expected("slope 0.1")) < 1e-11)
    // The package counts the empirical distribution from 0 instead of 1/N.
    #expect(abs(slope.dimension.value / expected("skdim twoNN 0.1") - 1) < 0.05)
    let harmonic = try neighborLikelihoodDimension(of: Self.points, neighborCount: 10)
    #expect(abs(harmonic.dimension.value - expected("skdim MLE 10")) < 1e-10)
    let arithmetic = try neighborLikelihoodDimension(
      of: Self.points, neighborCount: 10, averaging: .arithmetic)
    #expect(abs(arithmetic.dimension.value - expected("arithmetic 10")) < 1e-11)
    let scales = try gride(of: Self.points, ranks: [1, 2, 4, 8])
    let values = Self.fixture.numbers("dimension", "gride")
    // The reference minimizes to about the root of the precision.
    #expect(largestDifference(scales.map(\.dimension.value), values) < 1e-6)
    #expect(likelihood.duplicateCount == 0 && likelihood.meanDistance == scales[0].meanDistance)
  }

  @Test(.tags(.statistical), arguments: [1, 2, 5]) func cubesHaveTheirDimension(d: Int) throws {
    let x = try Self.cube(d, count: 800, key: RandomKey(seed: 1).fork(d))
    let results = [
      try twoNN(of: x), try neighborLikelihoodDimension(of: x, neighborCount: 5),
      try gride(of: x, ranks: [2])[0],
    ]
    for result in results {
      // Points near the faces take a few percent off in five dimensions.
      let bias = d == 5 ? 0.08 * Double(d) : 0
      let error = result.dimension.value - Double(d)
      #expect(abs(error) < 4 * result.dimension.standardError + bias)
      #expect(result.dimension.standardError < 0.06 * Double(d))
    }
  }

  @Test(.tags(.law)) func turningScalingAndShiftingChangeNothing() throws {
    let x = try moved(Self.points, key: RandomKey(seed: 2))
    #expect(
      abs(try twoNN(of: x).dimension.value - twoNN(of: Self.points).dimension.value) < 1e-9)
  }

  @Test(.tags(.law)) func rankOneIsTwoNN() throws {
    let scale = try gride(of: Self.points, ranks: [1])[0].dimension
    let two = try twoNN(of: Self.points).dimension
    #expect(abs(scale.value * 119 / 120 - two.value) < 1e-12)
    #expect(abs(scale.standardError - scale.value / 120.0.squareRoot()) < 1e-12)
  }

  @Test func equalSamplesAreCountedAndLeftOut() throws {
    let doubled = Self.points.selectingRows(Array(0..<120) + [5, 7, 7])
    let result = try twoNN(of: doubled)
    let without = try twoNN(of: Self.points)
    #expect(result.duplicateCount == 3)
    #expect(result.dimension == without.dimension)
  }

  @Test func dataWithoutNeighborhoodsAreRefused() {
    let lattice = Matrix<Double>(rows: (0..<4).map { [Double($0 / 2), Double($0 % 2)] })
    let cases: [(() throws -> Any, String)] = [
      (
        { try twoNN(of: lattice) },
        "twoNN: first and second neighbours are equally far, as on a lattice"
      ),
      (
        { try gride(of: lattice, ranks: [1]) },
        "gride: neighbours of ranks 1 and 2 are equally far, as on a lattice"
      ),
      (
        { try twoNN(of: [[1.0], [1], [1], [2]]) },
        "twoNN: only 2 of 4 samples differ from each other; at least 3 are needed"
      ),
      (
        { try twoNN(of: [[1.0], [2]]) }, "twoNN: 2 samples; at least 3 are needed"
      ),
      (
        { try gride(of: lattice, ranks: [2, 1]) },
        "gride: the ranks do not increase from element 0 to 1; sort the records and drop repeated ones"
      ),
      (
        { try neighborLikelihoodDimension(of: lattice, neighborCount: 1) },
        "neighborLikelihoodDimension: the number of neighbours is 1.0; expected at least 2"
      ),
      (
        { try twoNN(of: lattice, estimator: .slope(discardedFraction: 1)) },
        "twoNN: the discarded fraction is 1.0; expected at least 0 and below 1"
      ),
    ]
    for (body, message) in cases {
      let error = #expect(throws: MeasureError.self) { try body() }
      #expect(error?.description == message)
    }
  }
}

import Testing
import TestSupport

@testable import GrokMeasures

@Suite struct ShapeDistancesTests {
  private static let fixture = SimilarityFixture.self

  @Test(.tags(.golden)) func distancesByTheRotationItself() throws {
    let shape = try shapeComparison(of: Self.fixture.x, with: Self.fixture.y)
    let name = "shape"
    #expect(abs(shape.procrustesDistance - Self.fixture.number(name, "procrustes")) < 1e-12)
    #expect(abs(shape.angularDistance - Self.fixture.number(name, "angular")) < 1e-13)
    // The roots of singular kernels are good to the root of the rounding.
    #expect(
      abs(shape.buresSimilarity - Self.fixture.number(name, "fidelity of kernel roots")) < 1e-6)
    let angle = shape.angularDistance
    let cosine = Self.cosine(angle)
    #expect(abs(shape.normalizedProcrustesDistance - (2 - 2 * cosine).squareRoot()) < 1e-14)
  }

  private static func cosine(_ angle: Double) -> Double {
    // By its series, good to 1e-15 for the angles here.
    var (term, sum) = (1.0, 1.0)
    for k in 1...20 {
      term *= -angle * angle / Double((2 * k - 1) * 2 * k)
      sum += term
    }
    return sum
  }

  @Test(.tags(.law)) func aTurnedShapeIsTheSame() throws {
    let x = Self.fixture.x
    let shape = try shapeComparison(of: x, with: try moved(x, key: RandomKey(seed: 1)))
    #expect(abs(shape.buresSimilarity - 1) < 1e-14)
    #expect(shape.angularDistance < 1e-6)
    let turned = x.multiplied(by: try rotation(size: 5, key: RandomKey(seed: 2)))
    #expect(try shapeComparison(of: x, with: turned).procrustesDistance < 1e-5)
  }

  @Test(.tags(.law)) func distancesKeepTheTriangleInequality() throws {
    for draw in 0..<20 {
      let key = RandomKey(seed: 7).fork(draw)
      let shapes = (0..<3).map { index -> Matrix<Double> in
        key.fork(index).normalMatrix(rowCount: 9, columnCount: 2 + index)
      }
      func distances(_ a: Int, _ b: Int) throws -> (Double, Double) {
        let shape = try shapeComparison(of: shapes[a], with: shapes[b])
        return (shape.angularDistance, shape.procrustesDistance)
      }
      let (ab, bc, ac) = (try distances(0, 1), try distances(1, 2), try distances(0, 2))
      #expect(ac.0 <= ab.0 + bc.0 && ac.1 <= ab.1 + bc.1, "draw \(draw)")
    }
  }

  @Test(.tags(.golden)) func coefficientsOfCorrelationBetweenVectors() throws {
    let (x, y) = (Self.fixture.x, Self.fixture.y)
    #expect(abs(try rvCoefficient(of: x, with: y) - Self.fixture.number("rv", "plain")) < 1e-13)
    let modified = try rvCoefficient(of: x, with: y, removingDiagonal: true)
    #expect(abs(modified - Self.fixture.number("rv", "modified")) < 1e-13)
  }

  @Test(.tags(.law)) func theRVCoefficientIsLinearAlignment() throws {
    let (x, y) = (Self.fixture.x, Self.fixture.y)
    #expect(
      abs(try rvCoefficient(of: x, with: y) - centeredKernelAlignment(of: x, with: y)) < 1e-14)
    #expect(abs(try rvCoefficient(of: x, with: x, removingDiagonal: true) - 1) < 1e-13)
  }
}

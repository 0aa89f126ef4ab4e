import Testing
import TestSupport

@testable import GrokMeasures

@Suite struct ManifoldsTests {
  private let activations = Matrix<Float>(rows: [[1, 2], [3, 4], [5, 6], [7, 8], [9, 10]])

  @Test func manifoldsAreTheRowsOfALabel() throws {
    let manifolds = try Manifolds(activations, labels: [7, 3, 7, 3, 7])
    #expect(manifolds.count == 2)
    #expect(manifolds.labels == [3, 7])
    #expect(manifolds.pointCounts == [2, 3])
    #expect(manifolds.featureCount == 2)
    #expect(manifolds.points(of: 0) == Matrix(rows: [[3, 4], [7, 8]]))
    #expect(manifolds.points(of: 1) == Matrix(rows: [[1, 2], [5, 6], [9, 10]]))
  }

  @Test func manifoldsMayComeAsMatrices() throws {
    let manifolds = try Manifolds([[[1.0, 2], [3, 4]], [[5, 6]]])
    #expect(manifolds.labels == [0, 1])
    #expect(manifolds.pointCounts == [2, 1])
    #expect(manifolds.points(of: 1) == Matrix(rows: [[5, 6]]))
  }

  @Test func aLimitKeepsTheSameExamplesInEveryLayer() throws {
    let labels = (0..<60).map { $0 % 3 }
    let key = RandomKey(seed: 1)
    let first = try Manifolds(Matrix<Double>(rows: (0..<60).map { [Double($0)] }), labels: labels)
    let second = try Manifolds(
      Matrix<Double>(rows: (0..<60).map { [Double($0), 0] }), labels: labels)
    let (a, b) = (
      first.limited(toPointCount: 5, key: key), second.limited(toPointCount: 5, key: key)
    )
    #expect(a.pointCounts == [5, 5, 5])
    for manifold in 0..<3 {
      #expect(a.points(of: manifold).column(0) == b.points(of: manifold).column(0))
    }
    #expect(first.limited(toPointCount: 20, key: key).points(of: 2) == first.points(of: 2))
  }

  @Test func refusals() {
    func message(_ body: () throws(MeasureError) -> Manifolds) -> String? {
      do { _ = try body() } catch { return error.description }
      return nil
    }
    #expect(
      message { () throws(MeasureError) in try Manifolds(activations, labels: [0, 1]) }
        == "manifolds: 5 rows cannot be paired with 2; row i of both must belong to one sample")
    #expect(
      message { () throws(MeasureError) in try Manifolds(activations, labels: [1, 1, 1, 1, 1]) }
        == "manifolds: 1 samples; at least 2 are needed")
    #expect(
      message { () throws(MeasureError) in try Manifolds([[[1.0, .nan]], [[1.0, 2]]]) }
        == "manifolds: manifold 0: element (0, 1) is not finite; remove such rows or find their "
        + "cause")
    #expect(
      message { () throws(MeasureError) in try Manifolds([[[1.0, 2]], [[1.0]]]) }
        == "manifolds: manifold 1 has 1 features, manifold 0 has 2; all must lie in one space")
    #expect(
      message { () throws(MeasureError) in try Manifolds([[[1.0]], []]) }
        == "manifolds: manifold 1 has 0 features, manifold 0 has 1; all must lie in one space")
  }
}

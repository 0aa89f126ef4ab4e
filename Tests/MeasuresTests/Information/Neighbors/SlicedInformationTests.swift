import GrokDatasets
import Testing
import TestSupport

@testable import GrokMeasures

@Suite struct SlicedInformationTests {
  private static let key = RandomKey(seed: 12)

  @Test(.tags(.law)) func oneDimensionIsTheInformationItself() throws {
    let sample = try KnownInformation.normal(correlations: [0.7]).sample(count: 200, key: Self.key)
    let sliced = try slicedMutualInformation(
      between: sample.x, and: sample.y, sliceCount: 4, key: Self.key)
    let whole = try mutualInformation(between: sample.x, and: sample.y).value
    #expect(abs(sliced.value - whole) < 1e-12 && sliced.standardError < 1e-12)
  }

  @Test(.tags(.law)) func oneDimensionKnowsOfLabelsWhatItKnows() throws {
    let labels = (0..<200).map { $0 % 3 }
    var values: [Double] = Self.key.normal(count: 200)
    for row in values.indices { values[row] += Double(2 * labels[row]) }
    let x = Matrix(values: values, rowCount: 200, columnCount: 1)
    let sliced = try slicedMutualInformation(
      between: x, andLabels: labels, sliceCount: 4, key: Self.key)
    let whole = try mutualInformation(between: x, andLabels: labels).value
    #expect(whole > 0.3)
    #expect(abs(sliced.value - whole) < 1e-12 && sliced.standardError < 1e-12)
  }

  /// With y = x in d dimensions slices differ; their information averages over angles.
  @Test(.tags(.statistical)) func liesBetweenNothingAndAll() throws {
    let x: Matrix<Double> = Self.key.normalMatrix(rowCount: 300, columnCount: 3)
    let sliced = try slicedMutualInformation(between: x, and: x, sliceCount: 60, key: Self.key)
    // −½ ⟨ln(1 − cos²)⟩ over the sphere, where the cosine is uniform: 1 − ln 2.
    #expect(abs(sliced.value - 0.307) < 4 * sliced.standardError)
    #expect(sliced.sampleCount == 60)
    let noise: Matrix<Double> = Self.key.fork("y").normalMatrix(rowCount: 300, columnCount: 5)
    let none = try slicedMutualInformation(between: x, and: noise, sliceCount: 60, key: Self.key)
    #expect(abs(none.value) < 0.03)
  }

  @Test(.tags(.resume)) func threadsChangeNothing() throws {
    let x: Matrix<Double> = Self.key.normalMatrix(rowCount: 100, columnCount: 3)
    let one = try slicedMutualInformation(between: x, and: x, sliceCount: 9, key: Self.key)
    let workers = Workers(threadCount: 3)
    #expect(
      try slicedMutualInformation(
        between: x, and: x, sliceCount: 9, workers: workers, key: Self.key) == one)
  }

  @Test func messages() throws {
    let x = [[1.0], [2], [4], [8], [9]]
    let error = #expect(throws: MeasureError.self) {
      try slicedMutualInformation(between: x, and: x, sliceCount: 1, key: Self.key)
    }
    #expect(
      error?.description
        == "slicedMutualInformation: the number of slices is 1.0; expected at least 2")
  }
}

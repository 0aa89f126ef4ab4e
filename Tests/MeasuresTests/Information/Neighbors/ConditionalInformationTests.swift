import Testing
import TestSupport

@testable import GrokMeasures

@Suite struct ConditionalInformationTests {
  private static let (x, y, z) = (
    RandomSamples.smooth.matrix(130, 1), RandomSamples.smooth.matrix(130, 2),
    RandomSamples.smooth.matrix(130, 3)
  )

  private static func plain(
    _ x: Matrix<Double>, _ y: Matrix<Double>, _ z: Matrix<Double>, _ k: Int
  ) -> Double {
    let psi = { (number: Int) in GammaFunctions.digamma(Double(number)) }
    let n = x.rowCount
    let spaces = [[x, y, z], [x, z], [y, z], [z]].map { PlainKraskov.distances(joinedColumns($0)) }
    let terms = (0..<n).map { i in
      let others = (0..<n).filter { $0 != i }
      let radius = others.map { spaces[0][i][$0] }.sorted()[k - 1]
      let counts = spaces.dropFirst().map { v in others.count { v[i][$0] < radius } }
      return psi(counts[0] + 1) + psi(counts[1] + 1) - psi(counts[2] + 1)
    }
    return psi(k) - terms.reduce(0, +) / Double(n)
  }

  @Test(.tags(.oracle), arguments: [1, 4]) func equalsTheFormula(k: Int) throws {
    let value = try conditionalMutualInformation(
      between: Self.x, and: Self.y, given: Self.z, neighborCount: k)
    #expect(abs(value.value - Self.plain(Self.x, Self.y, Self.z, k)) < 1e-12)
  }

  /// x → z → y leaves nothing between x and y once z is known.
  @Test(.tags(.statistical)) func chainsAreIndependentGivenTheirMiddle() throws {
    let key = RandomKey(seed: 5)
    let noise: Matrix<Double> = key.normalMatrix(rowCount: 1500, columnCount: 3)
    let x = noise.selectingColumns([0])
    let z = Matrix<Double>(rows: (0..<1500).map { [noise[$0, 0] + noise[$0, 1]] })
    let y = Matrix<Double>(rows: (0..<1500).map { [z[$0, 0] + noise[$0, 2]] })
    let given = try conditionalMutualInformation(between: x, and: y, given: z)
    #expect(abs(given.value) < 4 * (try #require(given.naiveStandardError)))
    #expect(try mutualInformation(between: x, and: y).value > 0.1)
  }

  /// A source that drives the target three steps later.
  @Test(.tags(.statistical)) func transferGoesOneWayAndAtItsDelay() throws {
    let noise: Matrix<Double> = RandomKey(seed: 6).normalMatrix(rowCount: 1200, columnCount: 2)
    let source = noise.selectingColumns([0])
    var values = [0.0, 0, 0]
    for time in 3..<1200 { values.append(0.8 * source[time - 3, 0] + 0.6 * noise[time, 1]) }
    let target = Matrix(values: values, rowCount: 1200, columnCount: 1)
    let there = try transferEntropy(from: source, to: target, delay: 3)
    // −½ ln(1 − 0.8²)
    #expect(abs(there.value - 0.5108) < 5 * (try #require(there.naiveStandardError)))
    #expect(there.sampleCount == 1197)
    for (from, to, delay) in [(target, source, 3), (source, target, 2)] {
      let nothing = try transferEntropy(from: from, to: to, delay: delay)
      #expect(abs(nothing.value) < 0.06)
    }
    let long = try transferEntropy(
      from: source, to: target, sourceLength: 3, targetLength: 2, delay: 1)
    #expect(long.value > 0.2 && long.sampleCount == 1197)
  }

  @Test(.tags(.law)) func transferEntropyIsTheConditionalInformationOfShiftedSeries() throws {
    let (s, t) = (Self.x, Self.y)
    let result = try transferEntropy(from: s, to: t, sourceLength: 2, delay: 2)
    let rows = (first: 3, count: 127)
    func past(_ series: Matrix<Double>, _ lag: Int) -> Matrix<Double> {
      series.selectingRows(rows.first - lag..<rows.first - lag + rows.count)
    }
    let expected = try conditionalMutualInformation(
      between: past(t, 0), and: joinedColumns([past(s, 2), past(s, 3)]), given: past(t, 1))
    #expect(result.value == expected.value)
  }

  @Test func messages() throws {
    let constant = Matrix<Double>(repeating: 1, rowCount: 130, columnCount: 1)
    let cases: [(() throws -> Any, String)] = [
      (
        {
          try conditionalMutualInformation(between: Self.x, and: Self.y, given: [[1.0], [2]])
        },
        "conditionalMutualInformation: 130 rows cannot be paired with 2; row i of both must belong to one sample"
      ),
      (
        { try conditionalMutualInformation(between: constant, and: constant, given: constant) },
        "conditionalMutualInformation: every sample equals at least 3 others; add jitter"
      ),
      (
        { try transferEntropy(from: Self.x, to: Self.y, delay: 0) },
        "transferEntropy: the delay is 0.0; expected at least 1"
      ),
      (
        { try transferEntropy(from: Self.x, to: Self.y, targetLength: 128) },
        "transferEntropy: 130 samples; at least 132 are needed"
      ),
    ]
    for (body, message) in cases {
      let error = #expect(throws: MeasureError.self) { try body() }
      #expect(error?.description == message)
    }
  }
}

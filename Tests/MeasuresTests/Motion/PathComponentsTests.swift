import Foundation
import Testing
import TestSupport

@testable import GrokMeasures

@Suite struct PathComponentsTests {
  @Test(.tags(.law)) func aLineHasOne() throws {
    let found = try pathComponents(of: Paths.line(stepCount: 10))
    #expect(abs(found.fractions[0] - 1) < 1e-14 && abs(found.participationRatio - 1) < 1e-13)
    #expect(found.scores.columnCount == 1)
    for t in 0...10 { #expect(abs(found.scores[t, 0] - 0.75 * Double(t - 5)) < 1e-13) }
  }

  /// Wide and tall paths take different ways to the same answer.
  @Test(.tags(.oracle)) func bothGramsAgree() throws {
    let path = randomWalk(stepCount: 12, dimension: 6, key: RandomKey(seed: 16))
    let narrow = try pathComponents(of: path, count: 3)
    // The same path with columns of zeros has more columns than records.
    let wide = Matrix(rows: (0...12).map { Array(path.row($0)) + Array(repeating: 0, count: 20) })
    let other = try pathComponents(of: wide, count: 3)
    for k in 0..<6 { #expect(abs(narrow.fractions[k] - other.fractions[k]) < 1e-14) }
    for (a, b) in zip(narrow.scores.values, other.scores.values) { #expect(abs(a - b) < 1e-12) }
    #expect(abs(narrow.totalVariation - other.totalVariation) < 1e-11)
    // Scores are centred, orthogonal, and have the variances that the fractions say.
    let gram = narrow.scores.columnGram
    for i in 0..<3 {
      #expect(abs(narrow.scores.column(i).reduce(0, +)) < 1e-12)
      for j in 0..<3 {
        let expected = i == j ? narrow.fractions[i] * narrow.totalVariation : 0
        #expect(abs(gram[i, j] - expected) < 1e-11)
      }
    }
  }

  /// The exact null of T records is the spectrum of the centred walk, and its limit 6/(π²k²).
  @Test(.tags(.law)) func theNullIsTheSpectrumOfAWalk() throws {
    let count = 30
    // The covariance of places of a walk is min(s, t); centred on both sides.
    var covariance = Matrix(
      rows: (0..<count).map { s in (0..<count).map { Double(min(s, $0)) } })
    let rowMeans = (0..<count).map { covariance.row($0).reduce(0, +) / Double(count) }
    let all = rowMeans.reduce(0, +) / Double(count)
    for s in 0..<count {
      for t in 0..<count { covariance[s, t] += all - rowMeans[s] - rowMeans[t] }
    }
    let values = Array(try symmetricEigenvalues(of: covariance).reversed())
    let sum = values.reduce(0, +)
    for k in 1..<count {
      let expected = randomWalkFraction(ofComponent: k, recordCount: count)
      #expect(abs(values[k - 1] / sum - expected) < 1e-14)
    }
    #expect(randomWalkFraction(ofComponent: count, recordCount: count) == 0)
    #expect(abs(randomWalkFraction(ofComponent: 1) - 0.6079) < 1e-4)
    let many = randomWalkFraction(ofComponent: 2, recordCount: 100_000)
    #expect(abs(many / randomWalkFraction(ofComponent: 2) - 1) < 1e-8)
  }

  @Test(.tags(.statistical)) func aRandomWalkHasTheFractionsOfTheNull() throws {
    let walk = randomWalk(stepCount: 99, dimension: 10_000, key: RandomKey(seed: 17))
    let found = try pathComponents(of: walk, count: 2)
    for k in 1...3 {
      let expected = randomWalkFraction(ofComponent: k, recordCount: 100)
      #expect(abs(found.fractions[k - 1] / expected - 1) < 0.05, "\(k)")
    }
    #expect(abs(found.participationRatio - 2.5) < 0.1)
    // The first score is half a cosine.
    let scale = found.scores[99, 0] / cos(.pi * 99.5 / 100)
    for t in stride(from: 0, to: 100, by: 7) {
      let expected = scale * cos(.pi * (Double(t) + 0.5) / 100)
      #expect(abs(found.scores[t, 0] - expected) < 0.05 * abs(scale))
    }
  }

  @Test func refusals() {
    func message(_ path: Matrix<Double>, _ count: Int = 2) -> String? {
      #expect(throws: MeasureError.self) { try pathComponents(of: path, count: count) }?
        .description
    }
    #expect(
      message(Matrix(rowCount: 1, columnCount: 3))
        == "pathComponents: 1 samples; at least 2 are needed")
    #expect(
      message(Matrix(repeating: 0.1, rowCount: 7, columnCount: 3))
        == "pathComponents: the path does not move")
    #expect(
      message(Paths.line(stepCount: 3), 0) == "pathComponents: count is 0.0; expected at least 1")
  }
}

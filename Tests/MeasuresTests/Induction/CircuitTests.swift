import Foundation
import TestSupport
import Testing

@testable import GrokMeasures

@Suite struct CircuitTests {
  private static let (width, headWidth) = (12, 3)

  private static func matrix(_ name: String, _ rows: Int, _ columns: Int, seed: Int) -> Matrix<
    Double
  > {
    Matrix(
      values: RandomKey(seed: 9).fork(name).fork(seed).normal(count: rows * columns),
      rowCount: rows, columnCount: columns)
  }

  private static func head(_ seed: Int, layer: Int = 0) throws -> HeadWeights {
    try HeadWeights(
      layer: layer, head: 0, queries: matrix("q", headWidth, width, seed: seed),
      keys: matrix("k", headWidth, width, seed: seed),
      values: matrix("v", headWidth, width, seed: seed),
      output: matrix("o", width, headWidth, seed: seed))
  }

  private static func norm(_ matrix: Matrix<Double>) -> Double {
    matrix.values.reduce(0) { $0 + $1 * $1 }.squareRoot()
  }

  @Test(.tags(.oracle)) func changeEqualsThatOfTheProducts() throws {
    let (first, second) = (try Self.head(1), try Self.head(2))
    func circuits(_ head: HeadWeights) -> (Matrix<Double>, Matrix<Double>) {
      (
        head.queries.multiplied(by: head.keys, transposingSelf: true),
        head.output.multiplied(by: head.values)
      )
    }
    let found = try circuitChange(from: first, to: second)
    let (before, after) = (circuits(first), circuits(second))
    func distance(_ x: Matrix<Double>, _ y: Matrix<Double>) -> Double {
      zip(x.values, y.values).reduce(0) { $0 + pow($1.0 - $1.1, 2) }.squareRoot()
    }
    #expect(abs(found.queryKey - distance(before.0, after.0)) < 1e-12)
    #expect(abs(found.valueOutput - distance(before.1, after.1)) < 1e-12)
    #expect(found.perToken(4).queryKey == found.queryKey / 4)
    #expect(found.squaredSpeed(tokenCount: 4) == found.squaredDisplacement / 16)
    let relative = found.queryKey / ((Self.norm(before.0) + Self.norm(after.0)) / 2)
    #expect(abs((found.relativeQueryKey ?? 0) - relative) < 1e-12)
  }

  /// Turning queries and keys together, and values against the output, moves weights and no circuit.
  @Test(.tags(.law)) func rotationsAreNoChange() throws {
    let head = try Self.head(3)
    let turn = try QRFactors(of: Self.matrix("turn", 3, 3, seed: 0)).orthogonal
    let turned = try HeadWeights(
      layer: 0, head: 0, queries: turn.multiplied(by: head.queries),
      keys: turn.multiplied(by: head.keys), values: turn.multiplied(by: head.values),
      output: head.output.multiplied(by: turn, transposingOther: true))
    let change = try circuitChange(from: head, to: turned)
    #expect(change.squaredDisplacement > 1)
    #expect(change.queryKey < 1e-13 * Self.norm(head.queries) * Self.norm(head.keys))
    #expect(change.valueOutput < 1e-13 * Self.norm(head.values) * Self.norm(head.output))
    let still = try circuitChange(from: head, to: head)
    #expect(still.squaredDisplacement == 0 && still.queryKey < 1e-13)
  }

  @Test(.tags(.oracle)) func compositionEqualsThatOfTheProducts() throws {
    let (earlier, later) = (try Self.head(4), try Self.head(5, layer: 1))
    let scores = later.queries.multiplied(by: later.keys, transposingSelf: true)
    let writes = earlier.output.multiplied(by: earlier.values)
    let laterWrites = later.output.multiplied(by: later.values)
    let found = try composition(of: later, with: earlier)
    let size = Self.norm(scores) * Self.norm(writes)
    #expect(abs(found.keys - Self.norm(scores.multiplied(by: writes)) / size) < 1e-13)
    #expect(
      abs(found.queries - Self.norm(scores.multiplied(by: writes, transposingSelf: true)) / size)
        < 1e-13)
    #expect(
      abs(
        found.values - Self.norm(laterWrites.multiplied(by: writes))
          / (Self.norm(laterWrites) * Self.norm(writes))) < 1e-13)
    let baseline = try randomComposition(
      width: Self.width, headWidth: Self.headWidth, drawCount: 200, key: RandomKey(seed: 1))
    // Three directions of twelve, drawn at random.
    #expect(abs(baseline.keys - 1 / 12.0.squareRoot()) < 0.03)
    #expect(abs(found.above(baseline).keys - (found.keys - baseline.keys)) < 1e-15)
  }

  @Test(.tags(.oracle)) func tracesAndEigenvaluesEqualThoseOfTheProducts() throws {
    let (earlier, later) = (try Self.head(6), try Self.head(7, layer: 1))
    let embedding = Self.matrix("e", Self.width, 8, seed: 0)
    let unembedding = Self.matrix("u", Self.width, 8, seed: 0)
    let scores = later.queries.multiplied(by: later.keys, transposingSelf: true)
    let writes = earlier.output.multiplied(by: earlier.values)
    let tokens = embedding.multiplied(by: scores, transposingSelf: true)
      .multiplied(by: writes).multiplied(by: embedding)
    let trace = try previousTokenTrace(
      of: later, earlier: [(earlier, 0.5)], embedding: embedding)
    #expect(abs(trace - 0.5 * tokens.diagonal.reduce(0, +)) < 1e-10)

    let copies = unembedding.multiplied(by: later.output, transposingSelf: true)
      .multiplied(by: later.values).multiplied(by: embedding)
    let values = try generalEigenvalues(of: copies)
    let expected =
      values.reduce(0) { $0 + $1.real } / values.reduce(0) { $0 + $1.magnitude }
    let score = try copyingEigenvalueScore(
      of: later, embedding: embedding, unembedding: unembedding)
    #expect(abs(score - expected) < 1e-10)
    // A head that writes what it reads.
    let copier = try HeadWeights(
      layer: 1, head: 0, queries: later.queries, keys: later.keys, values: later.values,
      output: later.values.transposed)
    #expect(
      try abs(copyingEigenvalueScore(of: copier, embedding: embedding, unembedding: embedding) - 1)
        < 1e-12)
  }

  @Test(.tags(.law)) func copyingOfKnownContributions() throws {
    let sequences = try PatternFixture.sequences()
    let tokens = PatternFixture.tokens
    /// The head raises one token at each query.
    func score(_ raised: (Int) -> Int) throws -> Double? {
      var contributions = Matrix<Double>(rowCount: 12, columnCount: 8)
      for query in 0..<12 { contributions[query, raised(query)] = 2 }
      return try sequences.copying(sequence: 0, head: 1, contributions: contributions)
    }
    // The previous-token head: raising what it sees, of which up to three copies lie before.
    let right = try #require(try score { tokens[max(0, $0 - 1)] })
    #expect(right > 0 && right < 1)
    #expect(try score { tokens[$0 == 0 ? 2 : $0] } == -1)
    #expect(try score { _ in 6 } == nil)
  }

  @Test func messages() throws {
    let head = try Self.head(1)
    func message(_ body: () throws -> Void) -> String {
      do {
        try body()
        return ""
      } catch { return "\(error)" }
    }
    #expect(
      message {
        _ = try HeadWeights(
          layer: 0, head: 0, queries: head.queries, keys: head.queries, values: head.output,
          output: head.output)
      }
        == "HeadWeights: the number of weights is 36.0; expected [3, 12] for each of W_Q, W_K, W_V and, "
        + "transposed, W_O")
    #expect(
      message {
        _ = try previousTokenTrace(
          of: head, earlier: [], embedding: Matrix(rowCount: 12, columnCount: 2))
      } == "previousTokenTrace: a head of the first layer has none before it")
    let zero = try HeadWeights(
      layer: 0, head: 0, queries: Matrix(rowCount: 3, columnCount: 12), keys: head.keys,
      values: head.values, output: head.output)
    #expect(
      message { _ = try composition(of: zero, with: head) } == "composition: a circuit is 0")
  }
}

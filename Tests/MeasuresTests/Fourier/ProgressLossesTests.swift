import Foundation
import TestSupport
import Testing

@testable import GrokMeasures

@Suite struct ProgressLossesTests {
  /// log Σ exp x − x[answer] the plain way.
  private static func meanLoss(
    _ logits: Matrix<Double>, modulus: Int, of pairs: [Int]
  ) -> Double {
    let losses = pairs.map { pair in
      let row = logits.row(pair)
      let largest = row.max() ?? 0
      let sum = row.reduce(0) { $0 + exp($1 - largest) }
      return log(sum) + largest - logits[pair, (pair / modulus + pair % modulus) % modulus]
    }
    return losses.reduce(0, +) / Double(pairs.count)
  }

  @Test(.tags(.oracle), arguments: [7, 8])
  func lossesEqualPlainLoops(modulus: Int) throws {
    let pairs = modulus * modulus
    let task = try CyclicTask(modulus: modulus)
    let trained = CyclicFixture.trained(pairs)
    let others = (0..<pairs).filter { !trained.contains($0) }
    let logits = try CyclicLogits(
      CyclicFixture.random(modulus).map { 3 * $0 }, task: task, trainedPairs: trained)
    let key = [1, modulus / 2]
    let found = try logits.progressLosses(keyFrequencies: key)
    func expect(
      _ values: SplitValues, _ changed: Matrix<Double>, _ name: Comment
    ) throws {
      let all = Self.meanLoss(changed, modulus: modulus, of: Array(0..<pairs))
      #expect(abs(values.all - all) < 1e-12, name)
      #expect(
        abs(try #require(values.train) - Self.meanLoss(changed, modulus: modulus, of: trained))
          < 1e-12, name)
      #expect(
        abs(try #require(values.test) - Self.meanLoss(changed, modulus: modulus, of: others))
          < 1e-12, name)
    }
    func less(_ part: Matrix<Double>) -> Matrix<Double> {
      Matrix(
        values: zip(logits.values.values, part.values).map { $0 - $1 }, rowCount: pairs,
        columnCount: modulus)
    }
    try expect(found.full, logits.values, "full")
    let kept = try logits.projection(onto: key)
    try expect(found.excluded, less(kept), "excluded")
    // Restricted and excluded logits add up to the logits and their mean over pairs.
    var restricted = kept
    for column in 0..<modulus {
      let mean = logits.values.column(column).reduce(0, +) / Double(pairs)
      for pair in 0..<pairs { restricted[pair, column] += mean }
    }
    try expect(found.restricted, restricted, "restricted")
    for frequency in 1...modulus / 2 {
      try expect(
        found.excludedByFrequency[frequency - 1], less(logits.projection(onto: [frequency])),
        "without \(frequency)")
      let cosines = cosinePart(logits, [frequency])
      try expect(
        found.excludedCosineByFrequency[frequency - 1], less(cosines),
        "without the cosine of \(frequency)")
    }
    try expect(found.excludedCosines, less(cosinePart(logits, key)), "without cosines")
    try expect(found.blocks, try blockPart(logits, key), "blocks")
  }

  /// Σ C_k C_kᵀ L by loops over pairs and answers.
  private func cosinePart(_ logits: CyclicLogits, _ frequencies: [Int]) -> Matrix<Double> {
    let p = logits.period
    var result = Matrix<Double>(rowCount: p * p, columnCount: p)
    for frequency in frequencies {
      let unit = (0..<p * p * p).map { index in
        let (a, b, c) = (index / p / p, index / p % p, index % p)
        return cos(2 * .pi * Double(frequency * (a + b - c)) / Double(p))
      }
      let scale = dot(unit, logits.values.values) / dot(unit, unit)
      for index in unit.indices { result[index / p, index % p] += scale * unit[index] }
    }
    return result
  }

  /// The constant and the blocks {1, cos, sin}² of the two-dimensional spectrum, and back.
  private func blockPart(_ logits: CyclicLogits, _ frequencies: [Int]) throws -> Matrix<Double> {
    let p = logits.period
    let basis = try FourierBasis(period: p)
    var spectrum = try basis.gridCoefficients(of: logits.values)
    for i in 0..<p {
      for j in 0..<p {
        let isKept = frequencies.contains { frequency in
          let rows = basis.rows(of: frequency)
          return (i == 0 || rows.contains(i)) && (j == 0 || rows.contains(j))
        }
        if !isKept { for column in 0..<p { spectrum[i * p + j, column] = 0 } }
      }
    }
    var result = Matrix<Double>(rowCount: p * p, columnCount: p)
    for column in 0..<p {
      let block = Matrix(values: spectrum.column(column), rowCount: p, columnCount: p)
      let back = basis.matrix.multiplied(by: block, transposingSelf: true)
        .multiplied(by: basis.matrix)
      for pair in 0..<p * p { result[pair, column] = back.values[pair] }
    }
    return result
  }

  @Test(.tags(.oracle), arguments: [1.0, 60, 2_000])
  func productsEqualRowByRow(scale: Double) throws {
    let logits = try CyclicLogits(
      CyclicFixture.random(9).map { scale * $0 }, task: CyclicTask(modulus: 9),
      trainedPairs: CyclicFixture.trained(81))
    let tables = (1...4).map { logits.sumTable(of: [$0]) }
    let workers = Workers(threadCount: 2)
    let fast = try logits.losses(without: tables, workers: workers)
    #expect(fast == (try logits.losses(without: tables, workers: nil)))
    for (table, found) in zip(tables, fast) {
      let plain = try logits.plainLoss(without: table)
      #expect(abs(found.all - plain.all) <= 1e-13 * (scale + plain.all))
      #expect(abs((found.train ?? .nan) - (plain.train ?? .nan)) <= 1e-13 * (scale + plain.all))
    }
  }

  @Test(.tags(.law)) func smallLossesKeepTheirDigits() throws {
    // 12 wrong answers, each e^-37 of the right one: far below the spacing of numbers near 1.
    var logits = Matrix<Double>(rowCount: 169, columnCount: 13)
    for pair in 0..<169 { logits[pair, (pair / 13 + pair % 13) % 13] = 37 }
    let found = try CyclicLogits(logits, task: CyclicTask(modulus: 13))
      .progressLosses(keyFrequencies: Array(1...6))
    #expect(abs(found.full.all / (12 * exp(-37)) - 1) < 1e-12)
    #expect(abs(found.restricted.all / (12 * exp(-37)) - 1) < 1e-10)
  }

  @Test func withoutTrainedPairsThereAreNoParts() throws {
    let logits = try CyclicLogits(CyclicFixture.random(5), task: CyclicTask(modulus: 5))
    let found = try logits.progressLosses(keyFrequencies: [])
    #expect(found.full.train == nil && found.full.test == nil && found.testToRestricted == nil)
    // No key frequency: nothing is removed.
    #expect(abs(found.excluded.all - found.full.all) < 1e-13)
    let trained = try CyclicLogits(
      CyclicFixture.random(5), task: CyclicTask(modulus: 5), trainedPairs: Array(0..<25))
    let all = try trained.progressLosses(keyFrequencies: [1])
    #expect(all.full.train == all.full.all && all.full.test == nil)
  }

  @Test func messages() throws {
    let logits = try CyclicLogits(CyclicFixture.random(5), task: CyclicTask(modulus: 5))
    for wrong in [[3], [0], [1, 1]] {
      #expect {
        _ = try logits.progressLosses(keyFrequencies: wrong)
      } throws: {
        "\($0)" == "progressLosses: a key frequency is \(Double(wrong.last ?? 0)); expected "
          + "different ones in 1 to 2"
      }
    }
    #expect {
      _ = try CyclicLogits(
        CyclicFixture.random(5), task: CyclicTask(modulus: 5), trainedPairs: [25])
    } throws: {
      "\($0)" == "CyclicLogits: a trained pair is 25.0; expected 0 to 24"
    }
    #expect {
      _ = try CyclicLogits(CyclicFixture.random(5), task: CyclicTask(modulus: 7))
    } throws: {
      "\($0)"
        == "CyclicLogits: 25 rows cannot be paired with 49; row i of both must belong to one sample"
    }
  }
}

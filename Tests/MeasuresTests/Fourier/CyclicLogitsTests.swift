import Foundation
import TestSupport
import Testing

@testable import GrokMeasures

/// Logits on all pairs of small cyclic tasks.
enum CyclicFixture {
  /// Normal logits `[p², p + 1]`; the last column is that of "=".
  static func random(_ modulus: Int, seed: UInt64 = 1) -> Matrix<Double> {
    let count = modulus * modulus * (modulus + 1)
    return Matrix(
      values: RandomKey(seed: seed).normal(count: count), rowCount: modulus * modulus,
      columnCount: modulus + 1)
  }

  /// Every third pair.
  static func trained(_ count: Int) -> [Int] { Array(stride(from: 0, to: count, by: 3)) }

  /// Σ amplitude cos(2πk (a + b − c)/p), with answers at c = a + b.
  static func cosines(_ modulus: Int, _ amplitudes: [Int: Double]) -> Matrix<Double> {
    var result = Matrix<Double>(rowCount: modulus * modulus, columnCount: modulus)
    for a in 0..<modulus {
      for b in 0..<modulus {
        for c in 0..<modulus {
          for (frequency, amplitude) in amplitudes {
            let angle = 2 * Double.pi * Double(frequency * (a + b - c)) / Double(modulus)
            result[a * modulus + b, c] += amplitude * cos(angle)
          }
        }
      }
    }
    return result
  }
}

private func largestDifference(_ x: Matrix<Double>, _ y: Matrix<Double>) -> Double {
  zip(x.values, y.values).reduce(0) { max($0, abs($1.0 - $1.1)) }
}

@Suite struct CyclicLogitsTests {
  /// The same as all products of basis functions, put together by frequency.
  @Test(.tags(.oracle), arguments: [7, 8])
  func gridSpectrumIsThatOfAllProducts(modulus: Int) throws {
    let task = try CyclicTask(modulus: modulus)
    let logits = try CyclicLogits(CyclicFixture.random(modulus), task: task)
    let spectrum = logits.gridSpectrum()
    let basis = try FourierBasis(period: modulus)
    let products = try basis.gridCoefficients(of: logits.values)
    func rows(_ frequency: Int) -> Range<Int> { frequency == 0 ? 0..<1 : basis.rows(of: frequency) }
    for i in 0...modulus / 2 {
      for j in 0...modulus / 2 {
        let square = rows(i).reduce(0.0) { sum, row in
          rows(j).reduce(sum) { sum, column in
            products.row(row * modulus + column).reduce(sum) { $0 + $1 * $1 }
          }
        }
        #expect(abs(spectrum[i, j] - square.squareRoot()) < 1e-12 * (1 + square))
      }
    }
    let squares = spectrum.values.reduce(0) { $0 + $1 * $1 }
    let norm = logits.values.values.reduce(0) { $0 + $1 * $1 }
    #expect(abs(squares / norm - 1) < 1e-12)
  }

  /// Logits cos w (a + b − c) are on the diagonal alone: of norm √(p³/2) for amplitude 1.
  @Test(.tags(.law)) func sumsAreOnTheDiagonal() throws {
    let logits = try CyclicLogits(
      CyclicFixture.cosines(11, [2: 1, 4: 3]), task: CyclicTask(modulus: 11))
    let spectrum = logits.gridSpectrum()
    let unit = (11.0 * 11 * 11 / 2).squareRoot()
    for i in 0...5 {
      for j in 0...5 {
        let expected = i != j ? 0 : i == 2 ? unit : i == 4 ? 3 * unit : 0
        #expect(abs(spectrum[i, j] - expected) < 1e-10)
      }
    }
  }

  @Test(.tags(.law), arguments: [7, 8, 11])
  func projectionsAreIdempotentAndOrthogonal(modulus: Int) throws {
    let task = try CyclicTask(modulus: modulus)
    let logits = try CyclicLogits(CyclicFixture.random(modulus), task: task)
    for frequency in 1...modulus / 2 {
      let once = try logits.projection(onto: [frequency])
      let again = try CyclicLogits(once, task: task)
      #expect(largestDifference(try again.projection(onto: [frequency]), once) < 1e-13)
      for other in 1...modulus / 2 where other != frequency {
        #expect(try again.projection(onto: [other]).values.allSatisfy { abs($0) < 1e-13 })
      }
      // A projection is orthogonal: what it leaves has no product with it.
      let inner = zip(once.values, logits.values.values).reduce(0) { $0 + $1.0 * ($1.1 - $1.0) }
      #expect(abs(inner) < 1e-10)
    }
  }

  @Test(.tags(.oracle), arguments: [7, 8])
  func projectionEqualsItsDefinition(modulus: Int) throws {
    let logits = try CyclicLogits(
      CyclicFixture.random(modulus), task: CyclicTask(modulus: modulus))
    let basis = try FourierBasis(period: modulus)
    let pairs = modulus * modulus
    for frequency in 1...modulus / 2 {
      let rows = basis.rows(of: frequency)
      let cosine = Array(basis.matrix.row(rows.lowerBound))
      var directions: [[Double]] = []
      if rows.count == 1 {
        directions = [(0..<pairs).map { cosine[$0 / modulus] * cosine[$0 % modulus] }]
      } else {
        let sine = Array(basis.matrix.row(rows.lowerBound + 1))
        directions = [
          (0..<pairs).map {
            let (a, b) = ($0 / modulus, $0 % modulus)
            return (cosine[a] * cosine[b] - sine[a] * sine[b]) / 2.0.squareRoot()
          },
          (0..<pairs).map {
            let (a, b) = ($0 / modulus, $0 % modulus)
            return (sine[a] * cosine[b] + cosine[a] * sine[b]) / 2.0.squareRoot()
          },
        ]
      }
      let found = try logits.projection(onto: [frequency])
      for column in 0..<modulus {
        let values = logits.values.column(column)
        for pair in 0..<pairs {
          let expected = directions.reduce(0) { $0 + dot($1, values) * $1[pair] }
          #expect(abs(found[pair, column] - expected) < 1e-13)
        }
      }
    }
  }

  @Test(.tags(.law), arguments: [(13, 6), (13, 1), (12, 6), (12, 5)])
  func handMadeLogitsHaveOneKeyFrequency(modulus: Int, frequency: Int) throws {
    let logits = try CyclicLogits(
      CyclicFixture.cosines(modulus, [frequency: 20]), task: CyclicTask(modulus: modulus))
    let spectrum = try logits.frequencies()
    let key = try keyFrequencies(by: .logits(), logits: spectrum)
    #expect(key.frequencies == [frequency])
    #expect(abs(spectrum.explained[frequency - 1] - 1) < 1e-12)
    #expect(abs(spectrum.cosineAmplitudes[frequency - 1] - 20) < 1e-10)
    #expect(abs(spectrum.cosineExplained[frequency - 1] - 1) < 1e-12)
    #expect(spectrum.cosineResidual < 1e-7)
    let losses = try logits.progressLosses(keyFrequencies: key.frequencies)
    #expect(abs(losses.restricted.all - losses.full.all) < 1e-12)
    #expect(losses.restrictedAccuracy == losses.accuracy)
    // Without it nothing is known.
    #expect(abs(losses.excluded.all - log(Double(modulus))) < 1e-10)
    #expect(abs(losses.excludedCosines.all - log(Double(modulus))) < 1e-10)
  }

  @Test(.tags(.law)) func frequenciesAddUp() throws {
    let logits = try CyclicLogits(
      CyclicFixture.cosines(13, [2: 3, 6: 5]), task: CyclicTask(modulus: 13))
    let spectrum = try logits.frequencies()
    #expect(abs(spectrum.explained[1] - 9.0 / 34) < 1e-12)
    #expect(abs(spectrum.explained[5] - 25.0 / 34) < 1e-12)
    #expect(spectrum.explained.reduce(0, +) <= 1 + 1e-12)
    #expect(try keyFrequencies(by: .logits(share: 0.5), logits: spectrum).frequencies == [6])
  }

  /// The same network under the names of another task has the same losses.
  @Test(.tags(.law), arguments: [CyclicTask.Operation.subtraction, .multiplication, .division])
  func otherTasksAreAdditionUnderOtherNames(operation: CyclicTask.Operation) throws {
    let task = try CyclicTask(operation, modulus: 11)
    let n = task.period
    let source = CyclicFixture.cosines(n, [2: 4, n / 2: 1])
    // Rows and columns that the cycle has no place for hold noise.
    var logits = Matrix<Double>(
      values: RandomKey(seed: 5).normal(count: task.pairCount * 12), rowCount: task.pairCount,
      columnCount: 12)
    for (place, row) in task.pairRows.enumerated() {
      for (column, answer) in task.answers.enumerated() {
        logits[row, answer] = source[place, column]
      }
    }
    let isLogarithm = task.root != nil
    let (first, second) = (3, 7)
    let (a, b) = (task.answers[first], task.answers[second])
    let row = task.pairRows[first * n + second]
    let answer = task.answers[(first + second) % n]
    switch operation {
    case .multiplication: #expect(row == a * 11 + b && answer == a * b % 11)
    case .division: #expect(row / 10 == a && answer * (row % 10 + 1) % 11 == a)
    default: #expect(row / 11 == a && (a - row % 11 + 11) % 11 == answer)
    }
    #expect(n == (isLogarithm ? 10 : 11))
    let plain = try CyclicLogits(source, task: CyclicTask(modulus: n))
    let arranged = try CyclicLogits(logits, task: task)
    #expect(arranged.values == plain.values)
    #expect(
      try arranged.progressLosses(keyFrequencies: [2])
        == plain.progressLosses(keyFrequencies: [2]))
  }
}

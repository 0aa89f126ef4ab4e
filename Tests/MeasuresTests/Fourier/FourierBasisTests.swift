import Foundation
import TestSupport
import Testing

@testable import GrokMeasures

@Suite struct FourierBasisTests {
  @Test(.tags(.law), arguments: [3, 4, 7, 12, 13])
  func rowsAreOrthonormal(period: Int) throws {
    let basis = try FourierBasis(period: period)
    let gram = basis.matrix.rowGram
    for row in 0..<period {
      for column in 0..<period {
        #expect(abs(gram[row, column] - (row == column ? 1 : 0)) < 1e-14)
      }
    }
    // Every row but the constant belongs to one frequency.
    #expect(basis.frequencies.flatMap { Array(basis.rows(of: $0)) } == Array(1..<period))
    #expect(basis.frequencies.upperBound == period / 2)
  }

  @Test(.tags(.law)) func gridCoefficientsAreThoseOfBothAxes() throws {
    let basis = try FourierBasis(period: 5)
    let columns = RandomSamples.smooth.matrix(25, 2)
    let found = try basis.gridCoefficients(of: columns)
    for column in 0..<2 {
      let grid = Matrix(values: columns.column(column), rowCount: 5, columnCount: 5)
      let expected = basis.matrix.multiplied(by: grid).multiplied(
        by: basis.matrix, transposingOther: true)
      for index in 0..<25 {
        #expect(abs(found[index, column] - expected.values[index]) < 1e-13)
      }
    }
  }

  @Test(.tags(.law)) func aCosineHasOneFrequencyAlsoTheLast() throws {
    for (period, frequency) in [(13, 6), (12, 6), (12, 5), (7, 1)] {
      let wave = (0..<period).map { cos(2 * .pi * Double(frequency * $0) / Double(period)) }
      let spectrum = try FourierSpectrum(
        of: Matrix(values: wave, rowCount: period, columnCount: 1),
        basis: FourierBasis(period: period))
      let shares = try #require(spectrum.shares)
      #expect(abs(shares[frequency - 1] - 1) < 1e-12)
      let count = Double(period / 2)
      #expect(abs(try #require(spectrum.frequencySparsity) - (1 - 1 / count)) < 1e-12)
    }
  }

  @Test(.tags(.law)) func giniCoefficientOfKnownShares() throws {
    #expect(try abs(giniCoefficient(of: [1, 1, 1, 1])) < 1e-15)
    #expect(try abs(giniCoefficient(of: [0, 0, 3, 0]) - 0.75) < 1e-15)
    // Half of the mean absolute difference over the mean: (1 + 2 + 1 + 3 + 2 + 1) · 2/16/2/2.5.
    #expect(try abs(giniCoefficient(of: [4, 1, 3, 2]) - 0.25) < 1e-15)
  }

  @Test func messages() {
    func message(_ body: () throws -> Void) -> String {
      do {
        try body()
        return ""
      } catch { return "\(error)" }
    }
    #expect(
      message { _ = try FourierBasis(period: 2) }
        == "FourierBasis: period is 2.0; expected at least 3")
    #expect(
      message { _ = try FourierBasis(period: 5).coefficients(of: [[1], [2]]) }
        == "FourierBasis: 2 rows cannot be paired with 5; row i of both must belong to one sample")
    #expect(
      message { _ = try giniCoefficient(of: [0, 0]) } == "giniCoefficient: all values are 0")
    #expect(
      message { _ = try giniCoefficient(of: [1, -1]) }
        == "giniCoefficient: a value is -1.0; expected at least 0")
    #expect(
      message { _ = try CyclicTask(.multiplication, modulus: 9) }
        == "CyclicTask: modulus is 9.0; expected a prime of at least 5 for multiplication")
    #expect(
      message { _ = try keyFrequencies(by: .anyNeuron) }
        == "keyFrequencies: this rule needs the frequencies of neurons")
    #expect(
      message { _ = try keyFrequencies(by: .logits(share: 2)) }
        == "keyFrequencies: this rule needs the frequencies of the logits")
    #expect(
      message {
        _ = try CyclicLogits(
          Matrix<Double>(rowCount: 9, columnCount: 2), task: CyclicTask(modulus: 3))
      } == "CyclicLogits: the number of logits is 2.0; expected at least 3, one for each number")
  }
}

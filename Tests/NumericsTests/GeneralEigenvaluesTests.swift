import TestSupport
import Testing

@testable import GrokNumerics

@Suite struct GeneralEigenvaluesTests {
  @Test(.tags(.law)) func turningHasComplexEigenvalues() throws {
    let turn = Matrix<Double>(rows: [[0.6, -0.8, 0], [0.8, 0.6, 0], [0, 0, -3]])
    let values = try generalEigenvalues(of: turn).sorted { $0.real < $1.real }
    #expect(abs(values[0].real + 3) < 1e-14 && values[0].imaginary == 0)
    for value in values[1...] {
      #expect(abs(value.real - 0.6) < 1e-14 && abs(value.magnitude - 1) < 1e-14)
    }
    #expect(abs(values[1].imaginary + values[2].imaginary) < 1e-15)
    #expect(ComplexValue<Float>(real: 3e30, imaginary: 4e30).magnitude == 5e30)
  }

  @Test(.tags(.law)) func symmetricOnesAreThoseOfTheSymmetricDecomposition() throws {
    let matrix = RandomSamples.smooth.matrix(7, 5).columnGram
    let values = try generalEigenvalues(of: matrix).map(\.real).sorted()
    for (found, expected) in zip(values, try symmetricEigenvalues(of: matrix)) {
      #expect(abs(found - expected) < 1e-12)
    }
    #expect(try generalEigenvalues(of: Matrix<Float>(rowCount: 0, columnCount: 0)).isEmpty)
  }

  @Test func messages() throws {
    #expect {
      _ = try generalEigenvalues(of: Matrix<Double>(rowCount: 2, columnCount: 3))
    } throws: {
      "\($0)" == "eigenvalues: expected as many rows as columns, found [2, 3]"
    }
  }
}

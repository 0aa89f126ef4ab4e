import Testing
import TestSupport

@testable import GrokMeasures

@Suite struct OperatorTraceTests {
  private let key = RandomKey(seed: 22)
  /// A few large eigenvalues that hold most of the trace.
  private let eigenvalues = (1...90).map { 100 / Double($0 * $0) } + [-1, -0.5, 0.25]

  @Test(.tags(.statistical), arguments: TraceMethod.allCases)
  func errorsAreAsLargeAsTheySay(_ method: TraceMethod) throws {
    let op = try SymmetricOperator(symmetricMatrix(eigenvalues: eigenvalues, key: key))
    let truth = eigenvalues.reduce(0, +)
    let results = try (0..<200).map {
      try trace(of: op, productCount: 30, method: method, key: key.fork($0))
    }
    let mean = results.reduce(0) { $0 + $1.value } / 200
    let variance = results.reduce(0) { $0 + ($1.value - mean) * ($1.value - mean) } / 199
    let said = results.reduce(0) { $0 + $1.standardError * $1.standardError } / 200
    #expect(abs(mean - truth) < 4 * (variance / 200).squareRoot(), "\(mean), not \(truth)")
    // Both variances have errors near 15 %, as vᵀAv is skewed.
    #expect(abs(said / variance - 1) < 0.5, "\(said), not \(variance)")
  }

  @Test(.tags(.statistical)) func hutchPlusPlusIsBetterWhereAFewEigenvaluesHoldTheTrace() throws {
    let op = try SymmetricOperator(symmetricMatrix(eigenvalues: eigenvalues, key: key))
    let plain = try trace(of: op, productCount: 60, method: .hutchinson, key: key)
    let better = try trace(of: op, productCount: 60, method: .hutchPlusPlus, key: key)
    #expect(better.standardError < plain.standardError / 5)
  }

  /// Signs give the trace of a diagonal matrix without error; a sketch as wide as the rank gives that of
  /// any.
  @Test(.tags(.law)) func exactWhereItCanBe() throws {
    let diagonal = Matrix<Double>(diagonal: [1, 2, 3, -4])
    let plain = try trace(
      of: SymmetricOperator(diagonal), productCount: 2, method: .hutchinson, key: key)
    #expect(plain.value == 2 && plain.standardError == 0 && plain.sampleCount == 2)
    let low = try symmetricMatrix(
      eigenvalues: [3, -2, 7] + Array(repeating: 0, count: 37), key: key)
    let exact = try trace(of: SymmetricOperator(low), productCount: 12, key: key)
    #expect(abs(exact.value - 8) < 1e-12)
    #expect(exact.standardError < 1e-12)
    let small = try trace(of: SymmetricOperator(diagonal), productCount: 30, key: key)
    #expect(abs(small.value - 2) < 1e-13)
  }

  @Test(.tags(.resume)) func workersChangeNoBit() throws {
    let op = try SymmetricOperator(symmetricMatrix(eigenvalues: eigenvalues, key: key))
    let workers = Workers(threadCount: 3)
    #expect(try trace(of: op, key: key) == trace(of: op, workers: workers, key: key))
    #expect(
      try spectralDensity(of: op, stepCount: 12, probeCount: 5, key: key)
        == spectralDensity(of: op, stepCount: 12, probeCount: 5, workers: workers, key: key))
  }

  @Test(arguments: [
    (TraceMethod.hutchinson, "trace: 1 samples; at least 2 are needed"),
    (.hutchPlusPlus, "trace: 1 samples; at least 6 are needed"),
  ])
  func refusals(method: TraceMethod, message: String) throws {
    let op = try SymmetricOperator(.identity(size: 3))
    let error = #expect(throws: MeasureError.self) {
      try trace(of: op, productCount: 1, method: method, key: key)
    }
    #expect(error?.description == message)
  }
}

import Foundation
import TestSupport
import Testing

@testable import GrokMeasures

@Suite struct CompressionBoundTests {
  /// A linear layer with noise, where all is known: the loss of leaving components out, in closed form, is the bound, as the
  /// components are independent.
  @Test(.tags(.law)) func boundIsTheLossOfNormalComponents() throws {
    let signal = [9.0, 4, 1, 0.25]
    let noise = 0.01
    func information(_ variances: ArraySlice<Double>) -> Double {
      variances.reduce(0) { $0 + log1p($1 / noise) / 2 }
    }
    for kept in 0...4 {
      let bound = try compressionLossBound(
        eigenvalues: signal.map { $0 + noise }, keptCount: kept, noiseVariance: noise)
      #expect(abs(bound - information(signal[kept...])) < 1e-12)
    }
    // By chance an eigenvalue may lie below the noise: it costs nothing.
    #expect(
      try compressionLossBound(eigenvalues: [1, 0.005], keptCount: 1, noiseVariance: noise) == 0)
  }

  @Test(.tags(.law)) func reconstructionAndFano() throws {
    #expect(
      abs(
        try reconstructionLossBound(meanSquaredError: 3, dimension: 4, noiseVariance: 1)
          - 4 * log(2)) < 1e-14)
    #expect(try reconstructionLossBound(meanSquaredError: 0, dimension: 4, noiseVariance: 1) == 0)
    #expect(try fanoBound(errorProbability: 0, classCount: 10) == 0)
    // Guessing among C classes leaves all of ln C.
    #expect(abs(try fanoBound(errorProbability: 0.9, classCount: 10) - log(10)) < 1e-14)
    #expect(abs(try fanoBound(errorProbability: 0.5, classCount: 2) - log(2)) < 1e-15)
  }

  @Test func messages() {
    let cases: [(() throws -> Double, String)] = [
      (
        { try compressionLossBound(eigenvalues: [1], keptCount: 0, noiseVariance: 0) },
        "compressionLossBound: the variance of the noise is 0.0; expected above 0"
      ),
      (
        { try compressionLossBound(eigenvalues: [1], keptCount: -1, noiseVariance: 1) },
        "compressionLossBound: the number of components is -1.0; expected at least 0"
      ),
      (
        { try reconstructionLossBound(meanSquaredError: -1, dimension: 1, noiseVariance: 1) },
        "reconstructionLossBound: the mean squared error is -1.0; expected at least 0"
      ),
      (
        { try fanoBound(errorProbability: 1.5, classCount: 2) },
        "fanoBound: the probability of an error is 1.5; expected 0 to 1"
      ),
      (
        { try fanoBound(errorProbability: 0.5, classCount: 1) },
        "fanoBound: the number of classes is 1.0; expected at least 2"
      ),
    ]
    for (call, message) in cases {
      let error = #expect(throws: MeasureError.self) { _ = try call() }
      #expect(error?.description == message)
    }
  }
}

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

@Suite struct LayerNoiseTests {
  private let layer = mixedLayer(rowCount: 4000, columnCount: 3)

  @Test(.tags(.statistical)) func sizesAreAsAsked() {
    let key = RandomKey(seed: 1)
    let absolute = zip(LayerNoise.absolute(0.5).added(to: layer, key: key).values, layer.values)
      .map { ($0 - $1) / 0.5 }
    let relative = zip(LayerNoise.relative(0.1).added(to: layer, key: key).values, layer.values)
      .map { ($0 / $1 - 1) / 0.1 }
    for draws in [absolute, relative] {
      let mean = draws.reduce(0, +) / 12_000
      let square = draws.reduce(0) { $0 + $1 * $1 } / 12_000
      // Five standard errors: 1/√12000 of the mean, √(2/12000) of the square.
      #expect(abs(mean) < 0.046 && abs(square - 1) < 0.065)
    }
  }

  @Test func noiseIsAFunctionOfTheKey() {
    let (noise, key) = (LayerNoise.relative(0.3), RandomKey(seed: 2))
    #expect(noise.added(to: layer, key: key) == noise.added(to: layer, key: key))
    #expect(noise.added(to: layer, key: key) != noise.added(to: layer, key: key.fork("other")))
    #expect(LayerNoise.absolute(0).added(to: layer, key: key) == layer)
    let zeros = Matrix<Float>(rowCount: 3, columnCount: 2)
    #expect(noise.added(to: zeros, key: key) == zeros)
    #expect(noise.description == "noise of 0.3 of each value")
    #expect(LayerNoise.absolute(1e-3).description == "noise of 0.001")
  }
}

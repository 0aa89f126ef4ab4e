import GrokNumerics

/// The arrays and numbers of `Fixtures/curvature/generate.py`.
package struct CurvatureFixture: Decodable {
  package var layers, references: [[[Double]]]
  package var biases: [[Double]]
  package var paths: [String: Double]
  package var spectralNorms: [Double]
  package var complexity, complexityFromReferences: Double
  package var inputs: [[Double]]
  package var margins, normalizedMargins: [Double]
  package var chains: Chains
  package var network: Network

  package struct Chains: Decodable {
    package var even, alternating: [[Double]]
    package var rHat, effective, alternatingEffective, alternatingRHat: Double
  }

  /// A perceptron of 3 inputs, 4 tanh units and 3 outputs on six examples.
  package struct Network: Decodable {
    package var theta: [Double]
    package var inputs: [[Double]]
    package var labels: [Int]
    package var logits, kernel: [[Double]]
    package var crossEntropy, meanSquaredError, stableMax: Curvature
    package var empiricalFisher: [Double]
  }

  package struct Curvature: Decodable {
    package var hessian: [[Double]]
    package var gaussNewton: [Double]
  }

  package static func read() throws -> CurvatureFixture {
    try fixture("curvature/expected.json", as: CurvatureFixture.self)
  }
}

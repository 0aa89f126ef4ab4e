import Foundation
import TestSupport
import Testing

@testable import GrokMeasures

@Suite struct NeuronFrequenciesTests {
  /// A function of pairs as a column.
  private static func neurons(
    _ p: Int, _ functions: [(Double, Double) -> Double]
  ) -> Matrix<Double> {
    Matrix(
      rows: (0..<p * p).map { pair in
        functions.map { $0(Double(pair / p), Double(pair % p)) }
      })
  }

  @Test(.tags(.law), arguments: [11, 12]) func clustersOfKnownNeurons(p: Int) throws {
    func w(_ k: Int) -> Double { 2 * .pi * Double(k) / Double(p) }
    let last = p / 2
    let activations = Self.neurons(
      p,
      [
        { a, b in 1 + cos(w(2) * a) + 0.3 * sin(w(2) * b) },
        { a, b in cos(w(last) * (a + b)) },
        { a, b in sin(w(2) * (a - b)) + 0.1 * cos(w(3) * a) },
        { _, _ in 0 }, { _, _ in 0.7 },
        { a, b in 1.1 * cos(w(1) * a) + cos(w(2) * b) + cos(w(3) * a) },
      ])
    let task = try CyclicTask(modulus: p)
    let found = try neuronFrequencies(of: activations, task: task)
    #expect(found[0]?.frequency == 2 && abs(found[0]!.explainedVariance - 1) < 1e-12)
    #expect(found[1]?.frequency == last && abs(found[1]!.explainedVariance - 1) < 1e-12)
    #expect(found[2]?.frequency == 2 && abs(found[2]!.explainedVariance - 1 / 1.01) < 1e-12)
    #expect(found[3] == nil && found[4] == nil)
    #expect(abs(found[5]!.explainedVariance - 1.21 / 3.21) < 1e-12)
    let clusters = NeuronClusters(of: found)
    #expect(clusters.neurons == [2: [0, 2], last: [1]])
    #expect(clusters.unexplained == [5] && clusters.constant == [3, 4])
    #expect(clusters.clusteredShare == 0.5)
    #expect(
      try keyFrequencies(by: .neuronClusters(count: 2), neurons: found).frequencies == [2])
    // A stray neuron adds a frequency to the notebook's rule.
    #expect(try keyFrequencies(by: .anyNeuron, neurons: found).frequencies.count == 3)
  }

  @Test(.tags(.oracle), arguments: [7, 8]) func sharesEqualTheFullSpectrum(p: Int) throws {
    let activations = RandomSamples.smooth.matrix(p * p, 70)
    let basis = try FourierBasis(period: p)
    let spectrum = try basis.gridCoefficients(of: activations)
    let found = try neuronFrequencies(
      of: activations, task: CyclicTask(modulus: p), workers: Workers(threadCount: 2))
    for neuron in 0..<70 {
      let total = (1..<p * p).reduce(0) { $0 + spectrum[$1, neuron] * spectrum[$1, neuron] }
      let shares = basis.frequencies.map { frequency in
        let rows = [0] + basis.rows(of: frequency)
        var power = 0.0
        for i in rows {
          for j in rows where i + j > 0 { power += pow(spectrum[i * p + j, neuron], 2) }
        }
        return power / total
      }
      let best = shares.indices.max { shares[$0] < shares[$1] }!
      #expect(found[neuron]?.frequency == best + 1)
      #expect(abs(found[neuron]!.explainedVariance - shares[best]) < 1e-12)
    }
  }

  @Test(.tags(.law)) func weightsAndAttentionOfKnownFrequencies() throws {
    let p = 13
    func w(_ k: Int, _ n: Int) -> Double { 2 * .pi * Double(k * n) / Double(p) }
    let task = try CyclicTask(modulus: p)
    // Two neurons cos and sin of w_3 (a + b), read out by cos and sin: with a row for "=".
    let activations = Self.neurons(
      p,
      [
        { a, b in cos(2 * .pi * 3 * (a + b) / 13) }, { a, b in sin(2 * .pi * 3 * (a + b) / 13) },
      ])
    let weights = Matrix(
      rows: (0...p).map { $0 < p ? [2 * cos(w(3, $0)), 2 * sin(w(3, $0))] : [9, 9] })
    let read = try outputDirections(
      of: weights, activations: activations, keyFrequencies: [3, 5], task: task)
    #expect(read.residual < 1e-12)
    #expect(abs((read.directions[0].cosineExplained ?? 0) - 1) < 1e-12)
    #expect(abs((read.directions[0].sineExplained ?? 0) - 1) < 1e-12)
    #expect(abs(read.directions[0].cosineNorm - 2 * 6.5.squareRoot()) < 1e-12)
    #expect(read.directions[1].cosineNorm < 1e-12)
    let output = try FourierSpectrum(of: weights, task: task)
    let key = try keyFrequencies(
      by: .neuronClusters(count: 2), output: output,
      neurons: neuronFrequencies(of: activations, task: task))
    #expect(key.frequencies == [3] && key.confirmedByOutput == [3])
    for rule in [
      KeyFrequencyRule.outputNorm(share: 0.1), .embeddingNorm(share: 0.1),
      .embeddingComponent(),
    ] {
      #expect(
        try keyFrequencies(by: rule, embedding: output, output: output).frequencies == [3])
    }
    let heads = try attentionFrequencies(
      of: Matrix(rows: (0..<p).map { [1 + cos(w(6, $0)), 0.5] }), task: task)
    #expect(heads[0].frequency?.frequency == 6)
    #expect(abs(heads[0].frequency!.explainedVariance - 1) < 1e-12)
    #expect(heads[1].frequency == nil && heads[1].shares == nil)
  }
}

import Foundation
import GrokTraining
import TestSupport
import Testing

/// The binned estimator on the task and the network that it was made for.
@Suite struct BinnedTaskTests {
  @Test(.tags(.law)) func theTaskOf12Bits() throws {
    let examples = IcosahedralPatterns.examples()
    let labels = examples.labels.map { Int($0) }
    guard case .features(let patterns) = examples.inputs else { return }
    let input = try BinnedLayer(patterns, binning: .tishby)
    #expect(abs(input.inputInformation().bits - 12) < 1e-12)
    #expect(abs(try input.information(about: labels).bits - 0.999157) < 1e-6)
    let output = try BinnedLayer(
      Matrix(values: labels.map { Float($0) }, rowCount: 4096, columnCount: 1), binning: .tishby)
    #expect(abs(output.inputInformation().bits - 0.999157) < 1e-6)
    #expect(abs(try output.information(about: labels).bits - 0.999157) < 1e-6)
  }

  /// In a network that has not learnt, layers keep ever less of the input and of the label (Shwartz-Ziv & Tishby's start).
  @Test(.tags(.law)) func informationFallsFromLayerToLayer() throws {
    let examples = IcosahedralPatterns.examples()
    let labels = examples.labels.map { Int($0) }
    let model = MLP(inputs: 12, hidden: [10, 7, 5, 4, 3], outputs: 2, activation: .tanh)
    let trainer = try Trainer<Float>(
      model, parameters: model.initialParameters(scale: 2, key: RandomKey(seed: 1)),
      loss: .crossEntropy, optimizer: .adam())
    let layers = try trainer.snapshot.activations(
      of: Array(model.tapNames.prefix(5)), on: examples
    ).map { try BinnedLayer($0, binning: .tishby) }
    let inputs = layers.map { $0.inputInformation().bits }
    let outputs = try layers.map { try $0.information(about: labels).bits }
    #expect(inputs[0] > 11 && inputs[0] <= 12)
    #expect(inputs[4] < inputs[0])
    #expect(zip(inputs, outputs).allSatisfy { $1 <= $0 + 1e-12 && $1 <= 0.9991573 })
  }
}

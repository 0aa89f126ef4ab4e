import Foundation
import TestSupport
import Testing

@testable import GrokTraining

/// Residual networks and VGG-11 against torchvision; see the script beside the data.
@Suite struct TorchvisionTests {
  struct File: Decodable { let cases: [Network] }

  struct Network: Decodable, Sendable, CustomTestStringConvertible {
    let name: String
    let size, examples: Int
    /// Names and shapes of a state dictionary, in its order.
    let state: [Array]
    let logits: [Double]
    let training: Training?
    var testDescription: String { name }

    struct Array: Decodable, Sendable {
      let name: String
      let shape: [Int]
      init(from decoder: any Decoder) throws {
        var container = try decoder.unkeyedContainer()
        name = try container.decode(String.self)
        shape = try container.decode([Int].self)
      }
    }

    struct Training: Decodable, Sendable {
      let losses, gradientNorms, logits: [Double]
      let finalNorms, finalSums: [String: Double]
    }
  }

  static let networks =
    (try? fixture("torchvision/networks.json", as: File.self))?.cases ?? []

  @Test func thereAreFixtures() { #expect(Self.networks.count == 3) }

  /// Element i of array n in the script's formula.
  private static func hashed(_ count: Int, _ index: Int) -> [Double] {
    let offset = UInt32(truncatingIfNeeded: index * 97_531)
    return [Double](unsafeUninitializedCapacity: count) { buffer, initialized in
      for i in 0..<count {
        var x = UInt32(truncatingIfNeeded: i) &* 2_654_435_761 &+ offset
        x ^= x >> 15
        x = x &* 2_246_822_519
        x ^= x >> 13
        buffer[i] = Double(x) / 2_147_483_648 - 1
      }
      initialized = count
    }
  }

  private static func filled(_ network: Network) -> [String: (shape: [Int], values: [Double])] {
    let arrays = network.state.filter { !$0.name.hasSuffix("num_batches_tracked") }
    var result: [String: (shape: [Int], values: [Double])] = [:]
    for (index, array) in arrays.enumerated() {
      let count = array.shape.reduce(1, *)
      var values = hashed(count, index)
      let isPositive =
        array.name.hasSuffix("running_var")
        || (array.name.hasSuffix("weight") && array.shape.count == 1)
      let scale =
        array.shape.count > 1
        ? (6 / Double(count / array.shape[0])).squareRoot() : isPositive ? 0.25 : 0.125
      let shift = isPositive ? 1.0 : 0
      for i in values.indices { values[i] = values[i] * scale + shift }
      result[array.name] = (array.shape, values)
    }
    return result
  }

  private static func model(_ network: Network) -> any Model {
    let pictures = PictureSize(channels: 3, height: network.size, width: network.size)
    return switch network.name {
    case "resnet18": ResNet.resNet18(pictures: pictures, outputs: 10)
    case "resnet18-small": ResNet.resNet18(pictures: pictures, stem: .small, outputs: 10)
    default: VGG(pictures: pictures, outputs: 10, hidden: [24, 16])
    }
  }

  private static func examples(_ network: Network) throws -> LabeledExamples {
    let features = 3 * network.size * network.size
    // Examples are stored in Float, so these numbers are given to the network as they are.
    let values = hashed(network.examples * features, 1_000).map { $0 * 1.7 }
    return try LabeledExamples(
      inputs: .features(
        Matrix(
          values: values.map { Float($0) }, rowCount: network.examples, columnCount: features)),
      labels: (0..<network.examples).map { Int32($0 * 7 % 10) }, classCount: 10)
  }

  private func parameters(_ network: Network, _ model: any Model, _ context: ComputeContext) throws
    -> Parameters<Double>
  {
    let arrays = Self.filled(network)
    return Parameters(
      Tensor(try model.layout.values(from: arrays), shape: [model.layout.count], in: context),
      state: Tensor(
        try model.layout.state(from: arrays), shape: [model.layout.stateCount], in: context),
      layout: model.layout)
  }

  @Test(.tags(.golden), arguments: networks) func namesAndShapes(network: Network) {
    let layout = Self.model(network).layout
    let own = (layout.entries + layout.stateEntries).map { "\($0.name) \($0.shape)" }
    let theirs = network.state.filter { !$0.name.hasSuffix("num_batches_tracked") }
    #expect(Set(own) == Set(theirs.map { "\($0.name) \($0.shape)" }))
    // θ is in the order of torch's parameters.
    let names = Set(layout.names)
    #expect(layout.names == theirs.map(\.name).filter { names.contains($0) })
  }

  @Test(.tags(.golden), arguments: networks) func logitsInEvaluation(network: Network) throws {
    let context = ComputeContext(threadCount: 2)
    let model = Self.model(network)
    let features = 3 * network.size * network.size
    let values = Self.hashed(network.examples * features, 1_000).map { $0 * 1.7 }
    let logits = model.outputs(
      for: .features(Tensor(values, shape: Shape(network.examples, features), in: context)),
      parameters: try parameters(network, model, context)
    ).values
    let scale = network.logits.map(abs).max()!
    for (found, expected) in zip(logits, network.logits) {
      #expect(abs(found - expected) < 1e-11 * scale)
    }
    #expect(logits.count == network.logits.count)
  }

  /// A state dictionary with its counters of batches is read from a file.
  @Test func stateDictionaryOfAFile() throws {
    let network = try #require(Self.networks.first { $0.name == "resnet18-small" })
    let model = Self.model(network)
    var archive = Archive()
    for (name, array) in Self.filled(network) {
      archive.set(name, array.values.map { Float($0) }, shape: array.shape)
    }
    archive.set("bn1.num_batches_tracked", [Int64(10)], shape: [1])
    try withTemporaryFolder { folder in
      try archive.write(to: folder + "/resnet18.safetensors")
      let snapshot = try Snapshot<Float>(
        contentsOf: folder + "/resnet18.safetensors", model: model, loss: .crossEntropy,
        context: ComputeContext(threadCount: 2))
      let logits = try snapshot.outputs(on: Self.examples(network)).values
      let scale = Float(network.logits.map(abs).max()!)
      for (found, expected) in zip(logits, network.logits) {
        #expect(abs(found - Float(expected)) < 1e-4 * scale)
      }
    }
  }

  /// Ten steps with momentum and weight decay, batch norm included.
  @Test(.tags(.golden)) func tenStepsOfResNet18() throws {
    let network = try #require(Self.networks.first { $0.name == "resnet18-small" })
    let expected = try #require(network.training)
    let context = ComputeContext(threadCount: 2)
    let model = Self.model(network)
    let features = 3 * network.size * network.size
    let pictures = Self.hashed(network.examples * features, 1_000).map { $0 * 1.7 }
    let input = ModelInput<Double>.features(
      Tensor(pictures, shape: Shape(network.examples, features), in: context))
    let labels = (0..<network.examples).map { Int32($0 * 7 % 10) }
    let start = try parameters(network, model, context)
    var vector = start.vector
    var state = start.state
    var optimizer = OptimizerState<Double>(
      .sgd(learningRate: 0.01, momentum: 0.9, weightDecay: 5e-4),
      layout: model.layout, in: context)
    for (step, expectedLoss) in expected.losses.enumerated() {
      let updates = StateUpdates<Double>()
      let pass = Pass(.training(key: RandomKey(seed: 0)), taps: Taps(), updates: updates)
      var (loss, gradient) = valueAndGradient(at: vector) { vector in
        model.outputs(
          for: input, parameters: Parameters(vector, state: state, layout: model.layout), pass: pass
        ).crossEntropy(labels: labels)
      }
      // Ten steps of batch norm on six examples make differences of summation a million times larger.
      #expect(abs(loss - expectedLoss) < 1e-9 * expectedLoss, "loss at step \(step)")
      if step == 0 {
        for (entry, norm) in zip(model.layout.entries, expected.gradientNorms) {
          let found = gradient.slice(from: entry.range.lowerBound, shape: entry.shape).norm
          #expect(abs(found - norm) < 1e-9 * norm, "gradient of \(entry.name)")
        }
      }
      optimizer.update(&vector, gradient: &gradient, rateFactor: 1, norm: nil)
      updates.apply(to: &state, layout: model.layout)
    }
    let end = Parameters(vector, state: state, layout: model.layout)
    for entry in model.layout.entries + model.layout.stateEntries {
      let isState = model.layout.stateEntry(entry.name) != nil
      let values = isState ? end.state(entry.name) : end[entry.name]
      let norm = try #require(expected.finalNorms[entry.name])
      #expect(abs(values.norm - norm) < 1e-8 * norm, "\(entry.name)")
      let sum = try #require(expected.finalSums[entry.name])
      #expect(abs(values.sum().value - sum) < 1e-7 * (norm + abs(sum)), "\(entry.name)")
    }
    let logits = model.outputs(for: input, parameters: end).values
    let scale = expected.logits.map(abs).max()!
    for (found, value) in zip(logits, expected.logits) {
      #expect(abs(found - value) < 1e-7 * scale)
    }
  }
}

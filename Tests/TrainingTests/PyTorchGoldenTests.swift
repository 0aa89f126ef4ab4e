import Synchronization
import TestSupport
import Testing

@testable import GrokTraining

/// Ten steps of small networks from given weights, as PyTorch's own optimizers make them.
@Suite struct PyTorchGoldenTests {
  static let trainings = (try? GoldenTraining.all()) ?? []

  @Test func thereAreFixtures() {
    #expect(Self.trainings.count == 48)
  }

  @Test(.tags(.golden), arguments: trainings) func agreesInDouble(golden: GoldenTraining) throws {
    let found = try golden.run(as: Double.self)
    let losses = golden.training.losses
    // The order of summation differs; ten steps of it stay far below this.
    let tolerance = 1e-10
    for (step, (loss, expected)) in zip(found.losses, losses).enumerated() {
      #expect(abs(loss - expected) <= tolerance * abs(expected), "loss at step \(step)")
    }
    let last = losses.count - 2
    try golden.expectEqual(found.gradients[0], "gradient", tolerance)
    try golden.expectEqual(found.gradients[last], "\(golden.training.name)/gradient", tolerance)
    try golden.expectEqual(found.parameters, "\(golden.training.name)/weights", tolerance)
  }

  @Test(.tags(.golden), arguments: trainings) func lossesAgreeInFloat(golden: GoldenTraining) throws
  {
    let found = try golden.run(as: Float.self)
    let tolerance = 2e-5
    for (step, (loss, expected)) in zip(found.losses, golden.training.floatLosses).enumerated() {
      #expect(abs(Double(loss) - expected) <= tolerance * expected, "loss at step \(step)")
    }
  }
}

/// One training of one network by PyTorch; see the script beside the data.
struct GoldenTraining: Sendable, CustomTestStringConvertible {
  struct File: Decodable { let cases: [Network] }

  struct Network: Decodable {
    let name, network: String
    let widths: [Int]?
    let modulus, width, headCount, perceptronWidth: Int?
    let transformer: TransformerOptions?
    let memory: MemoryOptions?
    let activation, loss: String
    let outputScale: Double
    let trainings: [Training]
  }

  struct Training: Decodable {
    let name, rule: String
    let learningRate: Double
    let beta1, beta2, momentum, dampening, weightDecay: Double?
    let nesterov: Bool?
    let warmUpSteps: Int?
    let losses, floatLosses: [Double]
  }

  let network: Network
  let training: Training
  let archive: Archive

  var testDescription: String { "\(network.name), \(training.name)" }

  static func all() throws -> [GoldenTraining] {
    let files = ["pytorch/cases.json", "pytorch/sequences.json"]
    return try files.flatMap { try fixture($0, as: File.self).cases }.flatMap { network in
      let archive = try Archive(contentsOf: fixtureURL("pytorch/\(network.name).safetensors").path)
      return network.trainings.map {
        GoldenTraining(network: network, training: $0, archive: archive)
      }
    }
  }
}

// MARK: - Training

extension GoldenTraining {
  /// The same training by this package: the loss before each step and after the last, the gradients at
  /// the same moments, and θ at the end.
  func run<Scalar: RealScalar>(
    as type: Scalar.Type
  ) throws -> (losses: [Scalar], gradients: [[Scalar]], parameters: [Scalar]) {
    let initial = try vector("initial").map { Scalar($0) }
    let rate: LearningRateSchedule = training.warmUpSteps.map { .warmUp(steps: $0) } ?? .constant
    let examples = try examples
    var trainer = try Trainer(
      model, parameters: initial, loss: #require(Loss(goldenName: network.loss)),
      optimizer: #require(training.optimizer), learningRate: rate)
    let log = Mutex<(losses: [Scalar], gradients: [[Scalar]])>(([], []))
    trainer.observe(.every(1), as: "loss") { snapshot in
      let (loss, gradient) = try snapshot.lossAndGradient(on: examples)
      log.withLock {
        $0.losses.append(loss)
        $0.gradients.append(gradient)
      }
      return Double(loss)
    }
    let nothing = examples.selecting([])
    let data = TrainTestSplit(
      train: examples, test: nothing, trainIndices: Array(0..<examples.count), testIndices: [])
    _ = try trainer.fit(data, steps: training.losses.count - 1, key: RandomKey(seed: 0))
    return log.withLock { ($0.losses, $0.gradients, trainer.parameters) }
  }

  var model: any Model {
    let activation = Activation(goldenName: network.activation)!
    if let widths = network.widths {
      return MLP(
        inputs: widths[0], hidden: Array(widths[1..<widths.count - 1]), outputs: widths.last!,
        activation: activation, outputScale: network.outputScale)
    }
    if let sequenceModel = network.sequenceModel { return sequenceModel }
    return Transformer(
      vocabularySize: network.modulus! + 1, context: 3, width: network.width!,
      headCount: network.headCount!, perceptronWidth: network.perceptronWidth!,
      activation: activation)
  }

  private var examples: LabeledExamples {
    get throws {
      let labels = try archive.integers("labels").map { Int32($0) }
      if let sequences = try sequenceExamples(labels: labels) { return sequences }
      guard let modulus = network.modulus else {
        return try LabeledExamples(
          inputs: .features(archive.floatMatrix("inputs")), labels: labels,
          classCount: network.widths!.last!)
      }
      let tokens = try TokenMatrix(
        values: archive.integers("inputs").map { Int32($0) }, exampleCount: labels.count,
        contextLength: 3, vocabularySize: modulus + 1)
      return try LabeledExamples(inputs: .tokens(tokens), labels: labels, classCount: modulus)
    }
  }

  /// The arrays under `prefix` in the layout of the model.
  private func vector(_ prefix: String) throws -> [Double] {
    try model.layout.entries.flatMap { entry in
      let name = "\(prefix)/\(entry.name)"
      try #require(try archive.array(name).shape == entry.shape.dimensions)
      return try archive.doubles(name)
    }
  }

  /// Every parameter's part of `found` equals the array under `prefix`, relative to the largest
  /// magnitude of that array; what is 0 but for rounding, as gradients of the biases of keys are, is judged by all.
  func expectEqual(_ found: [Double], _ prefix: String, _ tolerance: Double) throws {
    let expected = try vector(prefix)
    let rounding = 1e-15 * expected.map(abs).max()!
    for entry in model.layout.entries {
      let scale = expected[entry.range].map(abs).max()!
      let difference = zip(found[entry.range], expected[entry.range]).map { abs($0 - $1) }.max()!
      #expect(difference <= max(tolerance * scale, rounding), "\(prefix)/\(entry.name)")
    }
  }
}

// MARK: - Names in the fixtures

extension GoldenTraining.Training {
  var optimizer: Optimizer? {
    let decay = weightDecay ?? 0
    switch rule {
    case "sgd":
      return .sgd(
        learningRate: learningRate, momentum: momentum ?? 0, dampening: dampening ?? 0,
        weightDecay: decay, nesterov: nesterov ?? false)
    case "adam":
      return .adam(
        learningRate: learningRate, beta1: beta1!, beta2: beta2!, weightDecay: decay)
    case "adamW":
      return .adamW(
        learningRate: learningRate, beta1: beta1!, beta2: beta2!, weightDecay: decay)
    default: return nil
    }
  }
}

extension Loss {
  fileprivate init?(goldenName name: String) {
    switch name {
    case "cross-entropy": self = .crossEntropy
    case "mean-squared-error": self = .meanSquaredError
    default: return nil
    }
  }
}

extension Activation {
  fileprivate init?(goldenName name: String) {
    switch name {
    case "relu": self = .relu
    case "leaky-relu": self = .leakyReLU(slope: 0.01)
    case "tanh": self = .tanh
    case "sigmoid": self = .sigmoid
    case "gelu": self = .gelu
    case "gelu-tanh": self = .geluTanh
    default: return nil
    }
  }
}

import TestSupport
import Testing

@testable import GrokExperiments

/// Settings that start a run where a program in PyTorch started.
@Suite struct PyTorchSettingsTests {
  private func experiment(_ overrides: String...) throws -> Experiment {
    var settings = Settings()
    try settings.apply(
      overrides: [
        "data.name=synthetic-characters", "model.kind=mlp", "model.hidden=8", "data.testCount=4",
        "data.trainCount=20", "train.batchSize=5", "seed=3",
      ] + overrides)
    return try Experiment(settings, folders: [])
  }

  @Test(.tags(.law)) func ordersFollowTheInitialParameters() throws {
    let run = try experiment(
      "model.initialization=torch", "data.order=torch", "model.initializationScale=4")
    var generator = PyTorchRandom(seed: 3)
    let expected: [Float] = run.model.initialParameters(scale: 4, from: &generator)
    #expect(try run.drawnParameters() == expected)
    let plan: Trainer<Float>.Plan = run.plan()
    #expect(plan.batching == .dataLoader(batchSize: 5, generator: generator))
    // In double precision the network draws more.
    let double: Trainer<Double>.Plan = run.plan()
    #expect(double.batching != plan.batching)
    let alone: Trainer<Float>.Plan = try experiment("data.order=torch").plan()
    #expect(alone.batching == .dataLoader(batchSize: 5, generator: PyTorchRandom(seed: 3)))
    let keyed: Trainer<Float>.Plan = try experiment("model.initialization=torch").plan()
    #expect(keyed.batching == .epochPermutation(batchSize: 5))
  }

  @Test(.tags(.law)) func examplesAreTheFirstOfARandomOrder() throws {
    var generator = PyTorchRandom(seed: 7)
    let pictures = try experiment("data.torchSeed=7").data
    #expect(pictures.trainIndices == generator.randperm(20))
    generator = PyTorchRandom(seed: 8)
    let pairs = try experiment("data.name=modular-arithmetic", "data.torchSeed=8").data
    let order = generator.randperm(59 * 59)
    #expect(pairs.trainIndices == Array(order.prefix(pairs.train.count)))
    #expect(pairs.testIndices == Array(order.dropFirst(pairs.train.count)))
  }

  @Test(arguments: [
    (
      ["data.torchSeed=1", "data.pythonSeed=1"],
      "data.torchSeed and data.pythonSeed both choose the examples; give one of them"
    ),
    (
      ["data.torchSeed=1", "data.split=a.npy"],
      "data.torchSeed and data.split both choose the examples; give one of them"
    ),
    (
      ["data.order=torch", "train.batchSize=0"],
      "data.order=torch needs a train.batchSize: 0 takes all examples as they are"
    ),
  ])
  func settingsThatDoNotGoTogether(overrides: [String], message: String) throws {
    var settings = Settings()
    try settings.apply(overrides: overrides)
    let error = #expect(throws: ConfigurationError.self) {
      try Experiment(settings, folders: [])
    }
    #expect(error?.description == message)
  }
}

import Foundation
import TestSupport
import Testing

@testable import GrokExperiments

/// Generated tasks and texts as settings name them.
@Suite struct TaskDataTests {
  private func experiment(_ overrides: [String], folders: [String] = []) throws -> Experiment {
    var settings = Settings()
    try settings.apply(
      overrides: ["model.hidden=8", "data.testCount=4", "data.trainCount=6"] + overrides)
    return try Experiment(settings, folders: folders)
  }

  @Test(arguments: [
    (["data.name=permutation-group", "data.degree=4", "model.kind=mlp"], 201, 375, 48, 24),
    (["data.name=permutation-group", "data.degree=3", "data.pythonSeed=0"], 12, 24, 3, 7),
    (["data.name=icosahedron", "model.kind=mlp", "data.trainFraction=0.8"], 3276, 820, 12, 2),
    (["data.name=sparse-parity", "model.kind=mlp", "data.degree=3"], 6, 4, 40, 2),
    (["data.name=skip-trigrams"], 6, 4, 36, 52),
    (["data.name=repeated-tokens"], 6, 4, 36, 32),
    (["data.name=digit-addition", "data.degree=3"], 6, 4, 12, 12),
    (
      ["data.name=teacher-student", "model.kind=mlp", "train.loss=mean-squared-error"], 6, 4, 5, 5
    ),
    (
      [
        "data.name=polynomial-regression", "model.kind=mlp", "train.loss=mean-squared-error",
        "data.degree=2",
      ], 6, 4, 40, 1
    ),
    (["data.name=synthetic-manifolds", "model.kind=mlp", "data.trainFraction=0.6"], 6, 4, 40, 10),
  ])
  func tasksByName(
    overrides: [String], trainCount: Int, testCount: Int, width: Int, outputCount: Int
  ) throws {
    let found = try experiment(overrides)
    #expect((found.data.train.count, found.data.test.count) == (trainCount, testCount))
    #expect(found.model.outputCount == outputCount)
    switch found.data.train.inputs {
    case .features(let features): #expect(features.columnCount == width)
    case .tokens(let tokens): #expect(tokens.contextLength == width)
    }
    #expect(found.digests.isEmpty)
    // The same settings give the same examples, another seed others.
    #expect(try experiment(overrides).data.train == found.data.train)
    #expect(
      try experiment(overrides + ["seed=9"]).data.train != found.data.train
        || overrides.contains("data.pythonSeed=0"))
  }

  @Test(arguments: [
    (
      ["data.name=teacher-student", "model.kind=mlp"],
      "data.name=teacher-student has numbers to be told; set train.loss=mean-squared-error"
    ),
    (
      ["data.name=sparse-parity", "model.kind=mlp", "data.degree=50"],
      "data.name=sparse-parity: number of relevant bits is 50; expected 1 to 40"
    ),
    (
      ["data.name=sparse-parity", "data.degree=3"],
      "data.name=sparse-parity needs model.kind=mlp: its examples are no tokens"
    ),
    (
      ["data.name=skip-trigrams", "model.kind=mlp"],
      "data.name=skip-trigrams needs model.kind=transformer: its examples are sequences of tokens"
    ),
    (
      ["data.name=skip-trigrams", "data.torchSeed=1"],
      "data.name=skip-trigrams draws its examples from the seed; data.split, data.torchSeed and "
        + "data.pythonSeed choose among given ones"
    ),
    (
      ["data.name=text"],
      "data.name=text needs data.file, or the plays in text/tinyshakespeare.txt: grokking data "
        + "--download text"
    ),
    (
      ["data.mirrors=true"],
      "data.mirrors and data.margin are for pictures, which data.name=modular-arithmetic has none of"
    ),
    (
      ["data.name=synthetic-characters", "model.kind=mlp", "data.normalization=cifar10"],
      "data.normalization=cifar10 is for color pictures, which data.name=synthetic-characters are not"
    ),
  ])
  func settingsThatDoNotGoTogether(overrides: [String], message: String) throws {
    let error = #expect(throws: ConfigurationError.self) { try experiment(overrides) }
    #expect(error?.description == message)
  }

  @Test func picturesChangeAsSettingsSay() throws {
    let found = try experiment([
      "data.name=synthetic-characters", "model.kind=mlp", "data.mirrors=true", "data.margin=2",
      "data.normalization=mnist",
    ])
    let plan: Trainer<Float>.Plan = found.plan()
    #expect(
      plan.augmentation
        == PictureAugmentation(
          shape: .mnist, mirrors: true, margin: 2, background: [PixelNormalization.mnist.black]))
    let still: Trainer<Float>.Plan = try experiment([
      "data.name=synthetic-characters", "model.kind=mlp",
    ]).plan()
    #expect(still.augmentation == nil)
  }

  /// A step on targets at every position.
  @Test func sequencesTrain() throws {
    let found = try experiment(["data.name=repeated-tokens", "data.context=12", "model.width=8"])
    var trainer = try found.trainer(as: Float.self, run: nil)
    #expect(found.model.positionCount == 12)
    _ = try trainer.fit(
      found.data, steps: 2, plan: found.plan(), key: RandomKey(seed: 0))
    #expect(trainer.step == 2)
  }

  @Test(.enabled(if: DataFolder.path != nil, "\(DataFolder.howToProvide)"))
  func colorPicturesByName() throws {
    let folder = try #require(DataFolder.path)
    let found = try experiment(
      ["data.name=cifar10", "model.kind=mlp", "data.normalization=cifar10", "data.margin=4"],
      folders: [folder])
    #expect((found.data.train.count, found.data.test.count) == (6, 4))
    #expect(found.digests.count == 2)
    let plan: Trainer<Float>.Plan = found.plan()
    #expect(plan.augmentation?.background == PixelNormalization.cifar10.map(\.black))
  }

  @Test(.enabled(if: ProgramProcess.path != nil, "\(ProgramProcess.howToProvide)"))
  func theListSaysWhereDataAre() throws {
    try withTemporaryFolder { folder in
      let place = folder + "/kmnist"
      try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
      for file in try PublishedDataset.named("kmnist").files {
        try Data().write(to: URL(fileURLWithPath: "\(place)/\(file.name.dropLast(3))"))
      }
      let listed = try ProgramProcess.run(
        ["data", "--data", folder], in: folder, environment: ["GROK_CACHE_DIR": folder + "/cache"])
      #expect(listed.status == 0)
      #expect(listed.output.contains("kmnist         cursive hiragana, in the format of MNIST"))
      #expect(listed.output.contains("               in \(place)\n"))
      #expect(listed.output.contains("not here; grokking data --download cifar10"))
      #expect(listed.output.contains("generated: modular-arithmetic, synthetic-characters, "))
      let unknown = try ProgramProcess.run(["data", "--download", "knmist"], in: folder)
      #expect(unknown.status == 1)
      #expect(unknown.errors.contains("did you mean 'kmnist'"))
    }
  }
}

import Foundation
import TestSupport
import Testing

@testable import GrokExperiments

/// Data sets of pictures as settings name them.
@Suite struct PictureDataTests {
  private func settings(_ overrides: String...) throws -> Settings {
    var settings = Settings()
    try settings.apply(
      overrides: ["model.kind=mlp", "model.hidden=8", "data.testCount=4", "data.trainCount=6"]
        + overrides)
    return settings
  }

  private func pixels(_ examples: LabeledExamples) throws -> Matrix<Float> {
    guard case .features(let pictures) = examples.inputs else {
      throw DatasetError.invalidSetting(name: "inputs", value: "tokens", expected: "features")
    }
    return pictures
  }

  @Test(.tags(.law)) func madeUpCharactersDoNotDependOnTheSeed() throws {
    let first = try Experiment(settings("data.name=synthetic-characters"), folders: [])
    let second = try Experiment(settings("data.name=synthetic-characters", "seed=5"), folders: [])
    #expect(first.data.train == second.data.train)
    #expect((first.data.train.count, first.data.test.count) == (6, 4))
    #expect(first.model.outputCount == 47)
    #expect(first.digests.isEmpty)
  }

  @Test(.tags(.law)) func normalizationIsThatOfItsName() throws {
    let plain = try Experiment(settings("data.name=synthetic-characters"), folders: [])
    let normal = try Experiment(
      settings("data.name=synthetic-characters", "data.normalization=emnist"), folders: [])
    let expected = try pixels(plain.data.test).map { ($0 - Float(0.1751)) / Float(0.3332) }
    #expect(try pixels(normal.data.test) == expected)
    // Pictures out of distribution are in the same units: black comes in from outside.
    let shifted = try normal.testPictures(
      distortedBy: .translation(rows: 28, columns: 0), key: RandomKey(seed: 1))
    #expect(try pixels(shifted).values.allSatisfy { $0 == PixelNormalization.emnist.black })
    #expect(shifted.labels == plain.data.test.labels)
  }

  @Test(arguments: ["cnn", "resnet8", "resnet20"]) func networksOnPicturesTrain(kind: String) throws
  {
    let experiment = try Experiment(
      settings(
        "data.name=synthetic-characters", "model.kind=\(kind)", "model.channels=3x4",
        "model.dropout=0.2", "train.steps=2", "train.batchSize=3"), folders: [])
    var trainer = try experiment.trainer(as: Float.self, run: nil)
    let outcome = try experiment.fit(&trainer) { _ in true }
    #expect(outcome.steps == 2 && outcome.testLoss.isFinite)
    #expect(trainer.model.layout.stateEntries.isEmpty == (kind == "cnn"))
  }

  @Test func picturesOfOtherSetsAreReadAndNormalizedAlike() throws {
    try withTemporaryFolder { folder in
      try write(to: folder)
      let emnist = try Experiment(
        settings("data.name=emnist", "data.emnistSplit=digits", "data.normalization=mnist"),
        folders: [folder])
      #expect(emnist.model.outputCount == 10)
      #expect(emnist.digests.count == 4)
      let kept = try Experiment(
        settings("data.name=emnist", "data.emnistSplit=digits", "data.transposition=kept"),
        folders: [folder])
      #expect(try pixels(kept.data.test)[0, 1] == Float(1) / 255)
      let upright = Float(28) / 255
      #expect(try pixels(emnist.data.test)[0, 1] == PixelNormalization.mnist(upright))
      let other = try kept.testPictures(of: .syntheticCharacters)
      #expect(other.count == 4)
      let digits = try Experiment(
        settings("data.name=synthetic-characters"), folders: [folder, "/nowhere"]
      ).testPictures(of: .emnist)
      #expect(digits.classCount == 47)
    }
  }

  /// What `measure` is asked for by name.
  @Test(.tags(.law)) func measuresAreTakenOnPicturesOutOfDistribution() throws {
    try withTemporaryFolder { folder in
      try write(to: folder)
      let asked = try settings(
        "data.name=synthetic-characters", "measure.examples=test+noise:0+rotation:90+emnist",
        "measure.exampleCount=3")
      let experiment = try Experiment(asked, folders: [folder])
      let sets = try experiment.examples(for: asked.measure)
      #expect(sets.map(\.name) == ["test", "noise:0", "rotation:90", "emnist"])
      #expect(sets.allSatisfy { $0.examples.count == 3 })
      // The same pictures are drawn as of those that are not changed.
      #expect(sets[1].examples == sets[0].examples)
      #expect(sets[2].examples.labels == sets[0].examples.labels)
      #expect(sets[2].examples != sets[0].examples)
      let alone = try settings("data.name=synthetic-characters", "measure.examples=emnist")
      let error = #expect(throws: ConfigurationError.self) {
        try Experiment(alone, folders: []).examples(for: alone.measure)
      }
      #expect(
        error?.description.hasPrefix("measure.examples=emnist: EMNIST balanced was not found")
          == true)
      let pairs = Settings()
      #expect(throws: ConfigurationError.self) {
        var options = pairs.measure
        options.examples = Names(["blur:1"])
        _ = try Experiment(pairs, folders: []).examples(for: options)
      }
    }
  }

  @Test(arguments: [
    (
      "data.name=emnist model.kind=transformer",
      "data.name=emnist does not suit model.kind=transformer: pictures are no tokens"
    ),
    (
      "data.name=emnist",
      "EMNIST balanced was not found: no emnist-balanced-train-images-idx3-ubyte[.gz] and no gzip.zip "
        + "in /nowhere/emnist, /nowhere/EMNIST/raw, /nowhere; give the folder that has its files, or "
        + "name it in GROK_DATA_DIR"
    ),
    (
      "data.name=synthetic-characters model.laziness=10",
      "model.laziness=10.0 needs model.centered=true; model.outputScale is the plain factor on the "
        + "outputs"
    ),
    (
      "data.emnistSplit=letter",
      "data.emnistSplit=letter: expected one of byclass, bymerge, balanced, letters, digits, mnist"
    ),
  ])
  func mistakesAreSaid(text: String, message: String) throws {
    let error = #expect(throws: (any Error).self) {
      var settings = try settings()
      try settings.apply(overrides: text.split(separator: " ").map(String.init))
      _ = try Experiment(settings, folders: ["/nowhere"])
    }
    #expect("\(try #require(error))" == message)
  }

  /// Both splits *digits* and *balanced* of EMNIST, of eight examples each.
  private func write(to folder: String) throws {
    func idx(_ shape: [Int], _ elements: [UInt8]) -> [UInt8] {
      [0, 0, 8, UInt8(shape.count)] + shape.flatMap { [0, 0, 0, UInt8($0)] } + elements
    }
    for split in ["digits", "balanced"] {
      for half in ["train", "test"] {
        let prefix = "\(folder)/emnist-\(split)-\(half)"
        try AtomicFile.write(
          idx([8, 28, 28], (0..<8 * 784).map { UInt8(truncatingIfNeeded: $0) }),
          to: prefix + "-images-idx3-ubyte")
        try AtomicFile.write(
          idx([8], (0..<8).map { UInt8($0) }), to: prefix + "-labels-idx1-ubyte")
      }
    }
  }
}

import Foundation
import TestSupport
import Testing

@testable import GrokExperiments

@Suite struct CompositionTests {
  /// Settings put together from files by name, of which the last is given.
  private func composed(_ files: KeyValuePairs<String, String>) throws -> Composition {
    try withTemporaryFolder { folder in
      for (name, text) in files {
        let url = URL(fileURLWithPath: folder + "/" + name)
        try FileManager.default.createDirectory(
          at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: url)
      }
      var composition = Composition(presets: TestProgram.presets)
      try composition.apply(file: folder + "/" + files.last!.key)
      return composition
    }
  }

  @Test(.tags(.law)) func laterOnesWin() throws {
    var expected = Preset.mnistOmnigrok.settings
    try expected.apply(overrides: ["train.steps=7", "seed=2", "train.weightDecay=0.5"])
    let composition = try composed([
      "common/decay.yaml": "base: mnist-omnigrok\ntrain: {weightDecay: 0.5, steps: 5}\nseed: 1\n",
      "common/long.yaml": "train.steps: 6\n",
      "mine.yaml": "base: [common/decay.yaml, common/long.yaml]\ntrain.steps: 7\nseed: 2\n",
    ])
    #expect(composition.settings == expected)
    #expect(composition.preset == "mnist-omnigrok")
  }

  @Test func filesStandOnTheFirstPreset() throws {
    let composition = try composed(["a.yaml": "seed: 9\n"])
    var expected = TestProgram.presets[0].settings
    expected.seed = 9
    #expect(composition.settings == expected)
    #expect(composition.preset == nil)
  }

  /// A base may be reached twice, but not through itself.
  @Test func diamondsAreFineAndCirclesAreNot() throws {
    let diamond = try composed([
      "root.yaml": "seed: 4\n", "left.yaml": "base: root.yaml\n", "right.yaml": "base: root.yaml\n",
      "a.yaml": "base: [left.yaml, right.yaml]\n",
    ])
    #expect(diamond.settings.seed == 4)
    let error = #expect(throws: ConfigurationError.self) {
      _ = try composed(["b.yaml": "base: a.yaml\n", "a.yaml": "base: b.yaml\n"])
    }
    #expect(
      error?.description.hasSuffix("b.yaml: base: 'a.yaml' builds upon this file itself") == true)
  }

  @Test func aPresetOnTheCommandLineAndOneInTheFileIsOneTooMany() throws {
    try withTemporaryFolder { folder in
      try Data("base: mnist-omnigrok\n".utf8).write(to: URL(fileURLWithPath: folder + "/a.yaml"))
      var composition = Composition(presets: TestProgram.presets)
      composition.apply(.modularAddition)
      #expect(throws: ConfigurationError.self) { try composition.apply(file: folder + "/a.yaml") }
    }
  }
}

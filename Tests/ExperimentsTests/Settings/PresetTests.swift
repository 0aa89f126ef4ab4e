import Foundation
import TestSupport
import Testing

@testable import GrokExperiments

@Suite struct PresetTests {
  @Test func namesDifferAndAreNamesOfFolders() throws {
    let names = Preset.grokking.map(\.name)
    #expect(Set(names).count == names.count)
    for preset in Preset.grokking {
      #expect(
        try RunName("{preset}").name(for: preset.settings, preset: preset.name) == preset.name)
    }
  }

  private static let routes = Preset.grokking.filter { !$0.axes.isEmpty }

  /// The routes of a family differ in the factor that they vary and in nothing else; only the route of the output
  /// scale was published without weight decay.
  @Test(.tags(.law), arguments: routes.map(\.name))
  func aRouteVariesOneFactorOverFiveSeeds(name: String) throws {
    let preset = try #require(Self.routes.first { $0.name == name })
    let sweep = try Sweep(preset.settings, arguments: preset.axes, zipping: preset.zips)
    #expect(sweep.axes.count == 2)
    #expect(sweep.axes[0].count >= 3)
    #expect(sweep.axes[1].paths == ["seed"] && sweep.axes[1].count == 5)
    let bases: [(prefix: String, base: Preset)] = [
      ("emnist", .emnistGrokking), ("small", .smallCharacters), ("modular", .modularAddition),
      ("route", .mnistOmnigrok),
    ]
    let base = try #require(bases.first { name.hasPrefix($0.prefix) }).base.settings
    let differing = Setting.all.filter { $0.read(base) != $0.read(preset.settings) }.map(\.path)
    #expect(
      differing
        == (name.hasSuffix("output-scale") ? ["model.outputScale", "train.weightDecay"] : [])
        + ["checkpoint.perDecade"])
    // The settings of the preset itself are among those of the sweep.
    let settings = (0..<sweep.jobCount).map { sweep.settings(ofJob: $0) }
    #expect(settings.contains(preset.settings))
  }

  private func sweep(_ preset: Preset, _ arguments: String..., repeats: Int = 1) throws -> Sweep {
    var composition = Composition(presets: Preset.grokking)
    composition.apply(preset)
    return try composition.sweep(arguments: arguments, repeats: repeats)
  }

  private var route: Preset {
    get throws { try #require(Self.routes.first { $0.name == "small-route-output-scale" }) }
  }

  @Test(.tags(.law)) func whatIsAskedForComesInPlaceOfThePresetsAxes() throws {
    #expect(try sweep(route).variedPaths == ["model.outputScale", "seed"])
    #expect(try sweep(route, "seed=7").variedPaths == ["model.outputScale"])
    #expect(try sweep(route, "seed=7").base.seed == 7)
    #expect(try sweep(route, "seed=0..9").jobCount == 30)
    #expect(try sweep(route, repeats: 2).jobCount == 6)
    let other = try sweep(route, "model.outputScale=1,2", "train.steps=10")
    #expect(other.jobCount == 10)
    #expect(other.base.train.steps == 10)
    // What advances together goes together.
    let optimizer = try #require(Self.routes.first { $0.name == "route-optimizer" })
    #expect(
      try sweep(optimizer).variedPaths == ["train.optimizer", "train.learningRate", "seed"])
    #expect(try sweep(optimizer, "train.learningRate=1e-4").variedPaths == ["seed"])
    #expect(try sweep(.modularAddition).jobCount == 1)
  }

  @Test(.tags(.law)) func filesBuildUponRoutes() throws {
    try withTemporaryFolder { folder in
      let path = folder + "/a.yaml"
      try Data("base: small-route-output-scale\nseed: 3\ntrain.steps: 5\n".utf8)
        .write(to: URL(fileURLWithPath: path))
      var composition = Composition(presets: Preset.grokking)
      try composition.apply(file: path)
      let sweep = try composition.sweep(arguments: [])
      #expect(sweep.variedPaths == ["model.outputScale"])
      #expect((sweep.base.seed, sweep.base.train.steps) == (3, 5))
    }
  }

  @Test func valuesMayRepeatWhereOthersAdvanceWithThem() throws {
    let joint = ["train.optimizer=adam,adamW", "train.learningRate=1e-3,1e-3"]
    let keys = ["train.optimizer", "train.learningRate"]
    #expect(try Sweep(Settings(), arguments: joint, zipping: [keys]).jobCount == 2)
    let error = #expect(throws: ConfigurationError.self) {
      _ = try Sweep(
        Settings(), arguments: ["train.optimizer=adam,adam", "train.learningRate=1e-3,1e-3"],
        zipping: [keys])
    }
    #expect(
      error?.description == "train.optimizer=adam train.learningRate=0.001 occurs twice in a sweep")
    #expect(throws: ConfigurationError.self) { _ = try Sweep(Settings(), arguments: joint) }
  }
}

import Testing

@testable import GrokExperiments

@Suite struct InformationPlanePresetsTests {
  /// Every preset that needs no files makes an experiment, and all name measures that there are.
  @Test(arguments: Preset.informationPlane.map(\.name))
  func presetsCanBeUsed(name: String) throws {
    let preset = try #require(Preset.informationPlane.first { $0.name == name })
    for measure in preset.settings.measure.names.names {
      #expect(throws: Never.self) { try NamedMeasure.named(measure) }
    }
    if preset.settings.data.name == .icosahedron {
      let experiment = try Experiment(preset.settings, folders: [])
      #expect(experiment.model.layout.count == 12 * 10 + 10 + 77 + 40 + 24 + 15 + 8)
      #expect(try experiment.examples(for: preset.settings.measure)[0].examples.count == 4_096)
    }
  }

  /// 0, 1, …, 29 and then every thousandth step, but for the last, which the original leaves out.
  @Test func theStepsOfTheOriginalAreMeasured() {
    let settings = Preset.informationPlaneMNIST.settings
    let steps = (0...settings.train.steps).filter { settings.checkpoints.contains($0) }
    #expect(steps.count == 130)
    #expect(Array(steps.prefix(31)) == Array(0...29) + [1_000])
    #expect(settings.model.initializationScale == 8 && settings.train.weightDecay == 0.01)
    #expect(settings.data.trainCount == 1_000 && settings.train.batchSize == 200)
  }

  private enum Planes: Program {
    static let name = "planes"
    static let abstract = "Nothing."
    static let presets = Preset.informationPlane
  }

  @Test func whatIsToldNothingRepeatsTheDefaultPreset() throws {
    let arguments = Planes.arguments(given: [])
    #expect(arguments.prefix(2) == ["sweep", "--out"])
    #expect(arguments.count == 3 && arguments[2].hasPrefix("runs/tishby"))
    #expect(Planes.arguments(given: ["train"]) == ["train"])
    #expect(TestProgram.arguments(given: []) == [])
  }
}

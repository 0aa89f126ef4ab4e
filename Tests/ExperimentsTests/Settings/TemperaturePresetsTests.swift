import Testing

@testable import GrokExperiments

@Suite struct TemperaturePresetsTests {
  @Test func namesDifferAndAllRecordMotion() {
    let names = Preset.temperature.map(\.name)
    #expect(Set(names).count == names.count && names.first == "induction")
    #expect(Preset.temperature.allSatisfy { $0.settings.motion != nil })
    // The default shows its control beside it.
    #expect(Preset.temperature[0].axes == ["model.depth=2,1"])
  }

  /// Every preset that needs no files makes an experiment.
  @Test(arguments: Preset.temperature.map(\.name))
  func presetsCanBeUsed(name: String) throws {
    var settings = try #require(Preset.temperature.first { $0.name == name }).settings
    if [.cifar10, .text].contains(settings.data.name) { return }
    (settings.data.trainCount, settings.data.testCount) = (20, 10)
    let experiment = try Experiment(settings, folders: [])
    if name == "induction" { #expect(experiment.model.layout.count == 39_168) }
    #expect(experiment.motionByteCount > 0)
  }

  /// The original's setting: 391 steps an epoch, of which steps 19, 39, …, 379 are recorded.
  @Test func theOriginalIsKept() throws {
    let settings = Preset.resnetCIFAR10.settings
    let motion = try #require(settings.motion)
    #expect(motion.count(steps: settings.train.steps, stepsPerEpoch: 391) == 380)
    #expect(settings.train.steps == 20 * 391 && settings.train.batchSize == 128)
    #expect((settings.train.learningRate, settings.train.momentum) == (0.01, 0.9))
    #expect(settings.train.weightDecay == 5e-4 && settings.train.rateCourse == .constant)
    #expect(settings.data.mirrors && settings.data.margin == 4 && !settings.model.smallStem)
    let halves = settings.data.normalization.channels[0]
    #expect((halves.black, halves.white) == (-1, 1))
  }
}

import Foundation
import TestSupport
import Testing

@testable import GrokExperiments

@Suite struct SettingsTests {
  /// Settings read back from a file with the given text.
  private func settings(from text: String) throws -> Settings {
    try withTemporaryFolder { folder in
      try Data(text.utf8).write(to: URL(fileURLWithPath: folder + "/a.yaml"))
      var settings = Settings()
      try settings.apply(file: folder + "/a.yaml")
      return settings
    }
  }

  // MARK: One setting

  @Test func pathsAreDifferentAndFound() throws {
    let paths = Setting.all.map(\.path)
    #expect(Set(paths).count == paths.count)
    for path in paths { #expect(try Setting.named(path).path == path) }
  }

  @Test(.tags(.law), arguments: Setting.all.map(\.path))
  func everySettingReadsWhatItWrites(path: String) throws {
    let setting = try Setting.named(path)
    for preset in TestProgram.presets {
      var copy = preset.settings
      #expect(setting.write(&copy, setting.read(copy)))
      #expect(copy == preset.settings)
    }
    var settings = Settings()
    for value in samples(of: setting) {
      #expect(setting.write(&settings, value), "\(value)")
      let text = setting.read(settings)
      var again = Settings()
      #expect(setting.write(&again, text), "\(text)")
      // Nothing else has changed, and the text says it all.
      #expect(again == settings, "\(value)")
    }
    #expect(Set(samples(of: setting)).count >= 2)
  }

  /// Values that the expectation names: the choices, the ends of the range, or examples.
  private func samples(of setting: Setting) -> [String] {
    let words = setting.expectation
    if words.hasPrefix("one of ") {
      return words.dropFirst("one of ".count).components(separatedBy: ", ")
    }
    if let from = words.range(of: " from "), let to = words.range(of: " to ") {
      return [
        String(words[from.upperBound..<to.lowerBound]), String(words[to.upperBound...]),
      ]
    }
    if words == "true or false" { return ["true", "false"] }
    if words.hasPrefix("widths") { return ["200x200", "none", "1", "3x2x1"] }
    if words.hasPrefix("tishby") { return ["tishby", "width:0.07", "quantiles:10"] }
    if words.hasPrefix("steps") { return ["100+1000", "none", "0"] }
    if words.hasPrefix("groups") { return ["*.bias:1:0", "none", "*.bias:1:0+head.*:10:0.5"] }
    if words.hasPrefix("parts and steps") {
      return ["stem@400+layer1@600", "none", "early-when-cool:0.5:5", "layerwise:300+600"]
    }
    return ["", "a.npz", "/data/my files/ü.npz"]
  }

  @Test func groupsThatAreNoneAreRefused() {
    for text in ["*.bias", "*.bias:1", ":1:0", "a:x:0", "a:-1:0", "a:1:0+", "a:1:0:2"] {
      var settings = Settings()
      let message = #expect(throws: ConfigurationError.self) {
        try settings.apply(overrides: ["train.groups=\(text)"])
      }
      #expect(
        message?.description.hasPrefix("train.groups=\(text): expected groups such as") == true)
    }
  }

  @Test func groupsOfNoParametersAreRefused() throws {
    var settings = Settings()
    settings.data.modulus = 7
    settings.model.kind = .mlp
    settings.model.hidden = Widths([4])
    try settings.apply(overrides: ["train.groups=*.weights:1:0"])
    let message = #expect(throws: ConfigurationError.self) {
      _ = try Experiment(settings, folders: [])
    }
    #expect(
      message?.description
        == "train.groups: no parameter is named '*.weights'; there are hidden.0.weight, hidden.0.bias, "
        + "output.weight, output.bias")
  }

  @Test func listsOfStepsAreWrittenInOneWay() throws {
    var settings = Settings()
    for text in ["1000+100+100", "100,1000"] {
      try settings.apply(overrides: ["checkpoint.at=\(text)"])
      #expect(settings.checkpoint.at.description == "100+1000")
    }
    try settings.apply(overrides: ["checkpoint.at="])
    #expect(settings.checkpoint.at == Steps())
  }

  @Test func listsOfFilesAreThoseOfTheCommandLine() throws {
    let found = try settings(
      from:
        "model: {hidden: [5, 6]}\ncheckpoint.at: [100, 1000]\nmeasure: {names: [twoNN, complexity]}\n"
    )
    #expect(found.model.hidden == Widths([5, 6]))
    #expect(found.checkpoint.at == Steps([100, 1000]))
    #expect(found.measure.names == Names(["twoNN", "complexity"]))
  }

  @Test func wholeNumbersMayHaveExponents() throws {
    var settings = Settings()
    try settings.apply(overrides: ["train.steps=1e5", "seed=2.5e3"])
    #expect(settings.train.steps == 100_000 && settings.seed == 2_500)
  }

  @Test func valuesOutsideTheRangeChangeNothing() throws {
    for setting in Setting.all where setting.expectation.contains(" from ") {
      var settings = Settings()
      for value in ["", "x", "-2", "1e30", "inf", "nan"] {
        #expect(!setting.write(&settings, value), "\(setting.path)=\(value)")
      }
      #expect(settings == Settings())
    }
  }

  // MARK: Files

  @Test(.tags(.law), arguments: TestProgram.presets.map(\.name))
  func yamlOfAPresetReadsBack(name: String) throws {
    let preset = try TestProgram.preset(named: name).settings
    #expect(try settings(from: preset.yaml) == preset)
  }

  /// Paths were written without quotes, and a colon or a hash sign in one spoiled the run folder.
  @Test(
    .tags(.law),
    arguments: [
      "a: b", "a #b", "#a", "'a'", "\"a\"", "- a", "-", "[a", "{a}", "*a", "&a", "!a", "%a", "@a",
      "|", ">", "~", "null", "true", "1", " a ", "a\nb", "a\tb", "ü/ß 漢.npz", "a\\b", "?", ",", "",
    ])
  func yamlKeepsEveryPath(path: String) throws {
    var original = Settings()
    original.data.split = path
    original.model.initialParameters = path
    #expect(try settings(from: original.yaml) == original)
  }

  @Test func filesMayNestOrDotNamesAndBeEmpty() throws {
    var expected = Settings()
    try expected.apply(overrides: ["train.steps=7", "seed=3", "model.hidden=5x6"])
    #expect(
      try settings(from: "train:\n  steps: 7\nseed: 3\nmodel: {hidden: [5, 6]}\n") == expected)
    #expect(try settings(from: "train.steps: 7\nseed: '3'\nmodel.hidden: 5x6\n") == expected)
    #expect(try settings(from: "# nothing\n") == Settings())
  }

  @Test func laterOverridesWin() throws {
    var settings = Settings()
    try settings.apply(overrides: ["seed=1", "seed=2", "data.split=a=b"])
    #expect(settings.seed == 2)
    #expect(settings.data.split == "a=b")
  }
}

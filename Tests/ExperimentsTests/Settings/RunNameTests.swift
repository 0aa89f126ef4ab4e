import Testing

@testable import GrokExperiments

@Suite struct RunNameTests {
  @Test(arguments: [
    ("plain", "plain"), ("a/b", "a/b"),
    ("scale-{model.initializationScale}-seed-{seed}", "scale-1.0-seed-3"),
    ("{seed}", "3"), ("{preset}/{model.hidden}", "modular-addition/200x200"),
    ("{data.split}", "_data_split.npy"),
  ])
  func namesStandForValues(template: String, name: String) throws {
    var settings = Settings()
    try settings.apply(overrides: ["seed=3", "data.split=/data/split.npy"])
    #expect(try RunName(template).name(for: settings, preset: "modular-addition") == name)
  }

  @Test(arguments: [
    ("{sed}", "unknown setting 'sed'; did you mean 'seed'?"),
    ("{seed", "--name '{seed': a brace has no partner; write {seed} or {train.steps}"),
    ("seed}", "--name 'seed}': a brace has no partner; write {seed} or {train.steps}"),
    ("{{seed}}", "--name '{{seed}}': a brace has no partner; write {seed} or {train.steps}"),
    (
      "", "--name '': gives ''; expected names of folders of 1 to 200 bytes that begin with no dot"
    ),
    (
      "../x",
      "--name '../x': gives '../x'; expected names of folders of 1 to 200 bytes that begin with no dot"
    ),
    (
      "{data.split}",
      "--name '{data.split}': gives ''; expected names of folders of 1 to 200 bytes that begin with no dot"
    ),
  ])
  func mistakesGiveOneLine(template: String, message: String) {
    let error = #expect(throws: ConfigurationError.self) {
      try RunName(template).name(for: Settings(), preset: "x")
    }
    #expect(error?.description == message)
  }
}

import Testing

@testable import GrokExperiments

@Suite struct RunGroupsTests {
  private func groups(_ runs: [[String: String]]) -> RunGroups {
    var columns = SettingColumns()
    for run in runs { columns.append(run) }
    return RunGroups(columns)
  }

  @Test func seedsRepeatAndSettingsSortAsNumbers() {
    let groups = groups(
      ["10.0", "0.3", "1e-3"].flatMap { decay in
        (0..<2).map { ["seed": "\($0)", "train.weightDecay": decay, "data.modulus": "59"] }
      })
    #expect(groups.paths == ["train.weightDecay"])
    #expect(groups.groups.map(\.values) == [["1e-3"], ["0.3"], ["10.0"]])
    #expect(groups.groups.map(\.runs) == [[4, 5], [2, 3], [0, 1]])
    #expect(groups.repeated.map(\.path) == ["seed"] && groups.repeated[0].values == ["0", "1"])
    #expect(groups.numbers(of: 0) == [0.001, 0.3, 10])
  }

  @Test func schedulesAndThreadsTellNothingApart() {
    let groups = groups([
      ["record.every": "10", "train.threads": "1"], ["record.every": "100", "train.threads": "2"],
    ])
    #expect(groups.paths == [] && groups.groups.count == 1)
    #expect(groups.repeated.map(\.path) == ["train.threads", "record.every"])
  }

  @Test func absentSettingsAreAValueOfTheirOwn() {
    let groups = groups([["train.steps": "5"], ["train.steps": "5", "train.momentum": "0.9"]])
    #expect(groups.paths == ["train.momentum"])
    #expect(groups.groups.map(\.values) == [["0.9"], [""]])
  }

  /// Of settings that advance together one tells the groups apart, and all share a figure.
  @Test func settingsThatAdvanceTogetherAreOne() {
    let groups = groups(
      [("none", "400"), ("stem@182", "546"), ("fc@148", "444")].map {
        ["train.freezing": $0, "train.steps": $1]
      })
    #expect(groups.tellingPath.map { groups.paths[$0] } == "train.freezing")
    let colors = ComparisonColors(groups, panelLimit: 4, colorLimit: 8)
    #expect(colors.panels.map(\.title) == [""])
    #expect(
      colors.panels[0].members.map(\.name).sorted() == [
        "freezing = fc@148", "freezing = none", "freezing = stem@182",
      ])
  }

  @Test func theNumericSettingWithMostValuesIsColored() {
    let groups = groups(
      ["mlp", "transformer", "other"].flatMap { kind in
        ["1", "2"].flatMap { decay in
          ["0.1", "0.2", "0.3"].map {
            ["model.kind": kind, "train.weightDecay": decay, "data.trainFraction": $0]
          }
        }
      })
    #expect(groups.paths == ["data.trainFraction", "model.kind", "train.weightDecay"])
    #expect(groups.colorPath == 0 && groups.tellingPath == nil)
    #expect(groups.shortName(of: 0) == "trainFraction")
    let colors = ComparisonColors(groups, panelLimit: 4, colorLimit: 8)
    #expect(colors.panels.count == 4)
    #expect(colors.panels[0].title == "kind = mlp, weightDecay = 1")
    #expect(
      colors.panels[0].members.map(\.name) == [
        "trainFraction = 0.1", "trainFraction = 0.2", "trainFraction = 0.3",
      ])
    #expect(
      colors.omission == "Shown are 4 of 6 combinations of the other settings, evenly chosen.")
  }

  @Test(arguments: [(3, [0, 5, 10]), (1, [0]), (20, Array(0...10)), (2, [0, 10])])
  func choicesAreEven(limit: Int, expected: [Int]) {
    #expect(evenly(limit, of: Array(0...10)) == expected)
  }
}

import Foundation
import GrokNumerics
@testable import GrokReports
import TestSupport
import Testing

@testable import GrokExperiments

@Suite struct RunComparisonTests {
  /// Three weight decays with four seeds each; the smallest never generalizes with half of the seeds, and one
  /// run failed.
  private func withRuns(_ body: ([String]) throws -> Void) throws {
    try withTemporaryFolder { folder in
      var folders: [String] = []
      for decay in [0.1, 0.3, 1.0] {
        for seed in 0..<4 {
          let path = "\(folder)/decay-\(decay)-seed-\(seed)"
          folders.append(path)
          let hasFailed = decay == 0.3 && seed == 3
          try SyntheticRuns.write(
            path, seed: seed, decay: decay,
            generalization: decay == 0.1 && seed > 1 ? nil : Int(1_000 / decay),
            lastStep: hasFailed ? 300 : 20_000, state: hasFailed ? .failed : .done,
            extra: ["train.steps": "20000"],
            error: hasFailed ? "step 301: loss is not a number" : nil)
        }
      }
      try body(folders)
    }
  }

  private func comparison(_ folders: [String], band: BandKind = .interval) throws -> RunComparison {
    var comparison = RunComparison(title: "decay", band: band)
    for folder in folders { comparison.append(try ComparedRun(folder: folder)) }
    return comparison
  }

  @Test func runsAreCountedBySetting() throws {
    try withRuns { folders in
      let comparison = try comparison(folders)
      let tables = ComparisonTables(
        comparison: comparison, groups: RunGroups(comparison.settings))
      #expect(tables.subtitle == "12 runs, 3 settings of train.weightDecay")
      #expect(
        tables.facts.map { "\($0.label) \($0.value) \($0.detail)" } == [
          "Runs 12 ", "Done 11 ", "Failed 1 ", "Generalized 9 of 11 done",
          "Median delay 3,400 steps",
        ])
      let table = tables.outcomeTable(
        names: ["train.weightDecay"],
        rows: RunGroups(comparison.settings).groups.map { ($0.values, $0.runs) })
      #expect(
        table.columns == [
          "train.weightDecay", "Runs", "Done", "Failed", "Generalized", "Never", "Fit step",
          "Generalization step", "Delay", "Test accuracy",
        ])
      #expect(
        table.rows == [
          [
            "0.1", "4", "4", "0", "2", "2", "100", "never (10,000–never)", "never (9,900–never)",
            "0.51 (0.02–1)",
          ],
          ["0.3", "4", "3", "1", "3", "0", "100", "3,500", "3,400", "1"],
          ["1.0", "4", "4", "0", "4", "0", "100", "1,000", "900", "1"],
        ])
      let page = try comparison.page().html()
      #expect(page.contains("step 301: loss is not a number"))
      #expect(page.contains("the mean and its 95 % interval (Student&#39;s t)"))
    }
  }

  @Test(arguments: BandKind.allCases) func thePageSaysWhatBandsAre(band: BandKind) throws {
    try withRuns { folders in
      let page = try comparison(folders, band: band).page()
      let curves = try #require(page.sections.first { $0.title == "Curves" })
      // Accuracy, loss and weight norm.
      #expect(curves.contents.count == 4)
      #expect(page.html().contains(band.words.replacingOccurrences(of: "'", with: "&#39;")))
    }
  }

  @Test func twoNumericSettingsMakeAMap() throws {
    var comparison = RunComparison(title: "map")
    for decay in ["0.1", "1", "1.0", "10"] {
      for fraction in ["0.3", "0.4"] {
        for seed in 0..<3 {
          let hasGeneralized = decay == "10" || (decay == "0.1" && fraction == "0.4" && seed > 0)
          comparison.append(
            ComparedRun(
              name: "\(decay)", state: .done,
              settings: [
                "seed": "\(seed)", "train.weightDecay": decay, "data.trainFraction": fraction,
              ],
              outcome: .init(
                steps: 9_000, fitStep: 100, generalizationStep: hasGeneralized ? 1_000 + seed : nil)
            ))
        }
      }
    }
    let maps = ComparisonMaps(comparison: comparison, groups: RunGroups(comparison.settings))
    let plots = maps.contents.flatMap(\.plots).compactMap(\.heatMap)
    #expect(plots.count == 2)
    // Across the fraction, up the decay; 1 and 1.0 are one number.
    #expect(plots.map { [$0.rowCount, $0.columnCount] } == [[3, 2], [3, 2]])
    #expect(plots[1].values == [0, 2.0 / 3, 0, 0, 1, 1])
    #expect(plots[0].values.map { $0.isNaN ? -1 : $0 } == [-1, 902, -1, -1, 901, 901])
  }

  @Test func theBestOfEachRunMakesALandscape() throws {
    try withTemporaryFolder { folder in
      try SyntheticRuns.write(folder)
      let curves = try RunCurves(folder: folder)
      var comparison = RunComparison(title: "landscape")
      for size in ["100", "1000", "10000"] {
        for scale in ["0.5", "2"] {
          comparison.append(
            ComparedRun(
              name: size, state: .done,
              settings: ["data.trainCount": size, "model.initializationScale": scale],
              folder: size == "1000" ? nil : folder, outcome: .init(steps: 9_000)))
        }
      }
      let maps = ComparisonMaps(comparison: comparison, groups: RunGroups(comparison.settings))
      let plots = maps.contents.flatMap(\.plots)
      #expect(
        plots.map(\.title) == [
          "Delay", "Generalized", "Lowest training loss", "Lowest test loss",
          "Highest test accuracy",
        ])
      let lowest = try #require(curves["test/loss"]?.values.min())
      let values = try #require(plots[3].heatMap).values
      #expect(values.map { $0.isNaN ? -1 : $0 } == [lowest, -1, lowest, lowest, -1, lowest])
    }
  }

  @Test func aGroupIsNotReadBeyondTheLimit() throws {
    try withRuns { folders in
      var comparison = try comparison(folders)
      comparison.curveLimit = 6
      let page = try comparison.page().html()
      #expect(page.contains("The curves are those of 6 of 12 runs, evenly chosen."))
      #expect(page.contains("weightDecay = 0.3 (2 runs)"))
    }
  }

  @Test func foldersWithoutRecordsAreCounted() throws {
    var comparison = RunComparison(title: "empty")
    comparison.append(
      ComparedRun(name: "1", state: .waiting, settings: ["seed": "1"], folder: "/nowhere"))
    comparison.append(ComparedRun(name: "2", state: .waiting, settings: ["seed": "2"]))
    let page = try comparison.page()
    #expect(page.subtitle == "2 runs of the same settings")
    #expect(page.sections.map(\.title) == ["Outcomes by setting", "Runs", "Settings"])
  }

  /// Memory and time do not run away with the number of runs.
  @Test func aHundredThousandRunsFit() throws {
    var comparison = RunComparison(title: "many")
    for job in 0..<100_000 {
      let seed = job % 8
      comparison.append(
        ComparedRun(
          name: "\(job)", state: job % 50 == 0 ? .failed : .done,
          settings: [
            "seed": "\(seed)", "train.weightDecay": "\(job / 8 % 125)",
            "data.trainFraction": "0.\(job / 1_000)",
          ], error: job % 50 == 0 ? "loss is not a number" : nil,
          outcome: job % 50 == 0
            ? nil
            : ComparedRun.Outcome(
              steps: 100, fitStep: 10, generalizationStep: job % 3 == 0 ? nil : 50)))
    }
    let clock = ContinuousClock()
    var size = 0
    let time = try clock.measure { size = try comparison.page().html().utf8.count }
    #expect(size < 2_000_000)
    #expect(time < .seconds(60))
  }
}

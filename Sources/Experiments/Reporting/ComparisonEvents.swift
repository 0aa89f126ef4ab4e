import GrokMeasures
import GrokReports
import GrokTraining

/// What the temperature of each kind of parameter does around an event, over the runs of each group of a comparison
/// whose motion was recorded.
struct ComparisonEvents {
  private let comparison: RunComparison
  private let groups: RunGroups

  /// As many groups as are shown.
  private static let groupLimit = 4
  /// As many runs of a group as are read.
  private static let runLimit = 100

  init(comparison: RunComparison, groups: RunGroups) {
    self.comparison = comparison
    self.groups = groups
  }

  /// What the section shows; empty where fewer than two runs of a group have motion and an event, and while runs are followed.
  var contents: [HTMLReport.Content] {
    // Long tables are not read again every few seconds.
    guard comparison.refreshSeconds == nil else { return [] }
    let members = ComparisonColors(groups, panelLimit: 1, colorLimit: Self.groupLimit).panels
      .flatMap(\.members)
    var contents: [HTMLReport.Content] = []
    for (place, member) in members.prefix(Self.groupLimit).enumerated() {
      let runs = evenly(Self.runLimit, of: member.group.runs).compactMap { run in
        comparison.runs[run].folder.flatMap {
          EventSource(folder: $0, outcome: comparison.runs[run].outcome)
        }
      }
      for event in EventSource.Event.allCases {
        let name = groups.groups.count > 1 ? member.name : ""
        let key = RandomKey(seed: 0).fork("temperature around events").fork(place)
        guard
          let around = try? TemperatureAroundEvent(event, of: runs, key: key.fork(event.rawValue))
        else { continue }
        contents += around.contents(name: name, runCount: member.group.runs.count)
      }
    }
    return contents.isEmpty ? [] : [.text(TemperatureAroundEvent.words)] + contents
  }
}

/// A run's table of motion, and what happened in the run.
struct EventSource {
  /// What runs are aligned by.
  enum Event: String, CaseIterable {
    case generalization = "the step of generalizing"
    case phaseChange = "the phase change of learning in context"
  }

  /// A step, and where what it is compared with begins.
  struct Occurrence {
    var step: Int
    /// Earlier records belong to another phase of the training: before it fits, everything is different.
    var firstStep: Int
  }

  let table: MotionTable
  private let occurrences: [Event: Occurrence]

  /// `nil` where the run has recorded no motion.
  init?(folder: String, outcome: ComparedRun.Outcome?) {
    guard MotionTable.exists(inRun: folder), let table = try? MotionTable(ofRun: folder),
      table.rowCount > 1
    else { return nil }
    self.table = table
    var occurrences: [Event: Occurrence] = [:]
    if let step = outcome?.generalizationStep, let fitStep = outcome?.fitStep, fitStep < step {
      occurrences[.generalization] = Occurrence(step: step, firstStep: fitStep)
    }
    if let curves = try? RunCurves(folder: folder),
      let change = PhaseChange.recorded(
        of: "test", matching: curves.names.filter { $0.hasPrefix("test/prefixMatching/") },
        readsLoss: false,
        points: { curves[$0]?.points ?? [] }), change.isCoincident
    {
      occurrences[.phaseChange] = Occurrence(step: change.step, firstStep: 0)
    }
    self.occurrences = occurrences
  }

  subscript(event: Event) -> Occurrence? { occurrences[event] }
}

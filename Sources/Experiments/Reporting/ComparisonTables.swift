import GrokReports

/// The facts and tables of a comparison.
struct ComparisonTables {
  let comparison: RunComparison
  let groups: RunGroups

  /// The largest number of rows of a table.
  static let rowLimit = 500
  /// The largest number of rows of a table that is not folded away.
  static let openRowLimit = 40

  private var runs: [RunComparison.Entry] { comparison.runs }

  // MARK: Head

  var subtitle: String {
    let count = runs.count
    let runWords = count == 1 ? "1 run" : "\(Readable.count(count)) runs"
    guard !groups.paths.isEmpty else { return "\(runWords) of the same settings" }
    return "\(runWords), \(Readable.count(groups.groups.count)) settings of "
      + groups.paths.joined(separator: ", ")
  }

  var facts: [HTMLReport.Fact] {
    let states = Tally(runs)
    var facts = [HTMLReport.Fact("Runs", Readable.count(runs.count))]
    for state in ComparedRun.State.allCases where state == .done || states[state] > 0 {
      facts.append(.init(state.rawValue.capitalizedFirst, Readable.count(states[state])))
    }
    facts.append(
      .init(
        "Generalized", Readable.count(states.generalizedCount),
        detail: "of \(Readable.count(states[.done])) done"))
    let delay = StepStatistics(runs.filter { $0.state == .done }.map { $0.outcome?.delay })
    if states[.done] > 0 {
      facts.append(
        .init(
          "Median delay", delay.median.map { Readable.count(Int($0.rounded())) } ?? "never",
          detail: delay.median == nil ? "half or more never generalized" : "steps"))
    }
    return facts
  }

  // MARK: Outcomes

  /// Long tables are folded away, so that the figures are not far below.
  var outcomes: [HTMLReport.Content] {
    let remark = HTMLReport.Content.text(
      "Steps are medians over the runs that are done, with the range in brackets; a run that never got "
        + "there counts as later than all others.")
    let all = groups.groups.count
    let shown = evenly(Self.rowLimit, of: groups.groups)
    let table = HTMLReport.Content.table(
      outcomeTable(names: groups.paths, rows: shown.map { ($0.values, $0.runs) }))
    let single = groups.paths.count > 1 ? groups.paths.indices.map(outcomes(byPath:)) : []
    if all <= Self.openRowLimit {
      let folded = HTMLReport.Content.details(
        "By each setting, over all values of the others", single)
      return [table, remark] + (single.isEmpty ? [] : [folded])
    }
    let title =
      shown.count < all
      ? "By combinations of settings: \(shown.count) of \(Readable.count(all)), evenly chosen"
      : "By all \(all) \(groups.paths.count > 1 ? "combinations of settings" : "values")"
    return [remark] + single + [.details(title, [table])]
  }

  /// The outcomes by one setting, over all values of the others.
  private func outcomes(byPath path: Int) -> HTMLReport.Content {
    var members: [String: [Int]] = [:]
    for group in groups.groups { members[group.values[path], default: []] += group.runs }
    let all = groups.values(of: path)
    let shown = evenly(Self.rowLimit, of: all)
    let table = HTMLReport.Content.table(
      outcomeTable(names: [groups.paths[path]], rows: shown.map { ([$0], members[$0] ?? []) }))
    guard all.count > Self.openRowLimit else { return table }
    let part = shown.count < all.count ? "\(shown.count) of " : ""
    return .details("By \(groups.paths[path]): \(part)\(Readable.count(all.count)) values", [table])
  }

  func outcomeTable(
    names: [String], rows: [(values: [String], runs: [Int])]
  ) -> HTMLReport.Table {
    let unfinished: [ComparedRun.State] = [.running, .stopped, .waiting, .cancelled]
      .filter { state in runs.contains { $0.state == state } }
    let columns =
      names + ["Runs", "Done", "Failed"] + unfinished.map(\.rawValue.capitalizedFirst) + [
        "Generalized", "Never", "Fit step", "Generalization step", "Delay", "Test accuracy",
      ]
    return .init(
      columns: columns,
      rows: rows.map { values, members in
        let entries = members.map { runs[$0] }
        let tally = Tally(entries)
        let outcomes = entries.filter { $0.state == .done }.compactMap(\.outcome)
        let counts =
          [members.count, tally[.done], tally[.failed]] + unfinished.map { tally[$0] } + [
            tally.generalizedCount, tally.neverCount,
          ]
        return values.map { $0.isEmpty ? "–" : $0 } + counts.map(Readable.count) + [
          StepStatistics(outcomes.map(\.fitStep)).text,
          StepStatistics(outcomes.map(\.generalizationStep)).text,
          StepStatistics(outcomes.map(\.delay)).text, rangeText(outcomes.map(\.testAccuracy)),
        ]
      })
  }

  // MARK: Failures and runs

  /// Each distinct reason once, the most frequent first.
  var failures: [HTMLReport.Content] {
    var names: [String: [String]] = [:]
    var counts: [String: Int] = [:]
    for run in runs where run.state == .failed {
      let reason = run.error ?? "no reason given"
      counts[reason, default: 0] += 1
      if names[reason, default: []].count < 5 { names[reason, default: []].append(run.name) }
    }
    let reasons = counts.keys.sorted { (counts[$1] ?? 0, $0) < (counts[$0] ?? 0, $1) }
    guard !reasons.isEmpty else { return [] }
    let rows = reasons.prefix(50).map { reason in
      let shown = names[reason] ?? []
      let count = counts[reason] ?? 0
      return [
        Readable.count(count), reason,
        shown.joined(separator: ", ") + (count > shown.count ? ", …" : ""),
      ]
    }
    let remark =
      reasons.count > 50
      ? [HTMLReport.Content.text("The 50 most frequent of \(reasons.count) reasons.")] : []
    return remark + [.table(.init(columns: ["Runs", "Reason", "Which"], rows: rows))]
  }

  /// One row a run, folded away.
  var runTable: [HTMLReport.Content] {
    let shown = evenly(Self.rowLimit, of: Array(runs.indices))
    let repeats = groups.repeated.map(\.path)
    let paths = groups.paths + repeats
    let rows = shown.map { index -> [String] in
      let run = runs[index]
      let outcome = run.outcome
      func step(_ value: Int?) -> String {
        value.map(Readable.count) ?? (outcome == nil ? "" : "never")
      }
      return [run.name] + paths.map { comparison.settings.value($0, ofRun: index) ?? "–" } + [
        run.state.rawValue, outcome.map { Readable.count($0.steps) } ?? "",
        step(outcome?.fitStep), step(outcome?.generalizationStep), step(outcome?.delay),
        outcome.map { Readable.count($0.relapses) } ?? "",
        outcome.map { Readable.number($0.testAccuracy) } ?? "",
        outcome.map { Readable.number($0.testLoss) } ?? "",
      ]
    }
    let all = shown.count == runs.count
    return [
      .details(
        all ? "All runs" : "\(shown.count) of \(Readable.count(runs.count)) runs, evenly chosen",
        [
          .table(
            .init(
              columns: ["Run"] + paths + [
                "State", "Steps", "Fit step", "Generalization step", "Delay", "Relapses",
                "Test accuracy", "Test loss",
              ], rows: rows))
        ])
    ]
  }

  // MARK: Settings

  var settings: [HTMLReport.Content] {
    func row(_ path: String, _ values: [String], _ role: String) -> [String] {
      let shown = evenly(12, of: values).map { $0.isEmpty ? "–" : $0 }
      let list = shown.joined(separator: ", ")
      return [
        path, Readable.count(values.count), values.count > shown.count ? list + " …" : list, role,
      ]
    }
    let rows =
      groups.paths.indices.map { row(groups.paths[$0], groups.values(of: $0), "compared") }
      + groups.repeated.map {
        row($0.path, $0.values, $0.path == "seed" ? "repeats" : "not told apart")
      }
    var contents: [HTMLReport.Content] = []
    if rows.isEmpty {
      contents.append(.text("No setting varies."))
    } else {
      contents.append(
        .table(.init(columns: ["Setting", "Values", "Which", "Used for"], rows: rows)))
    }
    let shared = comparison.settings.shared
    guard !shared.isEmpty else { return contents }
    return contents + [
      .details(
        "The same in all runs",
        [
          .table(
            .init(
              columns: ["Setting", "Value"],
              rows: shared.map { [$0.path, $0.value.isEmpty ? "–" : $0.value] }))
        ])
    ]
  }
}

/// How many runs are in which state, and how many of those that are done generalized.
struct Tally {
  private var counts: [ComparedRun.State: Int] = [:]
  private(set) var generalizedCount = 0

  init(_ runs: [RunComparison.Entry]) {
    for run in runs {
      counts[run.state, default: 0] += 1
      if run.state == .done, run.outcome?.generalizationStep != nil { generalizedCount += 1 }
    }
  }

  subscript(state: ComparedRun.State) -> Int { counts[state] ?? 0 }

  /// Runs that are done and never generalized.
  var neverCount: Int { self[.done] - generalizedCount }
}

extension String {
  /// This text with its first letter in upper case.
  var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}

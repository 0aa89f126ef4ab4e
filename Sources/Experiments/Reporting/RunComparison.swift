import GrokReports
import GrokTraining

/// The page of many runs: outcomes by setting, curves with bands over repeats, delays against settings.
///
/// Runs are added one by one; of each only its settings and outcome are kept. Curves are read when the page
/// is made, group by group, from at most ``curveLimit`` run folders.
///
/// ```swift
/// var comparison = RunComparison(title: "decay")
/// for folder in folders { comparison.append(try ComparedRun(folder: folder)) }
/// try comparison.write(to: "decay.html")
/// ```
struct RunComparison: Sendable {
  /// The heading of the page.
  let title: String
  /// What lines and bands show.
  let band: BandKind
  /// The largest number of run folders whose records are read.
  var curveLimit = 400
  /// What the reader should know before believing the rest.
  var warnings: [String] = []
  /// Seconds after which the page is to be loaded again; `nil` where nobody writes it again.
  var refreshSeconds: Int?

  private(set) var settings = SettingColumns()
  private(set) var runs: [Entry] = []

  /// What is kept of a run, beside its settings.
  struct Entry: Sendable {
    var name: String
    var state: ComparedRun.State
    var folder: String?
    var error: String?
    var outcome: ComparedRun.Outcome?
  }

  /// A comparison of no runs yet.
  init(title: String, band: BandKind = .interval) {
    self.title = title
    self.band = band
  }

  /// Adds a run.
  mutating func append(_ run: ComparedRun) {
    settings.append(run.settings)
    runs.append(
      Entry(
        name: run.name, state: run.state, folder: run.folder, error: run.error,
        outcome: run.outcome))
  }

  /// Writes the page into a file.
  func write(to path: String) throws {
    try AtomicFile.write(try page().html(), to: path)
  }

  /// The page.
  func page() throws -> HTMLReport {
    let groups = RunGroups(settings)
    let tables = ComparisonTables(comparison: self, groups: groups)
    let curves = try ComparisonCurves(comparison: self, groups: groups)
    let delays = ComparisonDelays(comparison: self, groups: groups).contents
    var sections: [HTMLReport.Section] = [.init("Outcomes by setting", tables.outcomes)]
    if !delays.isEmpty { sections.append(.init("Delay against settings", delays)) }
    if !curves.contents.isEmpty { sections.append(.init("Curves", curves.contents)) }
    let events = ComparisonEvents(comparison: self, groups: groups).contents
    if !events.isEmpty { sections.append(.init("Temperature around events", events)) }
    let claims = claims(of: groups)
    if !claims.isEmpty { sections.append(.init("How networks cool", claims)) }
    sections += curves.measuredSections
    if !tables.failures.isEmpty { sections.append(.init("Failed runs", tables.failures)) }
    sections.append(.init("Runs", tables.runTable))
    sections.append(.init("Settings", tables.settings))
    return HTMLReport(
      title: title, subtitle: tables.subtitle, facts: tables.facts, warnings: warnings,
      sections: sections, live: live)
  }
}

extension RunComparison {
  /// What the runs of each group say of the claims about cooling, where that was measured.
  private func claims(of groups: RunGroups) -> [HTMLReport.Content] {
    groups.groups.prefix(ComparisonTables.openRowLimit).flatMap { group in
      let arrays = group.runs.compactMap { runs[$0].folder }.map { MeasuredArrays(folder: $0) }
      let contents = ClaimTable(arrays).contents
      guard !contents.isEmpty, !group.values.isEmpty else { return contents }
      let words = group.values.indices.map { "\(groups.shortName(of: $0)) = \(group.values[$0])" }
      return [.text(words.joined(separator: ", ") + ":")] + contents
    }
  }

  /// What the page says of runs that go on or wait.
  private var live: HTMLReport.Live? {
    let count = runs.count { $0.state == .running }
    if count == 0, refreshSeconds == nil {
      let waitingCount = runs.count { $0.state == .waiting }
      return .init(
        waitingCount == 0
          ? "All runs have ended."
          : "\(Readable.count(waitingCount)) of \(Readable.count(runs.count)) runs wait.",
        refreshSeconds: nil)
    }
    let words =
      "\(Readable.count(count)) of \(Readable.count(runs.count)) runs \(count == 1 ? "is" : "are") going on"
    guard let refreshSeconds else {
      return .init(words + " when this page was made.", refreshSeconds: nil)
    }
    return .init(
      "Live: \(words). This page renews itself every \(refreshSeconds) s.",
      refreshSeconds: refreshSeconds)
  }
}

// MARK: - Choosing

/// At most `limit` elements of `all`, evenly chosen, the first and the last among them.
func evenly<Element>(_ limit: Int, of all: [Element]) -> [Element] {
  guard all.count > limit else { return all }
  guard limit > 1 else { return Array(all.prefix(limit)) }
  return (0..<limit).map { all[$0 * (all.count - 1) / (limit - 1)] }
}

import GrokMeasures
import GrokReports

/// What changes when, over the runs of each group of a comparison.
///
/// No run is left out: one in which a quantity did not change, or test accuracy never rose, counts as later than its
/// last checkpoint.
struct ComparisonChanges {
  let groups: [MeasuredGroup]
  /// What the groups of a panel share.
  let panelTitles: [String]
  /// All layers, from the input to the outputs.
  let layers: [String]

  /// As many groups as have an open figure.
  private static let openGroupLimit = 4
  /// Enough for ends of intervals that are drawn; the library's default is ten times as many.
  private static let resampleCount = 1_000

  /// What the section shows; empty where nothing was measured.
  var contents: [HTMLReport.Content] {
    let known = groups.filter { group in group.changes.contains { !$0.changes.isEmpty } }
    guard !known.isEmpty else { return [] }
    var contents: [HTMLReport.Content] = [.text(Self.words)]
    for (place, group) in known.enumerated() {
      let name = name(of: group)
      let rows = rows(of: group, key: RandomKey(seed: 0).fork("what changes when").fork(place))
      let table = HTMLReport.Content.table(table(of: rows, group))
      let figure = plot(of: rows, name).map {
        HTMLReport.Content.figure($0, caption: Self.caption)
      }
      if place < Self.openGroupLimit {
        contents +=
          figure.map { [$0, .details("All onsets, \(name)", [table])] } ?? [.text(name), table]
      } else {
        contents.append(.details(name, [figure, table].compactMap { $0 }))
      }
    }
    return contents
  }

  private static let words =
    ChangeContents.method + """
       Over several runs, the onset is the Kaplan–Meier median with its 95 % interval, and the delay the median over \
      runs with a 95 % bootstrap interval, which also holds the spacing of the records; runs without an onset count as \
      later than their end. The reading is that of the whole interval. Of few runs intervals are wide: with fewer than \
      seven, the upper end of an onset's stays open.
      """

  private static let caption =
    "Median delay after test accuracy, with its interval; where no end is drawn, the interval is open there. Left of the "
    + "line, a quantity changes before test accuracy."

  private func name(of group: MeasuredGroup) -> String {
    let count = group.changes.count == 1 ? "1 run" : "\(group.changes.count) runs"
    let words = [group.member.name, panelTitles[group.panel]].filter { !$0.isEmpty }
    return words.joined(separator: ", ") + " (\(count))"
  }

  // MARK: Onsets

  /// One quantity over the runs of a group.
  fileprivate struct Row {
    var quantity: MeasuredQuantities.Quantity
    var member: MeasuredQuantities.Member
    var onsets: OnsetsOfRuns
    /// The delay after test accuracy, in decades.
    var delay: Double?
    var interval = Interval(lower: nil, upper: nil)
    var order: ChangeOrder
  }

  private func rows(of group: MeasuredGroup, key: RandomKey) -> [Row] {
    var observations: [String: [(accuracy: OnsetObservation, own: OnsetObservation)]] = [:]
    var all: [QuantityChanges.Change] = []
    for run in group.changes {
      guard let accuracy = run.accuracy else { continue }
      for change in run.changes {
        if observations[change.member.name] == nil { all.append(change) }
        observations[change.member.name, default: []].append((accuracy, change.observation))
      }
    }
    let rows = all.map { change -> Row in
      let pairs = observations[change.member.name] ?? []
      let onsets = OnsetsOfRuns(pairs.map(\.own))
      var row = Row(
        quantity: change.quantity, member: change.member, onsets: onsets, order: .unchanged)
      guard onsets.count > 0 else { return row }
      if pairs.count == 1 {
        let delay = delay(between: pairs[0].accuracy, and: pairs[0].own)
        (row.delay, row.interval) = (delay.decades, delay.decadeBounds)
        row.order = ChangeOrder(delay.decadeBounds)
      } else if let found = try? coincidence(
        of: pairs.map(\.accuracy), and: pairs.map(\.own), within: QuantityChanges.tolerance,
        resampleCount: Self.resampleCount, key: key.fork(change.member.name))
      {
        (row.delay, row.interval) = (found.delay.decades.value, found.delay.decades.interval)
        row.order = ChangeOrder(found.verdict)
      }
      return row
    }
    return rows.enumerated().sorted { left, right in
      (left.element.place, left.offset) < (right.element.place, right.offset)
    }.map(\.element)
  }

  // MARK: Table and figure

  private func table(of rows: [Row], _ group: MeasuredGroup) -> HTMLReport.Table {
    let accuracy = OnsetsOfRuns(group.changes.compactMap(\.accuracy))
    let first = ["Test accuracy", "", "test"] + accuracy.cells
    var cells =
      [first]
      + rows.map { row in
        [row.quantity.title, LayerName(row.member.layer).words, row.member.examples]
          + row.onsets.cells + [
            row.delay.map(ChangeContents.decades) ?? "",
            row.order == .unchanged ? "" : ChangeContents.range(row.interval), row.order.rawValue,
          ]
      }
    var columns = [
      "Quantity", "Layer", "Examples", "Changes in", "Onset", "95 % interval", "Delay (decades)",
      "Interval of the delay", "Reading",
    ]
    if Set(cells.map { $0[2] }).isSubset(of: ["test", ""]) {
      columns.remove(at: 2)
      for index in cells.indices { cells[index].remove(at: 2) }
    }
    return .init(columns: columns, rows: cells)
  }

  private func plot(of rows: [Row], _ name: String) -> Plot? {
    let all = rows.filter { row in
      row.delay != nil && !row.quantity.result.isMinor
        && ["test", ""].contains(row.member.examples)
    }
    let shown = evenly(ChangeContents.openRowLimit, of: all)
    guard shown.count > 1 else { return nil }
    return .onsets(
      "What changes when: \(name)",
      shown.map { row in
        OnsetRow(
          name: [row.quantity.title, LayerName(row.member.layer).words].filter { !$0.isEmpty }
            .joined(separator: ", "),
          group: row.member.layer, value: row.delay ?? .nan, lower: row.interval.lower,
          upper: row.interval.upper)
      },
      x: .linear("Decades of steps after test accuracy"),
      layers: layers,
      markers: [.init(at: 0, "test accuracy")])
  }
}

extension ComparisonChanges.Row {
  /// By rising delay, what has none last.
  fileprivate var place: Double {
    order == .unchanged ? .infinity : delay ?? .greatestFiniteMagnitude
  }
}

/// The onsets of one quantity over runs, in some of them perhaps none.
struct OnsetsOfRuns {
  private let observations: [OnsetObservation]

  init(_ observations: [OnsetObservation]) { self.observations = observations }

  /// In how many runs it changes.
  var count: Int { observations.count { $0.onset != nil } }

  /// In how many runs, the median step, and its interval; of one run, the interval that holds its onset.
  var cells: [String] {
    let runs = "\(count) of \(observations.count)"
    if observations.count == 1 {
      guard let onset = observations[0].onset else { return [runs, "never", ""] }
      return [
        runs, Readable.count(onset.step),
        "\(Readable.count(onset.earliestStep)) – \(Readable.count(onset.latestStep))",
      ]
    }
    guard count > 0, let curve = try? survivalCurve(of: observations.map { CensoredTime($0) })
    else { return [runs, "never", ""] }
    func step(_ value: Double?) -> String { value.map { Readable.count(Int($0)) } ?? "never" }
    let interval = curve.medianInterval
    return [
      runs, step(curve.median),
      "\(interval.lower == nil ? "–" : step(interval.lower)) – \(interval.upper == nil ? "∞" : step(interval.upper))",
    ]
  }
}

import GrokReports

// The tables of one training.

extension TrainingReport {
  /// The largest number of rows of the table of events.
  private static let eventLimit = 200

  var eventContents: [HTMLReport.Content] {
    guard !events.all.isEmpty else {
      return [.text("None yet: the training accuracy has not reached its threshold.")]
    }
    let shown = events.all.prefix(Self.eventLimit)
    let table = HTMLReport.Content.table(
      .init(
        columns: ["Event", "Step", "What the records say"],
        rows: shown.map { [$0.kind.rawValue, Readable.count($0.step), $0.detail] }))
    guard shown.count < events.all.count else { return [table] }
    return [
      table, .text("The first \(shown.count) of \(Readable.count(events.all.count)) events."),
    ]
  }

  /// Where each quantity is and has been; those that were measured on checkpoints folded away.
  var recordContents: [HTMLReport.Content] {
    let measured = measured.quantities.quantities.flatMap { $0.members.map(\.name) }
    let own = HTMLReport.Content.table(records(of: self.measured.quantities.others))
    guard !measured.isEmpty else { return [own] }
    return [
      own,
      .details(
        "Measured on checkpoints: \(measured.count) quantities", [.table(records(of: measured))]),
    ]
  }

  private func records(of names: [String]) -> HTMLReport.Table {
    func place(_ curve: RunCurves.Curve, _ isBetter: (Double, Double) -> Bool) -> String {
      let finite = curve.values.indices.filter { curve.values[$0].isFinite }
      guard let index = finite.min(by: { isBetter(curve.values[$0], curve.values[$1]) }) else {
        return "–"
      }
      return "\(Readable.number(curve.values[index])) at \(Readable.count(curve.steps[index]))"
    }
    return .init(
      columns: ["Quantity", "Last value", "At step", "Lowest", "Highest", "Records"],
      rows: names.compactMap { name in
        guard let curve = curves[name], let step = curve.steps.last, let value = curve.values.last
        else { return nil }
        let error = curve.errors.last.flatMap { $0.isNaN ? nil : $0 }
        return [
          name,
          Readable.number(value, significantDigits: 6)
            + (error.map { " ± \(Readable.number($0, significantDigits: 2))" } ?? ""),
          Readable.count(step), place(curve, <), place(curve, >),
          Readable.count(curve.values.count),
        ]
      })
  }

  // MARK: Settings

  /// The settings that were changed, and all of them folded away.
  var settingContents: [HTMLReport.Content] {
    let (start, startName) = beginning
    let rows = Setting.all.compactMap {
      entry -> (entry: Setting, value: String, initial: String)? in
      setting(entry.path).map { (entry, $0, entry.read(start)) }
    }
    func word(_ value: String) -> String { value.isEmpty ? "–" : value }
    let changed = rows.filter { $0.value != $0.initial }
    let all = HTMLReport.Content.details(
      "All settings",
      [
        .table(
          .init(
            columns: ["Setting", "Value", startName.capitalizedFirst, "Meaning"],
            rows: rows.map {
              [
                $0.entry.path, word($0.value), $0.value == $0.initial ? "" : word($0.initial),
                $0.entry.meaning,
              ]
            }, markedRows: Set(rows.indices.filter { rows[$0].value != rows[$0].initial })))
      ])
    guard !changed.isEmpty else {
      return [.text("All settings are those of the \(startName)."), all]
    }
    return [
      .text(
        changed.count == 1
          ? "One setting differs from the \(startName)."
          : "\(changed.count) settings differ from the \(startName)."),
      .table(
        .init(
          columns: ["Setting", "Value", startName.capitalizedFirst, "Meaning"],
          rows: changed.map { [$0.entry.path, word($0.value), word($0.initial), $0.entry.meaning] })
      ),
      all,
    ]
  }

  /// What the settings of the run are compared with: its preset, or the defaults.
  private var beginning: (Settings, String) {
    guard let preset = presets.first(where: { $0.name == description["preset"]?.string }) else {
      return (Settings(), "defaults")
    }
    return (preset.settings, "preset \(preset.name)")
  }

  // MARK: Provenance

  var provenance: HTMLReport.Table {
    var rows: [[String]] = []
    func add(_ name: String, _ value: JSONValue) {
      switch value {
      case .object(let members): for (key, value) in members { add("\(name): \(key)", value) }
      case .string(let text): rows.append([name, text])
      case .null: rows.append([name, "unknown"])
      default: rows.append([name, (try? value.text()) ?? ""])
      }
    }
    for (name, value) in description where name != "settings" && name != "outcome" {
      add(name, value)
    }
    return .init(columns: ["What", "Value"], rows: rows)
  }
}

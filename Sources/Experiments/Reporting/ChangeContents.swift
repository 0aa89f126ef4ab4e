import GrokMeasures
import GrokReports

/// What changes when, in one training: a figure and a table of the onsets of all measured quantities beside that of
/// test accuracy.
struct ChangeContents {
  let changes: QuantityChanges

  /// The largest number of rows of a table that is not folded away, and of dots in the figure.
  static let openRowLimit = 40

  /// What the section shows; empty where nothing was measured or test accuracy was not recorded.
  var contents: [HTMLReport.Content] {
    guard let accuracy = changes.accuracy, !changes.changes.isEmpty else {
      return changes.shortCount == 0 || changes.accuracy == nil
        ? []
        : [
          .text("Fewer than six checkpoints were measured, too few to say when something changes.")
        ]
    }
    // What was measured on test examples is compared with test accuracy first.
    let major = changes.changes.filter { !$0.quantity.result.isMinor }
    let set = major.contains { $0.member.examples == "test" } ? "test" : nil
    let shown = major.filter { set == nil || ["test", ""].contains($0.member.examples) }
    let rest = changes.changes.filter { change in
      !shown.contains { $0.member == change.member }
    }
    var contents: [HTMLReport.Content] = [.text(Self.words(of: changes, accuracy))]
    if let plot = plot(of: shown, accuracy) {
      contents.append(.figure(plot, caption: Self.caption(set)))
    }
    let table = HTMLReport.Content.table(table(of: shown, accuracy, isWithAccuracy: true))
    contents.append(
      shown.count > Self.openRowLimit ? .details("\(shown.count) quantities", [table]) : table)
    if !rest.isEmpty {
      contents.append(
        .details(
          "\(rest.count) more: training examples, and what explains other quantities",
          [.table(self.table(of: rest, accuracy, isWithAccuracy: false))]))
    }
    return contents
  }

  /// How onsets are found, for pages of one run and of many.
  static let method = """
    The onset of a quantity is the first checkpoint from which on, three times in a row, it has gone half of the way \
    between its first three and its last three values, of temperatures and lengths of steps half of the way between the logarithms. It does not change where that way is shorter than three standard \
    deviations of its scatter or three standard errors. The onset of test accuracy is half of the way to the threshold \
    for generalizing. Both lie somewhere between two records, which the intervals say; the delay is that after test accuracy. Within a quarter of a decade, a \
    factor of 1.8 in steps, two onsets count as together.
    """

  private static func words(of changes: QuantityChanges, _ accuracy: OnsetObservation) -> String {
    var words = method
    if accuracy.onset == nil {
      words +=
        "\n\nTest accuracy never got there up to step \(Readable.count(accuracy.lastStep)): what changed well before is "
        + "earlier in any case, and no quantity can be shown to be together with it or later."
    }
    if changes.shortCount > 0 {
      words += "\n\n\(changes.shortCount) quantities with fewer than six values are left out."
    }
    return words
  }

  // MARK: Table

  private func table(
    of shown: [QuantityChanges.Change], _ accuracy: OnsetObservation, isWithAccuracy: Bool
  ) -> HTMLReport.Table {
    var rows = ordered(shown).map { row($0, accuracy) }
    if isWithAccuracy {
      rows.insert(
        ["Test accuracy", "", "test", "", "", step(accuracy.onset), between(accuracy)], at: 0)
    }
    var columns = [
      "Quantity", "Layer", "Examples", "Before", "After", "Onset", "Between steps",
      "Delay (decades)", "Interval", "Reading",
    ]
    if Set(rows.map { $0[2] }).isSubset(of: ["test", ""]) {
      columns.remove(at: 2)
      for index in rows.indices { rows[index].remove(at: 2) }
    }
    return .init(columns: columns, rows: rows)
  }

  private func row(_ change: QuantityChanges.Change, _ accuracy: OnsetObservation) -> [String] {
    let delay = delay(between: accuracy, and: change.observation)
    let isChanged = change.observation.onset != nil
    return [
      change.quantity.title, LayerName(change.member.layer).words, change.member.examples,
      Readable.number(change.before, significantDigits: 3),
      Readable.number(change.after, significantDigits: 3),
      step(change.observation.onset), isChanged ? between(change.observation) : "",
      delay.decades.map(Self.decades) ?? "",
      isChanged ? Self.range(delay.decadeBounds) : "",
      (isChanged ? ChangeOrder(delay.decadeBounds) : .unchanged).rawValue,
    ]
  }

  private func step(_ onset: Onset?) -> String { onset.map { Readable.count($0.step) } ?? "never" }

  private func between(_ observation: OnsetObservation) -> String {
    guard let onset = observation.onset else {
      return "> \(Readable.count(observation.lastStep))"
    }
    return "\(Readable.count(onset.earliestStep)) – \(Readable.count(onset.latestStep))"
  }

  /// A delay with its sign.
  static func decades(_ value: Double) -> String {
    (value > 0 ? "+" : "") + Readable.number((value * 100).rounded() / 100)
  }

  static func range(_ interval: Interval) -> String {
    let lower = interval.lower.map(decades) ?? "−∞"
    let upper = interval.upper.map(decades) ?? "∞"
    return "\(lower) – \(upper)"
  }

  /// By rising onset, what does not change last.
  private func ordered(_ shown: [QuantityChanges.Change]) -> [QuantityChanges.Change] {
    func place(_ change: QuantityChanges.Change) -> Double {
      change.observation.onset?.decades ?? .infinity
    }
    return shown.enumerated().sorted {
      (place($0.element), $0.offset) < (place($1.element), $1.offset)
    }.map(\.element)
  }

  // MARK: Figure

  private func plot(of shown: [QuantityChanges.Change], _ accuracy: OnsetObservation) -> Plot? {
    let changed = evenly(
      Self.openRowLimit, of: ordered(shown).filter { $0.observation.onset != nil })
    guard changed.count > 1 else { return nil }
    return .onsets(
      "What changes when",
      changed.compactMap { change in
        guard let onset = change.observation.onset else { return nil }
        return .init(
          name: [change.quantity.title, LayerName(change.member.layer).words].filter { !$0.isEmpty }
            .joined(separator: ", "),
          group: change.member.layer, value: Double(onset.step),
          lower: Double(onset.earliestStep), upper: Double(onset.latestStep))
      },
      x: .logarithmicWithZero("Step"),
      layers: changes.layers,
      markers: accuracy.onset.map {
        [.init(at: Double($0.step), "test accuracy \(Readable.count($0.step))")]
      } ?? [])
  }

  private static func caption(_ set: String?) -> String {
    "Onsets of what changes\(set == nil ? "" : ", on test examples"): the first checkpoint behind the change, and the "
      + "interval since the one before."
  }
}

/// A dot with an interval in a row of its own.
struct OnsetRow {
  var name: String
  /// The layer, which colors tell.
  var group: String
  var value: Double
  var lower: Double?
  var upper: Double?
}

extension Plot {
  /// Dots with horizontal intervals, a row each, from the top to the bottom.
  ///
  /// - Parameter layers: All layers in their order, for the colors.
  static func onsets(
    _ title: String, _ rows: [OnsetRow], x: Axis, layers: [String], markers: [Marker]
  ) -> Plot {
    let colors = LayerColors(layers)
    // What is of parameters or of the whole network is of no layer.
    func group(_ row: OnsetRow) -> String { layers.contains(row.group) ? row.group : "" }
    var series: [Series] = []
    for layer in layers + [""] where rows.contains(where: { group($0) == layer }) {
      let own = rows.enumerated().filter { group($0.element) == layer }
      let color = colors[layer]
      let bars = own.flatMap { place, row -> [Point] in
        let y = Double(place)
        // A gap keeps one interval from the next.
        return [
          Point(x: row.lower ?? row.value, y: y), Point(x: row.upper ?? row.value, y: y),
          Point(x: row.value, y: .nan),
        ]
      }
      series.append(Series("", points: bars, color: color))
      series.append(
        Series(
          layer.isEmpty ? "network" : layer,
          points: own.map { Point(x: $0.element.value, y: Double($0.offset)) }, style: .markers,
          color: color))
    }
    return Plot(
      title, x: x, y: .names(rows.map(\.name)), series: series, markers: markers,
      legend: series.count > 2 ? .above : .none,
      size: Size(width: 760, height: 130 + 18 * Double(rows.count)))
  }
}

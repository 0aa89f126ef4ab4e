import GrokMeasures
import GrokReports
import GrokTraining

/// The temperature and the steps of every part of a network around an event, averaged over runs.
struct TemperatureAroundEvent {
  static let words = """
    Temperatures and lengths of steps around an event of each run, averaged over runs, on the logarithmic axis of steps, as \
    factors: how much larger the geometric mean over a window after the event is than that over the window before, and how much \
    larger it is within a third of the window than in the rest. After each its 95 % bootstrap interval over runs; in brackets the \
    factor at random times of the same runs, mean and the middle 95 %, for what falls all the time falls at any time. For \
    generalizing these times begin where a run fits. An asterisk: beyond random times at a false discovery rate of 5 % over \
    the whole table. An interval over few runs is that of few numbers.
    """

  /// A part: one parameter, all of a kind, or all together.
  private struct Part: Hashable {
    var name: String
    var components: [Int]
    var isParameter: Bool
  }

  private let event: EventSource.Event
  /// In places of the axis, ``placesPerDecade`` to each factor of ten of steps.
  private let window: Int
  private let parts: [Part]
  private let colors: [PlotColor]
  /// By part, then by quantity; `nil` where a value is 0 or undefined.
  private let found: [[EventAlignedTemperature?]]
  private let steps: [Int]

  private static let quantities: [(quantity: MotionQuantity, title: String, label: String)] = [
    (.gradientNorm, "Temperature", "‖g‖"),
    (.scaleFreeGradientNorm, "Scale-free temperature", "‖g‖ ‖w‖"),
    (.updateNorm, "Step", "‖d‖"),
    (.gradientPartNorm, "Gradient part", "‖d + ηλw‖"),
    (.decayNorm, "Decay part", "‖ηλw‖"),
  ]

  /// Records within the same place of the logarithmic axis are averaged.
  private static let placesPerDecade = 200
  /// The widest window: a quarter of a decade.
  private static let widestWindow = 50
  /// The least: a run with less room around its event is left out.
  private static let leastWindow = 25
  /// So many records of a run are read; of more, some.
  private static let recordLimit = 20_000

  /// - Throws: `MeasureError.tooFewSamples` where fewer than two runs have the event with room around it.
  init(_ event: EventSource.Event, of runs: [EventSource], key: RandomKey) throws {
    self.event = event
    let eventful = runs.compactMap { run in run[event].map { (run, $0) } }
    let alike = eventful.filter {
      $0.0.table.columns.components.map(\.name)
        == eventful[0].0.table.columns.components.map(\.name)
    }
    let (window, chosen) = try Self.window(around: alike)
    self.window = window
    steps = chosen.map(\.1.step)
    let columns = chosen[0].0.table.columns
    let sorted = ComponentGroups(columns)
    let parameters = columns.components.indices.filter { columns.components[$0].head == nil }
    parts =
      [Part(name: "all", components: parameters, isParameter: false)]
      + sorted.groups.map { Part(name: $0.title, components: $0.components, isParameter: false) }
      + parameters.map {
        Part(name: columns.components[$0].name, components: [$0], isParameter: true)
      }
    colors = [.gray] + sorted.colors
    let lines = parts.map { part in
      Self.quantities.map {
        MotionSeries.Line(quantity: $0.quantity, components: part.components, smoothing: nil)
      }
    }
    // Of each run only what is averaged is kept, so that memory does not grow with records.
    let runs = try chosen.map { run, event in
      let series = try MotionSeries(
        run.table, lines: lines.flatMap(\.self), limit: Self.recordLimit)
      return lines.map { lines in
        lines.map { line in
          Self.temperature(line, in: series, from: event.firstStep).map {
            EventRun(temperature: $0, eventStep: Self.place(of: event.step))
          }
        }
      }
    }
    found = lines.indices.map { part in
      lines[part].indices.map { quantity in
        let temperatures = runs.compactMap { $0[part][quantity] }
        guard temperatures.count == runs.count else { return nil }
        return try? eventAlignedTemperature(
          of: temperatures, window: window, key: key.fork(part).fork(quantity))
      }
    }
  }

  /// The records of a line that have a logarithm, if they are nearly all.
  ///
  /// At a rate of 0 a step has no length, and a weight that begins at 0 no norm there.
  private static func temperature(
    _ line: MotionSeries.Line, in series: MotionSeries, from firstStep: Int
  ) -> RecordedSeries? {
    let values = series[line]
    let rows = values.indices.filter { Int(series.steps[$0]) >= max(1, firstStep) }
    let warm = rows.filter { values[$0] > 0 && values[$0].isFinite }
    guard 20 * warm.count >= 19 * rows.count else { return nil }
    var (places, means, count): ([Int], [Double], Double) = ([], [], 0)
    for row in warm {
      let (place, logarithm) = (Self.place(of: Int(series.steps[row])), logarithm10(values[row]))
      if place == places.last {
        count += 1
        means[means.count - 1] += (logarithm - means[means.count - 1]) / count
      } else {
        places.append(place)
        means.append(logarithm)
        count = 1
      }
    }
    return try? RecordedSeries(steps: places, values: means.map(power10))
  }

  private static func place(of step: Int) -> Int {
    Int((Double(placesPerDecade) * logarithm10(Double(max(1, step)))).rounded())
  }

  /// The window around the events, and the runs that have room for it.
  private static func window(around runs: [(EventSource, EventSource.Occurrence)]) throws -> (
    Int, [(EventSource, EventSource.Occurrence)]
  ) {
    let rooms = try runs.map { run, event in
      let steps = try run.table.steps()
      let first = max(event.firstStep, steps.first ?? 0)
      let center = place(of: event.step)
      // A step without length may be at either end.
      return min(center - place(of: first), place(of: steps.last ?? 0) - center) - 1
    }
    let chosen = runs.indices.filter { rooms[$0] >= leastWindow }
    guard chosen.count >= 2 else {
      throw MeasureError.tooFewSamples(
        measure: "eventAlignedTemperature", found: chosen.count, needed: 2)
    }
    let window = min(widestWindow, chosen.map { rooms[$0] }.min() ?? widestWindow)
    return (window, chosen.map { runs[$0] })
  }

  // MARK: Page

  func contents(name: String, runCount: Int) -> [HTMLReport.Content] {
    let whole = parts.indices.filter { !parts[$0].isParameter }
    let single = parts.indices.filter { parts[$0].isParameter }
    let sentence =
      "\(steps.count) of \(runCount) runs\(name.isEmpty ? "" : ", \(name)"), \(event.rawValue): "
      + steps.map(Readable.count).joined(separator: ", ")
      + ". Window: a factor of \(Readable.number(ratio(window), significantDigits: 3)) in steps to either side."
    return [
      .text(sentence),
      .figure(
        PlotGrid(plots: plots(whole), columnCount: 2, isLettered: false),
        caption:
          "Factors against the mean of the window before \(event.rawValue), by kind of parameter; gray: all parameters, "
          + "with the 95 % bootstrap interval over runs."),
      .text("After the event against before:"),
      .table(table(\.change, whole)),
      .text("At the event against both sides:"),
      .table(table(\.peak, whole)),
      .details(
        "Each parameter",
        [
          .text("After against before:"), .table(table(\.change, single)),
          .text("At the event against both sides:"), .table(table(\.peak, single)),
        ]),
    ]
  }

  private func plots(_ shown: [Int]) -> [Plot] {
    Self.quantities.enumerated().map { quantity, names in
      let series = shown.reversed().compactMap { part -> Plot.Series? in
        guard let aligned = found[part][quantity] else { return nil }
        let before = aligned.points.filter { $0.offset < 0 }.map(\.mean)
        let base = before.reduce(0, +) / Double(before.count)
        let points = aligned.points.map { point -> Plot.Point in
          let (x, y) = (ratio(point.offset), factor(point.mean - base))
          guard part == 0, let lower = point.interval.lower, let upper = point.interval.upper else {
            return Plot.Point(x: x, y: y)
          }
          return Plot.Point(x: x, y: y, lower: factor(lower - base), upper: factor(upper - base))
        }
        return Plot.Series(parts[part].name, points: points, color: colors[part])
      }
      return Plot(
        "\(names.title) \(names.label)", x: .logarithmic("Step / step of the event"),
        y: .logarithmic("Factor"), series: series,
        markers: [.init(at: 1, "event")], legend: quantity == 0 ? .above : .none,
        size: Plot.Size(width: 400, height: 330))
    }
  }

  private func table(
    _ effect: KeyPath<EventAlignedTemperature, EventAlignedTemperature.Effect>, _ shown: [Int]
  ) -> HTMLReport.Table {
    let all = shown.flatMap { part in
      found[part].map { $0?[keyPath: effect].comparison.pValue }
    }
    let known = all.compactMap(\.self)
    let rates = (try? falseDiscoveryRates(of: known)) ?? known.map { _ in 1 }
    var next = rates.makeIterator()
    let rows = shown.map { part in
      [parts[part].name]
        + found[part].map { aligned in
          guard let aligned else { return "" }
          return cell(aligned[keyPath: effect], isBeyond: (next.next() ?? 1) < 0.05)
        }
    }
    return .init(
      columns: ["Parameters"] + Self.quantities.map(\.label), rows: rows)
  }

  private func cell(_ effect: EventAlignedTemperature.Effect, isBeyond: Bool) -> String {
    func text(_ logarithm: Double) -> String {
      Readable.number(factor(logarithm), significantDigits: 3)
    }
    let interval = effect.interval
    let bounds = [interval.lower, interval.upper].map { $0.map(text) ?? "" }
    let null = effect.comparison
    let nullBounds = [null.nullInterval.lower, null.nullInterval.upper].map { $0.map(text) ?? "" }
    return "×\(text(effect.value))\(isBeyond ? "*" : "") (\(bounds[0])–\(bounds[1])) "
      + "[\(text(null.nullMean)): \(nullBounds[0])–\(nullBounds[1])]"
  }

  /// Steps at a place after the event, over those at the event.
  private func ratio(_ offset: Int) -> Double {
    power10(Double(offset) / Double(Self.placesPerDecade))
  }

  /// e to the power of a difference in nats.
  private func factor(_ nats: Double) -> Double { power10(nats / naturalLogarithmOf10) }
}

private let naturalLogarithmOf10 = 2.302_585_092_994_046

import GrokReports
import GrokTraining

/// Figures of where in a network the heat is, and what each kind of parameter took off the loss.
struct HeatFigures {
  private let groups: [ComponentGroups.Group]
  private let colors: [PlotColor]
  private let markers: [Plot.Marker]
  private let steps: [Double]
  /// By group, at the kept steps: smoothed shares of the squared gradient, and heat since the start.
  private let shares, spent: [[Double]]
  /// The fall of the loss since the first record.
  private let fall: [Double]
  /// Whether every step and its end were recorded.
  private let hasHeat: Bool

  /// - Parameter hasOneLoss: Whether all gradients are of the same loss, so that heat is the fall of it.
  init(_ table: MotionTable, markers: [Plot.Marker], hasOneLoss: Bool) throws {
    let sorted = ComponentGroups(table.columns)
    let groups = sorted.groups
    (self.groups, self.markers, colors) = (groups, markers, sorted.colors)
    var isGapless = hasOneLoss && table.columns.quantities.contains(.gradientAlongPreviousUpdate)
    let rows = MotionSeries.keptRows(try table.steps(), limit: 300)
    var (number, next) = (0, rows.makeIterator())
    var wanted = next.next()
    var (steps, fall): ([Double], [Double]) = ([], [])
    var shares = [[Double]](repeating: [], count: groups.count)
    var spent = shares
    var averages: [Double] = []
    var total = [Double](repeating: 0, count: groups.count)
    var before: (step: Int, along: [Double])?
    var firstLoss = Double.nan
    let alpha = TemperatureFigures.smoothing
    try table.forEachRow { row in
      let heat = groups.map { group in
        group.components.reduce(0) {
          let norm = row[.gradientNorm, of: $1] ?? .nan
          return $0 + norm * norm
        }
      }
      let whole = heat.reduce(0, +)
      let share = heat.map { whole > 0 ? $0 / whole : 0 }
      averages =
        averages.isEmpty ? share : zip(share, averages).map { alpha * $0 + (1 - alpha) * $1 }
      func sum(_ quantity: MotionQuantity) -> [Double] {
        groups.map { $0.components.reduce(0) { $0 + (row[quantity, of: $1] ?? .nan) } }
      }
      if let before {
        isGapless = isGapless && before.step + 1 == row.step
        let end = sum(.gradientAlongPreviousUpdate)
        for group in total.indices { total[group] -= (before.along[group] + end[group]) / 2 }
      }
      before = (row.step, sum(.gradientAlongUpdate))
      if firstLoss.isNaN { firstLoss = row.loss }
      if number == wanted {
        steps.append(Double(row.step))
        fall.append(firstLoss - row.loss)
        for group in groups.indices {
          shares[group].append(averages[group])
          spent[group].append(total[group])
        }
        wanted = next.next()
      }
      number += 1
    }
    (self.steps, self.fall, self.shares, self.spent) = (steps, fall, shares, spent)
    hasHeat = isGapless
  }

  /// All figures in the order of a page.
  var figures: [ReportFigure] { [shareFigure] + (hasHeat ? [budgetFigure] : []) }

  private var shareFigure: ReportFigure {
    let areas = Plot.Series.stackedAreas(
      zip(groups, shares).map { ($0.title, $1) }, x: steps, colors: colors)
    let plot = Plot(
      "Shares of the heat", x: .logarithmicWithZero("Step"),
      y: .linear("Share of ‖g‖²", range: 0...1), series: areas, markers: markers, legend: .above)
    return .init(
      name: "heat-shares", grid: PlotGrid(plots: [plot], isLettered: false),
      caption:
        "How the squared norm of the gradient is divided among kinds of parameters, from the bottom to the "
        + "top in the order of the names. Smoothed over records: exponential average with "
        + "α = \(Readable.number(TemperatureFigures.smoothing)).")
  }

  private var budgetFigure: ReportFigure {
    var lines = zip(zip(groups, spent), colors).map { pair, color in
      Plot.Series(pair.0.title, x: steps, y: pair.1, color: color)
    }
    let sum = steps.indices.map { row in spent.reduce(0) { $0 + $1[row] } }
    lines.append(Plot.Series("all", x: steps, y: sum, color: .gray))
    lines.append(Plot.Series("fall of the loss", x: steps, y: fall, color: .gray, isDashed: true))
    let plot = Plot(
      "Heat since the start", x: .logarithmicWithZero("Step"),
      y: .linear("Taken off the loss"), series: lines, markers: markers, legend: .above)
    return .init(
      name: "heat-budget", grid: PlotGrid(plots: [plot], isLettered: false),
      caption:
        "What the updates of each kind of parameter have taken off the loss: the sum of −½⟨g + g⁺, d⟩ over "
        + "all steps, with the gradient g⁺ at the step's end. All together are the fall of the loss, but for steps over kinks.",
      isMinor: true)
  }
}

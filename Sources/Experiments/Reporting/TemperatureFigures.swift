import GrokReports
import GrokTraining

/// Figures of how warm each part of a network is over a training, from the table of its motion.
struct TemperatureFigures {
  /// The smoothing of figures that have one alone; the original's first.
  static let smoothing = 0.08

  let columns: MotionColumns
  let markers: [Plot.Marker]
  private let groups: [ComponentGroups.Group]
  private let colors: [PlotColor]
  private let series: MotionSeries
  private let deepest: Int

  /// - Parameter markers: Vertical lines at what happened in the training.
  init(_ table: MotionTable, markers: [Plot.Marker]) throws {
    columns = table.columns
    self.markers = markers
    let sorted = ComponentGroups(table.columns)
    let groups = sorted.groups
    (self.groups, colors) = (groups, sorted.colors)
    deepest = table.columns.components.map(\.depth).max() ?? 0
    var lines: [MotionSeries.Line] = []
    for component in table.columns.components.indices {
      for smoothing in [nil, 0.08, 0.15] {
        lines.append(.init(quantity: .gradientNorm, components: [component], smoothing: smoothing))
      }
      lines.append(
        .init(
          quantity: .scaleFreeGradientNorm, components: [component], smoothing: Self.smoothing))
    }
    for group in groups {
      for quantity in Self.parts.map(\.quantity) {
        lines.append(
          .init(quantity: quantity, components: group.components, smoothing: Self.smoothing))
      }
    }
    series = try MotionSeries(table, lines: lines)
  }

  private static let parts: [(quantity: MotionQuantity, title: String, label: String)] = [
    (.updateNorm, "Step", "‖d‖"),
    (.gradientPartNorm, "Gradient part", "‖d + ηλw‖"),
    (.decayNorm, "Decay part", "‖ηλw‖"),
  ]

  /// All figures in the order of a page.
  var figures: [ReportFigure] {
    [
      byKind(
        .gradientNorm, "temperature", "‖g‖", Self.smoothing,
        "The temperature of each parameter, the norm of its gradient before the update, by what it is. "
      ),
      heads,
      byKind(
        .gradientNorm, "temperature-unsmoothed", "‖g‖", nil,
        "The same without smoothing. ", isMinor: true),
      byKind(
        .gradientNorm, "temperature-0.15", "‖g‖", 0.15, "The same, less smoothed. ",
        isMinor: true),
      byKind(
        .scaleFreeGradientNorm, "scale-free-temperature", "‖g‖ ‖w‖", Self.smoothing,
        "Temperature times the norm of the weights: in front of a norm, where no scale of the weights matters, "
          + "gradients grow as weights shrink, and this does not. ", isMinor: true),
      steps,
    ].compactMap { $0 }
  }

  // MARK: Figures

  private func plot(_ title: String, _ label: String, _ lines: [Plot.Series]) -> Plot {
    // Zeros, as of the first step of a rise of the rate, are left out rather than noted.
    let drawn = lines.map { line in
      var line = line
      line.points.removeAll { $0.y <= 0 }
      return line
    }
    return Plot(
      title, x: .logarithmicWithZero("Step"), y: .logarithmic(label), series: drawn,
      markers: markers, legend: .none, size: .third)
  }

  private func color(_ depth: Int) -> PlotColor {
    deepest == 0 ? .blue : .ramp(Double(depth) / Double(deepest))
  }

  private func smoothingWords(_ smoothing: Double?) -> String {
    smoothing.map { "Smoothed over records: exponential average with α = \(Readable.number($0))." }
      ?? "Every record as it is, of long trainings some."
  }

  private func byKind(
    _ quantity: MotionQuantity, _ name: String, _ label: String, _ smoothing: Double?,
    _ caption: String, isMinor: Bool = false
  ) -> ReportFigure {
    let plots = groups.map { group in
      plot(
        group.title, label,
        group.components.map { component in
          let part = columns.components[component]
          let values = series[
            .init(quantity: quantity, components: [component], smoothing: smoothing)]
          return Plot.Series(part.name, x: series.steps, y: values, color: color(part.depth))
        })
    }
    return ReportFigure(
      name: name,
      grid: PlotGrid(plots: plots, columnCount: 3, isLettered: false, sharesAxes: true),
      caption: caption + "Lines go from indigo to gold with depth. " + smoothingWords(smoothing),
      isMinor: isMinor)
  }

  /// The shares of attention heads, where there are any.
  private var heads: ReportFigure? {
    let shares = columns.components.indices.filter { columns.components[$0].head != nil }
    let kinds: [ComponentKind] = [
      .attentionQuery, .attentionKey, .attentionValue, .attentionOutput,
    ]
    let plots = kinds.compactMap { kind -> Plot? in
      let own = shares.filter { columns.components[$0].kind == kind }
      guard !own.isEmpty else { return nil }
      let lines = own.map { component in
        let part = columns.components[component]
        let values = series[
          .init(quantity: .gradientNorm, components: [component], smoothing: Self.smoothing)]
        let name = part.parameter.split(separator: ".").dropLast(2).joined(separator: ".")
        return Plot.Series(
          "\(name), head \(part.head ?? 0)", x: series.steps, y: values, color: color(part.depth))
      }
      return plot(kind.title, "‖g‖", lines)
    }
    guard !plots.isEmpty else { return nil }
    return ReportFigure(
      name: "temperature-heads",
      grid: PlotGrid(plots: plots, columnCount: 2, isLettered: false, sharesAxes: true),
      caption: "The temperature of each attention head's share of its layer's weights. "
        + "Lines go from indigo to gold with depth. " + smoothingWords(Self.smoothing))
  }

  private var steps: ReportFigure {
    let plots = Self.parts.map { part in
      var plot = plot(
        part.title, part.label,
        zip(groups, colors).map { group, color in
          let line = MotionSeries.Line(
            quantity: part.quantity, components: group.components, smoothing: Self.smoothing)
          return Plot.Series(group.title, x: series.steps, y: series[line], color: color)
        })
      plot.legend = .above
      plot.size = Plot.Size(width: 500, height: 330)
      return plot
    }
    return ReportFigure(
      name: "steps",
      grid: PlotGrid(plots: plots, columnCount: 2, isLettered: false, sharesAxes: true),
      caption:
        "How far an update moves the weights of each kind, and its two parts: what decay takes off "
        + "the weights of the step, and the rest. " + smoothingWords(Self.smoothing))
  }
}

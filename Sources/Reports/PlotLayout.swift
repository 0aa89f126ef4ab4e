/// Where everything in a figure goes, in pixels.
///
/// Drawing is left to the renderer; tests ask this type whether texts overlap and where values
/// fall.
struct PlotLayout {
  /// The rectangle between the axes.
  var area: Rect
  var x: AxisLayout
  var y: AxisLayout
  /// One curve per series, in the same order.
  var curves: [Curve]
  var markers: [MarkerLayout]
  var references: [ReferenceLayout]
  var legend: LegendLayout?
  /// How numbers become colors, if any do.
  var colors: ColorMap?
  var colorBar: ColorBarLayout?
  var heatMap: HeatMapLayout?
  /// Remarks on what could not be drawn.
  var notes: [String]
  /// The space between the edges of the drawing and the area.
  var insets: Insets

  /// Lays out a figure.
  ///
  /// - Parameters:
  ///   - minimumInsets: The least space around the area, by which the figures of a grid are aligned.
  ///   - scales: The ranges to show; `nil` for those of the plot alone.
  ///   - outside: What is written around the area.
  init(
    _ plot: Plot, minimumInsets: Insets = Insets(), scales: PlotScales? = nil,
    outside: Outside = .all
  ) {
    let notes = Self.notes(plot)
    let scales = scales ?? PlotScales(plot)
    func frame(legendHeight: Double) -> Frame {
      Frame(
        plot, scales: scales, outside: outside, legendHeight: legendHeight, noteCount: notes.count,
        minimumInsets: minimumInsets)
    }
    let entries = LegendLayout.entries(plot)
    let isNamed = plot.legend == .above || (plot.legend == .automatic && entries.count > 1)

    var result = PlotLayout(plot, frame: frame(legendHeight: 0), notes: notes)
    if isNamed, !entries.isEmpty {
      if plot.legend == .automatic {
        result.legend = LegendLayout.inside(
          entries, area: result.area, avoiding: Obstacles(plot: plot, layout: result))
      }
      if result.legend == nil {
        let legend = LegendLayout.above(
          entries, left: result.area.left, top: plot.title.isEmpty ? 8 : Style.titleSize + 16,
          width: plot.size.width - result.area.left - Style.margin,
          maximumHeight: plot.size.height * 0.3)
        result = PlotLayout(plot, frame: frame(legendHeight: legend.rect.height + 8), notes: notes)
        result.legend = legend
      }
    }
    self = result
  }

  private init(_ plot: Plot, frame: Frame, notes: [String]) {
    area = frame.area
    insets = frame.insets
    x = frame.x
    y = frame.y
    markers = frame.markers
    self.notes = notes
    colors = frame.colors
    colorBar = frame.colorBar
    if let map = plot.heatMap, let colors {
      heatMap = HeatMapLayout(map, colors: colors, x: x.map, y: y.map, area: area)
    }
    curves = plot.series.map { Curve($0, x: frame.x.map, y: frame.y.map) }
    references = ReferenceLayout.placed(plot.references, y: frame.y.map, area: frame.area)
  }

  /// The height on which bins stand: that of 0, or the bottom of the area where 0 has no place.
  var base: Double { min(y.map.position(of: 0) ?? area.bottom, area.bottom) }

  /// Sizes and distances that all figures share.
  enum Style {
    static let margin = 14.0
    static let titleSize = 14.0
    static let labelSize = 12.0
    static let tickSize = 11.0
    static let noteSize = 10.5
    static let tickLength = 4.0
    static let legendSize = 11.5
  }

  private static func notes(_ plot: Plot) -> [String] {
    func isUndrawable(_ value: Double, _ axis: Plot.Axis) -> Bool {
      switch axis.scale {
      case .linear: false
      case .logarithmic: value <= 0
      case .logarithmicWithZero: value < 0
      }
    }
    var count = 0
    for series in plot.series {
      for point in series.points where point.x.isFinite && point.y.isFinite {
        let isEmptyBin = series.style == .histogram && point.y == 0
        if isUndrawable(point.x, plot.x) || (isUndrawable(point.y, plot.y) && !isEmptyBin) {
          count += 1
        }
      }
    }
    var notes: [String] = []
    if count > 0 {
      let subject = count == 1 ? "1 point" : "\(Readable.count(count)) points"
      notes.append(
        "Not shown: \(subject) at or below zero, where a logarithmic axis has no place.")
    }
    if let map = plot.heatMap, let colors = ColorMap(plot) {
      let hatched = map.values.count { colors.fraction(of: $0) == nil }
      let subject = hatched == 1 ? "1 cell" : "\(Readable.count(hatched)) cells"
      let reason =
        colors.axis.scale == .linear ? "not finite" : "not finite or not above zero"
      if hatched > 0 { notes.append("Hatched: \(subject), \(reason).") }
    }
    return notes
  }
}

/// The area between the axes and what surrounds it.
struct Frame {
  var area: Rect
  var insets: Insets
  var x: AxisLayout
  var y: AxisLayout
  var markers: [MarkerLayout]
  var colors: ColorMap?
  var colorBar: ColorBarLayout?

  /// Finds the insets that ticks, titles and texts in the margins need.
  init(
    _ plot: Plot, scales: PlotScales, outside: Outside, legendHeight: Double, noteCount: Int,
    minimumInsets: Insets
  ) {
    var insets = Insets(left: 60, top: 40, right: PlotLayout.Style.margin, bottom: 50)
    // Insets depend on tick labels and those on insets; this settles after two rounds.
    var frame = Frame(plot, scales: scales, outside: outside, insets: insets)
    for _ in 0..<3 {
      let needed = frame.needed(by: plot, legendHeight: legendHeight, noteCount: noteCount)
      insets = needed.union(minimumInsets)
      frame = Frame(plot, scales: scales, outside: outside, insets: insets)
    }
    self = frame
  }

  private init(_ plot: Plot, scales: PlotScales, outside: Outside, insets: Insets) {
    self.insets = insets
    area = Rect(
      left: insets.left, top: insets.top, right: plot.size.width - insets.right,
      bottom: plot.size.height - insets.bottom)
    // A fixed range has no air of its own; without any, lines at its ends would lie on the frame.
    let isFilled = plot.heatMap != nil
    let airX = plot.x.range == nil || isFilled ? 0.0 : 5
    let airY = plot.y.range == nil || isFilled ? 0.0 : 5
    x = AxisLayout(
      plot.xAxis,
      map: AxisMap(
        scale: plot.xAxis.scale, range: scales.x, start: area.left + airX, end: area.right - airX),
      isVertical: false,
      names: plot.heatMap.map { $0.x.names(count: $0.columnCount) } ?? plot.x.names)
    let ends = (area.bottom - airY, area.top + airY)
    let runsDownwards = plot.heatMap?.y.runsDownwards ?? (plot.y.names != nil)
    y = AxisLayout(
      plot.yAxis,
      map: AxisMap(
        scale: plot.yAxis.scale, range: scales.y, start: runsDownwards ? ends.1 : ends.0,
        end: runsDownwards ? ends.0 : ends.1),
      isVertical: true,
      names: plot.heatMap.map { $0.y.names(count: $0.rowCount) } ?? plot.y.names,
      nameWidth: plot.heatMap == nil ? 0.35 * plot.size.width : 150)
    if !outside.contains(.numbersAcross) { x.hideNumbers() }
    if !outside.contains(.numbersUp) { y.hideNumbers() }
    colors = scales.colors
    if let colors, outside.contains(.colorBar) {
      colorBar = ColorBarLayout(colors, area: area, left: Self.referenceWidth(plot))
    }
    markers = MarkerLayout.placed(plot.markers, x: x.map, area: area, width: plot.size.width)
  }

  /// How far the texts at levels reach to the right of the area.
  private static func referenceWidth(_ plot: Plot) -> Double {
    let widths = plot.references.map {
      TextMetrics.width(ReferenceLayout.text($0), size: PlotLayout.Style.noteSize)
    }
    let widest = widths.max() ?? 0
    return widest > 0 ? widest + 6 : 0
  }

  /// The insets that the texts around this area ask for.
  private func needed(by plot: Plot, legendHeight: Double, noteCount: Int) -> Insets {
    typealias Style = PlotLayout.Style
    let labelWidth =
      y.labels.map { TextMetrics.width($0.label, size: Style.tickSize) }.max() ?? 0
    let left =
      Style.margin + (plot.y.label.isEmpty ? 0 : Style.labelSize + 8) + labelWidth
      + Style.tickLength + 4

    let referenceWidth = Self.referenceWidth(plot)
    var right = max(Style.margin, referenceWidth > 0 ? referenceWidth + 8 : 0)
    if let colorBar { right = colorBar.right - area.right + Style.margin }
    if let last = x.labels.last, !x.isTurned {
      let reach = last.position + TextMetrics.width(last.label, size: Style.tickSize) / 2
      right = max(right, reach - area.right + 4)
    }

    let rowCount = (markers.compactMap(\.row).max() ?? -1) + 1
    let rows = rowCount > 0 ? Double(rowCount) * MarkerLayout.rowHeight + 2 : 0
    let heading = plot.title.isEmpty ? 10 : Style.titleSize + 18
    let hasFactor = y.exponent != 0 || colorBar.map { $0.axis.exponent != 0 } ?? false
    let top = heading + legendHeight + max(rows, hasFactor ? 17 : 0) + 6

    let hasLine = !plot.x.label.isEmpty || x.exponent != 0
    let bottom =
      Style.tickLength + 5 + x.labelHeight + (hasLine ? Style.labelSize + 12 : 6)
      + (noteCount > 0 ? Double(noteCount) * 14 + 8 : 4)
    return Insets(left: left, top: top, right: right, bottom: bottom)
  }
}

/// Space around a rectangle, in pixels.
struct Insets: Hashable {
  var left = 0.0
  var top = 0.0
  var right = 0.0
  var bottom = 0.0

  /// The larger of two insets on each side.
  func union(_ other: Insets) -> Insets {
    Insets(
      left: max(left, other.left), top: max(top, other.top), right: max(right, other.right),
      bottom: max(bottom, other.bottom))
  }
}

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
  /// Remarks on what could not be drawn.
  var notes: [String]
  /// The space between the edges of the drawing and the area.
  var insets: Insets

  /// Lays out a figure.
  ///
  /// - Parameter minimumInsets: The least space around the area, by which the figures of a grid
  ///   are aligned.
  init(_ plot: Plot, minimumInsets: Insets = Insets()) {
    let notes = Self.notes(plot)
    let values = AxisValues(plot)
    let x = AxisRange(plot.x, values: values.x, padding: 0.025)
    let y = AxisRange(plot.y, values: values.y, padding: 0.05)
    func frame(legendHeight: Double) -> Frame {
      Frame(
        plot, x: x, y: y, legendHeight: legendHeight, noteCount: notes.count,
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
    curves = plot.series.map { Curve($0, x: frame.x.map, y: frame.y.map) }
    references = ReferenceLayout.placed(plot.references, y: frame.y.map, area: frame.area)
  }

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
    let points = plot.series.lazy.flatMap(\.points).filter { $0.x.isFinite && $0.y.isFinite }
    let count = points.count { isUndrawable($0.x, plot.x) || isUndrawable($0.y, plot.y) }
    guard count > 0 else { return [] }
    let subject = count == 1 ? "1 point" : "\(Readable.count(count)) points"
    return ["Not shown: \(subject) at or below zero, where a logarithmic axis has no place."]
  }
}

/// The area between the axes and what surrounds it.
struct Frame {
  var area: Rect
  var insets: Insets
  var x: AxisLayout
  var y: AxisLayout
  var markers: [MarkerLayout]

  /// Finds the insets that ticks, titles and texts in the margins need.
  init(
    _ plot: Plot, x xRange: AxisRange, y yRange: AxisRange, legendHeight: Double, noteCount: Int,
    minimumInsets: Insets
  ) {
    var insets = Insets(left: 60, top: 40, right: PlotLayout.Style.margin, bottom: 50)
    // Insets depend on tick labels and those on insets; this settles after two rounds.
    var frame = Frame(plot, x: xRange, y: yRange, insets: insets)
    for _ in 0..<3 {
      let needed = frame.needed(by: plot, legendHeight: legendHeight, noteCount: noteCount)
      insets = needed.union(minimumInsets)
      frame = Frame(plot, x: xRange, y: yRange, insets: insets)
    }
    self = frame
  }

  private init(_ plot: Plot, x xRange: AxisRange, y yRange: AxisRange, insets: Insets) {
    self.insets = insets
    area = Rect(
      left: insets.left, top: insets.top, right: plot.size.width - insets.right,
      bottom: plot.size.height - insets.bottom)
    // A fixed range has no air of its own; without any, lines at its ends would lie on the frame.
    let (airX, airY) = (plot.x.range == nil ? 0.0 : 5, plot.y.range == nil ? 0.0 : 5)
    x = AxisLayout(
      plot.x,
      map: AxisMap(
        scale: plot.x.scale, range: xRange, start: area.left + airX, end: area.right - airX),
      isVertical: false)
    y = AxisLayout(
      plot.y,
      map: AxisMap(
        scale: plot.y.scale, range: yRange, start: area.bottom - airY, end: area.top + airY),
      isVertical: true)
    markers = MarkerLayout.placed(plot.markers, x: x.map, area: area, width: plot.size.width)
  }

  /// The insets that the texts around this area ask for.
  private func needed(by plot: Plot, legendHeight: Double, noteCount: Int) -> Insets {
    typealias Style = PlotLayout.Style
    let labelWidth =
      y.labels.map { TextMetrics.width($0.label, size: Style.tickSize) }.max() ?? 0
    let left =
      Style.margin + (plot.y.label.isEmpty ? 0 : Style.labelSize + 8) + labelWidth
      + Style.tickLength + 4

    let referenceWidth =
      plot.references.map { TextMetrics.width(ReferenceLayout.text($0), size: Style.noteSize) }
      .max() ?? 0
    var right = max(Style.margin, referenceWidth > 0 ? referenceWidth + 14 : 0)
    if let last = x.labels.last {
      let reach = last.position + TextMetrics.width(last.label, size: Style.tickSize) / 2
      right = max(right, reach - area.right + 4)
    }

    let rowCount = (markers.compactMap(\.row).max() ?? -1) + 1
    let rows = rowCount > 0 ? Double(rowCount) * MarkerLayout.rowHeight + 2 : 0
    let heading = plot.title.isEmpty ? 10 : Style.titleSize + 18
    let top = heading + legendHeight + max(rows, y.exponent == 0 ? 0 : 12) + 6

    let hasLine = !plot.x.label.isEmpty || x.exponent != 0
    let bottom =
      Style.tickLength + 5 + Style.tickSize + (hasLine ? Style.labelSize + 12 : 6)
      + Double(noteCount) * 14 + 4
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

/// All values that an automatic range should hold.
struct AxisValues {
  var x: [Double] = []
  var y: [Double] = []

  init(_ plot: Plot) {
    for series in plot.series {
      for point in series.points where point.x.isFinite && point.y.isFinite {
        x.append(point.x)
        y.append(point.y)
        if let lower = point.lower { y.append(lower) }
        if let upper = point.upper { y.append(upper) }
      }
    }
    x += plot.markers.map(\.position)
    y += plot.references.map(\.position)
  }
}

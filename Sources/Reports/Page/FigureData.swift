/// The numbers behind the figures of a page, for the script that reads them out and zooms into them.
///
/// Each figure has a JSON list with an object for each of its plots, lengths in pixels of its drawing:
///
/// | member | meaning |
/// | --- | --- |
/// | `b` | the area in the drawing: left, top, right, bottom |
/// | `w` | rows of texts that fit above the area |
/// | `t` | the title |
/// | `x`, `y` | axes: `l` the label; `s` the scale, 0 linear, 1 logarithmic, 2 logarithmic with a place for 0; `r` the ends of the range; `z` 1 where there is a place for 0; `e` the pixels of the ends; `f` 1 where the range is fixed; `n` what stands at 0, 1, 2, … instead of numbers |
/// | `m`, `h` | lines at events and at levels: position, text, class of the color or nothing |
/// | `q` | 1 for a figure that neither zooms nor hides series |
/// | `g` | the cells of a heat map: `x`, `y` the sides of columns and rows in pixels; `c`, `r` what they stand for as texts; `v` the numbers, row by row, `null` for those without a color; `l` what the numbers are. Only up to 20,000 cells |
/// | `s` | series: `n` the name; `k` the class of the color; `t` the style, 0 line, 1 markers, 2 both, 3 stairs; `i` intervals, 1 a band, 2 bars; `d` the dashes; `x` the number of the column of horizontal values; `y`, `l`, `u` values and ends of their intervals, null for a gap; `f` 1 where points are found by distance in both directions rather than along x; `c` the numbers that color points and `cl` what they are. Bins of a histogram have their middles as `x` |
///
/// Columns of horizontal values are shared by the page, since many curves have the same steps. A column of
/// whole numbers is {`d`: [first, difference, count, difference, count, …]}, another {`v`: [values]}.
struct FigureData {
  /// As many points as a page holds in full.
  static let pointBudget = 120_000

  /// The most points of one series that are kept; `nil` keeps all.
  private let limit: Int?
  /// The most cells of a heat map that are read out.
  private static let cellLimit = 20_000
  private var columns: [[Double]: Int] = [:]
  private var columnTexts: [String] = []

  /// - Parameter plots: All plots of the page.
  init(_ plots: [Plot]) {
    let series = plots.flatMap(\.series)
    let count = series.reduce(0) { $0 + $1.points.count }
    limit = count > Self.pointBudget ? max(1_000, Self.pointBudget / 2 / series.count) : nil
  }

  /// The columns of all figures so far, as a JSON list.
  var columnsText: String { "[\(columnTexts.joined(separator: ",\n"))]" }

  /// The numbers of a figure's drawings, and a remark on what was left out; empty for nothing.
  mutating func add(_ drawings: [Figure]) -> (json: String, remark: String) {
    var texts: [String] = []
    var (keptCount, allCount) = (0, 0)
    for panel in drawings.flatMap(\.panels) {
      var series: [String] = []
      for index in panel.renderer.plot.series.indices {
        let all = panel.renderer.plot.series[index]
        let kept = thinned(all, in: panel.renderer.layout)
        if kept.count < all.points.count {
          keptCount += kept.count
          allCount += all.points.count
        }
        let isBinned = all.style == .histogram
        series.append(
          text(all, points: isBinned ? Self.middles(kept) : kept, index: index, in: panel))
      }
      texts.append(text(panel, series: series))
    }
    let remark =
      allCount == 0
      ? ""
      : "Shown are \(Readable.count(keptCount)) of \(Readable.count(allCount)) points: the first, the "
        + "last, the lowest and the highest of each short stretch."
    return ("[\(texts.joined(separator: ",\n"))]", remark)
  }

  private func thinned(_ series: Plot.Series, in layout: PlotLayout) -> [Plot.Point] {
    guard let limit, series.points.count > limit else { return series.points }
    let curve = Curve(series, x: layout.x.map, y: layout.y.map, limit: limit)
    var points: [Plot.Point] = []
    for run in curve.runs {
      if let first = run.first, !points.isEmpty {
        points.append(Plot.Point(x: series.points[first.index].x, y: .nan))
      }
      points += run.map { series.points[$0.index] }
    }
    return points
  }
}

// MARK: - Text

extension FigureData {
  private func text(_ panel: Figure.Panel, series: [String]) -> String {
    let (plot, layout) = (panel.renderer.plot, panel.renderer.layout)
    let area = layout.area
    let box = [area.left, area.top, area.right, area.bottom]
    func line(_ position: Double, _ label: String, _ color: PlotColor?) -> String {
      let name = color.map(FigureStyle.className) ?? ""
      return "[\(Self.number(position)),\(Self.quoted(label)),\(Self.quoted(name))]"
    }
    let rowCount = (layout.markers.compactMap(\.row).max() ?? -1) + 1
    let still = plot.isStill ? "\"q\":1," : ""
    return """
      {\(still)\(cells(panel))"w":\(rowCount),"b":[\(box.map(Markup.pixels).joined(separator: ","))],"t":\(Self.quoted(plot.title)),\
      "x":\(axis(plot.xAxis, layout.x.map)),\
      "y":\(axis(plot.yAxis, layout.y.map)),\
      "m":[\(plot.markers.map { line($0.position, $0.label, $0.color) }.joined(separator: ","))],\
      "h":[\(plot.references.map { line($0.position, $0.label, $0.color) }.joined(separator: ","))],\
      "s":[\(series.joined(separator: ",\n"))]}
      """
  }

  /// Bins as points in their middles; the last point only ends the last bin.
  private static func middles(_ points: [Plot.Point]) -> [Plot.Point] {
    zip(points, points.dropFirst()).map { Plot.Point(x: ($0.x + $1.x) / 2, y: $0.y) }
  }

  /// The cells of a heat map, if there are any and not too many.
  private func cells(_ panel: Figure.Panel) -> String {
    let plot = panel.renderer.plot
    guard let map = plot.heatMap, let layout = panel.renderer.layout.heatMap,
      map.values.count <= Self.cellLimit
    else { return "" }
    func texts(_ coordinates: Plot.HeatMap.Coordinates, _ count: Int) -> String {
      let texts =
        switch coordinates.kind {
        case .indices: (0..<count).map(String.init)
        case .numbers(let numbers): numbers.map { Readable.number($0, significantDigits: 7) }
        case .names(let names): names
        }
      return texts.map(Self.quoted).joined(separator: ",")
    }
    return """
      "g":{"x":[\(layout.columnEdges.map(Markup.pixels).joined(separator: ","))],\
      "y":[\(layout.rowEdges.map(Markup.pixels).joined(separator: ","))],\
      "c":[\(texts(map.x, map.columnCount))],"r":[\(texts(map.y, map.rowCount))],\
      "v":[\(Self.list(map.values))],"l":\(Self.quoted(plot.colorScale?.label ?? ""))},
      """
  }

  private func axis(_ axis: Plot.Axis, _ map: AxisMap) -> String {
    let scale =
      switch axis.scale {
      case .linear: 0
      case .logarithmic: 1
      case .logarithmicWithZero: 2
      }
    let pixels = [map.start, map.end].map(Markup.pixels)
    let names = axis.names.map { ",\"n\":[\($0.map(Self.quoted).joined(separator: ","))]" } ?? ""
    return """
      {"l":\(Self.quoted(axis.label)),"s":\(scale),\
      "r":[\(map.bounds.lowerBound),\(map.bounds.upperBound)],"z":\(map.zeroLength > 0 ? 1 : 0),\
      "e":[\(pixels.joined(separator: ","))],"f":\(axis.range == nil ? 0 : 1)\(names)}
      """
  }

  private mutating func text(
    _ series: Plot.Series, points: [Plot.Point], index: Int, in panel: Figure.Panel
  ) -> String {
    let color = FigureRenderer.colors(panel.renderer.plot)[index]
    let hasIntervals = points.contains { $0.lower != nil && $0.upper != nil }
    let isFree =
      series.style == .markers || zip(points, points.dropFirst()).contains { $0.x > $1.x }
    let style =
      switch series.style {
      case .line: 0
      case .markers: 1
      case .lineAndMarkers: 2
      case .stairs: 3
      case .histogram: 4
      case .area: 5
      }
    let dash = FigureRenderer.dash(series, index: index).map(Markup.pixels)
    var text = """
      {"n":\(Self.quoted(series.name)),"k":\(Self.quoted(FigureStyle.className(color))),"t":\(style),\
      "i":\(hasIntervals ? (series.drawsBand ? 1 : 2) : 0),"d":[\(dash.joined(separator: ","))],\
      "f":\(isFree ? 1 : 0),"x":\(column(points.map(\.x))),"y":[\(Self.list(points.map(\.y)))]
      """
    if series.isColoredByValue {
      let label = panel.renderer.plot.colorScale?.label ?? ""
      text += ",\"c\":[\(Self.list(points.map { $0.colorValue ?? .nan }))]"
      text += ",\"cl\":\(Self.quoted(label))"
    }
    if hasIntervals {
      text += ",\"l\":[\(Self.list(points.map { $0.lower ?? .nan }))]"
      text += ",\"u\":[\(Self.list(points.map { $0.upper ?? .nan }))]"
    }
    return text + "}"
  }

  /// The number of a column, which is added if it is new.
  private mutating func column(_ values: [Double]) -> Int {
    // Not-a-number differs from itself; any number that no axis shows stands for it.
    let key = values.map { $0.isNaN ? -.infinity : $0 }
    if let known = columns[key] { return known }
    columns[key] = columnTexts.count
    columnTexts.append(Self.columnText(values))
    return columnTexts.count - 1
  }

  static func columnText(_ values: [Double]) -> String {
    let whole = values.map { Int(exactly: $0).flatMap { $0.magnitude < 1 << 53 ? $0 : nil } }
    guard let first = whole.first ?? nil, !whole.contains(nil) else {
      return "{\"v\":[\(list(values))]}"
    }
    var parts = [String(first)]
    var (difference, count) = (0, 0)
    for (previous, next) in zip(whole, whole.dropFirst()) {
      let step = (next ?? 0) - (previous ?? 0)
      if count > 0, step != difference {
        parts.append("\(difference),\(count)")
        count = 0
      }
      difference = step
      count += 1
    }
    if count > 0 { parts.append("\(difference),\(count)") }
    return "{\"d\":[\(parts.joined(separator: ","))]}"
  }

  private static func list(_ values: [Double]) -> String {
    var text = ""
    for (index, value) in values.enumerated() {
      if index > 0 { text += "," }
      text += number(value)
    }
    return text
  }

  /// A number with six digits, in few characters; null where JSON has no name for it.
  static func number(_ value: Double) -> String {
    guard value.isFinite else { return "null" }
    if let whole = Int(exactly: value), whole.magnitude < 1_000_000 { return String(whole) }
    let digits = DecimalDigits(value).rounded(significantDigits: 6)
    let sign = digits.isNegative ? "-" : ""
    if (-3...6).contains(digits.exponent) {
      return digits.plain(isGrouped: false).replacing("−", with: "-")
    }
    let text = digits.digits.map { String($0) }.joined()
    return "\(sign)\(text)e\(digits.exponent - digits.digits.count + 1)"
  }

  /// A JSON string that is also safe inside an HTML script element.
  static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "<", ">", "&", "\u{2028}", "\u{2029}", "\u{0}"..<"\u{20}":
        let digits = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}

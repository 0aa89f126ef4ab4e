/// The names of the series with samples of their lines, in pixels.
struct LegendLayout: Hashable {
  /// One name.
  struct Entry: Hashable {
    /// The position of the series; `nil` for a remark that there are more.
    var series: Int?
    var text: String
    /// The left end of the sample and the middle of the line.
    var x = 0.0
    var y = 0.0

    var width: Double {
      (series == nil ? 0 : LegendLayout.sampleWidth + 6)
        + TextMetrics.width(text, size: PlotLayout.Style.legendSize)
    }
  }

  var entries: [Entry]
  var rect: Rect
  var isInside: Bool

  static let sampleWidth = 20.0
  static let rowHeight = 17.0

  /// The series that have names.
  static func entries(_ plot: Plot) -> [Entry] {
    plot.series.indices.filter { !plot.series[$0].name.isEmpty }.map {
      Entry(
        series: $0,
        text: TextMetrics.fitted(
          plot.series[$0].name, size: PlotLayout.Style.legendSize, width: plot.size.width * 0.4))
    }
  }

  /// A column in the first corner, side or middle of the area that is free, or `nil` if none is.
  static func inside(_ entries: [Entry], area: Rect, avoiding obstacles: Obstacles) -> LegendLayout?
  {
    let width = entries.map(\.width).max() ?? 0
    let height = Double(entries.count) * rowHeight
    let margin = 8.0
    guard width + 2 * margin < area.width * 0.6, height + 2 * margin < area.height * 0.7 else {
      return nil
    }
    let left = area.left + margin + 2
    let right = area.right - margin - width
    let center = (area.left + area.right - width) / 2
    let top = area.top + margin - 4
    let bottom = area.bottom - margin - height
    let middle = (area.top + area.bottom - height) / 2
    let upper = (top + middle) / 2
    let lower = (bottom + middle) / 2
    let places = [
      (right, top), (left, top), (right, bottom), (left, bottom), (right, upper), (left, upper),
      (right, middle), (left, middle), (right, lower), (left, lower), (center, top),
      (center, bottom), (center, upper), (center, middle), (center, lower),
    ]
    for (x, y) in places {
      let rect = Rect(left: x, top: y, right: x + width, bottom: y + height)
      guard obstacles.areClear(of: rect.inset(by: -7)) else { continue }
      var placed = entries
      for row in placed.indices {
        placed[row].x = x
        placed[row].y = y + (Double(row) + 0.5) * rowHeight
      }
      return LegendLayout(entries: placed, rect: rect, isInside: true)
    }
    return nil
  }

  /// Rows from left to right. Names beyond `maximumHeight` are counted instead of written.
  static func above(
    _ entries: [Entry], left: Double, top: Double, width: Double, maximumHeight: Double
  ) -> LegendLayout {
    let rowLimit = max(1, Int(maximumHeight / rowHeight))
    var placed: [Entry] = []
    var x = left
    var row = 0
    for (order, entry) in entries.enumerated() {
      let rest = Entry(series: nil, text: "+ \(entries.count - order) more")
      let isLast = order == entries.count - 1
      if x > left, x + entry.width > left + width, row < rowLimit - 1 {
        x = left
        row += 1
      }
      // On the last row there must be room for what follows or for the remark.
      let needed = entry.width + (row == rowLimit - 1 && !isLast ? 16 + rest.width : 0)
      let fits = x + needed <= left + width || (x == left && (row < rowLimit - 1 || isLast))
      var next = fits ? entry : rest
      next.x = x
      next.y = top + (Double(row) + 0.5) * rowHeight
      placed.append(next)
      if !fits { break }
      x += entry.width + 16
    }
    let rect = Rect(
      left: left, top: top, right: left + width, bottom: top + Double(row + 1) * rowHeight)
    return LegendLayout(entries: placed, rect: rect, isInside: false)
  }
}

/// What a legend must not cover.
struct Obstacles {
  private var segments: [(PixelPoint, PixelPoint)] = []
  private var bands: [[PixelPoint]] = []
  private var dots: [PixelPoint] = []

  init(plot: Plot, layout: PlotLayout) {
    for (series, curve) in zip(plot.series, layout.curves) {
      for run in curve.runs {
        dots += run.map(\.pixel)
        if ![.markers, .histogram, .area].contains(series.style) {
          let line = series.style == .stairs ? stairs(run) : run.map(\.pixel)
          segments += zip(line, line.dropFirst())
        }
        if series.style == .histogram {
          bands.append(binOutline(run, base: layout.base))
        }
        if series.drawsBand {
          bands += bandPieces(run, isStep: series.style == .stairs)
        } else {
          segments += run.compactMap { point in
            guard let lower = point.lower, let upper = point.upper else { return nil }
            return (PixelPoint(x: point.x, y: lower), PixelPoint(x: point.x, y: upper))
          }
        }
      }
    }
    let area = layout.area
    for marker in layout.markers {
      segments.append(
        (PixelPoint(x: marker.x, y: area.top), PixelPoint(x: marker.x, y: area.bottom)))
    }
    for reference in layout.references {
      segments.append(
        (PixelPoint(x: area.left, y: reference.y), PixelPoint(x: area.right, y: reference.y)))
    }
  }

  func areClear(of rect: Rect) -> Bool {
    !dots.contains { rect.contains($0) }
      && !segments.contains { clippedSegment($0.0, $0.1, to: rect) != nil }
      && !bands.contains { !clippedPolygon($0, to: rect).isEmpty }
  }
}

extension Plot.Series {
  /// Whether intervals are drawn as a band rather than as bars.
  var drawsBand: Bool {
    switch intervals {
    case .automatic: [.line, .stairs, .area].contains(style)
    case .band: true
    case .bars: false
    }
  }
}

/// The corners of a line of stairs, where each value holds until the next point.
func stairs(_ run: [CurvePoint]) -> [PixelPoint] {
  var result: [PixelPoint] = []
  for point in run {
    if let last = result.last, last.y != point.y {
      result.append(PixelPoint(x: point.x, y: last.y))
    }
    result.append(point.pixel)
  }
  return result
}

/// The corners of the bins of a histogram, from the base up and down to it again.
func binOutline(_ run: [CurvePoint], base: Double) -> [PixelPoint] {
  guard let first = run.first else { return [] }
  return [PixelPoint(x: first.x, y: base)] + stairs(run)
}

/// The polygons between the ends of the intervals, one per stretch of points that have them.
func bandPieces(_ run: [CurvePoint], isStep: Bool) -> [[PixelPoint]] {
  var pieces: [[PixelPoint]] = []
  for stretch in run.split(whereSeparator: { $0.lower == nil || $0.upper == nil })
  where stretch.count > 1 {
    func edge(_ end: (CurvePoint) -> Double?) -> [PixelPoint] {
      let points = stretch.map { point in
        CurvePoint(x: point.x, y: end(point) ?? point.y, index: point.index)
      }
      return isStep ? stairs(points) : points.map(\.pixel)
    }
    pieces.append(edge(\.upper) + edge(\.lower).reversed())
  }
  return pieces
}

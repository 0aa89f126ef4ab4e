/// A series in pixels: runs of drawable points, ready to be drawn.
struct Curve {
  /// The points between gaps, in the order of the series, thinned if they were too many.
  var runs: [[CurvePoint]] = []

  /// The drawn points of all runs.
  var points: [CurvePoint] { runs.flatMap { $0 } }

  /// A series as mapped by two axes.
  ///
  /// - Parameter limit: As many points as are kept one by one; more are thinned.
  init(_ series: Plot.Series, x: AxisMap, y: AxisMap, limit: Int = Thinning.limit) {
    var run: [CurvePoint] = []
    for (index, point) in series.points.enumerated() {
      let px = x.position(of: point.x)
      var py = y.position(of: point.y)
      // A bin of nothing has no place on a logarithmic axis but the bottom.
      if py == nil, series.style == .histogram, point.y == 0 { py = y.start }
      guard let px, let py else {
        if series.style != .markers, !run.isEmpty {
          runs.append(run)
          run = []
        }
        continue
      }
      run.append(
        CurvePoint(
          x: px, y: py, lower: Self.end(point.lower, y), upper: Self.end(point.upper, y),
          index: index))
    }
    if !run.isEmpty { runs.append(run) }
    let count = runs.reduce(0) { $0 + $1.count }
    guard count > limit else { return }
    runs =
      series.style == .markers
      ? [Thinning.cells(runs.flatMap { $0 }, limit: limit)]
      : Thinning.columns(runs, limit: limit)
  }

  /// The position of an end of an interval. One that is too low for a logarithmic axis lies at its
  /// start.
  private static func end(_ value: Double?, _ y: AxisMap) -> Double? {
    guard let value, !value.isNaN else { return nil }
    if let position = y.position(of: value) { return position }
    return value > 0 ? y.end - y.direction * -1e4 : y.start
  }
}

/// A point of a curve in pixels.
struct CurvePoint: Hashable {
  var x: Double
  var y: Double
  var lower: Double?
  var upper: Double?
  /// The position of the point in its series.
  var index: Int

  var pixel: PixelPoint { PixelPoint(x: x, y: y) }
}

/// Leaves out points that would be drawn over by others.
enum Thinning {
  /// As many points as are always drawn one by one.
  static let limit = 2000

  /// Keeps, of every stretch of a line inside one column of pixels, the first and last point and
  /// those at the extremes of value and interval, so that the drawing covers the same pixels.
  ///
  /// Columns are one pixel wide for ``limit`` points, narrower for more; where a line wanders to and
  /// fro so much that this leaves more than twice as many, they are widened, 16 times at most.
  static func columns(_ runs: [[CurvePoint]], limit: Int = limit) -> [[CurvePoint]] {
    let first = Double(Self.limit) / Double(limit)
    var width = first
    while true {
      let result = runs.map { columns($0, width: width) }
      if width >= 16 * first || result.reduce(0, { $0 + $1.count }) <= 2 * limit { return result }
      width *= 2
    }
  }

  private static func columns(_ run: [CurvePoint], width: Double) -> [CurvePoint] {
    var result: [CurvePoint] = []
    var start = 0
    while start < run.count {
      let column = (run[start].x / width).rounded(.down)
      var (low, high, end) = (start, start, start)
      var (lower, upper): (Int?, Int?) = (nil, nil)
      while end < run.count, (run[end].x / width).rounded(.down) == column {
        if run[end].y < run[low].y { low = end }
        if run[end].y > run[high].y { high = end }
        if let value = run[end].lower, lower.map({ value > run[$0].lower ?? value }) ?? true {
          lower = end
        }
        if let value = run[end].upper, upper.map({ value < run[$0].upper ?? value }) ?? true {
          upper = end
        }
        end += 1
      }
      let kept = [start, low, high, lower ?? start, upper ?? start, end - 1].sorted()
      for (place, index) in kept.enumerated() where place == 0 || index != kept[place - 1] {
        result.append(run[index])
      }
      start = end
    }
    return result
  }

  /// Keeps one of the dots that share a small square, and those at the four extremes.
  static func cells(_ points: [CurvePoint], limit: Int = limit) -> [CurvePoint] {
    let extremes = [
      points.indices.min { points[$0].x < points[$1].x },
      points.indices.max { points[$0].x < points[$1].x },
      points.indices.min { points[$0].y < points[$1].y },
      points.indices.max { points[$0].y < points[$1].y },
    ]
    var side = 0.5
    while true {
      var taken: Set<PixelPoint> = []
      var kept: Set = Set(extremes.compactMap { $0 })
      for (index, point) in points.enumerated() {
        let cell = PixelPoint(
          x: (point.x / side).rounded(.down), y: (point.y / side).rounded(.down))
        if taken.insert(cell).inserted { kept.insert(index) }
      }
      if side >= 2 || kept.count <= 2 * limit { return kept.sorted().map { points[$0] } }
      side *= 2
    }
  }
}

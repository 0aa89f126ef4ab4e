extension Plot {
  /// The figure in words: its axes, and where each series starts, ends, and turns.
  var description: String {
    if let summary { return summary }
    var sentences: [String] = []
    if !x.label.isEmpty { sentences.append("Across: \(x.label)\(Self.words(x.scale)).") }
    if !y.label.isEmpty { sentences.append("Up: \(y.label)\(Self.words(y.scale)).") }
    if let heatMap { sentences.append(words(heatMap)) }
    for (index, series) in self.series.enumerated() {
      sentences.append(
        "\(series.name.isEmpty ? "Series \(index + 1)" : series.name): \(Self.words(series)).")
    }
    for marker in markers {
      let name = marker.label.isEmpty ? "" : " (\(marker.label))"
      sentences.append("Vertical line at \(Readable.number(marker.position))\(name).")
    }
    for span in spans {
      let name = span.label.isEmpty ? "" : " (\(span.label))"
      sentences.append(
        "Tinted from \(Readable.number(span.start)) to \(Readable.number(span.end))\(name).")
    }
    for reference in references {
      let name = reference.label.isEmpty ? "" : " (\(reference.label))"
      sentences.append("Horizontal line at \(Readable.number(reference.position))\(name).")
    }
    return sentences.joined(separator: " ")
  }

  private static func words(_ scale: Scale) -> String {
    switch scale {
    case .linear: ""
    case .logarithmic: ", logarithmic"
    case .logarithmicWithZero: ", logarithmic with a place for 0"
    }
  }

  private func words(_ map: HeatMap) -> String {
    let name = colorScale.map { $0.label.isEmpty ? "" : ", \($0.label)" } ?? ""
    let size =
      "Cells in \(Readable.count(map.rowCount)) rows and "
      + "\(Readable.count(map.columnCount)) columns\(name)"
    let finite = map.values.filter(\.isFinite)
    guard let low = finite.min(), let high = finite.max() else { return "\(size): no numbers." }
    return "\(size): lowest \(Readable.number(low)), highest \(Readable.number(high))."
  }

  private static func words(_ series: Series) -> String {
    if series.style == .histogram { return histogramWords(series) }
    if series.style == .area { return areaWords(series) }
    let points = series.points.filter { $0.x.isFinite && $0.y.isFinite }
    guard let first = points.first, let last = points.last,
      let low = points.min(by: { $0.y < $1.y }), let high = points.max(by: { $0.y < $1.y })
    else { return "no points" }
    func place(_ point: Point) -> String {
      "\(Readable.number(point.y)) at \(Readable.number(point.x))"
    }
    if points.count == 1 { return "one point, \(place(first))" }
    return "\(Readable.count(points.count)) points, from \(place(first)) to \(place(last))"
      + ", lowest \(place(low)), highest \(place(high))"
  }

  private static func areaWords(_ series: Series) -> String {
    let heights = series.points.compactMap { point -> (x: Double, height: Double)? in
      guard let lower = point.lower, let upper = point.upper else { return nil }
      return (point.x, upper - lower)
    }
    guard let first = heights.first, let last = heights.last else { return "no area" }
    return "an area \(Readable.number(first.height)) high at \(Readable.number(first.x)), "
      + "\(Readable.number(last.height)) at \(Readable.number(last.x))"
  }

  private static func histogramWords(_ series: Series) -> String {
    let bins = Array(zip(series.points, series.points.dropFirst()))
    guard let first = series.points.first, let last = series.points.last,
      let most = bins.max(by: { $0.0.y < $1.0.y })
    else { return "no bins" }
    return "\(Readable.count(bins.count)) bins from \(Readable.number(first.x)) to "
      + "\(Readable.number(last.x)), highest \(Readable.number(most.0.y)) from "
      + "\(Readable.number(most.0.x)) to \(Readable.number(most.1.x))"
  }
}

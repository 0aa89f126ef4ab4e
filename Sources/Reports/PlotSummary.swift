extension Plot {
  /// The figure in words: its axes, and where each series starts, ends, and turns.
  var description: String {
    if let summary { return summary }
    var sentences: [String] = []
    if !x.label.isEmpty { sentences.append("Across: \(x.label)\(Self.words(x.scale)).") }
    if !y.label.isEmpty { sentences.append("Up: \(y.label)\(Self.words(y.scale)).") }
    for (index, series) in self.series.enumerated() {
      sentences.append(
        "\(series.name.isEmpty ? "Series \(index + 1)" : series.name): \(Self.words(series)).")
    }
    for marker in markers {
      let name = marker.label.isEmpty ? "" : " (\(marker.label))"
      sentences.append("Vertical line at \(Readable.number(marker.position))\(name).")
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

  private static func words(_ series: Series) -> String {
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
}

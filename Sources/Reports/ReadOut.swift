/// The values behind a figure in a page, for the script that shows them under the pointer.
///
/// JSON, one object per plot: `b` the area as [left, top, right, bottom], `x` the label of the
/// horizontal axis, `s` the series; of these `n` is the name, `k` the class that has the color, `f`
/// 1 where points are found by distance in both directions rather than along x, and `p` the drawn
/// points as [x in pixels, y in pixels, x as text, y as text].
enum ReadOut {
  static func json(_ figure: Figure) -> String {
    "[" + figure.panels.map(panel).joined(separator: ",") + "]"
  }

  private static func panel(_ panel: Figure.Panel) -> String {
    let plot = panel.renderer.plot
    let area = panel.renderer.layout.area
    let box = [
      area.left + panel.x, area.top + panel.y, area.right + panel.x, area.bottom + panel.y,
    ]
    let colors = FigureRenderer.colors(plot)
    let series = plot.series.indices.map { index in
      let series = plot.series[index]
      let points = panel.renderer.layout.curves[index].points.filter {
        area.inset(by: -1).contains($0.pixel)
      }
      let isFree =
        series.style == .markers || zip(points, points.dropFirst()).contains { $0.x > $1.x }
      let values = points.map { point in
        let source = series.points[point.index]
        return "[\(Markup.pixels(point.x + panel.x)),\(Markup.pixels(point.y + panel.y)),"
          + "\(quoted(text(source.x, digits: 7))),\(quoted(words(source)))]"
      }
      return "{\"n\":\(quoted(series.name)),\"k\":\(quoted(FigureStyle.className(colors[index])))"
        + ",\"f\":\(isFree ? 1 : 0),\"p\":[\(values.joined(separator: ","))]}"
    }
    return "{\"b\":[\(box.map(Markup.pixels).joined(separator: ","))],\"x\":\(quoted(plot.x.label))"
      + ",\"s\":[\(series.joined(separator: ","))]}"
  }

  private static func words(_ point: Plot.Point) -> String {
    guard let lower = point.lower, let upper = point.upper else { return text(point.y, digits: 5) }
    return "\(text(point.y, digits: 5)) (\(text(lower, digits: 4)) to \(text(upper, digits: 4)))"
  }

  private static func text(_ value: Double, digits: Int) -> String {
    Readable.number(value, significantDigits: digits)
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

@testable import GrokReports

/// A text of a drawing and the rectangle that it is estimated to cover.
struct TextBox {
  var text: String
  var rect: Rect

  /// All texts of an SVG element, with inherited sizes and anchors and the transforms that figures
  /// use.
  static func all(in svg: MarkupElement) -> [TextBox] {
    all(in: svg, size: 0, anchor: "start", x: 0, y: 0)
  }

  private static func all(
    in element: MarkupElement, size: Double, anchor: String, x: Double, y: Double
  ) -> [TextBox] {
    var (x, y) = (x, y)
    let size = element.attributes["font-size"].flatMap(Double.init) ?? size
    let anchor = element.attributes["text-anchor"] ?? anchor
    var isVertical = false
    if let transform = element.attributes["transform"] {
      let inside = transform.split(separator: "(")[1].prefix { $0 != ")" }.split(separator: " ")
      x += Double(inside[0]) ?? .nan
      y += Double(inside[1]) ?? .nan
      isVertical = transform.contains("rotate(-90)")
    }
    guard element.name == "text" else {
      return element.children.flatMap { all(in: $0, size: size, anchor: anchor, x: x, y: y) }
    }
    x += element.attributes["x"].flatMap(Double.init) ?? 0
    y += element.attributes["y"].flatMap(Double.init) ?? 0
    var width = TextMetrics.width(
      element.text, size: size, isBold: element.attributes["font-weight"] != nil)
    for part in element.children {
      width += TextMetrics.width(
        part.text, size: part.attributes["font-size"].flatMap(Double.init) ?? size)
    }
    let before = anchor == "middle" ? width / 2 : anchor == "end" ? width : 0
    let rect =
      isVertical
      ? Rect(
        left: x - 0.73 * size, top: y - width + before, right: x + 0.2 * size, bottom: y + before)
      : Rect(
        left: x - before, top: y - 0.73 * size, right: x - before + width, bottom: y + 0.2 * size)
    return [TextBox(text: element.text + element.children.map(\.text).joined(), rect: rect)]
  }
}

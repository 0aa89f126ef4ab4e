/// SVG text under construction: elements on lines of their own, indented by depth.
struct SVGText {
  private(set) var text = ""
  private var depth = 0

  /// An element without contents.
  mutating func element(_ name: String, _ attributes: KeyValuePairs<String, String>) {
    open(name, attributes, isEmpty: true)
  }

  /// An element that holds text.
  mutating func element(
    _ name: String, _ attributes: KeyValuePairs<String, String> = [:], containing contents: String
  ) {
    indent()
    text += "<\(name)\(Self.attributes(attributes))>\(Markup.escaped(contents))</\(name)>\n"
  }

  /// An element that holds other elements.
  mutating func element(
    _ name: String, _ attributes: KeyValuePairs<String, String>,
    _ contents: (inout SVGText) -> Void
  ) {
    open(name, attributes, isEmpty: false)
    depth += 1
    contents(&self)
    depth -= 1
    indent()
    text += "</\(name)>\n"
  }

  /// Markup that is already safe, on a line of its own.
  mutating func raw(_ markup: String) {
    indent()
    text += markup + "\n"
  }

  private mutating func open(
    _ name: String, _ attributes: KeyValuePairs<String, String>, isEmpty: Bool
  ) {
    indent()
    text += "<\(name)\(Self.attributes(attributes))\(isEmpty ? "/" : "")>\n"
  }

  private mutating func indent() { text += String(repeating: " ", count: depth) }

  /// Attributes as text; those with an empty value are left out.
  private static func attributes(_ attributes: KeyValuePairs<String, String>) -> String {
    attributes.reduce(into: "") { text, attribute in
      guard !attribute.value.isEmpty else { return }
      text += " \(attribute.key)=\"\(Markup.escaped(attribute.value))\""
    }
  }
}

/// The data of a path, in absolute coordinates with the fewest characters.
enum PathData {
  /// A line through `points`, closed if asked.
  static func line(_ points: [PixelPoint], isClosed: Bool = false) -> String {
    var result = ""
    var last = ""
    for point in points {
      let text = "\(Markup.pixels(point.x)) \(Markup.pixels(point.y))"
      guard text != last else { continue }
      result += result.isEmpty ? "M\(text)" : " \(text)"
      last = text
    }
    return result.isEmpty ? "" : result + (isClosed ? "Z" : "")
  }

  /// A line from one place to another.
  static func segment(_ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double) -> String {
    let start = "M\(Markup.pixels(x1)) \(Markup.pixels(y1))"
    if x1 == x2 { return start + "V\(Markup.pixels(y2))" }
    if y1 == y2 { return start + "H\(Markup.pixels(x2))" }
    return start + "L\(Markup.pixels(x2)) \(Markup.pixels(y2))"
  }
}

/// SVG text under construction: elements on lines of their own, indented by depth.
struct SVGText {
  private(set) var text = ""
  private var depth = 0

  /// An element without contents.
  mutating func element(_ name: String, _ attributes: [(String, String)]) {
    open(name, attributes, isEmpty: true)
  }

  /// An element that holds text.
  mutating func element(
    _ name: String, _ attributes: [(String, String)] = [], containing contents: String
  ) {
    indent()
    text += "<\(name)\(Self.attributes(attributes))>\(Markup.escaped(contents))</\(name)>\n"
  }

  /// An element that holds other elements.
  mutating func element(
    _ name: String, _ attributes: [(String, String)],
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
    _ name: String, _ attributes: [(String, String)], isEmpty: Bool
  ) {
    indent()
    text += "<\(name)\(Self.attributes(attributes))\(isEmpty ? "/" : "")>\n"
  }

  private mutating func indent() { text += String(repeating: " ", count: depth) }

  /// Attributes as text; those with an empty value are left out.
  static func attributes(_ attributes: [(String, String)]) -> String {
    attributes.reduce(into: "") { text, attribute in
      guard !attribute.1.isEmpty else { return }
      text += " \(attribute.0)=\"\(Markup.escaped(attribute.1))\""
    }
  }
}

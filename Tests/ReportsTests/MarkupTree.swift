/// An element of parsed markup.
struct MarkupElement {
  var name: String
  var attributes: [String: String] = [:]
  var children: [MarkupElement] = []
  /// The text directly inside, without that of child elements.
  var text = ""

  /// This element and all below it.
  var all: [MarkupElement] { [self] + children.flatMap(\.all) }

  /// The elements of a name below this one.
  func all(named name: String) -> [MarkupElement] { all.filter { $0.name == name } }
}

/// Why markup is not well formed, and where.
struct MarkupError: Error, CustomStringConvertible {
  var description: String
}

/// A small strict parser: what it accepts is well-formed XML.
///
/// Stricter than XML: no comments, processing instructions, or entities but the five and decimal
/// ones. With `isHTML` it also accepts one doctype, void elements, and raw text in `script` and
/// `style`.
struct MarkupParser {
  private let scalars: [Unicode.Scalar]
  private var position = 0
  private let isHTML: Bool

  static func parse(_ text: String, isHTML: Bool = false) throws -> MarkupElement {
    var parser = MarkupParser(scalars: Array(text.unicodeScalars), isHTML: isHTML)
    if isHTML, parser.take("<!doctype html>\n") {}
    guard let root = try parser.element() else { throw parser.error("no root element") }
    while parser.position < parser.scalars.count {
      guard parser.scalars[parser.position].properties.isWhitespace else {
        throw parser.error("text after the root element")
      }
      parser.position += 1
    }
    return root
  }

  private init(scalars: [Unicode.Scalar], isHTML: Bool) {
    self.scalars = scalars
    self.isHTML = isHTML
  }

  private func error(_ message: String) -> MarkupError {
    let line = scalars[..<min(position, scalars.count)].count { $0 == "\n" } + 1
    return MarkupError(description: "line \(line): \(message)")
  }

  private func peek(_ text: String) -> Bool {
    let wanted = Array(text.unicodeScalars)
    return position + wanted.count <= scalars.count
      && Array(scalars[position..<position + wanted.count]) == wanted
  }

  private mutating func take(_ text: String) -> Bool {
    guard peek(text) else { return false }
    position += text.unicodeScalars.count
    return true
  }

  private mutating func scalar() throws -> Unicode.Scalar {
    guard position < scalars.count else { throw error("unexpected end") }
    position += 1
    return scalars[position - 1]
  }

  private mutating func name() throws -> String {
    var name = ""
    while position < scalars.count {
      let next = scalars[position]
      let isFirst = next.properties.isAlphabetic || next == "_"
      let isLater =
        isFirst || ("0"..."9").contains(next) || next == "-" || next == ":" || next == "."
      guard name.isEmpty ? isFirst : isLater else { break }
      name.unicodeScalars.append(next)
      position += 1
    }
    guard !name.isEmpty else { throw error("a name is missing") }
    return name
  }

  /// The element that starts here, or `nil` if none does.
  private mutating func element() throws -> MarkupElement? {
    guard peek("<"), !peek("</") else { return nil }
    position += 1
    var element = MarkupElement(name: try name())
    while true {
      let hasSpace = take(" ")
      if take("/>") { return element }
      if take(">") { break }
      guard hasSpace else { throw error("a space is missing in <\(element.name)") }
      let key = try name()
      guard take("=\"") else { throw error("\(key) has no quoted value") }
      var value = ""
      while !take("\"") { value.unicodeScalars.append(try character(in: key)) }
      guard element.attributes.updateValue(value, forKey: key) == nil else {
        throw error("\(key) twice in <\(element.name)")
      }
    }
    if isHTML, ["meta", "br", "hr", "img", "link"].contains(element.name) { return element }
    if isHTML, ["script", "style"].contains(element.name) {
      while !peek("</") { element.text.unicodeScalars.append(try scalar()) }
    }
    while !take("</") {
      if let child = try self.element() {
        element.children.append(child)
      } else {
        element.text.unicodeScalars.append(try character(in: element.name))
      }
    }
    guard try name() == element.name, take(">") else {
      throw error("<\(element.name)> is closed by another name")
    }
    return element
  }

  private mutating func character(in context: String) throws -> Unicode.Scalar {
    let next = try scalar()
    switch next {
    case "<": throw error("< in \(context)")
    case "&":
      for (reference, meaning) in [
        ("amp;", "&"), ("lt;", "<"), ("gt;", ">"), ("quot;", "\""), ("#39;", "'"),
      ] as [(String, Unicode.Scalar)] where take(reference) { return meaning }
      throw error("an unknown reference in \(context)")
    case "\t", "\n", "\r": return next
    default:
      guard next.value >= 0x20, next.value != 0xFFFE, next.value != 0xFFFF else {
        throw error("U+\(String(next.value, radix: 16)) in \(context)")
      }
      return next
    }
  }
}

/// A JSON document as a value: parsed strictly, written the same way every time.
///
/// Integers are exact over the whole of `Int64` and `UInt64`; other numbers are doubles, written with the
/// fewest digits that read back as the same double. Objects keep the order in which their members
/// were added, so equal construction gives equal bytes.
package enum JSONValue: Sendable, Hashable {
  /// `null`.
  case null
  /// `true` or `false`.
  case bool(Bool)
  /// A number written without fraction and exponent, between `Int64.min` and `UInt64.max`.
  case integer(Int128)
  /// Any other number.
  case double(Double)
  /// A string.
  case string(String)
  /// A list of values.
  case array([JSONValue])
  /// Named values, in order.
  case object(JSONObject)
}

/// The members of a JSON object: names with values, in the order of their first assignment.
///
/// Two objects are equal when they have the same members, in whatever order.
package struct JSONObject: Sendable, Sequence {
  private var members: [(key: String, value: JSONValue)] = []
  private var positions: [String: Int] = [:]

  /// An object without members.
  package init() {}

  /// The given members in order; a later value of a name takes the place of an earlier one.
  package init(_ members: some Sequence<(String, JSONValue)>) {
    for (name, value) in members { self[name] = value }
  }

  /// The names of the members, in order.
  package var keys: [String] { members.map(\.key) }

  /// The number of members.
  package var count: Int { members.count }

  /// The value under a name. Assigning `nil` removes the member.
  package subscript(key: String) -> JSONValue? {
    get { positions[key].map { members[$0].value } }
    set {
      switch (positions[key], newValue) {
      case (let position?, let value?):
        members[position].value = value
      case (nil, let value?):
        positions[key] = members.count
        members.append((key, value))
      case (let position?, nil):
        members.remove(at: position)
        positions.removeAll(keepingCapacity: true)
        for (index, member) in members.enumerated() { positions[member.key] = index }
      case (nil, nil):
        break
      }
    }
  }

  /// Iterates over the members in order.
  package func makeIterator() -> IndexingIterator<[(key: String, value: JSONValue)]> {
    members.makeIterator()
  }
}

extension JSONObject: Hashable, ExpressibleByDictionaryLiteral {
  /// An object from a literal. A name that stands twice keeps its last value.
  package init(dictionaryLiteral elements: (String, JSONValue)...) {
    for (key, value) in elements { self[key] = value }
  }

  /// Whether both have the same members, in whatever order.
  package static func == (left: JSONObject, right: JSONObject) -> Bool {
    left.count == right.count && left.members.allSatisfy { right[$0.key] == $0.value }
  }

  /// Feeds the members, independently of their order.
  package func hash(into hasher: inout Hasher) {
    hasher.combine(Dictionary(uniqueKeysWithValues: members.map { ($0.key, $0.value) }))
  }
}

// MARK: - Looking inside

extension JSONValue {
  /// The number, or null where it is infinite or not a number: JSON has no name for these.
  package static func finite(_ value: Double) -> JSONValue {
    value.isFinite ? .double(value) : .null
  }

  /// The member of an object under a name; `nil` if there is none or this is no object.
  package subscript(key: String) -> JSONValue? { object?[key] }

  /// The truth value, if this is one.
  package var bool: Bool? {
    if case .bool(let value) = self { value } else { nil }
  }

  /// The number as an `Int`, if it was written as an integer and fits.
  package var integer: Int? {
    if case .integer(let value) = self { Int(exactly: value) } else { nil }
  }

  /// The number as a `UInt64`, if it was written as an integer and fits.
  package var unsigned: UInt64? {
    if case .integer(let value) = self { UInt64(exactly: value) } else { nil }
  }

  /// The number as a double; the nearest one to a large integer.
  package var double: Double? {
    switch self {
    case .double(let value): value
    case .integer(let value): Double(value)
    default: nil
    }
  }

  /// The string, if this is one.
  package var string: String? {
    if case .string(let value) = self { value } else { nil }
  }

  /// The elements, if this is an array.
  package var array: [JSONValue]? {
    if case .array(let value) = self { value } else { nil }
  }

  /// The members, if this is an object.
  package var object: JSONObject? {
    if case .object(let value) = self { value } else { nil }
  }

  /// What kind of value this is, for messages: `"a string"`, `"an object"` …
  package var kind: String {
    switch self {
    case .null: "null"
    case .bool: "a truth value"
    case .integer: "an integer"
    case .double: "a number"
    case .string: "a string"
    case .array: "an array"
    case .object: "an object"
    }
  }
}

extension JSONValue: ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral,
  ExpressibleByFloatLiteral, ExpressibleByStringLiteral, ExpressibleByArrayLiteral,
  ExpressibleByDictionaryLiteral, ExpressibleByNilLiteral
{
  /// A truth value.
  package init(booleanLiteral value: Bool) { self = .bool(value) }
  /// An integer.
  package init(integerLiteral value: Int64) { self = .integer(Int128(value)) }
  /// A double.
  package init(floatLiteral value: Double) { self = .double(value) }
  /// A string.
  package init(stringLiteral value: String) { self = .string(value) }
  /// An array.
  package init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
  /// An object. A name that stands twice keeps its last value.
  package init(dictionaryLiteral elements: (String, JSONValue)...) {
    var members = JSONObject()
    for (key, value) in elements { members[key] = value }
    self = .object(members)
  }
  /// Null.
  package init(nilLiteral: ()) { self = .null }

  /// An integer of any type up to 64 bits.
  package init(_ value: some FixedWidthInteger) { self = .integer(Int128(value)) }
}

// MARK: - Errors

/// Why some text is not JSON, or some value cannot be written as JSON.
package enum JSONError: Error, Hashable, CustomStringConvertible {
  /// The text departs from the grammar at a byte offset.
  case syntax(byteOffset: Int, expected: String, found: String)
  /// A name stands twice in one object.
  case duplicateKey(byteOffset: Int, key: String)
  /// A number is not representable as a 64-bit integer or a finite double.
  case numberOutOfRange(byteOffset: Int, text: String)
  /// Arrays and objects are nested deeper than the reader allows.
  case tooDeep(byteOffset: Int, limit: Int)
  /// A value to be written is infinite or not a number; the path names it.
  case notFinite(path: String, value: Double)

  /// One line: where, what was expected, what was found.
  package var description: String { oneLine(message) }

  private var message: String {
    switch self {
    case .syntax(let offset, let expected, let found):
      "JSON, byte \(offset): expected \(expected), found \(found)"
    case .duplicateKey(let offset, let key):
      "JSON, byte \(offset): the name \(quoted(key)) stands twice in one object"
    case .numberOutOfRange(let offset, let text):
      "JSON, byte \(offset): the number \(text) does not fit in 64 bits"
    case .tooDeep(let offset, let limit):
      "JSON, byte \(offset): nested deeper than \(limit) levels"
    case .notFinite(let path, let value):
      "JSON has no way to write \(value) (at \(path))"
    }
  }
}

// MARK: - Writing

extension JSONValue {
  /// How the text is laid out.
  package enum Layout: Sendable {
    /// Everything on one line, without spaces.
    case compact
    /// One member a line, two spaces deeper per level; arrays without objects stay on one line.
    case indented
  }

  /// This value as JSON text; the same value, with members in the same order, gives the same text.
  ///
  /// - Throws: `JSONError.notFinite`.
  package func text(_ layout: Layout = .compact) throws(JSONError) -> String {
    var writer = JSONWriter(layout: layout)
    try writer.write(self, path: "$", depth: 0)
    return writer.text
  }
}

private struct JSONWriter {
  let layout: JSONValue.Layout
  var text = ""

  mutating func write(_ value: JSONValue, path: String, depth: Int) throws(JSONError) {
    switch value {
    case .null: text += "null"
    case .bool(let value): text += value ? "true" : "false"
    case .integer(let value): text += String(value)
    case .double(let value):
      guard value.isFinite else { throw .notFinite(path: path, value: value) }
      text += value.description
    case .string(let value): text += quoted(value)
    case .array(let elements):
      let breaks = layout == .indented && elements.contains { $0.object != nil }
      text += "["
      for (index, element) in elements.enumerated() {
        if index > 0 { text += layout == .indented && !breaks ? ", " : "," }
        if breaks { newLine(depth + 1) }
        try write(element, path: "\(path)[\(index)]", depth: depth + 1)
      }
      if breaks { newLine(depth) }
      text += "]"
    case .object(let members):
      text += "{"
      for (index, member) in members.enumerated() {
        if index > 0 { text += "," }
        if layout == .indented { newLine(depth + 1) }
        text += quoted(member.key)
        text += layout == .indented ? ": " : ":"
        try write(member.value, path: "\(path).\(member.key)", depth: depth + 1)
      }
      if layout == .indented && members.count > 0 { newLine(depth) }
      text += "}"
    }
  }

  private mutating func newLine(_ depth: Int) {
    text += "\n"
    text += String(repeating: "  ", count: depth)
  }
}

/// A string as a JSON string literal, with quotes.
package func quoted(_ string: String) -> String {
  var result = "\""
  for scalar in string.unicodeScalars {
    switch scalar {
    case "\"": result += "\\\""
    case "\\": result += "\\\\"
    case "\n": result += "\\n"
    case "\r": result += "\\r"
    case "\t": result += "\\t"
    case _ where scalar.value < 0x20 || scalar.value == 0x7F:
      let digits = String(scalar.value, radix: 16)
      result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
    default: result.unicodeScalars.append(scalar)
    }
  }
  return result + "\""
}

// MARK: - Reading

extension JSONValue {
  /// The deepest nesting that is read unless asked otherwise; far more than any file here has.
  package static let defaultDepthLimit = 64

  /// Parses one JSON document as RFC 8259 defines it, and nothing more lenient.
  ///
  /// Refused: trailing text, duplicate names, unpaired surrogates, malformed UTF-8, numbers that do not
  /// fit in 64 bits, and nesting deeper than `depthLimit`.
  ///
  /// - Throws: `JSONError`, with the offset of the first byte that is wrong.
  package init(
    parsing bytes: some Collection<UInt8>, depthLimit: Int = defaultDepthLimit
  ) throws(JSONError) {
    var parser = JSONParser(bytes: Array(bytes), depthLimit: depthLimit)
    self = try parser.document()
  }

  /// Parses one JSON document given as a string.
  package init(
    parsing text: String, depthLimit: Int = defaultDepthLimit
  ) throws(JSONError) {
    try self.init(parsing: Array(text.utf8), depthLimit: depthLimit)
  }
}

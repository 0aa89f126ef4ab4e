import GrokNumerics

/// A PDF file under construction: numbered objects, then the table that says where they are.
struct PDFFile {
  private var objects: [[UInt8]] = []

  /// A number for an object whose contents come later.
  mutating func reserve() -> Int {
    objects.append([])
    return objects.count
  }

  /// Adds an object, and gives its number.
  @discardableResult
  mutating func add(_ contents: String) -> Int {
    objects.append(Array(contents.utf8))
    return objects.count
  }

  /// Gives contents to a reserved number.
  mutating func set(_ number: Int, _ contents: String) {
    objects[number - 1] = Array(contents.utf8)
  }

  /// Adds compressed data with the entries of its dictionary, and gives the number.
  mutating func addStream(_ data: [UInt8], _ entries: String = "") -> Int {
    let packed = compressed(data)
    let head =
      "<< /Length \(packed.count) /Filter /FlateDecode\(entries.isEmpty ? "" : " ")\(entries) >>"
    objects.append(Array("\(head)\nstream\n".utf8) + packed + Array("\nendstream".utf8))
    return objects.count
  }

  /// The whole file. Its identifier is a digest of the contents, so that the same contents give the
  /// same bytes.
  func bytes(root: Int, info: Int) -> [UInt8] {
    // Bytes above 127 in the second line tell programs that copy files that this one is not text.
    var result = Array("%PDF-1.7\n%".utf8) + [0xE2, 0xE3, 0xCF, 0xD3, 0x0A]
    var table = "0000000000 65535 f \n"
    for (index, object) in objects.enumerated() {
      let offset = String(result.count)
      table += String(repeating: "0", count: 10 - offset.count) + offset + " 00000 n \n"
      result += Array("\(index + 1) 0 obj\n".utf8) + object + Array("\nendobj\n".utf8)
    }
    let digest = SHA256.hexadecimal(of: result).prefix(32)
    let start = result.count
    result += Array(
      """
      xref
      0 \(objects.count + 1)
      \(table)trailer
      << /Size \(objects.count + 1) /Root \(root) 0 R /Info \(info) 0 R /ID [<\(digest)> <\(digest)>] >>
      startxref
      \(start)
      %%EOF

      """.utf8)
    return result
  }

  /// Text as the string that metadata hold.
  static func string(_ text: String) -> String {
    "<FEFF\(hexadecimal(text))>"
  }

  /// Text in UTF-16, four digits a unit.
  static func hexadecimal(_ text: some StringProtocol) -> String {
    text.utf16.map { hexadecimal(Int($0)) }.joined()
  }

  /// A number in four hexadecimal digits.
  static func hexadecimal(_ value: Int) -> String {
    let digits = String(value, radix: 16, uppercase: true)
    return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
  }
}

/// `bytes` as a zlib stream.
func compressed(_ bytes: [UInt8]) -> [UInt8] {
  do {
    return try deflated(bytes, format: .zlib)
  } catch {
    // zlib can fail here only where an array would: when memory is at its end.
    preconditionFailure("\(error)")
  }
}

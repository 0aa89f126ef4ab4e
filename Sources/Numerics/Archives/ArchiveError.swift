/// Why an archive of arrays, or an array in it, could not be read or written.
///
/// Every description is one line that names the file, the place in it, what was expected and what was
/// found. A member of a zip file is named `file.npz:member.npy`.
public enum ArchiveError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The system refused to open or read a file.
  case cannotRead(path: String, reason: String)
  /// The system refused to write a file; what stood at the path before is untouched.
  case cannotWrite(path: String, reason: String)
  /// The contents depart from the format at a byte offset.
  case malformed(path: String, byteOffset: Int, expected: String, found: String)
  /// Neither contents nor name say what kind of archive a file is.
  case unknownKind(path: String)
  /// No array of that name is in the archive.
  case unknownArray(path: String, name: String, available: [String])
  /// An array's value cannot be given in the type that was asked for without changing it; the name is
  /// empty for an array outside of an archive.
  case inexact(name: String, index: Int, value: String, type: String)
  /// An array does not have the shape that was asked for.
  case unexpectedShape(name: String, shape: [Int], expected: String)
  /// The arrays do not fit the format that they are to be written in.
  case unwritable(path: String, reason: String)

  /// One line: which file, where, what was expected, what was found.
  public var description: String { oneLine(message) }

  private var message: String {
    switch self {
    case .cannotRead(let path, let reason):
      "cannot read \(path): \(reason)"
    case .cannotWrite(let path, let reason):
      "cannot write \(path): \(reason)"
    case .malformed(let path, let byteOffset, let expected, let found):
      "\(path), byte \(byteOffset): expected \(expected), found \(found)"
    case .unknownKind(let path):
      "\(path): neither contents nor name are those of an npy, npz, safetensors or csv file"
    case .unknownArray(let path, let name, let available):
      "no array '\(name)' in \(path)" + arraySuggestion(for: name, among: available)
    case .inexact(let name, let index, let value, let type):
      subject(name) + ": element \(index) is \(value), which \(type) cannot hold exactly"
    case .unexpectedShape(let name, let shape, let expected):
      subject(name) + " has shape \(shape); expected \(expected)"
    case .unwritable(let path, let reason):
      "cannot write \(path): \(reason)"
    }
  }
}

private func subject(_ name: String) -> String { name.isEmpty ? "the array" : "array '\(name)'" }

/// A message as one line of moderate length, whatever a damaged file put into the names it quotes.
///
/// Control characters and line separators are written as `\u{…}`.
package func oneLine(_ message: String) -> String {
  let lengthLimit = 2000
  var result = ""
  for (index, scalar) in message.unicodeScalars.enumerated() {
    guard index < lengthLimit else { return result + "…" }
    switch scalar.properties.generalCategory {
    case .control, .lineSeparator, .paragraphSeparator, .format:
      result += "\\u{" + String(scalar.value, radix: 16) + "}"
    default: result.unicodeScalars.append(scalar)
    }
  }
  return result
}

// MARK: - Close names

/// `; did you mean 'a'? It has 'a', 'b'`: the names close to a wrong one, then the names there are.
private func arraySuggestion(for name: String, among available: [String]) -> String {
  guard !available.isEmpty else { return "; it has no arrays" }
  let shownCount = 20
  var list = available.prefix(shownCount).map { "'\($0)'" }.joined(separator: ", ")
  if available.count > shownCount { list += " and \(available.count - shownCount) more" }
  let close = closeNames(to: name, among: available)
  guard !close.isEmpty else { return "; it has \(list)" }
  return "; did you mean \(close.map { "'\($0)'" }.joined(separator: " or "))? It has \(list)"
}

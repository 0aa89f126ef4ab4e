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
      "no array '\(name)' in \(path)" + suggestion(for: name, among: available)
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
private func suggestion(for name: String, among available: [String]) -> String {
  guard !available.isEmpty else { return "; it has no arrays" }
  let shownCount = 20
  var list = available.prefix(shownCount).map { "'\($0)'" }.joined(separator: ", ")
  if available.count > shownCount { list += " and \(available.count - shownCount) more" }
  let close = closeNames(to: name, among: available)
  guard !close.isEmpty else { return "; it has \(list)" }
  return "; did you mean \(close.map { "'\($0)'" }.joined(separator: " or "))? It has \(list)"
}

/// Up to three of `names` that differ from `name` in few letters, closest first.
///
/// Letters added, dropped, changed or swapped with their neighbor count one each; up to a third of the
/// letters may differ. Upper and lower case are the same.
package func closeNames(to name: String, among names: [String]) -> [String] {
  let wanted = Array(name.lowercased().unicodeScalars)
  // Comparing costs the product of the lengths; nobody types names of thousands of letters.
  let lengthLimit = 200
  guard wanted.count <= lengthLimit else { return [] }
  var ranked: [(distance: Int, position: Int, name: String)] = []
  for (position, candidate) in names.enumerated() {
    let letters = Array(candidate.lowercased().unicodeScalars.prefix(lengthLimit))
    let allowed = max(1, min(wanted.count, letters.count) / 3)
    let distance = editDistance(wanted, letters)
    if distance <= allowed { ranked.append((distance, position, candidate)) }
  }
  ranked.sort { ($0.distance, $0.position) < ($1.distance, $1.position) }
  return ranked.prefix(3).map(\.name)
}

/// The number of letters to add, drop, change or swap with their neighbor (optimal string alignment).
private func editDistance(_ a: [Unicode.Scalar], _ b: [Unicode.Scalar]) -> Int {
  var beforeLast: [Int] = []
  var last = Array(0...b.count)
  for i in a.indices {
    var row = [i + 1]
    for j in b.indices {
      var best = min(last[j + 1] + 1, row[j] + 1, last[j] + (a[i] == b[j] ? 0 : 1))
      if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] {
        best = min(best, beforeLast[j - 1] + 1)
      }
      row.append(best)
    }
    (beforeLast, last) = (last, row)
  }
  return last[b.count]
}

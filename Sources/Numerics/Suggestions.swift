/// "; did you mean 'a' or 'b'?", or the known names where none is close and they are few.
package func suggestion(for name: String, among known: [String]) -> String {
  let close = closeNames(to: name, among: known)
  if close.isEmpty {
    return known.count <= 12 ? "; there are \(known.joined(separator: ", "))" : ""
  }
  return "; did you mean " + close.map { "'\($0)'" }.joined(separator: " or ") + "?"
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

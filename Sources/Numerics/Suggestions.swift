/// The names of a list that are close to one that is not in it, best first: by edit distance (an
/// exchange of neighbors counts once), at most a third of the name's length.
package func closeNames(to name: String, among known: [String], atMost count: Int = 3) -> [String] {
  let limit = max(2, name.count / 3)
  return known.map { (name: $0, distance: editDistance(Array(name), Array($0))) }
    .filter { $0.distance <= limit }
    .sorted { ($0.distance, $0.name) < ($1.distance, $1.name) }
    .prefix(count).map(\.name)
}

/// "; did you mean 'a' or 'b'?", or the known names where none is close.
package func suggestion(for name: String, among known: [String]) -> String {
  let close = closeNames(to: name, among: known)
  if close.isEmpty {
    return known.count <= 12 ? "; there are \(known.joined(separator: ", "))" : ""
  }
  return "; did you mean " + close.map { "'\($0)'" }.joined(separator: " or ") + "?"
}

// Damerau–Levenshtein distance in its optimal string alignment form.
private func editDistance(_ a: [Character], _ b: [Character]) -> Int {
  var beforeLast = [Int](repeating: 0, count: b.count + 1)
  var last = Array(0...b.count)
  for i in a.indices {
    var row = [i + 1]
    for j in b.indices {
      var best = min(last[j + 1] + 1, row[j] + 1, last[j] + (a[i] == b[j] ? 0 : 1))
      if i > 0 && j > 0 && a[i] == b[j - 1] && a[i - 1] == b[j] {
        best = min(best, beforeLast[j - 1] + 1)
      }
      row.append(best)
    }
    (beforeLast, last) = (last, row)
  }
  return last[b.count]
}

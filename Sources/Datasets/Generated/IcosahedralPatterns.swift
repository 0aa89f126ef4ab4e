/// The 12-bit task on which the information plane was first drawn: patterns on the corners of an icosahedron.
///
/// Each of the 4,096 patterns says which corners are on. Its class depends on nothing that a rotation or reflection
/// changes: with k corners on, e pairs of neighbors on and a pairs of opposite corners on, it is 1 where
/// 2 e − a ≥ 12, or ≥ 15 for k = 7. 2,118 patterns have class 1.
///
/// - Source: Shwartz-Ziv & Tishby, arXiv 1703.00810, whose published labels this rule gives for all patterns.
public struct IcosahedralPatterns: Sendable {
  /// The corners that share an edge with each corner, five of them, in the order of the published columns.
  public static let neighbors: [[Int]] = [
    [1, 3, 5, 10, 11], [0, 2, 3, 4, 11], [1, 3, 4, 8, 9], [0, 1, 2, 8, 10], [1, 2, 6, 9, 11],
    [0, 6, 7, 10, 11], [4, 5, 7, 9, 11], [5, 6, 8, 9, 10], [2, 3, 7, 9, 10], [2, 4, 6, 7, 8],
    [0, 3, 5, 7, 8], [0, 1, 4, 5, 6],
  ]

  /// The corner opposite each corner: the only one that is neither a neighbor nor a neighbor's neighbor.
  public static let opposites: [Int] = (0..<12).map { corner in
    let near = Set(neighbors[corner]).union(neighbors[corner].flatMap { neighbors[$0] })
    return (0..<12).first { $0 != corner && !near.contains($0) } ?? corner
  }

  /// The class of a pattern whose first corner is the highest of 12 bits.
  ///
  /// - Precondition: `pattern` is in `0..<4096`.
  public static func label(of pattern: Int) -> Int {
    precondition((0..<4096).contains(pattern), "IcosahedralPatterns: pattern \(pattern)")
    let isOn = (0..<12).map { pattern >> (11 - $0) & 1 == 1 }
    var (onCount, edgeEnds, oppositeEnds) = (0, 0, 0)
    for corner in 0..<12 where isOn[corner] {
      onCount += 1
      edgeEnds += neighbors[corner].count { isOn[$0] }
      oppositeEnds += isOn[opposites[corner]] ? 1 : 0
    }
    // Each pair has been counted from both ends.
    return edgeEnds - oppositeEnds / 2 >= (onCount == 7 ? 15 : 12) ? 1 : 0
  }

  /// All patterns, in the order of the published file: row r has the binary digits of r.
  ///
  /// - Shapes: features are `[4096, 12]`, each 0 or 1; labels are 0 or 1.
  public static func examples() -> LabeledExamples {
    var features = Matrix<Float>(rowCount: 4096, columnCount: 12)
    for pattern in 0..<4096 {
      for corner in 0..<12 { features[pattern, corner] = Float(pattern >> (11 - corner) & 1) }
    }
    return LabeledExamples(
      checkedInputs: .features(features), labels: (0..<4096).map { Int32(label(of: $0)) },
      classCount: 2)
  }
}

import GrokTraining

/// Recorded motion as figures draw it: smoothed over all records, and kept at few of them, so that memory does not grow with
/// a table's length.
struct MotionSeries {
  /// How strongly a line is smoothed: e₀ = x₀, eₜ = αxₜ + (1 − α)eₜ₋₁; `nil`: not at all.
  typealias Smoothing = Double?

  /// What a line is of.
  struct Line: Hashable {
    let quantity: MotionQuantity
    /// Places in ``MotionColumns/components``; the norm of several is that of all together.
    let components: [Int]
    var smoothing: Smoothing
  }

  /// Updates before each kept record.
  let steps: [Double]
  private let values: [Line: [Double]]

  /// The values of a line at ``steps``.
  subscript(line: Line) -> [Double] { values[line] ?? [] }

  /// Reads lines from a table in one go.
  ///
  /// - Parameter limit: About the most records that are kept.
  init(_ table: MotionTable, lines: [Line], limit: Int = 300) throws {
    let rows = Self.keptRows(try table.steps(), limit: limit)
    let distinct = Array(Set(lines))
    var averages = [Double?](repeating: nil, count: distinct.count)
    var kept = [[Double]](repeating: [], count: distinct.count)
    var steps: [Double] = []
    var (number, next) = (0, rows.makeIterator())
    var wanted = next.next()
    try table.forEachRow { row in
      for (place, line) in distinct.enumerated() {
        // What is frozen has no temperature that others could be averaged with.
        if line.components.allSatisfy(row.isFrozen) {
          averages[place] = nil
          continue
        }
        let value = row.norm(line.quantity, of: line.components)
        if let alpha = line.smoothing, let average = averages[place] {
          averages[place] = alpha * value + (1 - alpha) * average
        } else {
          averages[place] = value
        }
      }
      if number == wanted {
        steps.append(Double(row.step))
        for place in distinct.indices { kept[place].append(averages[place] ?? .nan) }
        wanted = next.next()
      }
      number += 1
    }
    self.steps = steps
    values = Dictionary(uniqueKeysWithValues: zip(distinct, kept))
  }

  /// Rows that are apart on a logarithmic axis of steps and on a linear one; the last is among them.
  static func keptRows(_ steps: [Int], limit: Int) -> [Int] {
    guard steps.count > limit, let last = steps.last else { return Array(steps.indices) }
    var rows: [Int] = []
    var next = 0.0
    for (row, step) in steps.enumerated() where Double(step) >= next || row == steps.count - 1 {
      rows.append(row)
      let apart = min(Double(step) * 4, Double(last) * 2) / Double(limit)
      next = Double(step) + max(1, apart)
    }
    return rows
  }
}

extension MotionRow {
  /// The root of the sum of squares over several components; the number itself for one.
  fileprivate func norm(_ quantity: MotionQuantity, of components: [Int]) -> Double {
    if components.count == 1 { return self[quantity, of: components[0]] ?? .nan }
    return components.reduce(0) { sum, component in
      let value = self[quantity, of: component] ?? .nan
      return sum + value * value
    }.squareRoot()
  }
}

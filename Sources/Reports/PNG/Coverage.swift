/// Finds how much of every pixel is inside outlines.
///
/// Sixteen lines are drawn through a row of pixels; where each enters and leaves the inside is found
/// exactly, so that shares are exact across and steps of a sixteenth downwards.
struct Coverage {
  private static let linesPerRow = 16

  let width: Int
  let height: Int

  /// A straight piece of an outline, from its upper end to its lower.
  private struct Edge {
    /// Where it crosses the line that is being looked at.
    var x: Double
    /// The way to the side from one line to the next.
    var step: Double
    /// The lines that it crosses.
    var first: Int
    var end: Int
    /// 1 where the outline runs downwards, −1 where it runs upwards.
    var direction: Int
  }

  /// Hands the shares of each row that has any to `paint`: the row, the columns that matter, and the
  /// shares by column.
  func scan(
    _ outlines: [Outline],
    _ paint: (_ row: Int, _ columns: Range<Int>, _ shares: UnsafeBufferPointer<Float>) -> Void
  ) {
    let edges = edges(of: outlines).sorted { $0.first < $1.first }
    guard let first = edges.first?.first else { return }
    var next = 0
    // The edges that the line crosses, from left to right. From one line to the next that order
    // hardly changes, so sorting by insertion is fast.
    var active: [Edge] = []
    // Shares are gathered as differences from one column to the next.
    var differences = [Float](repeating: 0, count: width + 2)
    var (line, low, high) = (first, width, -1)
    differences.withUnsafeMutableBufferPointer { differences in
      while next < edges.count || !active.isEmpty {
        if active.isEmpty, edges[next].first >= (line / Self.linesPerRow + 1) * Self.linesPerRow {
          finish(line / Self.linesPerRow, differences, low, high, paint)
          (line, low, high) = (edges[next].first, width, -1)
        }
        while next < edges.count, edges[next].first == line {
          active.append(edges[next])
          next += 1
        }
        Self.sort(&active)
        addSpans(active, to: differences, &low, &high)
        line += 1
        Self.advance(&active, to: line)
        if line.isMultiple(of: Self.linesPerRow) {
          finish(line / Self.linesPerRow - 1, differences, low, high, paint)
          (low, high) = (width, -1)
        }
      }
      finish(line / Self.linesPerRow, differences, low, high, paint)
    }
  }

  // MARK: Edges

  private func edges(of outlines: [Outline]) -> [Edge] {
    let lineCount = Double(Self.linesPerRow)
    let limit = Double(height * Self.linesPerRow)
    var edges: [Edge] = []
    for outline in outlines {
      let points = outline.flattened(tolerance: 0.05)
      var from = points[points.count - 1]
      for to in points {
        defer { from = to }
        let (top, bottom) = from.y < to.y ? (from, to) : (to, from)
        // The lines lie in the middle of their sixteenths.
        let first = min(max(top.y * lineCount - 0.5, 0), limit).rounded(.up)
        let end = min(max(bottom.y * lineCount - 0.5, 0), limit).rounded(.up)
        guard first < end else { continue }
        let slope = (bottom.x - top.x) / (bottom.y - top.y)
        edges.append(
          Edge(
            x: top.x + ((first + 0.5) / lineCount - top.y) * slope, step: slope / lineCount,
            first: Int(first), end: Int(end), direction: from.y < to.y ? 1 : -1))
      }
    }
    return edges
  }

  private static func sort(_ edges: inout [Edge]) {
    edges.withUnsafeMutableBufferPointer { edges in
      for index in edges.indices.dropFirst() where edges[index - 1].x > edges[index].x {
        let moved = edges[index]
        var place = index
        while place > 0, edges[place - 1].x > moved.x {
          edges[place] = edges[place - 1]
          place -= 1
        }
        edges[place] = moved
      }
    }
  }

  /// Moves edges to the next line, without those that have ended.
  private static func advance(_ edges: inout [Edge], to line: Int) {
    let count = edges.withUnsafeMutableBufferPointer { edges in
      var count = 0
      for index in edges.indices where edges[index].end > line {
        var edge = edges[index]
        edge.x += edge.step
        edges[count] = edge
        count += 1
      }
      return count
    }
    edges.removeLast(edges.count - count)
  }

  // MARK: Shares

  /// Adds the stretches of one line that are inside.
  private func addSpans(
    _ edges: [Edge], to differences: UnsafeMutableBufferPointer<Float>, _ low: inout Int,
    _ high: inout Int
  ) {
    var winding = 0
    var start = 0.0
    let share = 1 / Float(Self.linesPerRow)
    let limit = Double(width)
    for edge in edges {
      let before = winding
      winding += edge.direction
      if before == 0 { start = edge.x }
      guard before != 0, winding == 0 else { continue }
      let (left, right) = (max(start, 0), min(edge.x, limit))
      guard left < right else { continue }
      let (first, last) = (Int(left), Int(right))
      // Each end covers part of its column.
      let leftPart = Float(left - Double(first))
      let rightPart = Float(right - Double(last))
      differences[first] += share * (1 - leftPart)
      differences[first + 1] += share * leftPart
      differences[last] -= share * (1 - rightPart)
      differences[last + 1] -= share * rightPart
      low = min(low, first)
      high = max(high, last)
    }
  }

  /// Paints a row and clears what was gathered for it.
  private func finish(
    _ row: Int, _ differences: UnsafeMutableBufferPointer<Float>, _ low: Int, _ high: Int,
    _ paint: (Int, Range<Int>, UnsafeBufferPointer<Float>) -> Void
  ) {
    guard low <= high else { return }
    let columns = low..<min(high + 1, width)
    var share: Float = 0
    for column in columns {
      share += differences[column]
      differences[column] = share
    }
    paint(row, columns, UnsafeBufferPointer(differences))
    for column in low..<min(high + 2, width + 2) { differences[column] = 0 }
  }
}

/// A vertical line at an event, and its text above the area.
struct MarkerLayout: Hashable {
  /// The position of the line, in pixels.
  var x: Double
  /// The text, perhaps shortened; empty for none.
  var text: String
  /// The left edge of the text.
  var textLeft: Double
  var textWidth: Double
  /// The row of the text, counted from the area upwards; `nil` without text.
  var row: Int?
  var color: PlotColor?

  static let rowHeight = 15.0

  /// The rectangle of the text above an area that starts at `top`.
  func textRect(top: Double) -> Rect? {
    row.map { row in
      let bottom = top - 3 - Double(row) * Self.rowHeight
      return Rect(left: textLeft, top: bottom - 12, right: textLeft + textWidth, bottom: bottom)
    }
  }

  /// Places the texts so that none touches another text or a line that passes it.
  static func placed(_ markers: [Plot.Marker], x: AxisMap, area: Rect, width: Double)
    -> [MarkerLayout]
  {
    var lines: [MarkerLayout] = []
    for marker in markers {
      guard let position = x.position(of: marker.position), position >= area.left - 0.5,
        position <= area.right + 0.5
      else { continue }
      let size = PlotLayout.Style.noteSize
      let text = TextMetrics.fitted(marker.label, size: size, width: area.width * 0.6)
      lines.append(
        MarkerLayout(
          x: position, text: text, textLeft: 0, textWidth: TextMetrics.width(text, size: size),
          row: nil, color: marker.color))
    }
    lines.sort { $0.x < $1.x }
    let texts = lines.indices.filter { !lines[$0].text.isEmpty }
    let limits = (area.left - 6)...(max(width - 8, area.left))
    var budget = 4000
    _ = place(
      texts[...], in: &lines, limits: limits, rowCount: min(texts.count, 4), budget: &budget)
    for (order, index) in texts.enumerated() where lines[index].row == nil {
      // Too many for a tidy solution: one below the other.
      lines[index].row = order % 4
      lines[index].textLeft = min(
        max(lines[index].x - lines[index].textWidth / 2, limits.lowerBound),
        limits.upperBound - lines[index].textWidth)
    }
    return lines
  }

  /// Tries every row and side for the first of `remaining` and goes on with the others, going back
  /// where that fails.
  private static func place(
    _ remaining: ArraySlice<Int>, in lines: inout [MarkerLayout], limits: ClosedRange<Double>,
    rowCount: Int, budget: inout Int
  ) -> Bool {
    guard let index = remaining.first else { return true }
    let line = lines[index]
    let centered = min(
      max(line.x - line.textWidth / 2, limits.lowerBound), limits.upperBound - line.textWidth)
    for row in 0..<rowCount {
      for left in [centered, line.x - 1, line.x + 1 - line.textWidth] {
        budget -= 1
        guard budget > 0 else { return false }
        guard left >= limits.lowerBound, left + line.textWidth <= limits.upperBound else {
          continue
        }
        var candidate = line
        candidate.row = row
        candidate.textLeft = left
        lines[index].row = nil
        guard lines.indices.allSatisfy({ $0 == index || candidate.isClear(of: lines[$0]) }) else {
          continue
        }
        lines[index] = candidate
        if place(
          remaining.dropFirst(), in: &lines, limits: limits, rowCount: rowCount, budget: &budget)
        {
          return true
        }
        lines[index] = line
      }
    }
    return false
  }

  private func isClear(of other: MarkerLayout) -> Bool {
    guard let row, let otherRow = other.row else { return true }
    func span(_ line: MarkerLayout, air: Double) -> ClosedRange<Double> {
      (line.textLeft - air)...(line.textLeft + line.textWidth + air)
    }
    if row == otherRow { return !span(self, air: 4).overlaps(span(other, air: 4)) }
    return row < otherRow
      ? !span(self, air: 1).contains(other.x) : !span(other, air: 1).contains(x)
  }
}

/// A horizontal line at a level, and its text to the right of the area.
struct ReferenceLayout: Hashable {
  /// The position of the line, in pixels.
  var y: Double
  /// The middle of the text, moved where two would touch.
  var textY: Double
  var text: String
  var color: PlotColor?

  static let textHeight = 13.0

  /// The text of a line, shortened to what a margin can hold.
  static func text(_ reference: Plot.ReferenceLine) -> String {
    TextMetrics.fitted(reference.label, size: PlotLayout.Style.noteSize, width: 110)
  }

  static func placed(_ references: [Plot.ReferenceLine], y: AxisMap, area: Rect)
    -> [ReferenceLayout]
  {
    var lines = references.compactMap { reference -> ReferenceLayout? in
      guard let position = y.position(of: reference.position), position >= area.top - 0.5,
        position <= area.bottom + 0.5
      else { return nil }
      return ReferenceLayout(
        y: position, textY: position, text: text(reference), color: reference.color)
    }
    lines.sort { $0.y < $1.y }
    let texts = lines.indices.filter { !lines[$0].text.isEmpty }
    for (previous, index) in zip(texts, texts.dropFirst()) {
      lines[index].textY = max(lines[index].textY, lines[previous].textY + textHeight)
    }
    // Pushed below the area: push all back up.
    var limit = area.bottom + 4
    for index in texts.reversed() {
      lines[index].textY = min(lines[index].textY, limit)
      limit = lines[index].textY - textHeight
    }
    return lines
  }
}

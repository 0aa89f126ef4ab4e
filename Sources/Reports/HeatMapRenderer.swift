// Cells, points and bars in colors that stand for numbers.

extension FigureRenderer {
  /// In how many steps a color bar goes from one end to the other.
  private static let stepCount = 64

  // MARK: Heat map

  /// The cells of the heat map, first those with colors, then a hatching for the others.
  var cells: [Drawing.Mark] {
    guard let map = layout.heatMap, let colors = layout.colors else { return [] }
    let isSmall = map.rowCount * map.columnCount <= HeatMapLayout.cellLimit
    let marks = isSmall ? coloredCells(map, colors) : [.picture(picture(map, colors))]
    return marks + [hatching(map)].compactMap { $0 }
  }

  private func coloredCells(_ map: HeatMapLayout, _ colors: ColorMap) -> [Drawing.Mark] {
    var marks: [Drawing.Mark] = []
    for row in 0..<map.rowCount {
      for column in 0..<map.columnCount {
        let fraction = map.fractions[row * map.columnCount + column]
        guard !fraction.isNaN else { continue }
        var rect = map.rect(row: row, column: column)
        // Cells reach below those that are painted later, so that no paper shines through between.
        let hasNextRow = row + 1 < map.rowCount
        if column + 1 < map.columnCount { rect.right = min(rect.right + 0.6, area.right) }
        if hasNextRow, map.rowEdges[1] > map.rowEdges[0] {
          rect.bottom = min(rect.bottom + 0.6, area.bottom)
        } else if hasNextRow {
          rect.top = max(rect.top - 0.6, area.top)
        }
        guard rect.width > 0, rect.height > 0 else { continue }
        marks.append(
          .shapes(.fixed(colors.color(at: fraction).light), [.fill(.rectangle(rect))]))
      }
    }
    return marks
  }

  /// The cells as a picture: a pixel a cell, or, where cells differ in size or are many, two pixels a
  /// pixel of the figure, each the average of the cells that it covers.
  private func picture(_ map: HeatMapLayout, _ colors: ColorMap) -> Drawing.Picture {
    let columns = PictureLines(map.columnEdges)
    let rows = PictureLines(map.rowEdges)
    var rgba: [UInt8] = []
    rgba.reserveCapacity(4 * columns.cells.count * rows.cells.count)
    for rowRange in rows.cells {
      for columnRange in columns.cells {
        var (sum, count) = (0.0, 0)
        for row in rowRange {
          for column in columnRange {
            let fraction = map.fractions[row * map.columnCount + column]
            guard !fraction.isNaN else { continue }
            sum += fraction
            count += 1
          }
        }
        guard count > 0 else {
          rgba += [0, 0, 0, 0]
          continue
        }
        let color = colors.color(at: sum / Double(count)).light
        rgba += [16, 8, 0].map { UInt8(color >> UInt32($0) & 0xFF) } + [255]
      }
    }
    return Drawing.Picture(
      rect: Rect(
        left: columns.start, top: rows.start, right: columns.end, bottom: rows.end),
      width: columns.cells.count, height: rows.cells.count, rgba: rgba)
  }

  /// Slanted lines over the cells without a color.
  private func hatching(_ map: HeatMapLayout) -> Drawing.Mark? {
    var path = Path()
    for row in 0..<map.rowCount {
      let isEmpty = (0..<map.columnCount).map {
        map.fractions[row * map.columnCount + $0].isNaN
      }
      for run in isEmpty.indices.split(whereSeparator: { !isEmpty[$0] }) {
        guard let first = run.first, let last = run.last else { continue }
        var rect = map.rect(row: row, column: first)
        rect.right = map.rect(row: row, column: last).right
        path += Self.hatching(rect)
      }
    }
    guard !path.isEmpty else { return nil }
    return .shapes(.role(FigureStyle.guide), [.stroke(path, width: 0.8)])
  }

  /// The parts inside a rectangle of lines that are the same in all of them.
  private static func hatching(_ rect: Rect) -> Path {
    let distance = 5.0
    let first = ((rect.left + rect.top) / distance).rounded(.up)
    let last = ((rect.right + rect.bottom) / distance).rounded(.down)
    guard first <= last, rect.width > 0, rect.height > 0 else { return Path() }
    return .joined(
      stride(from: first, through: last, by: 1).map { line in
        let sum = line * distance
        return Path.segment(
          max(rect.left, sum - rect.bottom), min(rect.bottom, sum - rect.left),
          min(rect.right, sum - rect.top), max(rect.top, sum - rect.right))
      })
  }

  // MARK: Color bar

  /// The bar beside the area, its ticks, numbers and label.
  var colorBar: [Drawing.Mark] {
    guard let bar = layout.colorBar, let colors = layout.colors else { return [] }
    typealias Style = PlotLayout.Style
    let height = bar.rect.height / Double(Self.stepCount)
    var marks = (0..<Self.stepCount).map { step -> Drawing.Mark in
      let bottom = bar.rect.bottom - Double(step) * height
      let rect = Rect(
        left: bar.rect.left,
        top: max(bottom - height - (step + 1 < Self.stepCount ? 0.6 : 0), bar.rect.top),
        right: bar.rect.right, bottom: bottom)
      return .shapes(
        ink(colors.color(at: (Double(step) + 0.5) / Double(Self.stepCount))),
        [.fill(.rectangle(rect))])
    }
    let ticks = [(bar.axis.majorPositions, Style.tickLength), (bar.axis.minorPositions, 2.4)]
      .flatMap { positions, length in
        positions.map { Path.segment(bar.rect.right, $0, bar.rect.right + length, $0) }
      }
    if !ticks.isEmpty {
      marks.append(.shapes(.role(FigureStyle.axis), [.stroke(.joined(ticks), width: 1)]))
    }
    var numbers = bar.axis.labels.map {
      Drawing.Text(
        text: $0.label.text, exponent: $0.label.exponent ?? "",
        x: bar.rect.right + Style.tickLength + 4, y: $0.position + 3.9, size: Style.tickSize)
    }
    if bar.axis.exponent != 0 {
      let factor = Self.factor(bar.axis.exponent)
      numbers.append(
        Drawing.Text(
          text: factor.text, exponent: factor.exponent ?? "", x: bar.rect.left,
          y: bar.rect.top - 8, size: Style.tickSize))
    }
    if !numbers.isEmpty { marks.append(.texts(FigureStyle.muted, numbers)) }
    if !bar.label.isEmpty {
      marks.append(
        .texts(
          FigureStyle.ink,
          [
            Drawing.Text(
              text: bar.label, x: bar.labelX, y: (bar.rect.top + bar.rect.bottom) / 2,
              size: Style.labelSize, anchor: .middle, isVertical: true)
          ]))
    }
    return marks
  }

  /// Colors of areas are the same on all papers and need no class.
  private func ink(_ color: PlotColor) -> Ink {
    color.light == color.dark ? .fixed(color.light) : .color(color)
  }

  // MARK: Points

  /// Dots colored by their numbers, in the order of the series; gray where a number has no color.
  func coloredDots(_ points: [CurvePoint], of series: Plot.Series, width: Double) -> [Drawing.Mark]
  {
    guard let colors = layout.colors else { return [] }
    func step(_ point: CurvePoint) -> Int? {
      series.points[point.index].colorValue.flatMap { colors.fraction(of: $0) }
        .map { min(Int($0 * Double(Self.stepCount)), Self.stepCount - 1) }
    }
    var marks: [Drawing.Mark] = []
    var start = 0
    while start < points.count {
      let first = step(points[start])
      let end = points[start...].firstIndex { step($0) != first } ?? points.count
      let color = first.map { colors.color(at: (Double($0) + 0.5) / Double(Self.stepCount)) }
      let path = Path.dots(points[start..<end].map(\.pixel))
      marks.append(
        .shapes(
          color.map(ink) ?? .role(FigureStyle.guide),
          [.stroke(path, width: width, hasRoundCaps: true)]))
      start = end
    }
    return marks
  }
}

/// Which cells each column or row of a picture shows.
private struct PictureLines {
  var start: Double
  var end: Double
  var cells: [Range<Int>] = []

  /// - Parameter edges: The sides of the cells in pixels, ascending or descending.
  init(_ edges: [Double]) {
    let isDescending = edges[edges.count - 1] < edges[0]
    let ascending = isDescending ? Array(edges.reversed()) : edges
    let count = ascending.count - 1
    (start, end) = (ascending[0], ascending[count])
    let length = end - start
    let size = length / Double(count)
    let isRegular = zip(ascending, ascending.dropFirst())
      .allSatisfy { abs($1 - $0 - size) < 0.01 * size }
    let limit = max(1, Int((2 * length).rounded()))
    if isRegular, count <= limit {
      cells = (0..<count).map { $0..<$0 + 1 }
    } else {
      var cell = 0
      for pixel in 0..<limit {
        let (low, high) = (
          start + length * Double(pixel) / Double(limit),
          start + length * Double(pixel + 1) / Double(limit)
        )
        let middle = (low + high) / 2
        while cell + 1 < count, ascending[cell + 1] <= middle { cell += 1 }
        var last = cell
        while last + 1 < count, ascending[last + 2] <= high { last += 1 }
        var first = cell
        while first > 0, ascending[first - 1] >= low { first -= 1 }
        cells.append(first..<last + 1)
      }
    }
    if isDescending { cells = cells.map { count - $0.upperBound..<count - $0.lowerBound } }
  }
}

/// Plots laid out at their places in one drawing.
struct Figure {
  /// One plot of the drawing.
  struct Panel {
    var renderer: FigureRenderer
    /// The left upper corner of the plot.
    var x: Double
    var y: Double
  }

  var title: String
  var isTitleDrawn: Bool
  var description: String
  var panels: [Panel]
  var width: Double
  var height: Double

  init(_ plot: Plot) {
    title = plot.title
    isTitleDrawn = false
    description = plot.description
    panels = [Panel(renderer: FigureRenderer(plot: plot, layout: PlotLayout(plot)), x: 0, y: 0)]
    width = plot.size.width
    height = plot.size.height
  }

  /// One plot of a figure in a drawing of its own, as it is laid out there.
  init(_ panel: Panel) {
    let plot = panel.renderer.plot
    title = plot.title
    isTitleDrawn = false
    description = plot.description
    panels = [Panel(renderer: panel.renderer, x: 0, y: 0)]
    width = plot.size.width
    height = plot.size.height
  }

  /// The figure as marks at their places.
  var drawing: Drawing {
    var marks: [Drawing.Mark] = []
    if isTitleDrawn {
      let text = Drawing.Text(
        text: TextMetrics.fitted(title, size: 16, width: width - 28, isBold: true), x: 14, y: 24,
        size: 16, weight: .semibold)
      marks.append(.texts(FigureStyle.ink, [text]))
    }
    marks += panels.map { panel in
      .group(Drawing.Group(x: panel.x, y: panel.y, marks: panel.renderer.marks()))
    }
    return Drawing(
      title: title, description: description, width: width, height: height, marks: marks)
  }
}

extension Figure {
  /// The plots of a grid.
  ///
  /// - Parameter isSplit: Whether the plots will be taken apart, so that each must say everything.
  init(_ grid: PlotGrid, isSplit: Bool = false) {
    let rowCount = (grid.plots.count + grid.columnCount - 1) / grid.columnCount
    let columnCount = min(grid.columnCount, max(grid.plots.count, 1))
    title = grid.title
    isTitleDrawn = !grid.title.isEmpty
    description = grid.plots.enumerated().map { index, plot in
      (plot.title.isEmpty ? "Plot \(index + 1)" : plot.title) + ". " + plot.description
    }.joined(separator: " ")
    let shared = grid.sharesAxes ? PlotScales(grid.plots) : nil
    var members = grid.plots.map { (plot: $0, outside: Outside.all) }
    if grid.sharesAxes, !isSplit {
      for index in members.indices { members[index] = Self.multiple(index, of: grid) }
    }

    // Align the areas of a column at their sides and those of a row at their top and bottom.
    var columns = Array(repeating: Insets(), count: columnCount)
    var rows = Array(repeating: Insets(), count: rowCount)
    var widths = Array(repeating: 0.0, count: columnCount)
    var heights = Array(repeating: 0.0, count: rowCount)
    for (index, member) in members.enumerated() {
      let (row, column) = (index / columnCount, index % columnCount)
      let insets = PlotLayout(member.plot, scales: shared, outside: member.outside).insets
      columns[column] = columns[column].union(Insets(left: insets.left, right: insets.right))
      rows[row] = rows[row].union(Insets(top: insets.top, bottom: insets.bottom))
      widths[column] = max(widths[column], member.plot.size.width)
      heights[row] = max(heights[row], member.plot.size.height)
    }
    if grid.sharesAxes {
      widths = Self.evened(widths, around: columns.map { $0.left + $0.right }, least: 160)
      heights = Self.evened(heights, around: rows.map { $0.top + $0.bottom }, least: 120)
    }
    let top = isTitleDrawn ? 34.0 : 0
    panels = []
    for (index, member) in members.enumerated() {
      let (row, column) = (index / columnCount, index % columnCount)
      var plot = member.plot
      plot.size = Plot.Size(width: widths[column], height: heights[row])
      let layout = PlotLayout(
        plot, minimumInsets: columns[column].union(rows[row]), scales: shared,
        outside: member.outside)
      panels.append(
        Panel(
          renderer: FigureRenderer(
            plot: plot, layout: layout,
            letter: grid.isLettered && grid.plots.count > 1 ? Self.letter(index) : ""),
          x: widths[..<column].reduce(0, +), y: top + heights[..<row].reduce(0, +)))
    }
    width = max(widths.reduce(0, +), 160)
    height = max(top + heights.reduce(0, +), 40)
  }

  /// A plot among small multiples, without what others say, and what it still says.
  private static func multiple(_ index: Int, of grid: PlotGrid) -> (plot: Plot, outside: Outside) {
    var plot = grid.plots[index]
    var outside = Outside.all
    if index + grid.columnCount < grid.plots.count {
      plot.x.label = ""
      outside.remove(.numbersAcross)
    }
    if !index.isMultiple(of: grid.columnCount) {
      plot.y.label = ""
      outside.remove(.numbersUp)
    }
    let isLastOfRow = (index + 1).isMultiple(of: grid.columnCount) || index + 1 == grid.plots.count
    if !isLastOfRow { outside.remove(.colorBar) }
    if index > 0 { plot.legend = .none }
    return (plot, outside)
  }

  /// Lengths of the same sum by which all areas between their insets are equal.
  private static func evened(_ lengths: [Double], around insets: [Double], least: Double)
    -> [Double]
  {
    let area = (lengths.reduce(0, +) - insets.reduce(0, +)) / Double(max(lengths.count, 1))
    return insets.map { max($0 + area, least) }
  }

  /// a, b, …, z, aa, ab, …
  static func letter(_ index: Int) -> String {
    let head = index >= 26 ? letter(index / 26 - 1) : ""
    return head + String(UnicodeScalar(UInt8(ascii: "a") + UInt8(index % 26)))
  }
}

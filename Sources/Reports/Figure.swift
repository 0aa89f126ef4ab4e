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
  init(_ grid: PlotGrid) {
    let rowCount = (grid.plots.count + grid.columnCount - 1) / grid.columnCount
    let columnCount = min(grid.columnCount, max(grid.plots.count, 1))
    title = grid.title
    isTitleDrawn = !grid.title.isEmpty
    description = grid.plots.enumerated().map { index, plot in
      (plot.title.isEmpty ? "Plot \(index + 1)" : plot.title) + ". " + plot.description
    }.joined(separator: " ")

    // Align the areas of a column at their sides and those of a row at their top and bottom.
    let layouts = grid.plots.map { PlotLayout($0) }
    var columns = Array(repeating: Insets(), count: columnCount)
    var rows = Array(repeating: Insets(), count: rowCount)
    var widths = Array(repeating: 0.0, count: columnCount)
    var heights = Array(repeating: 0.0, count: rowCount)
    for (index, layout) in layouts.enumerated() {
      let (row, column) = (index / columnCount, index % columnCount)
      columns[column] = columns[column].union(
        Insets(left: layout.insets.left, right: layout.insets.right))
      rows[row] = rows[row].union(Insets(top: layout.insets.top, bottom: layout.insets.bottom))
      widths[column] = max(widths[column], grid.plots[index].size.width)
      heights[row] = max(heights[row], grid.plots[index].size.height)
    }
    let top = isTitleDrawn ? 34.0 : 0
    panels = []
    for (index, var plot) in grid.plots.enumerated() {
      let (row, column) = (index / columnCount, index % columnCount)
      plot.size = Plot.Size(width: widths[column], height: heights[row])
      panels.append(
        Panel(
          renderer: FigureRenderer(
            plot: plot,
            layout: PlotLayout(plot, minimumInsets: columns[column].union(rows[row])),
            letter: grid.isLettered && grid.plots.count > 1 ? Self.letter(index) : ""),
          x: widths[..<column].reduce(0, +), y: top + heights[..<row].reduce(0, +)))
    }
    width = max(widths.reduce(0, +), 160)
    height = max(top + heights.reduce(0, +), 40)
  }

  /// a, b, …, z, aa, ab, …
  static func letter(_ index: Int) -> String {
    let head = index >= 26 ? letter(index / 26 - 1) : ""
    return head + String(UnicodeScalar(UInt8(ascii: "a") + UInt8(index % 26)))
  }
}

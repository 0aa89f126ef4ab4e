extension Plot {
  /// This figure as the text of an SVG file.
  ///
  /// The same plot gives the same bytes. The drawing needs nothing from outside, follows the
  /// reader's choice of light or dark where it is shown by a browser, and is light everywhere else.
  /// Beyond 2,000 points a series is thinned to what differs in the drawing, extremes always
  /// included.
  public func svg() -> String {
    Figure(self).svg(isStandalone: true)
  }
}

extension PlotGrid {
  /// These figures as the text of one SVG file, with the promises of ``Plot/svg()``.
  public func svg() -> String {
    Figure(self).svg(isStandalone: true)
  }
}

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

  /// The colors of all series.
  var colors: [PlotColor] { panels.flatMap { FigureRenderer.allColors($0.renderer.plot) } }

  /// The drawing as SVG text.
  ///
  /// - Parameter isStandalone: Whether it brings its own style sheet. A figure in a page leaves that
  ///   to the page.
  func svg(isStandalone: Bool) -> String {
    var svg = SVGText()
    let (w, h) = (Markup.pixels(width), Markup.pixels(height))
    svg.element(
      "svg",
      [
        "xmlns": "http://www.w3.org/2000/svg", "class": "gk", "role": "img",
        "viewBox": "0 0 \(w) \(h)", "width": w, "height": h,
        "font-family": FigureStyle.fontFamily,
      ]
    ) { svg in
      if !title.isEmpty { svg.element("title", containing: title) }
      if !description.isEmpty { svg.element("desc", containing: description) }
      if isStandalone { svg.raw("<style>\(FigureStyle.sheet(colors))</style>") }
      let paper = FigureStyle.paper
      svg.element(
        "rect", ["class": paper.className, "fill": paper.light, "width": w, "height": h])
      if isTitleDrawn {
        let ink = FigureStyle.ink
        svg.element(
          "text",
          [
            "class": ink.className, "fill": ink.light, "x": "14", "y": "24", "font-size": "16",
            "font-weight": "600",
          ], containing: TextMetrics.fitted(title, size: 16, width: width - 28, isBold: true))
      }
      for panel in panels {
        let place =
          panel.x == 0 && panel.y == 0
          ? "" : "translate(\(Markup.pixels(panel.x)) \(Markup.pixels(panel.y)))"
        svg.element("g", ["class": "gk-plot", "transform": place]) {
          panel.renderer.draw(into: &$0)
        }
      }
    }
    return svg.text
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

/// Draws one plot, laid out, into SVG text.
struct FigureRenderer {
  let plot: Plot
  let layout: PlotLayout
  /// A letter ahead of the title; empty for none.
  var letter = ""

  /// The color of each series.
  static func colors(_ plot: Plot) -> [PlotColor] {
    plot.series.indices.map { index in
      plot.series[index].color ?? PlotColor.palette[index % PlotColor.palette.count]
    }
  }

  /// Every color that a plot uses beside those that all figures share.
  static func allColors(_ plot: Plot) -> [PlotColor] {
    colors(plot) + plot.markers.compactMap(\.color) + plot.references.compactMap(\.color)
  }

  func draw(into svg: inout SVGText) {
    drawGrid(&svg)
    drawGuides(&svg)
    drawAxes(&svg)
    for index in plot.series.indices { drawSeries(index, &svg) }
    drawTexts(&svg)
    drawLegend(&svg)
    if layout.curves.allSatisfy(\.runs.isEmpty) { drawAbsence(&svg) }
  }

  /// Says that there is nothing to see, so that an empty figure does not look broken.
  private func drawAbsence(_ svg: inout SVGText) {
    let muted = FigureStyle.muted
    svg.element(
      "text",
      [
        "class": muted.className, "fill": muted.light, "text-anchor": "middle",
        "font-size": Markup.pixels(PlotLayout.Style.labelSize),
        "x": Markup.pixels((area.left + area.right) / 2),
        "y": Markup.pixels((area.top + area.bottom) / 2 + 4),
      ], containing: "No data")
  }
}

// MARK: Axes

extension FigureRenderer {
  var area: Rect { layout.area }

  private func drawGrid(_ svg: inout SVGText) {
    let horizontal = layout.y.majorPositions.filter { $0 < area.bottom - 2 }
      .map { PathData.segment(area.left, $0, area.right, $0) }
    let vertical = layout.x.majorPositions.filter { $0 > area.left + 2 }
      .map { PathData.segment($0, area.top, $0, area.bottom) }
    stroke(FigureStyle.grid, width: "1", horizontal + vertical, &svg)
  }

  private func drawAxes(_ svg: inout SVGText) {
    let length = PlotLayout.Style.tickLength
    var lines: [String] = []
    for (map, isVertical) in [(layout.x.map, false), (layout.y.map, true)] {
      func along(_ from: Double, _ to: Double) -> String {
        isVertical
          ? PathData.segment(area.left, from, area.left, to)
          : PathData.segment(from, area.bottom, to, area.bottom)
      }
      let (start, end) = isVertical ? (area.bottom, area.top) : (area.left, area.right)
      guard map.zeroLength > 0 else {
        lines.append(along(start, end))
        continue
      }
      let gap = 2.5
      lines.append(along(start, map.breakPosition - gap * map.direction))
      lines.append(along(map.breakPosition + gap * map.direction, end))
      for place in [map.breakPosition - gap, map.breakPosition + gap] {
        lines.append(
          isVertical
            ? PathData.segment(area.left - 5, place + 2, area.left + 5, place - 2)
            : PathData.segment(place - 2, area.bottom + 5, place + 2, area.bottom - 5))
      }
    }
    let ticks = [(layout.x.majorPositions, length), (layout.x.minorPositions, length * 0.6)]
      .flatMap { positions, length in
        positions.map { PathData.segment($0, area.bottom, $0, area.bottom + length) }
      }
    let sideTicks = [(layout.y.majorPositions, length), (layout.y.minorPositions, length * 0.6)]
      .flatMap { positions, length in
        positions.map { PathData.segment(area.left - length, $0, area.left, $0) }
      }
    stroke(FigureStyle.axis, width: "1", lines + ticks + sideTicks, &svg)
  }

  /// Lines at events and levels.
  private func drawGuides(_ svg: inout SVGText) {
    for line in layout.references {
      guide(PathData.segment(area.left, line.y, area.right, line.y), line.color, dash: "2 3", &svg)
    }
    for line in layout.markers {
      let top = line.textRect(top: area.top).map { $0.bottom + 2 } ?? area.top
      guide(PathData.segment(line.x, top, line.x, area.bottom), line.color, dash: "5 3", &svg)
    }
  }

  private func guide(_ data: String, _ color: PlotColor?, dash: String, _ svg: inout SVGText) {
    if let color {
      svg.element(
        "path",
        [
          "class": FigureStyle.className(color), "color": FigureStyle.hex(color.light),
          "stroke": "currentColor", "fill": "none", "stroke-dasharray": dash, "d": data,
        ])
    } else {
      svg.element(
        "path",
        [
          "class": FigureStyle.guide.className, "stroke": FigureStyle.guide.light, "fill": "none",
          "stroke-dasharray": dash, "d": data,
        ])
    }
  }

  private func stroke(
    _ role: FigureStyle.Role, width: String, _ data: [String], _ svg: inout SVGText
  ) {
    guard !data.isEmpty else { return }
    svg.element(
      "path",
      [
        "class": role.className, "stroke": role.light, "fill": "none", "stroke-width": width,
        "d": data.joined(),
      ])
  }
}

// MARK: Series

extension FigureRenderer {
  /// Distances of dashes: solid until the palette is used up, then one pattern for each further
  /// round.
  static func dash(_ series: Plot.Series, index: Int) -> String {
    let round = series.color == nil ? index / PlotColor.palette.count : 0
    switch round {
    case 0: return series.isDashed ? "6 4" : ""
    case 1: return series.isDashed ? "6 3 1.5 3" : "8 3"
    default: return series.isDashed ? "1.5 3 1.5 6" : "1.5 3"
    }
  }

  private func drawSeries(_ index: Int, _ svg: inout SVGText) {
    let series = plot.series[index]
    let curve = layout.curves[index]
    let color = Self.colors(plot)[index]
    let clip = area.inset(by: -0.5)
    svg.element(
      "g",
      [
        "class": FigureStyle.className(color), "color": FigureStyle.hex(color.light),
        "fill": "none", "stroke": "currentColor",
      ]
    ) { svg in
      if series.drawsBand {
        let bands = curve.runs.flatMap { bandPieces($0, isStep: series.style == .stairs) }
          .map { PathData.line(clippedPolygon($0, to: area), isClosed: true) }.joined()
        if !bands.isEmpty {
          svg.element(
            "path",
            ["fill": "currentColor", "fill-opacity": "0.18", "stroke": "none", "d": bands])
        }
      } else {
        let bars = curve.points.compactMap { bar($0, clip: clip) }.joined()
        if !bars.isEmpty { svg.element("path", ["stroke-width": "1.1", "d": bars]) }
      }
      if series.style != .markers {
        let lines = curve.runs.flatMap { run in
          clippedLine(series.style == .stairs ? stairs(run) : run.map(\.pixel), to: clip)
        }
        let data = lines.map { PathData.line($0) }.joined()
        if !data.isEmpty {
          svg.element(
            "path",
            [
              "stroke-width": "1.75", "stroke-linejoin": "round",
              "stroke-dasharray": Self.dash(series, index: index), "d": data,
            ])
        }
      }
      let hasDots = series.style == .markers || series.style == .lineAndMarkers
      let dots = hasDots ? curve.points : curve.runs.filter { $0.count == 1 }.flatMap { $0 }
      let data = dots.map(\.pixel).filter { clip.contains($0) }
        .map { "M\(Markup.pixels($0.x)) \(Markup.pixels($0.y))h0" }.joined()
      if !data.isEmpty {
        let width = dots.count > 400 ? "2.6" : dots.count > 80 ? "4.5" : "6"
        svg.element(
          "path",
          [
            "stroke-width": width, "stroke-linecap": "round", "d": data,
          ])
      }
    }
  }

  private func bar(_ point: CurvePoint, clip: Rect) -> String? {
    guard let lower = point.lower, let upper = point.upper,
      let (a, b) = clippedSegment(
        PixelPoint(x: point.x, y: lower), PixelPoint(x: point.x, y: upper), to: clip)
    else { return nil }
    var data = PathData.segment(a.x, a.y, b.x, b.y)
    for end in [lower, upper] where end >= clip.top && end <= clip.bottom {
      data += PathData.segment(point.x - 3, end, point.x + 3, end)
    }
    return data
  }
}

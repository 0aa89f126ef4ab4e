/// Turns one plot, laid out, into the marks of a drawing.
struct FigureRenderer {
  let plot: Plot
  let layout: PlotLayout
  /// A letter ahead of the title; empty for none.
  var letter = ""

  /// The color of each series.
  static func colors(_ plot: Plot) -> [PlotColor] {
    plot.series.indices.map { index in
      let series = plot.series[index]
      return series.color
        ?? (series.isColoredByValue ? .gray : PlotColor.palette[index % PlotColor.palette.count])
    }
  }

  /// Everything to paint, first at the bottom.
  func marks() -> [Drawing.Mark] {
    let ground = plot.heatMap == nil ? [grid] : cells
    let view =
      spans + ground + guides + [axes] + plot.series.indices.flatMap(series) + viewTexts + spanNames
    let isEmpty = layout.curves.allSatisfy(\.runs.isEmpty) && layout.heatMap == nil
    return [.part(.view, view)] + colorBar + stillTexts + legend + (isEmpty ? [absence] : [])
  }

  /// Says that there is nothing to see, so that an empty figure does not look broken.
  private var absence: Drawing.Mark {
    .texts(
      FigureStyle.muted,
      [
        Drawing.Text(
          text: "No data", x: (area.left + area.right) / 2, y: (area.top + area.bottom) / 2 + 4,
          size: PlotLayout.Style.labelSize, anchor: .middle)
      ])
  }
}

// MARK: Axes

extension FigureRenderer {
  var area: Rect { layout.area }

  private var grid: Drawing.Mark {
    let horizontal = layout.y.majorPositions.filter { $0 < area.bottom - 2 }
      .map { Path.segment(area.left, $0, area.right, $0) }
    let vertical = layout.x.majorPositions.filter { $0 > area.left + 2 }
      .map { Path.segment($0, area.top, $0, area.bottom) }
    return .shapes(.role(FigureStyle.grid), [.stroke(.joined(horizontal + vertical), width: 1)])
  }

  private var axes: Drawing.Mark {
    let length = PlotLayout.Style.tickLength
    var lines = Path()
    for (map, isVertical) in [(layout.x.map, false), (layout.y.map, true)] {
      func along(_ from: Double, _ to: Double) -> Path {
        isVertical
          ? .segment(area.left, from, area.left, to)
          : .segment(from, area.bottom, to, area.bottom)
      }
      let (start, end) = isVertical ? (area.bottom, area.top) : (area.left, area.right)
      guard map.zeroLength > 0 else {
        lines += along(start, end)
        continue
      }
      let gap = 2.5
      lines += along(start, map.breakPosition - gap * map.direction)
      lines += along(map.breakPosition + gap * map.direction, end)
      for place in [map.breakPosition - gap, map.breakPosition + gap] {
        lines +=
          isVertical
          ? .segment(area.left - 5, place + 2, area.left + 5, place - 2)
          : .segment(place - 2, area.bottom + 5, place + 2, area.bottom - 5)
      }
    }
    let ticks = [(layout.x.majorPositions, length), (layout.x.minorPositions, length * 0.6)]
      .flatMap { positions, length in
        positions.map { Path.segment($0, area.bottom, $0, area.bottom + length) }
      }
    let sideTicks = [(layout.y.majorPositions, length), (layout.y.minorPositions, length * 0.6)]
      .flatMap { positions, length in
        positions.map { Path.segment(area.left - length, $0, area.left, $0) }
      }
    return .shapes(
      .role(FigureStyle.axis), [.stroke(lines + .joined(ticks + sideTicks), width: 1)])
  }

  /// Lines at events and levels.
  private var guides: [Drawing.Mark] {
    func guide(_ path: Path, _ color: PlotColor?, dash: [Double]) -> Drawing.Mark {
      let ink = color.map(Ink.color) ?? .role(FigureStyle.guide)
      return .shapes(ink, [.stroke(path, width: 1, dash: dash)])
    }
    /// A strip of paper below a line over cells, whose colors it would be lost in.
    func strip(_ path: Path) -> [Drawing.Mark] {
      guard plot.heatMap != nil else { return [] }
      return [.shapes(.role(FigureStyle.halo), [.stroke(path, width: 2.5)])]
    }
    let levels = layout.references.flatMap { line in
      let path = Path.segment(area.left, line.y, area.right, line.y)
      return strip(path) + [guide(path, line.color, dash: [2, 3])]
    }
    let events = layout.markers.flatMap { line in
      let top = line.textRect(top: area.top).map { $0.bottom + 2 } ?? area.top
      let path = Path.segment(line.x, top, line.x, area.bottom)
      return strip(path) + [guide(path, line.color, dash: [5, 3])]
    }
    return levels + events
  }
}

// MARK: Series

extension FigureRenderer {
  /// Widths and shades that series and their samples in the legend share.
  enum SeriesStyle {
    static let lineWidth = 1.75
    static let binWidth = 1.4
    static let barWidth = 1.1
    static let dotWidth = 6.0
    static let bandOpacity = 0.18
    static let areaOpacity = 0.75
  }

  /// Distances of dashes: solid until the palette is used up, then one pattern for each further
  /// round.
  static func dash(_ series: Plot.Series, index: Int) -> [Double] {
    let round = series.color == nil ? index / PlotColor.palette.count : 0
    switch round {
    case 0: return series.isDashed ? [6, 4] : []
    case 1: return series.isDashed ? [6, 3, 1.5, 3] : [8, 3]
    default: return series.isDashed ? [1.5, 3, 1.5, 6] : [1.5, 3]
    }
  }

  private func series(_ index: Int) -> [Drawing.Mark] {
    let series = plot.series[index]
    let curve = layout.curves[index]
    let clip = area.inset(by: -0.5)
    var shapes: [Drawing.Shape] = []
    func add(_ shape: Drawing.Shape) { if !shape.path.isEmpty { shapes.append(shape) } }

    if series.style == .histogram {
      for run in curve.runs {
        let outline = binOutline(run, base: layout.base)
        add(.fill(.line(clippedPolygon(outline, to: area), isClosed: true), opacity: 0.14))
        let lines = clippedLine(outline, to: clip).map { Path.line($0) }
        add(.stroke(.joined(lines), width: SeriesStyle.binWidth, hasRoundJoins: true))
      }
    } else if series.drawsBand {
      let bands = curve.runs.flatMap { bandPieces($0, isStep: series.style == .stairs) }
        .map { Path.line(clippedPolygon($0, to: area), isClosed: true) }
      let isArea = series.style == .area
      add(
        .fill(
          .joined(bands), opacity: isArea ? SeriesStyle.areaOpacity : SeriesStyle.bandOpacity))
    } else {
      let bars = curve.points.compactMap { bar($0, clip: clip) }
      add(.stroke(.joined(bars), width: SeriesStyle.barWidth))
    }
    let isColored = series.isColoredByValue
    var joint: [Drawing.Mark] = []
    if ![.markers, .histogram, .area].contains(series.style) {
      let lines = curve.runs.flatMap { run in
        clippedLine(series.style == .stairs ? stairs(run) : run.map(\.pixel), to: clip)
      }
      let path = Path.joined(lines.map { Path.line($0) })
      if isColored, !path.isEmpty {
        let line = Drawing.Shape.stroke(path, width: 1, hasRoundJoins: true)
        joint = [.shapes(.role(FigureStyle.guide), [line])]
      } else {
        add(
          .stroke(
            path, width: SeriesStyle.lineWidth, dash: Self.dash(series, index: index),
            hasRoundJoins: true))
      }
    }
    let hasDots = series.style == .markers || series.style == .lineAndMarkers
    let isAlone = ![.histogram, .area].contains(series.style)
    let dots =
      (hasDots || isColored
      ? curve.points : curve.runs.filter { $0.count == 1 && isAlone }.flatMap { $0 })
      .filter { clip.contains($0.pixel) }
    let width = dots.count > 400 ? 2.6 : dots.count > 80 ? 4.5 : SeriesStyle.dotWidth
    if !isColored { add(.stroke(.dots(dots.map(\.pixel)), width: width, hasRoundCaps: true)) }
    let own = shapes.isEmpty ? [] : [Drawing.Mark.shapes(.color(Self.colors(plot)[index]), shapes)]
    return joint + own + (isColored ? coloredDots(dots, of: series, width: width) : [])
  }

  private func bar(_ point: CurvePoint, clip: Rect) -> Path? {
    guard let lower = point.lower, let upper = point.upper,
      let (a, b) = clippedSegment(
        PixelPoint(x: point.x, y: lower), PixelPoint(x: point.x, y: upper), to: clip)
    else { return nil }
    var path = Path.segment(a.x, a.y, b.x, b.y)
    for end in [lower, upper] where end >= clip.top && end <= clip.bottom {
      path += .segment(point.x - 3, end, point.x + 3, end)
    }
    return path
  }
}

// The texts and the legend of a figure.

extension FigureRenderer {
  private typealias Style = PlotLayout.Style

  /// What is written at the values of the axes.
  var viewTexts: [Drawing.Mark] {
    written([
      (FigureStyle.muted, numbersAcross), (FigureStyle.muted, numbersUp),
      (FigureStyle.muted, levels), (FigureStyle.ink, events),
    ])
  }

  /// Everything else that is written, but the legend.
  var stillTexts: [Drawing.Mark] {
    written([(FigureStyle.muted, remarks), (FigureStyle.ink, headings)])
  }

  private func written(_ texts: [(FigureStyle.Role, [Drawing.Text])]) -> [Drawing.Mark] {
    texts.filter { !$0.1.isEmpty }.map { Drawing.Mark.texts($0.0, $0.1) }
  }

  private var numbersAcross: [Drawing.Text] {
    let top = area.bottom + Style.tickLength + 4
    if layout.x.isTurned {
      return layout.x.labels.map {
        Drawing.Text(
          text: $0.label.text, x: $0.position + 3.9, y: top, size: Style.tickSize, anchor: .end,
          isVertical: true)
      }
    }
    return layout.x.labels.map {
      number(
        $0.label, x: $0.position, y: top + Style.tickSize,
        anchor: .middle)
    }
  }

  private var numbersUp: [Drawing.Text] {
    let right = area.left - Style.tickLength - 4
    var texts = layout.y.labels.map {
      number($0.label, x: right, y: $0.position + 3.9, anchor: .end)
    }
    if layout.y.exponent != 0 {
      texts.append(number(Self.factor(layout.y.exponent), x: right, y: area.top - 12, anchor: .end))
    }
    if layout.x.exponent != 0 {
      texts.append(
        number(Self.factor(layout.x.exponent), x: area.right, y: labelBaseline, anchor: .end))
    }
    return texts
  }

  /// The names of levels.
  private var levels: [Drawing.Text] {
    layout.references.filter { !$0.text.isEmpty }.map { line in
      Drawing.Text(
        text: line.text, x: area.right + 6, y: line.textY + 3.7, size: Style.noteSize)
    }
  }

  /// The names of events.
  private var events: [Drawing.Text] {
    layout.markers.compactMap { line in
      guard let rect = line.textRect(top: area.top) else { return nil }
      return Drawing.Text(
        text: line.text, x: (rect.left + rect.right) / 2, y: rect.bottom - 3,
        size: Style.noteSize, anchor: .middle)
    }
  }

  /// The remarks below the figure.
  private var remarks: [Drawing.Text] {
    layout.notes.enumerated().map { row, note in
      Drawing.Text(
        text: TextMetrics.fitted(
          note, size: Style.noteSize, width: plot.size.width - area.left - 8),
        x: area.left, y: plot.size.height - 8 - Double(layout.notes.count - 1 - row) * 14,
        size: Style.noteSize, isItalic: true)
    }
  }

  private var labelBaseline: Double {
    area.bottom + Style.tickLength + 5 + layout.x.labelHeight + Style.labelSize + 7
  }

  /// The title and the labels of the axes.
  private var headings: [Drawing.Text] {
    var texts: [Drawing.Text] = []
    if !plot.title.isEmpty {
      let mark = letter.isEmpty ? "" : letter + "  "
      let indent = TextMetrics.width(mark, size: Style.titleSize, isBold: true)
      let baseline = Style.titleSize + 8
      if !letter.isEmpty {
        texts.append(
          Drawing.Text(
            text: letter, x: Style.margin, y: baseline, size: Style.titleSize, weight: .bold))
      }
      texts.append(
        Drawing.Text(
          text: TextMetrics.fitted(
            plot.title, size: Style.titleSize,
            width: plot.size.width - 2 * Style.margin - indent, isBold: true),
          x: Style.margin + indent, y: baseline, size: Style.titleSize, weight: .semibold))
    }
    if !plot.x.label.isEmpty {
      texts.append(
        Drawing.Text(
          text: TextMetrics.fitted(plot.x.label, size: Style.labelSize, width: area.width),
          x: (area.left + area.right) / 2, y: labelBaseline, size: Style.labelSize,
          anchor: .middle))
    }
    if !plot.y.label.isEmpty {
      texts.append(
        Drawing.Text(
          text: TextMetrics.fitted(
            plot.y.label, size: Style.labelSize, width: area.height + 30),
          x: Style.margin + Style.labelSize - 3, y: (area.top + area.bottom) / 2,
          size: Style.labelSize, anchor: .middle, isVertical: true))
    }
    return texts
  }

  private func number(
    _ label: TickLabel, x: Double, y: Double, anchor: Drawing.Anchor
  ) -> Drawing.Text {
    Drawing.Text(
      text: label.text, exponent: label.exponent ?? "", x: x, y: y, size: Style.tickSize,
      anchor: anchor)
  }

  static func factor(_ exponent: Int) -> TickLabel {
    TickLabel(
      text: "×10", exponent: (exponent < 0 ? "−" : "") + String(exponent.magnitude))
  }
}

// MARK: Legend

extension FigureRenderer {
  /// Samples of the lines and the names beside them.
  var legend: [Drawing.Mark] {
    guard let legend = layout.legend else { return [] }
    let colors = Self.colors(plot)
    return legend.entries.flatMap { entry in
      let name = Drawing.Mark.texts(
        Drawing.Texts(
          ink: .role(FigureStyle.ink), haloWidth: legend.isInside ? 3 : 0,
          texts: [
            Drawing.Text(
              text: entry.text,
              x: entry.x + (entry.series == nil ? 0 : LegendLayout.sampleWidth + 6),
              y: entry.y + 4, size: Style.legendSize)
          ]))
      guard let series = entry.series else { return [name] }
      let marks = [Drawing.Mark.shapes(.color(colors[series]), sample(series, entry)), name]
      return plot.isStill ? marks : [.part(.entry(series: series), marks)]
    }
  }

  private func sample(_ index: Int, _ entry: LegendLayout.Entry) -> [Drawing.Shape] {
    let series = plot.series[index]
    let right = entry.x + LegendLayout.sampleWidth
    let center = (entry.x + right) / 2
    var shapes: [Drawing.Shape] = []
    if series.points.contains(where: { $0.lower != nil && $0.upper != nil }) {
      if series.drawsBand {
        let rect = Rect(left: entry.x, top: entry.y - 5, right: right, bottom: entry.y + 5)
        let opacity = series.style == .area ? SeriesStyle.areaOpacity : SeriesStyle.bandOpacity
        shapes.append(.fill(.rectangle(rect), opacity: opacity))
      } else {
        let path =
          Path.segment(center, entry.y - 6, center, entry.y + 6)
          + .segment(center - 3, entry.y - 6, center + 3, entry.y - 6)
          + .segment(center - 3, entry.y + 6, center + 3, entry.y + 6)
        shapes.append(.stroke(path, width: SeriesStyle.barWidth))
      }
    }
    if series.style != .markers && series.style != .area {
      shapes.append(
        .stroke(
          .segment(entry.x, entry.y, right, entry.y), width: SeriesStyle.lineWidth,
          dash: Self.dash(series, index: index)))
    }
    if series.style == .markers || series.style == .lineAndMarkers {
      shapes.append(
        .stroke(
          .dots([PixelPoint(x: center, y: entry.y)]), width: SeriesStyle.dotWidth,
          hasRoundCaps: true))
    }
    return shapes
  }
}

// The texts and the legend of a figure.

extension FigureRenderer {
  func drawTexts(_ svg: inout SVGText) {
    typealias Style = PlotLayout.Style
    let muted = FigureStyle.muted
    svg.element(
      "g",
      [
        "class": muted.className, "fill": muted.light, "font-size": Markup.pixels(Style.tickSize),
        "text-anchor": "middle",
      ]
    ) { svg in
      for label in layout.x.labels {
        text(
          label.label, x: label.position, y: area.bottom + Style.tickLength + 4 + Style.tickSize,
          anchor: "", &svg)
      }
    }
    svg.element(
      "g",
      [
        "class": muted.className, "fill": muted.light, "font-size": Markup.pixels(Style.tickSize),
        "text-anchor": "end",
      ]
    ) { svg in
      for label in layout.y.labels {
        text(
          label.label, x: area.left - Style.tickLength - 4, y: label.position + 3.9, anchor: "",
          &svg)
      }
      if layout.y.exponent != 0 {
        text(
          Self.factor(layout.y.exponent), x: area.left - Style.tickLength - 4, y: area.top - 12,
          anchor: "", &svg)
      }
      if layout.x.exponent != 0 {
        text(
          Self.factor(layout.x.exponent), x: area.right, y: labelBaseline, anchor: "end", &svg)
      }
    }
    svg.element(
      "g",
      ["class": muted.className, "fill": muted.light, "font-size": Markup.pixels(Style.noteSize)]
    ) { svg in
      for line in layout.references where !line.text.isEmpty {
        svg.element(
          "text",
          ["x": Markup.pixels(area.right + 6), "y": Markup.pixels(line.textY + 3.7)],
          containing: line.text)
      }
      for (row, note) in layout.notes.enumerated() {
        let y = plot.size.height - 8 - Double(layout.notes.count - 1 - row) * 14
        let size = Style.noteSize
        svg.element(
          "text",
          ["x": Markup.pixels(area.left), "y": Markup.pixels(y), "font-style": "italic"],
          containing: TextMetrics.fitted(note, size: size, width: plot.size.width - area.left - 8))
      }
    }
    drawHeadings(&svg)
  }

  private var labelBaseline: Double {
    area.bottom + PlotLayout.Style.tickLength + 5 + PlotLayout.Style.tickSize
      + PlotLayout.Style.labelSize + 7
  }

  private func drawHeadings(_ svg: inout SVGText) {
    typealias Style = PlotLayout.Style
    let ink = FigureStyle.ink
    svg.element("g", ["class": ink.className, "fill": ink.light]) { svg in
      for line in layout.markers {
        guard let rect = line.textRect(top: area.top) else { continue }
        svg.element(
          "text",
          [
            "x": Markup.pixels((rect.left + rect.right) / 2), "y": Markup.pixels(rect.bottom - 3),
            "font-size": Markup.pixels(Style.noteSize), "text-anchor": "middle",
          ], containing: line.text)
      }
      if !plot.title.isEmpty {
        let mark = letter.isEmpty ? "" : letter + "  "
        let indent = TextMetrics.width(mark, size: Style.titleSize, isBold: true)
        if !letter.isEmpty {
          svg.element(
            "text",
            [
              "x": Markup.pixels(Style.margin), "y": Markup.pixels(Style.titleSize + 8),
              "font-size": Markup.pixels(Style.titleSize), "font-weight": "700",
            ], containing: letter)
        }
        svg.element(
          "text",
          [
            "x": Markup.pixels(Style.margin + indent), "y": Markup.pixels(Style.titleSize + 8),
            "font-size": Markup.pixels(Style.titleSize), "font-weight": "600",
          ],
          containing: TextMetrics.fitted(
            plot.title, size: Style.titleSize,
            width: plot.size.width - 2 * Style.margin - indent, isBold: true))
      }
      if !plot.x.label.isEmpty {
        svg.element(
          "text",
          [
            "x": Markup.pixels((area.left + area.right) / 2), "y": Markup.pixels(labelBaseline),
            "font-size": Markup.pixels(Style.labelSize), "text-anchor": "middle",
          ],
          containing: TextMetrics.fitted(plot.x.label, size: Style.labelSize, width: area.width))
      }
      if !plot.y.label.isEmpty {
        let x = Markup.pixels(Style.margin + Style.labelSize - 3)
        let y = Markup.pixels((area.top + area.bottom) / 2)
        svg.element(
          "text",
          [
            "transform": "translate(\(x) \(y)) rotate(-90)",
            "font-size": Markup.pixels(Style.labelSize), "text-anchor": "middle",
          ],
          containing: TextMetrics.fitted(
            plot.y.label, size: Style.labelSize, width: area.height + 30))
      }
    }
  }

  private func text(
    _ label: TickLabel, x: Double, y: Double, anchor: String, _ svg: inout SVGText
  ) {
    let start = "<text x=\"\(Markup.pixels(x))\" y=\"\(Markup.pixels(y))\""
    let raised =
      label.exponent.map {
        "<tspan dy=\"-4\" font-size=\"8.5\">\(Markup.escaped($0))</tspan>"
      } ?? ""
    svg.raw(
      start + (anchor.isEmpty ? "" : " text-anchor=\"\(anchor)\"")
        + ">\(Markup.escaped(label.text))\(raised)</text>")
  }

  private static func factor(_ exponent: Int) -> TickLabel {
    TickLabel(
      text: "×10", exponent: (exponent < 0 ? "−" : "") + String(exponent.magnitude))
  }
}

// MARK: Legend

extension FigureRenderer {
  func drawLegend(_ svg: inout SVGText) {
    guard let legend = layout.legend else { return }
    let ink = FigureStyle.ink
    let halo = FigureStyle.halo
    let colors = Self.colors(plot)
    for entry in legend.entries {
      guard let index = entry.series else { continue }
      drawSample(index, colors[index], entry, &svg)
    }
    svg.element(
      "g",
      [
        "class": "\(ink.className) \(halo.className)", "fill": ink.light, "stroke": halo.light,
        "stroke-width": legend.isInside ? "3" : "0", "paint-order": "stroke",
        "font-size": Markup.pixels(PlotLayout.Style.legendSize),
      ]
    ) { svg in
      for entry in legend.entries {
        let indent = entry.series == nil ? 0 : LegendLayout.sampleWidth + 6
        svg.element(
          "text", ["x": Markup.pixels(entry.x + indent), "y": Markup.pixels(entry.y + 4)],
          containing: entry.text)
      }
    }
  }

  private func drawSample(
    _ index: Int, _ color: PlotColor, _ entry: LegendLayout.Entry, _ svg: inout SVGText
  ) {
    let series = plot.series[index]
    let right = entry.x + LegendLayout.sampleWidth
    let center = (entry.x + right) / 2
    svg.element(
      "g",
      [
        "class": FigureStyle.className(color), "color": FigureStyle.hex(color.light),
        "fill": "none", "stroke": "currentColor",
      ]
    ) { svg in
      let hasIntervals = series.points.contains { $0.lower != nil && $0.upper != nil }
      if hasIntervals {
        if series.drawsBand {
          svg.element(
            "path",
            [
              "fill": "currentColor", "fill-opacity": "0.18", "stroke": "none",
              "d": "M\(Markup.pixels(entry.x)) \(Markup.pixels(entry.y - 5))"
                + "H\(Markup.pixels(right))V\(Markup.pixels(entry.y + 5))H\(Markup.pixels(entry.x))Z",
            ])
        } else {
          svg.element(
            "path",
            [
              "stroke-width": "1.1",
              "d": PathData.segment(center, entry.y - 6, center, entry.y + 6)
                + PathData.segment(center - 3, entry.y - 6, center + 3, entry.y - 6)
                + PathData.segment(center - 3, entry.y + 6, center + 3, entry.y + 6),
            ])
        }
      }
      if series.style != .markers {
        svg.element(
          "path",
          [
            "stroke-width": "1.75", "stroke-dasharray": Self.dash(series, index: index),
            "d": PathData.segment(entry.x, entry.y, right, entry.y),
          ])
      }
      if series.style == .markers || series.style == .lineAndMarkers {
        svg.element(
          "path",
          [
            "stroke-width": "6", "stroke-linecap": "round",
            "d": "M\(Markup.pixels(center)) \(Markup.pixels(entry.y))h0",
          ])
      }
    }
  }
}

extension Plot {
  /// A tinted stretch of the horizontal axis, such as a phase of a training; its name stands at the top where it
  /// is wide enough for it, upright where it is not.
  ///
  /// ```swift
  /// let plot = Plot(
  ///   "Loss", x: .logarithmicWithZero("Step"), y: .logarithmic("Loss"), series: losses,
  ///   spans: [.init(from: 0, to: 300, "memorisation", color: .blue)])
  /// ```
  ///
  /// What lies beyond the ends of the axis is not drawn, and does not widen an automatic range.
  public struct Span: Sendable, Hashable {
    /// The left end in units of the horizontal axis.
    public var start: Double
    /// The right end.
    public var end: Double
    /// Its name; empty for none.
    public var label: String
    /// What it is tinted with; `nil` is gray.
    public var color: PlotColor?

    /// The stretch from `start` to `end`, named `label`.
    public init(from start: Double, to end: Double, _ label: String, color: PlotColor? = nil) {
      (self.start, self.end, self.label, self.color) = (start, end, label, color)
    }
  }
}

// MARK: - Drawing

extension FigureRenderer {
  /// The tints below everything else.
  var spans: [Drawing.Mark] {
    plot.spans.compactMap { span in
      guard let (left, right) = ends(of: span) else { return nil }
      let corners = [
        (left, area.top), (right, area.top), (right, area.bottom), (left, area.bottom),
      ]
      let path = Path.line(corners.map { PixelPoint(x: $0.0, y: $0.1) }, isClosed: true)
      return .shapes(.color(span.color ?? .gray), [.fill(path, opacity: 0.12)])
    }
  }

  /// The names of the spans, above everything else.
  var spanNames: [Drawing.Mark] {
    let size = PlotLayout.Style.noteSize
    let texts = plot.spans.compactMap { span -> Drawing.Text? in
      guard !span.label.isEmpty, let (left, right) = ends(of: span) else { return nil }
      let center = (left + right) / 2
      if TextMetrics.width(span.label, size: size) + 6 <= right - left {
        return Drawing.Text(
          text: span.label, x: center, y: area.top + size + 3, size: size, anchor: .middle)
      }
      guard size + 2 <= right - left else { return nil }
      return Drawing.Text(
        text: span.label, x: center + size * 0.35, y: area.top + 6, size: size, anchor: .end,
        isVertical: true)
    }
    return texts.isEmpty ? [] : [.texts(FigureStyle.ink, texts)]
  }

  /// Where a span begins and ends inside the area; `nil` where nothing of it is.
  private func ends(of span: Plot.Span) -> (left: Double, right: Double)? {
    guard let start = layout.x.map.position(of: span.start),
      let end = layout.x.map.position(of: span.end)
    else { return nil }
    let (left, right) = (max(start, area.left), min(end, area.right))
    return right > left ? (left, right) : nil
  }
}

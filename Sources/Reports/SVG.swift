extension Plot {
  /// This figure as the text of an SVG file.
  ///
  /// The same plot gives the same bytes. The drawing needs nothing from outside, follows the
  /// reader's choice of light or dark where it is shown by a browser, and is light everywhere else.
  /// Beyond 2,000 points a series is thinned to what differs in the drawing, extremes always
  /// included.
  public func svg() -> String {
    SVGWriter.text(Figure(self).drawing, isStandalone: true)
  }
}

extension PlotGrid {
  /// These figures as the text of one SVG file, with the promises of ``Plot/svg()``.
  public func svg() -> String {
    SVGWriter.text(Figure(self).drawing, isStandalone: true)
  }
}

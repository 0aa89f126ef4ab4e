/// A figure as a value: axes, series of points, and the lines that explain them.
///
/// A plot knows nothing about files or pixels until it is rendered with ``svg()``, so it can be
/// built in one place, tested, and drawn in another:
///
/// ```swift
/// let plot = Plot(
///   "Accuracy", x: .logarithmicWithZero("Step"), y: .linear("Accuracy", range: 0...1),
///   series: [
///     Plot.Series("train", x: steps, y: trainAccuracy),
///     Plot.Series("test", x: steps, y: testAccuracy),
///   ],
///   markers: [Plot.Marker(at: 140, "fit 140")],
///   references: [Plot.ReferenceLine(at: 1.0 / 113, "chance")])
/// let text = plot.svg()
/// ```
public struct Plot: Sendable, Hashable {
  /// The heading above the figure; empty for none.
  public var title: String
  /// The horizontal axis.
  public var x: Axis
  /// The vertical axis.
  public var y: Axis
  /// What is drawn, first at the bottom.
  public var series: [Series]
  /// Vertical lines at events, labelled above the plot.
  public var markers: [Marker]
  /// Horizontal lines at levels worth comparing with, labelled at their right end.
  public var references: [ReferenceLine]
  /// Stretches of the horizontal axis that are tinted and named, below everything else.
  public var spans: [Span]
  /// A matrix of colored cells below the series; `nil` for none.
  public var heatMap: HeatMap?
  /// How the numbers of the heat map, or of points that have some, become colors; `nil` takes
  /// `.sequential("")`. A bar beside the plot explains it.
  public var colorScale: ColorScale?
  /// Where the names of the series are written.
  public var legend: Legend
  /// The size of the drawing.
  public var size: Size
  /// A description for readers who cannot see the figure; `nil` writes one from the data.
  public var summary: String?

  /// A figure with the given axes and contents.
  public init(
    _ title: String, x: Axis, y: Axis, series: [Series] = [], markers: [Marker] = [],
    references: [ReferenceLine] = [], spans: [Span] = [], heatMap: HeatMap? = nil,
    colorScale: ColorScale? = nil, legend: Legend = .automatic, size: Size = .standard,
    summary: String? = nil
  ) {
    self.title = title
    self.x = x
    self.y = y
    self.series = series
    self.markers = markers
    self.references = references
    self.spans = spans
    self.heatMap = heatMap
    self.colorScale = colorScale
    self.legend = legend
    self.size = size
    self.summary = summary
  }
}

extension Plot {
  /// Whether a page shows the figure as it is, since its script cannot draw what is in it.
  var isStill: Bool {
    heatMap != nil || !spans.isEmpty || x.names != nil || y.names != nil
      || series.contains { [.histogram, .area].contains($0.style) || $0.isColoredByValue }
  }

  /// A vertical line at an event, such as the step at which a network fits its training data.
  public struct Marker: Sendable, Hashable {
    /// The position in units of the horizontal axis. Included in an automatic range.
    public var position: Double
    /// What is written above the line; empty for nothing.
    public var label: String
    /// The color of the line; `nil` is a quiet gray.
    public var color: PlotColor?

    /// A line at `position`, labelled `label`.
    public init(at position: Double, _ label: String, color: PlotColor? = nil) {
      self.position = position
      self.label = label
      self.color = color
    }
  }

  /// A horizontal line at a level worth comparing with, such as chance.
  public struct ReferenceLine: Sendable, Hashable {
    /// The position in units of the vertical axis. Included in an automatic range.
    public var position: Double
    /// What is written at the right end of the line; empty for nothing.
    public var label: String
    /// The color of the line; `nil` is a quiet gray.
    public var color: PlotColor?

    /// A line at `position`, labelled `label`.
    public init(at position: Double, _ label: String, color: PlotColor? = nil) {
      self.position = position
      self.label = label
      self.color = color
    }
  }

  /// Where the names of the series are written.
  public enum Legend: Sendable, Hashable {
    /// In a corner of the plot that holds no data, or above the plot where there is none. A single
    /// series is not named, since the vertical axis already says what it is.
    case automatic
    /// In a row between the title and the plot, also for a single series.
    case above
    /// Nowhere.
    case none
  }

  /// Width and height of a drawing.
  ///
  /// - Units: CSS pixels; text is 11 to 15 of them high.
  public struct Size: Sendable, Hashable {
    /// The width of the whole drawing, labels included.
    public var width: Double
    /// The height of the whole drawing, labels included.
    public var height: Double

    /// A drawing of `width` × `height`.
    ///
    /// - Precondition: at least 160 × 120, below which no axis can be labelled.
    public init(width: Double, height: Double) {
      precondition(
        width >= 160 && height >= 120 && width.isFinite && height.isFinite,
        "Plot.Size: \(width) × \(height) is too small to label axes; at least 160 × 120")
      self.width = width
      self.height = height
    }

    /// 680 × 400: one figure across a page.
    public static let standard = Size(width: 680, height: 400)
    /// 500 × 330: two side by side.
    public static let half = Size(width: 500, height: 330)
    /// 340 × 260: three side by side.
    public static let third = Size(width: 340, height: 260)
  }
}

extension Plot {
  /// One point of a series, perhaps with an interval around it.
  public struct Point: Sendable, Hashable {
    /// The horizontal value.
    public var x: Double
    /// The vertical value. Not-a-number or infinity leaves a gap.
    public var y: Double
    /// The lower end of the interval, or `nil` for none.
    public var lower: Double?
    /// The upper end of the interval, or `nil` for none.
    public var upper: Double?
    /// The number that colors the point by ``Plot/colorScale``, or `nil` for the color of the series.
    public var colorValue: Double?

    /// A point with no interval.
    public init(x: Double, y: Double) {
      self.x = x
      self.y = y
    }

    /// A point with the interval `y − error ... y + error`; no interval where `error` is `nil`.
    public init(x: Double, y: Double, error: Double?) {
      self.init(x: x, y: y)
      guard let error else { return }
      lower = y - error
      upper = y + error
    }

    /// A point with the interval `lower ... upper`.
    public init(x: Double, y: Double, lower: Double, upper: Double) {
      self.init(x: x, y: y)
      self.lower = lower
      self.upper = upper
    }
  }

  /// A named sequence of points that are drawn alike.
  public struct Series: Sendable, Hashable {
    /// What the legend says.
    public var name: String
    /// The points, in the order in which a line visits them.
    public var points: [Point]
    /// How the points are drawn.
    public var style: Style
    /// How intervals are drawn, where points have them.
    public var intervals: Intervals
    /// The color; `nil` takes the next one of ``PlotColor/palette``.
    public var color: PlotColor?
    /// Whether lines are dashed.
    public var isDashed: Bool

    /// A series of the given points.
    public init(
      _ name: String, points: [Point], style: Style = .line, intervals: Intervals = .automatic,
      color: PlotColor? = nil, isDashed: Bool = false
    ) {
      self.name = name
      self.points = points
      self.style = style
      self.intervals = intervals
      self.color = color
      self.isDashed = isDashed
    }

    /// A series of the points (x₀, y₀), (x₁, y₁), …, with intervals `y ± error` if given.
    ///
    /// - Precondition: the arrays are equally long.
    public init(
      _ name: String, x: [Double], y: [Double], error: [Double]? = nil, style: Style = .line,
      intervals: Intervals = .automatic, color: PlotColor? = nil, isDashed: Bool = false
    ) {
      precondition(
        x.count == y.count && (error == nil || error?.count == y.count),
        "Plot.Series '\(name)': \(x.count) x, \(y.count) y and \(error?.count ?? 0) errors")
      self.init(
        name,
        points: y.indices.map { Point(x: x[$0], y: y[$0], error: error?[$0]) },
        style: style, intervals: intervals, color: color, isDashed: isDashed)
    }

    /// A series of the points (x₀, y₀), (x₁, y₁), … colored by a number, such as their step.
    ///
    /// Dots that are joined are joined by a gray line. See ``Plot/colorScale``.
    ///
    /// - Precondition: the arrays are equally long.
    public init(
      _ name: String, x: [Double], y: [Double], coloredBy values: [Double], style: Style = .markers
    ) {
      precondition(
        x.count == y.count && values.count == y.count,
        "Plot.Series '\(name)': \(x.count) x, \(y.count) y and \(values.count) colors")
      self.init(name, x: x, y: y, style: style)
      for index in points.indices { points[index].colorValue = values[index] }
    }

    /// A series of the points (x₀, y₀), (x₁, y₁), … with intervals `lower ... upper`.
    ///
    /// - Precondition: the arrays are equally long.
    public init(
      _ name: String, x: [Double], y: [Double], lower: [Double], upper: [Double],
      style: Style = .line, intervals: Intervals = .automatic, color: PlotColor? = nil,
      isDashed: Bool = false
    ) {
      precondition(
        x.count == y.count && lower.count == y.count && upper.count == y.count,
        "Plot.Series '\(name)': \(x.count) x, \(y.count) y, \(lower.count) lower and "
          + "\(upper.count) upper ends")
      self.init(
        name,
        points: y.indices.map { Point(x: x[$0], y: y[$0], lower: lower[$0], upper: upper[$0]) },
        style: style, intervals: intervals, color: color, isDashed: isDashed)
    }
  }

  /// How the points of a series are drawn.
  public enum Style: Sendable, Hashable, CaseIterable {
    /// Joined by straight lines; a point with gaps on both sides is drawn as a dot.
    case line
    /// A dot for each.
    case markers
    /// A dot for each, joined by straight lines.
    case lineAndMarkers
    /// Joined by stairs: each value holds until the next point.
    case stairs
    /// Bins from each point to the next, standing on the axis; see ``Series/histogram(_:of:bins:color:)``.
    case histogram
    /// A filled strip from the lower to the upper end of the points' intervals; see
    /// ``Series/stackedAreas(_:x:)``.
    case area
  }

  /// How the intervals around points are drawn.
  public enum Intervals: Sendable, Hashable, CaseIterable {
    /// A band for lines and stairs, bars where points have dots.
    case automatic
    /// A tinted band.
    case band
    /// A bar with caps at each point.
    case bars
  }
}

extension Plot.Series {
  /// The numbers that color points.
  var colorValues: [Double] { points.compactMap(\.colorValue) }

  /// Whether points have colors of their own.
  var isColoredByValue: Bool { points.contains { $0.colorValue != nil } }
}

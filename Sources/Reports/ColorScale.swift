extension Plot {
  /// How numbers become colors, for heat maps and for points that are colored by a number.
  ///
  /// Lightness grows steadily with the number, so that the order survives in gray and for readers who
  /// see colors differently. Numbers beyond a given range take the color of its end.
  public struct ColorScale: Sendable, Hashable {
    enum Kind: Sendable, Hashable {
      case sequential
      case logarithmic
      case diverging(center: Double)
    }

    let kind: Kind
    /// The quantity with its unit, written along the color bar; empty for none.
    public var label: String
    /// The two ends, or `nil` to fit the data.
    public var range: ClosedRange<Double>?

    /// Equal differences are equal steps of color.
    ///
    /// - Precondition: the ends of `range` are finite.
    public static func sequential(_ label: String, range: ClosedRange<Double>? = nil) -> ColorScale
    {
      checked(ColorScale(kind: .sequential, label: label, range: range))
    }

    /// Equal ratios are equal steps of color. Numbers that are not positive have no color.
    ///
    /// - Precondition: the ends of `range` are finite and positive.
    public static func logarithmic(_ label: String, range: ClosedRange<Double>? = nil) -> ColorScale
    {
      checked(ColorScale(kind: .logarithmic, label: label, range: range))
    }

    /// Two colors on both sides of `center`, which is pale; for differences and correlations.
    ///
    /// - Precondition: `center` and the ends of `range` are finite.
    public static func diverging(
      _ label: String, center: Double = 0, range: ClosedRange<Double>? = nil
    ) -> ColorScale {
      precondition(
        center.isFinite, "Plot.ColorScale '\(label)': the center \(center) is not finite")
      return checked(ColorScale(kind: .diverging(center: center), label: label, range: range))
    }

    private static func checked(_ scale: ColorScale) -> ColorScale {
      if let range = scale.range {
        // The same conditions, in the same words, as for an axis.
        _ = Axis(
          scale.label, scale: scale.kind == .logarithmic ? .logarithmic : .linear, range: range)
      }
      return scale
    }
  }
}

/// A color scale once the numbers are known.
struct ColorMap: Hashable {
  /// The scale as an axis, for the numbers along the color bar.
  var axis: Plot.Axis
  var range: AxisRange
  private var ramp: ColorRamp

  /// The scale of a plot; `nil` if nothing in it is colored by numbers.
  init?(_ plot: Plot) {
    self.init([plot])
  }

  /// One scale for several plots, as the first one asks for.
  init?(_ plots: [Plot]) {
    let numbers = plots.flatMap { ($0.heatMap?.values ?? []) + $0.series.flatMap(\.colorValues) }
    let hasMap = plots.contains { $0.heatMap != nil }
    guard hasMap || !numbers.isEmpty else { return nil }
    let scale = plots.lazy.compactMap(\.colorScale).first ?? .sequential("")
    let finite = numbers.filter(\.isFinite)
    var axis = Plot.Axis(
      scale.label, scale: scale.kind == .logarithmic ? .logarithmic : .linear, range: scale.range)
    if case .diverging(let center) = scale.kind {
      let ends = scale.range.map { [$0.lowerBound, $0.upperBound] } ?? finite
      let reach = ends.map { ($0 - center).magnitude }.max() ?? 1
      axis.range = (center - reach)...(center + reach)
    } else if scale.kind == .sequential, axis.range == nil,
      let low = finite.min(), let high = finite.max()
    {
      axis.range = low...high
    }
    self.axis = axis
    range = AxisRange(axis, values: finite, padding: 0)
    let isOnPaper = !hasMap
    switch scale.kind {
    case .diverging: ramp = isOnPaper ? .divergingOnPaper : .diverging
    default: ramp = isOnPaper ? .sequentialOnPaper : .sequential
    }
  }

  /// Where a number is between the ends, from 0 to 1; `nil` for one without a color.
  func fraction(of value: Double) -> Double? {
    let place = AxisMap(scale: axis.scale, range: range, start: 0, end: 1).position(of: value)
    return place.map { min(max($0, 0), 1) }
  }

  /// The color at a place between the ends.
  func color(at fraction: Double) -> PlotColor { ramp.color(at: fraction) }
}

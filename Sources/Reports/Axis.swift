extension Plot {
  /// One axis: what it says, how it is scaled, and from where to where it goes.
  public struct Axis: Sendable, Hashable {
    /// The quantity with its unit, such as `Loss (nats)`; empty for none.
    public var label: String
    /// How values become positions.
    public var scale: Scale
    /// The two ends, or `nil` to fit the data with a little air. Beyond given ends only a few pixels
    /// are drawn, so that lines at them stay clear of the frame.
    public var range: ClosedRange<Double>?
    /// What is written at 0, 1, 2, … instead of numbers, from left to right or from the top to the bottom; `nil`
    /// for numbers.
    public var names: [String]?

    /// An axis with the given label, scale and range.
    ///
    /// - Precondition: the ends of `range` are finite, and positive on a logarithmic axis (the
    ///   lower end may be 0 on `.logarithmicWithZero`).
    public init(_ label: String, scale: Scale = .linear, range: ClosedRange<Double>? = nil) {
      if let range {
        precondition(
          range.lowerBound.isFinite && range.upperBound.isFinite,
          "Plot.Axis '\(label)': the range \(range) is not finite")
        precondition(
          scale == .linear || range.lowerBound > 0
            || (scale == .logarithmicWithZero && range.lowerBound == 0 && range.upperBound > 0),
          "Plot.Axis '\(label)': the range \(range) is not positive, as a logarithmic axis needs")
      }
      self.label = label
      self.scale = scale
      self.range = range
    }

    /// An axis on which equal differences are equal lengths.
    public static func linear(_ label: String, range: ClosedRange<Double>? = nil) -> Axis {
      Axis(label, scale: .linear, range: range)
    }

    /// An axis on which equal ratios are equal lengths.
    public static func logarithmic(_ label: String, range: ClosedRange<Double>? = nil) -> Axis {
      Axis(label, scale: .logarithmic, range: range)
    }

    /// An axis of things that have names rather than numbers: the first is at 0, the second at 1.
    ///
    /// Names of a vertical axis run from the top to the bottom, as lists are read.
    public static func names(_ names: [String], label: String = "") -> Axis {
      var axis = Axis(label, range: -0.5...(Double(max(names.count, 1)) - 0.5))
      axis.names = names
      return axis
    }

    /// A logarithmic axis that also has a place for 0, before a break. Made for steps.
    public static func logarithmicWithZero(
      _ label: String, range: ClosedRange<Double>? = nil
    ) -> Axis {
      Axis(label, scale: .logarithmicWithZero, range: range)
    }
  }

  /// How values become positions along an axis.
  public enum Scale: Sendable, Hashable, CaseIterable {
    /// Equal differences are equal lengths.
    case linear
    /// Equal ratios are equal lengths. Values that are not positive cannot be drawn: they leave a
    /// gap, and a note below the figure says how many they are.
    case logarithmic
    /// As `.logarithmic`, with a separate tick for 0 ahead of a small break in the axis. Negative
    /// values cannot be drawn.
    case logarithmicWithZero
  }
}

extension Plot.Series {
  /// Areas that stand on one another, for parts of a whole: the first lies on 0, each other one on those before it.
  ///
  /// ```swift
  /// let shares = Plot.Series.stackedAreas([("attention", attention), ("perceptron", perceptron)], x: steps)
  /// let plot = Plot("Heat", x: .linear("Step"), y: .linear("Share", range: 0...1), series: shares, legend: .above)
  /// ```
  ///
  /// - Parameter parts: The height of each area at each of `x`, from the bottom to the top. What is not finite leaves a gap in
  ///   the area and in those above it.
  /// - Parameter colors: One for each part; `nil` takes those of ``PlotColor/palette`` in turn.
  /// - Precondition: all parts are as long as `x`.
  public static func stackedAreas(
    _ parts: [(name: String, heights: [Double])], x: [Double], colors: [PlotColor]? = nil
  ) -> [Plot.Series] {
    var base = [Double](repeating: 0, count: x.count)
    return parts.enumerated().map { index, part in
      precondition(
        part.heights.count == x.count,
        "Plot.Series '\(part.name)': \(part.heights.count) heights for \(x.count) x")
      let top = zip(base, part.heights).map { $0 + $1 }
      defer { base = top }
      return Plot.Series(
        part.name,
        points: x.indices.map { place in
          top[place].isFinite
            ? Plot.Point(x: x[place], y: top[place], lower: base[place], upper: top[place])
            : Plot.Point(x: x[place], y: .nan)
        }, style: .area, color: colors?[index])
    }
  }
}

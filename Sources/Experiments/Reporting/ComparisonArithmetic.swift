import GrokReports

// What accuracy costs: the figure of runs that count their operations.

extension ComparisonCurves {
  /// Test accuracy of runs of a setting against the mean of their operations at the same step; `nil` where they have not
  /// counted them.
  static func arithmetic(
    of runs: [RunCurves], named name: String, color: PlotColor, band kind: BandKind
  ) -> Plot.Series? {
    let accuracies = runs.compactMap { $0["test/accuracy"] }
    let operations = runs.compactMap { $0["compute/operations"] }
    guard !runs.isEmpty, accuracies.count == runs.count, operations.count == runs.count else {
      return nil
    }
    var counted: [Double: [Double]] = [:]
    for curve in operations {
      for (step, value) in zip(curve.steps, curve.values) {
        counted[Double(step), default: []].append(value)
      }
    }
    let band = CurveBand(accuracies, kind: kind, isLogarithmic: false)
    let points = band.points.compactMap { point -> Plot.Point? in
      guard let values = counted[point.x] else { return nil }
      var point = point
      point.x = values.reduce(0, +) / Double(values.count)
      return point
    }
    return Plot.Series(name, points: points, color: color)
  }

  /// The figure, a panel for each of the comparison's; `nil` without lines.
  static func arithmeticFigure(
    _ lines: [[Plot.Series]], titles: [String], isNamed: Bool
  ) -> HTMLReport.Content? {
    var plots: [Plot] = []
    for (series, title) in zip(lines, titles) where !series.isEmpty {
      plots.append(
        Plot(
          title.isEmpty ? "Test accuracy by arithmetic" : "Test accuracy by arithmetic, \(title)",
          x: .linear("Operations"), y: .linear("Accuracy"), series: series,
          legend: plots.isEmpty && isNamed ? .above : .none,
          size: titles.count == 1 ? .standard : .half))
    }
    return plots.isEmpty
      ? nil
      : .figure(
        PlotGrid(plots: plots, isLettered: false),
        caption:
          "Test accuracy against all multiplications and additions of the training up to there.")
  }
}

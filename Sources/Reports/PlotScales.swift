/// The ranges of a plot's axes, and how its numbers become colors.
struct PlotScales: Hashable {
  var x: AxisRange
  var y: AxisRange
  var colors: ColorMap?

  /// What one plot asks for.
  init(_ plot: Plot) {
    let values = AxisValues(plot)
    x = AxisRange(plot.xAxis, values: values.x, padding: values.isBinned ? 0.01 : 0.025)
    y = AxisRange(plot.yAxis, values: values.y, padding: 0.05, startsAtZero: values.isBinned)
    colors = ColorMap(plot)
  }

  /// What holds all that several plots ask for; `nil` for no plots.
  init?(_ plots: [Plot]) {
    guard let first = plots.first else { return nil }
    self.init(first)
    for plot in plots.dropFirst() {
      let other = PlotScales(plot)
      x = x.union(other.x)
      y = y.union(other.y)
    }
    colors = ColorMap(plots)
  }
}

/// What is written around an area.
struct Outside: OptionSet, Hashable {
  let rawValue: Int

  static let numbersAcross = Outside(rawValue: 1)
  static let numbersUp = Outside(rawValue: 2)
  static let colorBar = Outside(rawValue: 4)
  static let all: Outside = [.numbersAcross, .numbersUp, .colorBar]
}

extension Plot {
  /// The horizontal axis with the range of the heat map, if there is one.
  var xAxis: Axis { heatMap.map { $0.x.axis(x, count: $0.columnCount) } ?? x }
  /// The vertical axis with the range of the heat map, if there is one.
  var yAxis: Axis { heatMap.map { $0.y.axis(y, count: $0.rowCount) } ?? y }
}

/// All values that an automatic range should hold.
struct AxisValues {
  var x: [Double] = []
  var y: [Double] = []
  /// Whether all series are histograms, which stand on the axis.
  var isBinned: Bool

  init(_ plot: Plot) {
    isBinned = !plot.series.isEmpty && plot.series.allSatisfy { $0.style == .histogram }
    for series in plot.series {
      if series.style == .histogram {
        // Bins stand on 0, or on half of the smallest where 0 has no place.
        let least = series.points.lazy.map(\.y).filter { $0 > 0 }.min()
        y.append(plot.y.scale == .linear ? 0 : (least ?? 1) / 2)
      }
      for point in series.points where point.x.isFinite && point.y.isFinite {
        x.append(point.x)
        y.append(point.y)
        if let lower = point.lower { y.append(lower) }
        if let upper = point.upper { y.append(upper) }
      }
    }
    if let map = plot.heatMap {
      if case .numbers(let numbers) = map.x.kind { x += numbers }
      if case .numbers(let numbers) = map.y.kind { y += numbers }
    }
    x += plot.markers.map(\.position)
    y += plot.references.map(\.position)
  }
}

import GrokReports

/// A path in a plane as a plot: a dot a checkpoint, colored by its step, with what happened on the way.
struct PathPlane {
  /// Something that happened.
  struct Event {
    var name: String
    var step: Double
  }

  let steps: [Double]
  /// Where the path is at each step.
  let x, y: [Double]
  var events: [Event] = []

  /// - Parameter ranges: Ends of the axes; `nil` fits the path.
  func plot(
    _ title: String, x xLabel: String, y yLabel: String,
    ranges: (x: ClosedRange<Double>, y: ClosedRange<Double>)? = nil
  ) -> Plot {
    var series = [
      Plot.Series(
        "path", x: x, y: y, coloredBy: steps.map { max($0, 0.5) }, style: .lineAndMarkers)
    ]
    let colors: [PlotColor] = [.vermilion, .blue, .green, .purple]
    let places = Dictionary(grouping: events) { index(of: $0.step) ?? -1 }
    for (order, (index, events)) in places.filter({ $0.key >= 0 }).sorted(by: { $0.key < $1.key })
      .enumerated()
    {
      series.append(
        Plot.Series(
          events.map(\.name).joined(separator: ", "), x: [x[index]], y: [y[index]],
          style: .markers, color: colors[order % colors.count]))
    }
    return Plot(
      title, x: .linear(xLabel, range: ranges?.x), y: .linear(yLabel, range: ranges?.y),
      series: series, colorScale: .logarithmic("Step"), legend: series.count > 1 ? .above : .none,
      size: .half)
  }

  /// The first record at or after a step.
  private func index(of step: Double) -> Int? { steps.firstIndex { $0 >= step } }

  /// A range of some numbers with a little air.
  static func range(of values: [Double]) -> ClosedRange<Double> {
    let (low, high) = (values.min() ?? 0, values.max() ?? 1)
    let air = max(high - low, 1e-12) * 0.06
    return (low - air)...(high + air)
  }
}

extension [Plot.Marker] {
  /// Those with a name, as what happened on a path.
  var events: [PathPlane.Event] {
    filter { !$0.label.isEmpty }.map { .init(name: $0.label, step: $0.position) }
  }
}

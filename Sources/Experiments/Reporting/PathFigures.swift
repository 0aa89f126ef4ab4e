import GrokReports

/// The path of the weights in the plane of its two leading components, beside that of a random walk.
struct PathFigures {
  let arrays: MeasuredArrays
  var markers: [Plot.Marker] = []
  /// The points of a curve by the name of its records, by rising steps.
  let points: (String) -> [Plot.Point]

  /// Fewer checkpoints make no path to look at.
  private static let leastCount = 5
  /// The most components whose shares are drawn.
  private static let shareLimit = 10

  /// All figures in the order of a page.
  var figures: [ReportFigure] {
    guard let path = arrays.stacks(of: "pathComponents").first, path.shape.first ?? 0 >= 2,
      let walk = arrays.stacks(of: "walkComponents").first, walk.shape.first ?? 0 >= 2,
      let shares = arrays.vector(named: "pathFractions"),
      let walkShares = arrays.vector(named: "walkFractions"), shares.count >= Self.leastCount,
      walkShares.count >= Self.leastCount
    else { return [] }
    let steps = path.steps.map(Double.init)
    func column(_ stack: MeasuredArrays.Stack, _ column: Int) -> [Double] {
      stack.steps.indices.map { stack[$0][stack[$0].startIndex + column] }
    }
    let places = [path, walk].map { stack in (x: column(stack, 0), y: column(stack, 1)) }
    let ranges = (
      x: PathPlane.range(of: places.flatMap(\.x)), y: PathPlane.range(of: places.flatMap(\.y))
    )
    func plane(_ place: Int, _ title: String, _ shares: [Double], _ markers: [Plot.Marker]) -> Plot
    {
      func label(_ component: Int) -> String {
        "Component \(component + 1) (\(Self.percent(shares[component])))"
      }
      return PathPlane(
        steps: steps, x: places[place].x, y: places[place].y, events: markers.events
      ).plot(title, x: label(0), y: label(1), ranges: ranges)
    }
    let plots =
      [
        plane(0, "Path of the weights", shares, markers),
        plane(1, "Random walk with the same records", walkShares, []),
        sharePlot(shares, walkShares),
      ] + [distances].compactMap(\.self)
    let likeness = (arrays.vector(named: "walkLikeness") ?? []).prefix(2).map {
      Readable.number($0, significantDigits: 2)
    }
    return [
      ReportFigure(
        name: "path-components", grid: PlotGrid(plots: plots, isLettered: false),
        caption:
          "The weights of the checkpoints along the two directions in which they vary most, beside the path of a random walk in many "
          + "dimensions, recorded at the same steps and as wide: it has arcs and turns too, which are no sign of structure. Shares: of "
          + "the variance over checkpoints. The places along the components have cosines of "
          + "\(likeness.joined(separator: " and ")) with those of the walk. The walk's updates are alike at all steps: the path of a "
          + "training that slows down differs from it for that alone."
          + straightness)
    ]
  }

  /// How straight the path was, in a sentence; empty where that is not known.
  private var straightness: String {
    guard let last = points("pathStraightness").last else { return "" }
    return " The distance from the start to the end is "
      + "\(Readable.number(last.y, significantDigits: 2)) of the length of the path through the checkpoints."
  }

  private static func percent(_ share: Double) -> String {
    Readable.number(100 * share, significantDigits: 2) + " %"
  }

  private func sharePlot(_ path: [Double], _ walk: [Double]) -> Plot {
    func series(_ name: String, _ shares: [Double], _ color: PlotColor, isDashed: Bool)
      -> Plot.Series
    {
      let shown = shares.prefix(Self.shareLimit).filter { $0 > 1e-9 }
      return Plot.Series(
        name, x: shown.indices.map { Double($0 + 1) }, y: Array(shown), style: .lineAndMarkers,
        color: color, isDashed: isDashed)
    }
    return Plot(
      "Shares of the components",
      x: .linear("Component", range: 0.5...Double(Self.shareLimit) + 0.5),
      y: .logarithmic("Share of the variance"),
      series: [
        series("path", path, .blue, isDashed: false),
        series("random walk", walk, .gray, isDashed: true),
      ], legend: .above, size: .half)
  }

  private var distances: Plot? {
    let lines = [
      ("distanceToStart", "to the start", PlotColor.blue),
      ("distanceToEnd", "to the end", .vermilion), ("chordLength", "length so far", .gray),
    ].compactMap { name, words, color -> Plot.Series? in
      let points = points(name).filter { $0.y > 0 }
      return points.isEmpty ? nil : Plot.Series(words, points: points, color: color)
    }
    guard !lines.isEmpty else { return nil }
    return Plot(
      "Distances", x: .logarithmicWithZero("Step"), y: .logarithmic("Distance of all weights"),
      series: lines, markers: markers, legend: .above, size: .half)
  }
}

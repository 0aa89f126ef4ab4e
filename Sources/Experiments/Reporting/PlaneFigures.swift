import GrokMeasures
import GrokReports

/// The information plane: what a layer knows of the labels over what it knows of the examples, by step.
struct PlaneFigures {
  let quantities: MeasuredQuantities
  /// The points of a curve by the name of its records, by rising steps.
  let points: (String) -> [Plot.Point]

  /// Which quantities span a plane.
  struct Axes {
    let input: String
    let labels: String
    /// The name of the file.
    let name: String
    let title: String
  }

  static let axes = [
    Axes(
      input: "informationWithInput", labels: "informationWithLabels", name: "information-plane",
      title: "Information plane"),
    Axes(
      input: "binnedInformationWithInput", labels: "binnedInformationWithLabels",
      name: "binned-information-plane", title: "Binned information plane"),
    Axes(
      input: "pairwiseInformation/upper", labels: "pairwiseInformation/labels",
      name: "pairwise-information-plane", title: "Information plane of upper bounds"),
  ]

  /// A plane for each set of examples and layer.
  var figures: [ReportFigure] {
    Self.axes.compactMap { axes in
      guard let input = quantities.quantities.first(where: { $0.name == axes.input }),
        let labels = quantities.quantities.first(where: { $0.name == axes.labels })
      else { return nil }
      let plots = input.sets.flatMap { self.plots(input, labels, of: $0) }
      guard !plots.isEmpty else { return nil }
      return ReportFigure(
        name: axes.name,
        grid: PlotGrid(
          plots: plots, columnCount: columnCount(of: plots.count), isLettered: false,
          sharesAxes: plots.count > 1),
        caption:
          "\(axes.title), a point a checkpoint, colored by its step: to the right is what a layer knows of the "
          + "examples, upwards what it knows of their labels. \(input.meaning) \(labels.meaning)"
      )
    }
  }

  /// The plots of the first plane that there is, by the set of examples.
  var plots: [(set: String, plots: [Plot])] {
    for axes in Self.axes {
      guard let input = quantities.quantities.first(where: { $0.name == axes.input }),
        let labels = quantities.quantities.first(where: { $0.name == axes.labels })
      else { continue }
      return input.sets.map { ($0, self.plots(input, labels, of: $0)) }.filter { !$0.1.isEmpty }
    }
    return []
  }

  /// As many that all rows are full, where there are not too many.
  private func columnCount(of count: Int) -> Int {
    count <= 4 ? count : [3, 4, 2].first { count.isMultiple(of: $0) } ?? 3
  }

  private func plots(
    _ input: MeasuredQuantities.Quantity, _ labels: MeasuredQuantities.Quantity, of set: String
  ) -> [Plot] {
    input.members.compactMap { member in
      guard member.examples == set, member.layer != inputLayer,
        let partner = labels.members.first(where: {
          $0.examples == set && $0.layer == member.layer
        })
      else { return nil }
      let path = path(points(member.name), points(partner.name))
      guard !path.isEmpty else { return nil }
      let title = [member.layer, ExampleSet(set).words].filter { !$0.isEmpty }
      return Plot(
        title.joined(separator: ", "), x: .linear("I(X; L) (\(input.result.unit))"),
        y: .linear("I(L; Y) (\(labels.result.unit))"),
        series: [
          Plot.Series(
            member.layer, x: path.map(\.x), y: path.map(\.y),
            coloredBy: path.map { max($0.step, 0.5) }, style: .lineAndMarkers)
        ], colorScale: .logarithmic("Step"), legend: .none, size: .third)
    }
  }

  /// Where both curves have a value.
  private func path(_ input: [Plot.Point], _ labels: [Plot.Point]) -> [(
    step: Double, x: Double, y: Double
  )] {
    let known = Dictionary(labels.map { ($0.x, $0.y) }, uniquingKeysWith: { first, _ in first })
    return input.compactMap { point in
      guard let y = known[point.x], point.y.isFinite, y.isFinite else { return nil }
      return (point.x, point.y, y)
    }
  }
}

/// Accuracy and information over the same steps, with the boundaries of the phases of the test examples.
struct PhaseFigures {
  let quantities: MeasuredQuantities
  let points: (String) -> [Plot.Point]

  /// Accuracy above, information on the input and on the labels below it.
  var figure: ReportFigure? {
    let planes = PlaneFigures.axes.flatMap { [$0.input, $0.labels] }
    let shown = quantities.quantities.filter { planes.contains($0.name) }
    let accuracies = ["train", "test"].compactMap { set -> Plot.Series? in
      let points = points("\(set)/accuracy")
      return points.isEmpty
        ? nil : Plot.Series(set, points: points, color: ExampleSet(set).color)
    }
    guard !shown.isEmpty, !accuracies.isEmpty else { return nil }
    var boundaries: [Plot.Marker] = []
    var plots = [
      Plot(
        "Accuracy", x: .logarithmicWithZero("Step"), y: .linear("Accuracy", range: 0...1),
        series: accuracies, legend: .above, size: .half)
    ]
    for quantity in shown.prefix(2) {
      let set = quantity.sets[0]
      let members = quantity.members.filter { $0.examples == set }
      let colors = LayerColors(quantities.layers)
      let curves = members.map { points($0.name) }
      if boundaries.isEmpty { boundaries = curves.last.map(markers) ?? [] }
      plots.append(
        Plot(
          quantity.title(set), x: .logarithmicWithZero("Step"),
          y: .linear(quantity.result.label(of: quantity.name)),
          series: zip(members, curves).map {
            Plot.Series($0.layer, points: $1, color: colors[$0.layer])
          }, legend: .above, size: .half))
    }
    for index in plots.indices { plots[index].markers = boundaries }
    return ReportFigure(
      name: "information-phases", grid: PlotGrid(plots: plots, columnCount: 1, isLettered: false),
      caption:
        "Accuracy and information over the same steps. Vertical lines: where the largest rise of the information of the "
        + "last layer on the input begins and ends."
    )
  }

  private func markers(_ curve: [Plot.Point]) -> [Plot.Marker] {
    let known = curve.filter { $0.y.isFinite }
    guard
      let series = try? RecordedSeries(
        steps: known.map { Int($0.x) }, values: known.map(\.y)),
      let phases = try? informationPhases(of: series), phases.isLarger(phases.rise)
    else { return [] }
    return [
      Plot.Marker(at: Double(phases.minimum.step), "minimum"),
      Plot.Marker(at: Double(phases.maximum.step), "maximum"),
    ]
  }
}

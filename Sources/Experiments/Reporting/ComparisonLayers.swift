import GrokReports

/// The measured curves of a group of runs in a comparison.
struct MeasuredGroup {
  var member: ComparisonColors.Member
  /// The figure of its curves: which combination of the settings that colors do not tell.
  var panel: Int
  /// Of each name the curves of all runs that have it.
  var curves: [String: [RunCurves.Curve]] = [:]
  /// Of each run when its quantities change.
  var changes: [QuantityChanges] = []
}

/// The measured quantities of a comparison: of one group of runs a line for each layer, of several a plot for each
/// layer with a line for each group.
struct ComparisonLayers {
  let groups: [MeasuredGroup]
  /// What the groups of a figure share; empty where there is one figure.
  let panelTitles: [String]
  let band: BandKind

  private let quantities: MeasuredQuantities

  init(groups: [MeasuredGroup], names: [String], panelTitles: [String], band: BandKind) {
    self.groups = groups
    self.panelTitles = panelTitles
    self.band = band
    quantities = MeasuredQuantities(names)
  }

  /// A section a topic.
  var sections: [HTMLReport.Section] {
    var sections = quantities.topics.map { HTMLReport.Section($0.title, contents(of: $0)) }
    if !sections.isEmpty { sections[0].contents.insert(.text(introduction), at: 0) }
    return sections
  }

  private var introduction: String {
    "Measured on the stored checkpoints. Lines and bands are \(band.words) over runs; of a single run, one standard "
      + "error to each side, where a measure has one."
      + (groups.count == 1
        ? " Lines are layers: the input in gray, then from indigo to gold with depth."
        : " Each layer has its plot, all on one scale; colors are those of the curves above.")
  }

  private func contents(of topic: MeasuredQuantities.Topic) -> [HTMLReport.Content] {
    if groups.count == 1 {
      // The axis decides whether bands are those of logarithms.
      var scales: [String: Bool] = [:]
      for quantity in topic.quantities {
        let isLogarithmic = axis(of: quantity).scale != .linear
        for member in quantity.members { scales[member.name] = isLogarithmic }
      }
      let points = { (name: String) in
        self.points(of: groups[0].curves[name] ?? [], isLogarithmic: scales[name] ?? false)
      }
      let planes =
        topic.title == "Information"
        ? PlaneFigures(quantities: quantities, points: points).figures : []
      let phases =
        topic.title == "Information"
        ? PhaseTable(quantities: quantities, group: groups[0]).contents : []
      return planes.map(\.content) + phases
        + LayerFigures(quantities: quantities, points: points).contents(of: topic)
    }
    // The first quantity of each measure is open; the others have their names to be asked for.
    var shown: Set<String> = []
    return topic.quantities.flatMap { quantity -> [HTMLReport.Content] in
      let figures = figures(of: quantity)
      let isFirst = shown.insert(quantity.measure.name).inserted
      return isFirst && !quantity.result.isMinor ? figures : [.details(quantity.title, figures)]
    }
  }

  // MARK: Several groups

  private func figures(of quantity: MeasuredQuantities.Quantity) -> [HTMLReport.Content] {
    let axis = axis(of: quantity)
    return panelTitles.enumerated().compactMap { panel, title in
      // A row a layer, test examples on the left and training examples on the right.
      let columns = quantity.sets
      let rows = quantity.layers.isEmpty ? [""] : quantity.layers
      var plots: [Plot] = []
      for layer in rows {
        for set in columns {
          guard
            let member = quantity.members.first(where: { $0.layer == layer && $0.examples == set })
          else { continue }
          let series = lines(member.name, panel: panel, isLogarithmic: axis.scale != .linear)
          guard !series.isEmpty else { continue }
          let name = [quantity.title, LayerName(layer).words, ExampleSet(set).words].filter {
            !$0.isEmpty
          }
          plots.append(
            Plot(
              name.joined(separator: ", "), x: .logarithmicWithZero("Step"), y: axis,
              series: series, legend: plots.isEmpty ? .above : .none,
              size: Plot.Size(width: 500, height: 270)))
        }
      }
      guard !plots.isEmpty else { return nil }
      return .figure(
        PlotGrid(title, plots: plots, isLettered: false, sharesAxes: plots.count > 1),
        caption: "\(quantity.measure.summary.capitalizedFirst). \(quantity.meaning)")
    }
  }

  private func lines(_ name: String, panel: Int, isLogarithmic: Bool) -> [Plot.Series] {
    groups.filter { $0.panel == panel }.compactMap { group in
      guard let curves = group.curves[name], !curves.isEmpty else { return nil }
      let count = curves.count == 1 ? "1 run" : "\(curves.count) runs"
      return Plot.Series(
        "\(group.member.name) (\(count))", points: points(of: curves, isLogarithmic: isLogarithmic),
        color: group.member.color)
    }
  }

  // MARK: Bands

  /// The axis that fits the numbers of all groups.
  private func axis(of quantity: MeasuredQuantities.Quantity) -> Plot.Axis {
    quantity.axis(
      showing: groups.flatMap { group in
        quantity.members.flatMap { group.curves[$0.name] ?? [] }.flatMap(\.points)
      })
  }

  private func points(of curves: [RunCurves.Curve], isLogarithmic: Bool) -> [Plot.Point] {
    guard curves.count > 1 else { return curves.first?.points ?? [] }
    return CurveBand(curves, kind: band, isLogarithmic: isLogarithmic).points
  }
}

extension MeasuredQuantities.Quantity {
  /// What it is, in a sentence.
  var meaning: String { "\(title): \(result.meaning)." }
}

extension CurveBand {
  /// The line with its band.
  var points: [Plot.Point] {
    steps.indices.map { index in
      let (x, y) = (Double(steps[index]), middle[index])
      guard let lower = lower[index], let upper = upper[index] else {
        return Plot.Point(x: x, y: y)
      }
      return Plot.Point(x: x, y: y, lower: lower, upper: upper)
    }
  }
}

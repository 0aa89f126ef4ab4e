import GrokReports

/// The figures of measured quantities over steps: a line for each layer, test and training examples side by side.
struct LayerFigures {
  let quantities: MeasuredQuantities
  /// Vertical lines at what happened in the training.
  var markers: [Plot.Marker] = []
  /// The points of a curve by the name of its records, by rising steps.
  let points: (String) -> [Plot.Point]

  /// One quantity as a figure: a plot for each set of examples, on one scale.
  struct Figure {
    var quantity: MeasuredQuantities.Quantity
    var plots: [Plot]

    /// The name of its file.
    var name: String { fileName(of: quantity.name) }

    var grid: PlotGrid {
      PlotGrid(plots: plots, isLettered: false, sharesAxes: plots.count > 1)
    }

    var meaning: String { quantity.meaning }
  }

  /// The figures of a topic, in the order of its quantities.
  func figures(of topic: MeasuredQuantities.Topic) -> [Figure] {
    topic.quantities.map { Figure(quantity: $0, plots: plots(of: $0)) }
  }

  /// A topic on a page; what only explains other quantities is folded away.
  func contents(of topic: MeasuredQuantities.Topic) -> [HTMLReport.Content] {
    let all = figures(of: topic)
    let minor = all.filter(\.quantity.result.isMinor)
    let open = Self.contents(all.filter { !$0.quantity.result.isMinor })
    guard !minor.isEmpty else { return open }
    let titles = distinct(minor.map(\.quantity.title))
    let words =
      titles.count > 4 ? titles.prefix(3) + ["and \(titles.count - 3) others"] : titles[...]
    return open + [.details("More: " + words.joined(separator: ", "), Self.contents(minor))]
  }

  /// Plots that stand alone in their figures share one with those of the same measure.
  private static func contents(_ figures: [Figure]) -> [HTMLReport.Content] {
    var groups: [[Figure]] = []
    for figure in figures {
      if let last = groups.last?.last, last.plots.count == 1, figure.plots.count == 1,
        last.quantity.measure.name == figure.quantity.measure.name
      {
        groups[groups.count - 1].append(figure)
      } else {
        groups.append([figure])
      }
    }
    return groups.map { group in
      let summary = group[0].quantity.measure.summary.capitalizedFirst + ". "
      guard group.count > 1 else {
        return .figure(group[0].grid, caption: summary + group[0].meaning)
      }
      var plots = group.flatMap(\.plots)
      for index in plots.indices.dropFirst()
      where plots[..<index].contains(where: { $0.lineNames == plots[index].lineNames }) {
        plots[index].legend = .none
      }
      return .figure(
        PlotGrid(plots: plots, isLettered: false),
        caption: summary + group.map(\.meaning).joined(separator: " "))
    }
  }

  // MARK: Plots

  private func plots(of quantity: MeasuredQuantities.Quantity) -> [Plot] {
    let curves = curves(of: quantity.members)
    let axis = quantity.axis(showing: curves.flatMap { $0 })
    func plot(_ title: String, _ series: [Plot.Series], isFirst: Bool) -> Plot {
      Plot(
        title, x: .logarithmicWithZero("Step"), y: axis, series: series, markers: markers,
        legend: isFirst && series.count > 1 ? .above : .none, size: .half)
    }
    let members = Array(zip(quantity.members, curves))
    // Parameters have an order of their own.
    let isOfLayers = quantity.layers.allSatisfy(quantities.layers.contains)
    let colors = LayerColors(isOfLayers ? quantities.layers : quantity.layers)
    if quantity.layers.isEmpty {
      let series = members.map { member, points in
        Plot.Series(member.examples, points: points, color: ExampleSet(member.examples).color)
      }
      return [
        plot(
          quantity.title(quantity.sets.count == 1 ? quantity.sets[0] : ""), series, isFirst: true)
      ]
    }
    return quantity.sets.enumerated().map { place, set in
      let series = members.filter { $0.0.examples == set }.map { member, points in
        Plot.Series(
          LayerName(member.layer).words, points: points, color: colors[member.layer])
      }
      return plot(quantity.title(set), series, isFirst: place == 0)
    }
  }

  /// The curves of a quantity, with gaps where it has no value at a step that others have.
  private func curves(of members: [MeasuredQuantities.Member]) -> [[Plot.Point]] {
    let curves = members.map { points($0.name) }
    let steps = Set(curves.flatMap { $0.map(\.x) }).sorted()
    return curves.map { curve in
      guard curve.count < steps.count, let first = curve.first?.x, let last = curve.last?.x else {
        return curve
      }
      let known = Dictionary(curve.map { ($0.x, $0) }, uniquingKeysWith: { first, _ in first })
      return steps.filter { $0 >= first && $0 <= last }.map {
        known[$0] ?? Plot.Point(x: $0, y: .nan)
      }
    }
  }
}

// MARK: - Names and colors

/// The examples that a quantity was measured on, as figures name and color them.
struct ExampleSet {
  let name: String

  init(_ name: String) { self.name = name }

  /// `test examples`; empty for none.
  var words: String {
    switch name {
    case "test": "test examples"
    case "train": "training examples"
    case "all": "all examples"
    default: name
    }
  }

  /// As in the figures of accuracy and loss, where training examples come first.
  var color: PlotColor { name == "test" ? .vermilion : .blue }
}

/// The name of a layer, or of a head of attention, as figures and tables write it.
struct LayerName {
  let name: String

  init(_ name: String) { self.name = name }

  /// `layer 0, head 3` of a head; any other name as it is.
  var words: String {
    HeadName(name).map { "layer \($0.layer), head \($0.head)" } ?? name
  }
}

/// A head of attention, which records name `0.3`: both numbers from 0.
struct HeadName {
  let layer: Int
  let head: Int

  /// `nil` for the name of something else.
  init?(_ name: String) {
    let parts = name.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 2, let layer = Int(parts[0]), let head = Int(parts[1]) else { return nil }
    (self.layer, self.head) = (layer, head)
  }
}

/// Layers by depth: the input in gray, then from indigo to gold.
struct LayerColors {
  private var colors: [String: PlotColor] = [:]

  init(_ layers: [String]) {
    let computed = layers.filter { $0 != inputLayer }
    for (place, layer) in computed.enumerated() {
      colors[layer] =
        computed.count == 1 ? .blue : .ramp(Double(place) / Double(computed.count - 1))
    }
  }

  subscript(layer: String) -> PlotColor { colors[layer] ?? .gray }
}

extension MeasuredQuantities.Quantity {
  /// `Capacity, test examples`.
  func title(_ examples: String) -> String {
    [title, ExampleSet(examples).words].filter { !$0.isEmpty }.joined(separator: ", ")
  }

  /// The vertical axis for these points: logarithmic where all are positive and span more than a factor of a
  /// hundred, unless the quantity has ends of its own.
  func axis(showing points: [Plot.Point]) -> Plot.Axis {
    let label = result.label(of: name)
    if let range = result.range { return .linear(label, range: range) }
    let values = points.map(\.y).filter(\.isFinite)
    guard let low = values.min(), let high = values.max(), low > 0, high / low > 100 else {
      return .linear(label)
    }
    return .logarithmic(label)
  }
}

extension Plot {
  fileprivate var lineNames: [String] { series.map(\.name) }
}

/// A name as that of a file: `-` in place of all but letters, digits, points and dashes.
func fileName(of name: String) -> String {
  String(name.map { $0.isLetter || $0.isNumber || ".-_".contains($0) ? $0 : "-" })
}

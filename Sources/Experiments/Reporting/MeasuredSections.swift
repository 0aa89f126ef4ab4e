import GrokReports

/// What a page says of the measures that were taken on the checkpoints of one training.
struct MeasuredSections {
  let quantities: MeasuredQuantities
  private let figures: LayerFigures
  /// Figures of several quantities together, by the topic that they are shown first in.
  private let leading: [String: [ReportFigure]]
  private let arrays: ArrayFigures
  private let changes: QuantityChanges

  /// - Parameter threshold: The test accuracy that counts as generalizing.
  /// - Parameter isInBits: Whether what is measured in nats is shown in bits.
  init(
    curves: RunCurves, arrays: MeasuredArrays, events: RunEvents, threshold: Double,
    isInBits: Bool = false
  ) {
    let markers = events.markers
    let inNats = MeasuredQuantities(curves.names)
    let inBits = isInBits ? inNats.inBits : (quantities: inNats, names: [])
    quantities = inBits.quantities
    let points = { (name: String) in
      let points = curves[name]?.points ?? []
      guard inBits.names.contains(name) else { return points }
      return points.map { point in
        var point = point
        point.y /= ln2
        point.lower = point.lower.map { $0 / ln2 }
        point.upper = point.upper.map { $0 / ln2 }
        return point
      }
    }
    figures = LayerFigures(quantities: quantities, markers: markers, points: points)
    leading = [
      "Information": PlaneFigures(quantities: quantities, points: points).figures
        + [PhaseFigures(quantities: quantities, points: points).figure].compactMap(\.self),
      "Temperature": PathFigures(arrays: arrays, markers: markers, points: points).figures,
      "Progress": ProgressFigures(arrays: arrays, markers: markers, points: points).figures,
      "Induction heads": InductionFigures(
        arrays: arrays, quantities: quantities, markers: markers, points: points
      ).figures,
    ]
    self.arrays = ArrayFigures(
      arrays: arrays, layers: quantities.layers, markers: markers, fitStep: events.fitStep)
    changes = QuantityChanges(curves, quantities: quantities, threshold: threshold)
  }

  /// What changes when, then a section a topic.
  var sections: [HTMLReport.Section] {
    let when = ChangeContents(changes: changes).contents
    return (when.isEmpty ? [] : [.init("What changes when", when)]) + topics
  }

  private var topics: [HTMLReport.Section] {
    var sections: [HTMLReport.Section] = []
    for (title, measures) in NamedMeasure.topics {
      var contents: [HTMLReport.Content] = []
      if let topic = quantities.topics.first(where: { $0.title == title }) {
        contents = figures.contents(of: topic)
      }
      contents = (leading[title] ?? []).map(\.content) + contents
      contents += arrayFigures(of: measures).map(\.content)
      guard !contents.isEmpty else { continue }
      if sections.isEmpty { contents.insert(.text(introduction), at: 0) }
      sections.append(.init(title, contents))
    }
    return sections
  }

  /// All figures, for files.
  var files: [ReportFigure] {
    NamedMeasure.topics.flatMap { leading[$0.title] ?? [] }
      + quantities.topics.flatMap(figures.figures(of:)).map {
        ReportFigure(name: $0.name, grid: $0.grid, caption: $0.meaning)
      } + NamedMeasure.topics.flatMap { arrayFigures(of: $0.measures) }
  }

  private func arrayFigures(of measures: [NamedMeasure]) -> [ReportFigure] {
    measures.flatMap(\.results).flatMap { arrays.figures(of: $0.key, $0.value) }
  }

  private var introduction: String {
    var words = "Measured on the stored checkpoints."
    if quantities.layers.count > 1 {
      words +=
        " Lines are layers: the input in gray, then from indigo to gold with depth. Test and training examples share "
        + "one scale."
    }
    if quantities.layers.contains(inputLayer) {
      words += " The input stays the same at all steps."
    }
    return words + " Bands are one standard error to each side, where a measure has one."
  }
}

/// Nats in a bit.
private let ln2 = 0.693_147_180_559_945_3

extension RunCurves.Curve {
  /// The points of the curve with their errors.
  var points: [Plot.Point] {
    values.indices.map { index in
      let error = errors.isEmpty ? .nan : errors[index]
      return Plot.Point(
        x: Double(steps[index]), y: values[index], error: error.isNaN ? nil : error)
    }
  }
}

import GrokMeasures
import GrokReports

/// Figures of how attention heads come to continue what has come before: their scores, and learning in context.
struct InductionFigures {
  let arrays: MeasuredArrays
  let quantities: MeasuredQuantities
  var markers: [Plot.Marker] = []
  /// The points of a curve by the name of its records, by rising steps.
  let points: (String) -> [Plot.Point]

  /// All figures in the order of a page.
  var figures: [ReportFigure] {
    [learning, heads, trajectory].compactMap(\.self)
  }

  // MARK: Learning in context

  private var learning: ReportFigure? {
    guard let set = sets(of: "inContextLearning").first else { return nil }
    let change = change(set)
    let spans = spans(change)
    let name = ExampleSet(set).words
    func plot(_ title: String, _ y: Plot.Axis, _ series: [Plot.Series]) -> Plot {
      Plot(
        title, x: .logarithmicWithZero("Step"), y: y, series: series, markers: markers,
        spans: spans, legend: series.count > 1 ? .above : .none, size: .half)
    }
    var plots = [
      plot(
        "In-context learning, \(name)", .linear("Late less early loss (nats)"),
        [Plot.Series("score", points: points("\(set)/inContextLearning"), color: .blue)])
    ]
    let losses = ["train", "test"].compactMap { examples -> Plot.Series? in
      let points = points("\(examples)/loss")
      return points.isEmpty
        ? nil : Plot.Series(examples, points: points, color: ExampleSet(examples).color)
    }
    if !losses.isEmpty { plots.append(plot("Loss of a token", .linear("Loss (nats)"), losses)) }
    return ReportFigure(
      name: "phase-change", grid: PlotGrid(plots: plots, isLettered: false),
      caption: "In-context learning is the loss late in a sequence less that early in it. "
        + words(change, set))
  }

  private func words(_ change: PhaseChange?, _ set: String) -> String {
    guard let change else {
      return PhaseChange.series(points("\(set)/inContextLearning")) == nil
        ? "There are too few checkpoints to find a phase change."
        : "It does not fall by 0.2 nats: there is no phase change."
    }
    func step(_ step: Int?) -> String { step.map { "step \(Readable.count($0))" } ?? "no step" }
    return
      "Tinted is its fall, from a tenth to nine tenths of it, steepest at \(step(change.step)). The loss falls fastest at "
      + "\(step(change.lossStep)), and the largest prefix matching rises fastest at \(step(change.prefixMatchingStep)): "
      + (change.isCoincident
        ? "together, a phase change as where induction heads form."
        : "one of them not in this stretch, or prefix matching by less than 0.2, so that it is no sign of induction heads.")
  }

  private func change(_ set: String) -> PhaseChange? {
    .recorded(
      of: set, matching: members("prefixMatching", set).map(\.name), points: points)
  }

  /// What the fall of the score is called.
  private static func name(of change: PhaseChange) -> String {
    change.isCoincident ? "phase change" : "fall of the score"
  }

  private func spans(_ change: PhaseChange?) -> [Plot.Span] {
    change.map {
      [
        .init(
          from: Double($0.windowStart), to: Double($0.windowEnd), Self.name(of: $0), color: .gold)
      ]
    } ?? []
  }

  // MARK: Heads

  private static let scores: [(name: String, range: ClosedRange<Double>)] = [
    ("prefixMatching", 0...1), ("previousToken", 0...1), ("copying", -1...1),
  ]

  /// A row for each layer, a column for each score, a line for each head.
  private var heads: ReportFigure? {
    guard let set = sets(of: "prefixMatching").first else { return nil }
    let shown = Self.scores.filter { !members($0.name, set).isEmpty }
    let names = members("prefixMatching", set).compactMap { HeadName($0.layer) }
    let headCount = (names.map(\.head).max() ?? 0) + 1
    let spans = spans(change(set))
    var plots: [Plot] = []
    for layer in distinct(names.map(\.layer)).sorted() {
      for score in shown {
        guard let quantity = quantities.quantities.first(where: { $0.name == score.name }) else {
          continue
        }
        let series = members(score.name, set).compactMap { member -> Plot.Series? in
          guard let name = HeadName(member.layer), name.layer == layer else { return nil }
          let place = headCount == 1 ? 0 : Double(name.head) / Double(headCount - 1)
          return Plot.Series(
            "head \(name.head)", points: points(member.name), color: .ramp(place))
        }
        plots.append(
          Plot(
            "Layer \(layer), \(quantity.title.prefix(1).lowercased() + quantity.title.dropFirst())",
            x: .logarithmicWithZero("Step"), y: .linear("", range: score.range), series: series,
            spans: spans, legend: plots.isEmpty ? .above : .none, size: .third))
      }
    }
    guard !plots.isEmpty else { return nil }
    return ReportFigure(
      name: "head-scores",
      grid: PlotGrid(plots: plots, columnCount: shown.count, isLettered: false),
      caption:
        "What each head looks at and does, a row a layer and a line a head; layers and heads count from 0. Prefix matching: attention to "
        + "what followed earlier copies of the token, in random tokens that repeat. Attention to the token before: in the "
        + "\(ExampleSet(set).words). Copying: how much a head raises the tokens it looks at. A high score says what a head could do, "
        + "not that the network relies on it; what it loses without the head does. Tinted: the fall of the in-context-learning score."
    )
  }

  // MARK: Losses of tokens

  /// The path of the training in the plane of its losses.
  private var trajectory: ReportFigure? {
    guard let stack = arrays.stacks(of: "lossTrajectory").first, stack.shape.first ?? 0 >= 2 else {
      return nil
    }
    let shares = arrays.vector(named: stack.prefix + "lossTrajectoryExplained") ?? []
    func label(_ component: Int) -> String {
      guard shares.indices.contains(component) else { return "Direction \(component + 1)" }
      let share = Readable.number(100 * shares[component], significantDigits: 2)
      return "Direction \(component + 1), nats (\(share) %)"
    }
    var events: [PathPlane.Event] = []
    if let change = change(stack.examples) {
      events = [
        .init(name: Self.name(of: change) + " begins", step: Double(change.windowStart)),
        .init(name: "steepest", step: Double(change.step)),
        .init(name: "ends", step: Double(change.windowEnd)),
      ]
    }
    func column(_ column: Int) -> [Double] {
      stack.steps.indices.map { stack[$0][stack[$0].startIndex + column] }
    }
    let plane = PathPlane(
      steps: stack.steps.map(Double.init), x: column(0), y: column(1), events: events)
    var plots = [plane.plot("Path of the losses of tokens", x: label(0), y: label(1))]
    if let losses = lossMap(stack.examples) { plots.append(losses) }
    return ReportFigure(
      name: "loss-trajectory", grid: PlotGrid(plots: plots, isLettered: false),
      caption:
        "Left: the losses of one token of each of the \(ExampleSet(stack.examples).words) along the two directions in which they vary most "
        + "over the checkpoints; a turn is where other tokens begin to get better. A path of this kind turns for other reasons too, as that of "
        + "a random walk does. Right: the mean loss at each position, where position 1 predicts the second token; lines are where the fall of the in-context-learning score begins and ends."
    )
  }

  /// Loss by position and step.
  private func lossMap(_ set: String) -> Plot? {
    guard let stack = arrays.stacks(of: "positionLoss").first(where: { $0.examples == set }),
      let count = stack.shape.first, stack.shape.count == 1
    else { return nil }
    let byStep = Matrix<Double>(
      values: stack.values, rowCount: stack.steps.count, columnCount: count)
    let bounds = change(set).map { [$0.windowStart, $0.windowEnd] } ?? []
    return Plot(
      "Loss by position", x: .logarithmicWithZero("Step"), y: .linear("Position"),
      markers: bounds.map { Plot.Marker(at: Double($0), "") },
      heatMap: Plot.HeatMap(
        byStep.transposed, x: .numbers(stack.steps.map(Double.init)),
        y: .numbers((1...count).map(Double.init))),
      colorScale: .sequential("Loss (nats)"), size: .half)
  }

  // MARK: Records

  private func members(_ quantity: String, _ set: String) -> [MeasuredQuantities.Member] {
    quantities.quantities.first { $0.name == quantity }?.members.filter { $0.examples == set } ?? []
  }

  private func sets(of quantity: String) -> [String] {
    quantities.quantities.first { $0.name == quantity }?.sets ?? []
  }
}

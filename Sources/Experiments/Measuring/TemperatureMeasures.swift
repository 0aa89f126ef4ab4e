import GrokMeasures
import GrokTraining

// Measures of what `record.motion` has recorded at the steps of a training.

extension NamedMeasure {
  /// How a network cools, and which of its parts take the loss down.
  static let temperature = [
    NamedMeasure(
      name: "cooling",
      summary: "nine claims about how networks cool, asked of the recorded gradients",
      results: [
        "cooling/exponential": "C1, share of components whose cooling is exponential",
        "cooling/quickConvolutions": "C2, convolutions that halve within an epoch",
        "cooling/mostlyNoise": "C3, share of components that are mostly noise after they halved",
        "cooling/batchNormRebound": "C4, share of batch normalizations that get warmer again",
        "cooling/downsampleRebound": "C5, the same of the downsampling branches",
        "cooling/noisyBiases":
          "C6, median difference in noise of biases and the weights beside them, nats",
        "cooling/laterIsLater": "C7, Spearman's correlation of depth and half-cooling time",
        "cooling/lastIsSlowest": "C8, rank of the last layer, 1 the slowest",
        "cooling/dipsAndRebounds": "C9, share of components with more dips than surrogates",
        "coolingScaleFree/batchNormRebound": "C4 of ‖g‖ ‖w‖",
        "coolingScaleFree/downsampleRebound": "C5 of ‖g‖ ‖w‖",
        "coolingVerdict/N": "1 where a claim holds of the run, 0 where not, 0.5 where of some",
      ],
      options: [],
      source: "the notes of the first program that plotted it; Mann–Kendall, Wilcoxon, Spearman",
      body: .training(CoolingMeasure())),
    NamedMeasure(
      name: "heatBudget",
      summary: "how much of the fall of the loss each kind of parameter brought about",
      results: [
        "heatBudget/explained": "what updates along gradients explain, in units of the loss",
        "heatBudget/fall": "the fall of the recorded losses",
        "heatBudget/share/N": "share of a kind of parameter",
        "heatEntropy": "entropy of the shares of ‖g‖², mean over steps, nats",
      ],
      options: [], source: "Lan et al., NeurIPS 2019 (loss change allocation)",
      body: .training(HeatBudgetMeasure())),
    NamedMeasure(
      name: "heatFlow",
      summary: "which kinds of parameters get warm ahead of which others",
      results: [
        "heatFlow/pairs":
          "pairs of kinds whose heats go together, at a false discovery rate of 0.05",
        "heatFlow/causes":
          "ordered pairs where one's past helps to predict the other, others known, at 0.05",
        "heatFlowCorrelation": "array: largest lagged correlation of each pair of kinds",
        "heatFlowLead": "array: by how many records the row is ahead of the column",
        "heatFlowRate":
          "array: false discovery rate of that correlation beside series with random phases",
        "heatFlowCauseRate":
          "array: false discovery rate of Granger's test that the row helps to predict the column, others known",
        "heatFlowPlace/N": "array: the row and column of a kind of parameter, from 0",
      ],
      options: [],
      source:
        "lagged correlation beside series with random phases; Granger, Econometrica 37, 424 (1969)",
      body: .training(HeatFlowMeasure())),
    NamedMeasure(
      name: "stageMotion",
      summary: "how straight each stage of the network went, and how much it cooled",
      results: [
        "stageStraightness/N": "distance from the start over the length of the path, from 0 to 1",
        "stageCooling/N":
          "logarithm of the temperature ‖g‖ at the end of the stage's training over that at its beginning",
        "stageSteps/N": "updates in which the stage was trained",
      ],
      options: [], source: "temperatures of all parameters of a stage; straightness of its path",
      body: .training(StageMotionMeasure())),
    componentTemperature,
  ]
}

extension MotionTable {
  /// The recorded motion of a stored training.
  ///
  /// - Throws: `MeasureError.undefined` where none was recorded.
  static func of<Scalar>(_ training: MeasuredTraining<Scalar>, measure: String) throws
    -> MotionTable
  {
    guard MotionTable.exists(inRun: training.stored.directory) else {
      throw MeasureError.undefined(
        measure: measure,
        reason: "the run has recorded no motion; train with record.motion=norms")
    }
    return try MotionTable(ofRun: training.stored.directory)
  }

  /// The parameters that are warm at every step: those of which a temperature is 0 have no logarithm.
  func warmTemperatures(_ temperature: MotionQuantity = .gradientNorm) throws -> (
    norms: HeatTable, components: [MotionComponent]
  ) {
    let whole = columns.components.filter { $0.head == nil }
    let norms = try heatTable(temperature, of: whole)
    let warm = whole.indices.filter { column in
      norms.values.column(column).allSatisfy { $0 > 0 }
    }
    return (
      try HeatTable(
        steps: norms.steps, names: warm.map { norms.names[$0] },
        values: norms.values.selectingColumns(warm)), warm.map { whole[$0] }
    )
  }
}

// MARK: - Claims

private struct CoolingMeasure: TrainingMeasure {
  var readsExamples: Bool { false }

  func findings<Scalar>(
    of training: MeasuredTraining<Scalar>, on examples: LabeledExamples, _ context: MeasureContext
  ) throws -> (steps: [Int: Findings], all: Findings) {
    let table = try MotionTable.of(training, measure: "cooling")
    let (norms, parts) = try table.warmTemperatures()
    func record(_ temperatures: HeatTable, of parts: [MotionComponent]) throws -> CoolingRecord {
      try CoolingRecord(
        temperatures: temperatures, components: parts.map(\.component),
        weightCounts: parts.map(\.count))
    }
    let raw = try record(norms, of: parts)
    let epoch = training.experiment.stepsPerEpoch
    var all = Findings()
    // A claim about parts that a network has not got is left out.
    func ask(_ group: String, _ claim: () throws -> ClaimEvidence) throws {
      do {
        let evidence = try claim()
        all.add("\(group)/\(evidence.claim.rawValue)", values: [evidence.statistic])
        let verdict: Double =
          switch evidence.verdict {
          case .confirmed: 1
          case .notConfirmed: 0
          case .depends: 0.5
          }
        if group == "cooling" {
          all.add("coolingVerdict/\(evidence.claim.rawValue)", values: [verdict])
        }
      } catch MeasureError.undefined {
      }
    }
    try ask("cooling") { try raw.exponentialCooling() }
    try ask("cooling") { try raw.quickConvolutions(epochSteps: epoch) }
    try ask("cooling") { try raw.mostlyNoise() }
    try ask("cooling") { try raw.batchNormRebound() }
    try ask("cooling") { try raw.downsampleRebound() }
    try ask("cooling") { try raw.noisyBiases() }
    try ask("cooling") { try raw.laterIsLater() }
    try ask("cooling") { try raw.lastIsSlowest() }
    try ask("cooling") {
      try raw.dipsAndRebounds(workers: context.workers, key: context.key.fork("dips"))
    }
    // A shift that begins at 0 has no such temperature there.
    let scaleFree = try table.warmTemperatures(.scaleFreeGradientNorm)
    let free = try record(scaleFree.norms, of: scaleFree.components)
    try ask("coolingScaleFree") { try free.batchNormRebound() }
    try ask("coolingScaleFree") { try free.downsampleRebound() }
    return ([:], all)
  }
}

// MARK: - Heat

private struct HeatBudgetMeasure: TrainingMeasure {
  var readsExamples: Bool { false }

  func findings<Scalar>(
    of training: MeasuredTraining<Scalar>, on examples: LabeledExamples, _ context: MeasureContext
  ) throws -> (steps: [Int: Findings], all: Findings) {
    let table = try MotionTable.of(training, measure: "heatBudget")
    let budget = try table.heatBudget()
    let kinds = Dictionary(
      table.columns.components.map { ($0.name, $0.component.kind.rawValue) },
      uniquingKeysWith: { first, _ in first })
    var all = Findings()
    all.add("heatBudget/explained", values: [budget.explainedDrop])
    all.add("heatBudget/fall", values: [budget.lossDrop])
    for (kind, parts) in Dictionary(grouping: budget.parts, by: { kinds[$0.name] ?? "other" })
      .sorted(by: { $0.key < $1.key })
    {
      let share = parts.reduce(0) { $0 + ($1.share ?? .nan) }
      if share.isFinite { all.add("heatBudget/share/\(kind)", values: [share]) }
    }
    let (norms, _) = try table.warmTemperatures()
    let entropies = try heatShares(of: norms.squared()).entropies
    all.add("heatEntropy", values: [entropies.reduce(0, +) / Double(entropies.count)])
    return ([:], all)
  }
}

private struct HeatFlowMeasure: TrainingMeasure {
  var readsExamples: Bool { false }

  /// As many records as pairs are compared over; more are thinned.
  private static let recordLimit = 4_000

  func findings<Scalar>(
    of training: MeasuredTraining<Scalar>, on examples: LabeledExamples, _ context: MeasureContext
  ) throws -> (steps: [Int: Findings], all: Findings) {
    let table = try MotionTable.of(training, measure: "heatFlow")
    let (norms, parts) = try table.warmTemperatures()
    var heat = try norms.squared().summed(by: parts.map(\.component.kind.rawValue))
    if heat.recordCount > Self.recordLimit {
      let stride = (heat.recordCount + Self.recordLimit - 1) / Self.recordLimit
      let rows = (0..<heat.recordCount / stride).map { $0 * stride }
      heat = try HeatTable(
        steps: rows.map { heat.steps[$0] }, names: heat.names,
        values: heat.values.selectingRows(rows))
    }
    let count = heat.componentCount
    guard count >= 2 else {
      throw MeasureError.undefined(
        measure: "heatFlow", reason: "the network has one kind of parameter")
    }
    let series = try detrendedLogHeat(of: heat, removesCommonFactor: count > 2)
    let flows = try heatFlows(
      between: series, workers: context.workers, key: context.key.fork("flows"))
    var correlations = Matrix<Double>(rowCount: count, columnCount: count)
    var leads = Matrix<Double>(rowCount: count, columnCount: count)
    let unknown = [Double](repeating: .nan, count: count * count)
    var rates = Matrix(values: unknown, rowCount: count, columnCount: count)
    for flow in flows {
      guard let row = heat.names.firstIndex(of: flow.first),
        let column = heat.names.firstIndex(of: flow.second)
      else { continue }
      let lags = flow.correlations.count / 2
      let peak = flow.correlations[flow.lead + lags]
      (correlations[row, column], correlations[column, row]) = (peak, peak)
      (leads[row, column], leads[column, row]) = (Double(flow.lead), Double(-flow.lead))
      (rates[row, column], rates[column, row]) = (flow.falseDiscoveryRate, flow.falseDiscoveryRate)
    }
    var all = Findings()
    all.add(
      "heatFlow/pairs", values: [Double(flows.count { $0.falseDiscoveryRate < 0.05 })])
    all.add("heatFlowCorrelation", correlations)
    all.add("heatFlowLead", leads)
    all.add("heatFlowRate", rates)
    for (place, kind) in heat.names.enumerated() {
      all.add("heatFlowPlace/\(kind)", values: [Double(place)])
    }
    if let causes = try? grangerFlows(
      between: detrendedLogHeat(of: heat), conditioning: .all)
    {
      all.add("heatFlow/causes", values: [Double(causes.flows().count)])
      all.add(
        "heatFlowCauseRate",
        Matrix(rows: causes.falseDiscoveryRates.map { $0.map { $0 ?? .nan } }))
    }
    return ([:], all)
  }
}

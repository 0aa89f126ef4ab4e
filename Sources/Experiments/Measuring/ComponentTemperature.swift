import GrokMeasures
import GrokTraining

extension NamedMeasure {
  /// How warm each parameter is at the checkpoints, among whatever else is measured at these.
  static let componentTemperature = NamedMeasure(
    name: "componentTemperature",
    summary: "how warm each parameter is around each checkpoint, from every recorded step",
    results: [
      "temperature": .init(
        "‖g‖, geometric mean over the steps within 3 % of the checkpoint's",
        title: "Temperature ‖g‖",
        isOfFactors: true),
      "temperature/scaleFree": .init(
        "‖g‖ ‖w‖, likewise", title: "Scale-free temperature ‖g‖ ‖w‖", isMinor: true,
        isOfFactors: true),
      "temperature/step": .init(
        "‖d‖, the update, likewise", title: "Step ‖d‖", isMinor: true, isOfFactors: true),
      "temperature/gradientPart": .init(
        "‖d + ηλw‖, the update without decay, likewise", title: "Gradient part of the step",
        isMinor: true, isOfFactors: true),
    ],
    options: [],
    source: "the first program that plotted norms of gradients; ‖g‖ ‖w‖: van Laarhoven (2017)",
    body: .training(ComponentTemperatureMeasure()))
}

/// Norms of a run's table of motion, averaged around the steps of its checkpoints: the same steps as those of all other
/// measures, so that changes of both can be put beside each other.
private struct ComponentTemperatureMeasure: TrainingMeasure {
  var readsExamples: Bool { false }
  var isOfParameters: Bool { true }

  private static let quantities: [(name: String, quantity: MotionQuantity)] = [
    ("temperature", .gradientNorm), ("temperature/scaleFree", .scaleFreeGradientNorm),
    ("temperature/step", .updateNorm), ("temperature/gradientPart", .gradientPartNorm),
  ]

  /// What the averages reach to either side, as a share of the step.
  private static let reach = 0.03

  func findings<Scalar>(
    of training: MeasuredTraining<Scalar>, on examples: LabeledExamples, _ context: MeasureContext
  ) throws -> (steps: [Int: Findings], all: Findings) {
    let table = try MotionTable.of(training, measure: "componentTemperature")
    let steps = try table.steps()
    guard let first = steps.first, let last = steps.last else {
      throw MeasureError.tooFewSamples(measure: "componentTemperature", found: 0, needed: 1)
    }
    let parameters = table.columns.components.indices.filter {
      table.columns.components[$0].head == nil
    }
    var result: [Int: Findings] = [:]
    for (name, quantity) in Self.quantities {
      let series = try table.series(quantity, of: parameters)
      // The norm of all parameters is that of the whole.
      let whole = steps.indices.map { row in
        series.reduce(0) { $0 + $1[row] * $1[row] }.squareRoot()
      }
      for checkpoint in training.checkpoints where (first...last + 1).contains(checkpoint.step) {
        let rows = Self.rows(around: checkpoint.step, of: steps)
        var findings = result[checkpoint.step] ?? Findings()
        for (index, values) in series.enumerated() {
          guard let mean = Self.geometricMean(values[rows]) else { continue }
          findings.add("\(name)/\(table.columns.components[parameters[index]].name)", mean)
        }
        if let mean = Self.geometricMean(whole[rows]) { findings.add("\(name)/all", mean) }
        result[checkpoint.step] = findings
      }
    }
    return (result, Findings())
  }

  /// The records within reach of a step, at least the nearest one.
  private static func rows(around step: Int, of steps: [Int]) -> Range<Int> {
    let apart = Int((Double(step) * reach).rounded(.down))
    let lower = steps.partitionPoint { $0 >= step - apart }
    let upper = steps.partitionPoint { $0 > step + apart }
    guard lower == upper else { return lower..<upper }
    let nearest =
      lower == steps.count || (lower > 0 && step - steps[lower - 1] <= steps[lower] - step)
      ? lower - 1 : lower
    return nearest..<nearest + 1
  }

  /// `nil` where one of the values is not above 0.
  private static func geometricMean(_ values: ArraySlice<Double>) -> Double? {
    guard values.allSatisfy({ $0 > 0 && $0.isFinite }) else { return nil }
    return power10(values.reduce(0) { $0 + logarithm10($1) } / Double(values.count))
  }
}

extension [Int] {
  /// The first place whose element fulfills what all later ones do too.
  fileprivate func partitionPoint(_ isBehind: (Int) -> Bool) -> Int {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if isBehind(self[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}

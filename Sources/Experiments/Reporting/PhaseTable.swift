import GrokMeasures
import GrokReports
import GrokTraining

/// The phases of information over several runs: falling, rising, falling again, with intervals over the runs.
struct PhaseTable {
  let quantities: MeasuredQuantities
  let group: MeasuredGroup

  /// The tables of what spans the planes; empty for fewer than three runs.
  var contents: [HTMLReport.Content] {
    let names = PlaneFigures.axes.flatMap { [$0.input, $0.labels] }
    let rows = quantities.quantities.filter { names.contains($0.name) }
      .flatMap { quantity in quantity.members.compactMap { row(quantity, $0) } }
    guard !rows.isEmpty else { return [] }
    let columns = [
      "Quantity", "Examples", "Layer", "Minimum at step", "Maximum at step", "Fall to the minimum",
      "Rise to the maximum", "Fall to the end",
    ]
    return [
      .text(
        """
        The largest rise of each curve, and what comes before and after it: means over runs with 95 % bootstrap intervals. The amounts of each run are \
        read where the other runs have their minimum and maximum, so that they are 0 on average where there is no such phase; below 0 the curve \
        goes the other way. The steps are those of each run's own extrema.
        """),
      .table(.init(columns: columns, rows: rows)),
    ]
  }

  private func row(
    _ quantity: MeasuredQuantities.Quantity, _ member: MeasuredQuantities.Member
  ) -> [String]? {
    let runs = (group.curves[member.name] ?? []).compactMap { curve in
      try? RecordedSeries(steps: curve.steps, values: curve.values)
    }
    guard member.layer != inputLayer,
      let phases = try? informationPhases(over: runs, key: RandomKey(seed: 0).fork("phases"))
    else { return nil }
    func amount(_ quantity: InformationPhasesEstimate.Quantity) -> String {
      text(quantity) { Readable.number($0, significantDigits: 3) }
    }
    func step(_ quantity: InformationPhasesEstimate.Quantity) -> String {
      text(quantity) { $0 < 0 ? "0" : Readable.count(Int(power10($0).rounded())) }
    }
    return [
      quantity.title, member.examples, member.layer, step(phases.minimumDecades),
      step(phases.maximumDecades), amount(phases.fall), amount(phases.rise),
      amount(phases.compression),
    ]
  }

  private func text(
    _ quantity: InformationPhasesEstimate.Quantity, _ word: (Double) -> String
  ) -> String {
    guard let lower = quantity.interval.lower, let upper = quantity.interval.upper else {
      return word(quantity.mean)
    }
    return "\(word(quantity.mean)) (\(word(lower)) to \(word(upper)))"
  }
}

import GrokMeasures
import GrokTraining

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// How the stages of a network moved and cooled, from the recorded motion of their parameters.
///
/// With the gradient g, the update d and the displacement w − w₀ of all parameters of a stage: the straightness
/// ‖w − w₀‖ / Σ ‖d‖ over all steps but the last, and the cooling ln(T₁ / T₀) of the temperature ‖g‖ from its mean over the
/// first tenth of the steps in which the stage was trained to that over the last. What was never trained has neither.
struct StageMotionMeasure: TrainingMeasure {
  var readsExamples: Bool { false }

  func findings<Scalar>(
    of training: MeasuredTraining<Scalar>, on examples: LabeledExamples, _ context: MeasureContext
  ) throws -> (steps: [Int: Findings], all: Findings) {
    let table = try MotionTable.of(training, measure: "stageMotion")
    guard table.columns.quantities.contains(.displacement),
      try table.steps() == Array(0..<table.rowCount)
    else {
      throw MeasureError.undefined(
        measure: "stageMotion",
        reason:
          "the run has not recorded every step's distance from the start; train with record.motion=everything"
      )
    }
    var all = Findings()
    for stage in training.experiment.model.stages {
      let places = stage.parameterNames.compactMap { table.columns.component(named: $0) }
      func norms(_ quantity: MotionQuantity) throws -> [Double] {
        var squares = [Double](repeating: 0, count: table.rowCount)
        for series in try table.series(quantity, of: places) {
          for (row, value) in series.enumerated() { squares[row] += value * value }
        }
        return squares.map { $0.squareRoot() }
      }
      let lengths = try norms(.updateNorm)
      // The displacement of a row is that before its update.
      let path = lengths.dropLast().reduce(0, +)
      guard path > 0, let last = try norms(.displacement).last else { continue }
      all.add("stageStraightness/\(stage.name)", values: [last / path])
      let temperatures = try norms(.gradientNorm)
      let trained = temperatures.indices.filter { lengths[$0] > 0 && temperatures[$0] > 0 }
      let tenth = max(1, trained.count / 10)
      func mean(_ rows: ArraySlice<Int>) -> Double {
        rows.reduce(0) { $0 + temperatures[$1] } / Double(rows.count)
      }
      guard trained.count >= 2 else { continue }
      all.add(
        "stageCooling/\(stage.name)",
        values: [log(mean(trained.suffix(tenth)) / mean(trained.prefix(tenth)))])
      all.add("stageSteps/\(stage.name)", values: [Double(trained.count)])
    }
    return ([:], all)
  }
}

import GrokReports
import GrokTraining

/// Figures of how a network comes to compute on a cycle: its losses with the phases of its training.
struct ProgressFigures {
  let arrays: MeasuredArrays
  var markers: [Plot.Marker] = []
  /// The points of a curve by the name of its records, by rising steps.
  let points: (String) -> [Plot.Point]

  /// All figures in the order of a page.
  var figures: [ReportFigure] { [losses].compactMap(\.self) }

  /// The curves by their records, with their names and colors.
  private static let curves: [(record: String, name: String, color: PlotColor, isDashed: Bool)] = [
    ("train/loss", "train", .blue, false), ("test/loss", "test", .vermilion, false),
    ("all/restrictedLoss", "restricted, all pairs", .green, true),
    ("train/excludedLoss", "excluded, training pairs", .purple, true),
  ]

  private var losses: ReportFigure? {
    let series = Self.curves.compactMap { curve -> Plot.Series? in
      let points = points(curve.record).filter { $0.y > 0 }
      return points.isEmpty
        ? nil
        : Plot.Series(curve.name, points: points, color: curve.color, isDashed: curve.isDashed)
    }
    let values = series.flatMap(\.points).map(\.y).filter(\.isFinite)
    guard series.contains(where: { $0.isDashed }), let low = values.min(), let high = values.max()
    else { return nil }
    let last = series.flatMap(\.points).map(\.x).max() ?? 0
    let phases = ProgressPhaseSpans(arrays: arrays, lastStep: last)
    // Room for the names of the phases above the curves.
    let decades = max(1, logarithm10(high / low))
    let range = low / power10(0.03 * decades)...high * power10(0.14 * decades)
    let plot = Plot(
      "Losses and phases", x: .logarithmicWithZero("Step"),
      y: .logarithmic("Loss (nats)", range: range), series: series, markers: markers,
      spans: phases.spans, legend: .above, size: Plot.Size(width: 860, height: 430))
    return ReportFigure(
      name: "progress-phases", grid: PlotGrid(plots: [plot], isLettered: false),
      caption:
        "Losses on training and test pairs; restricted: of the key frequencies and the mean of the logits alone; excluded: "
        + "of the logits without the key frequencies, on the pairs trained on. " + phases.words
        + " Key frequencies are those of the last checkpoint: what another solution on the way used is not seen."
    )
  }
}

/// The phases that the measure of progress has found, as tinted stretches of the axis of steps.
private struct ProgressPhaseSpans {
  let spans: [Plot.Span]
  let words: String

  /// - Parameter lastStep: Where a phase that has not ended is drawn to.
  init(arrays: MeasuredArrays, lastStep: Double) {
    guard let steps = arrays.array("progressPhases"), steps.count == 3 else {
      (spans, words) = ([], "There are too few checkpoints to tell phases.")
      return
    }
    let bounds = steps.map { $0.isFinite ? $0 : nil }
    let (turn, fall, end) = (bounds[0], bounds[1], bounds[2])
    var spans: [Plot.Span] = []
    func add(_ name: String, from start: Double, to end: Double, _ color: PlotColor) {
      if end > start { spans.append(.init(from: start, to: end, name, color: color)) }
    }
    if let turn {
      add("memorisation", from: 0, to: min(turn, fall ?? turn), .blue)
      add("circuit formation", from: turn, to: fall ?? lastStep, .gold)
    }
    if let fall { add("cleanup", from: fall, to: end ?? lastStep, .green) }
    self.spans = spans
    func text(_ step: Double?) -> String {
      step.map { "step \(Readable.count(Int($0)))" } ?? "no step"
    }
    words =
      "Memorisation ends at \(text(turn)), where the excluded loss turns around; cleanup begins at \(text(fall)), where the "
      + "steepest lasting fall of the test loss begins, and ends at \(text(end)), where the test loss is below twice its last level."
  }
}

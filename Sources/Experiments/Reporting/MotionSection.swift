import GrokReports
import GrokTraining

/// What a page says of the recorded motion of the weights.
struct MotionSection {
  /// The heading, also of what measures of motion have found.
  static let title = "Temperature"

  private let figures: [ReportFigure]

  /// Nothing where a run has no table of motion, or one without rows or that cannot be read.
  ///
  /// - Parameter hasOneLoss: Whether all steps are on the same examples, unchanged.
  init(folder: String, markers: [Plot.Marker], hasOneLoss: Bool) {
    figures = (try? Self.figures(folder, markers, hasOneLoss)) ?? []
  }

  private static func figures(_ folder: String, _ markers: [Plot.Marker], _ hasOneLoss: Bool) throws
    -> [ReportFigure]
  {
    guard MotionTable.exists(inRun: folder) else { return [] }
    let table = try MotionTable(ofRun: folder)
    guard table.rowCount > 1 else { return [] }
    let temperature = try TemperatureFigures(table, markers: markers).figures
    let heat = try HeatFigures(table, markers: markers, hasOneLoss: hasOneLoss).figures
    return [temperature[0], heat[0]] + temperature.dropFirst() + heat.dropFirst()
  }

  /// The section of a page, if there is anything to show; what only explains is folded away.
  var sections: [HTMLReport.Section] {
    guard !figures.isEmpty else { return [] }
    let contents = figures.contents(foldedUnder: "More of the motion of the weights")
    return [.init(Self.title, contents)]
  }

  /// All figures, for files.
  var files: [ReportFigure] { figures }
}

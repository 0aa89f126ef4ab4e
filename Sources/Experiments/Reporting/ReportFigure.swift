import GrokReports

/// A figure of a report, with the name of its file and what it shows.
struct ReportFigure {
  /// The name of its file, without what says the format.
  var name: String
  var grid: PlotGrid
  /// What it shows, and what it does not.
  var caption: String
  /// Whether it only explains others, so that a page folds it away.
  var isMinor = false
  /// Numbers below it; `nil` for none.
  var table: HTMLReport.Table?

  /// The figure on a page, with its table.
  var contents: [HTMLReport.Content] {
    [.figure(grid, caption: caption)] + (table.map { [.table($0)] } ?? [])
  }
}

extension [ReportFigure] {
  /// The figures on a page; what only explains others is folded away under a title.
  func contents(foldedUnder title: String) -> [HTMLReport.Content] {
    let folded = filter(\.isMinor).flatMap(\.contents)
    return filter { !$0.isMinor }.flatMap(\.contents)
      + (folded.isEmpty ? [] : [.details(title, folded)])
  }
}

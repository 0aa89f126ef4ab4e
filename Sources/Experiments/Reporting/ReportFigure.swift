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

  /// The figure on a page.
  var content: HTMLReport.Content { .figure(grid, caption: caption) }
}

extension [ReportFigure] {
  /// The figures on a page; what only explains others is folded away under a title.
  func contents(foldedUnder title: String) -> [HTMLReport.Content] {
    let folded = filter(\.isMinor).map(\.content)
    return filter { !$0.isMinor }.map(\.content)
      + (folded.isEmpty ? [] : [.details(title, folded)])
  }
}

/// Several plots in one drawing, side by side, stacked, or both.
///
/// The axes of a column start at the same place and those of a row end at the same height, so that
/// the same step can be followed from one plot to the next.
public struct PlotGrid: Sendable, Hashable {
  /// The heading above all plots; empty for none.
  public var title: String
  /// The plots, row by row.
  public var plots: [Plot]
  /// How many plots stand side by side.
  public var columnCount: Int
  /// Whether the plots are lettered a, b, c, … ahead of their titles, for captions to refer to.
  public var isLettered: Bool

  /// The given plots, `columnCount` to a row.
  ///
  /// - Precondition: `columnCount` is positive.
  public init(
    _ title: String = "", plots: [Plot], columnCount: Int = 2, isLettered: Bool = true
  ) {
    precondition(columnCount > 0, "PlotGrid: \(columnCount) columns")
    self.title = title
    self.plots = plots
    self.columnCount = columnCount
    self.isLettered = isLettered
  }
}

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
  /// Whether the plots are small multiples of one another: the same ranges and color scale for all,
  /// numbers and labels at the outer plots only, one legend in the first plot and one color bar at the
  /// end of each row. Areas are then equally large.
  public var sharesAxes: Bool

  /// The given plots, `columnCount` to a row.
  ///
  /// ```swift
  /// let grid = PlotGrid(
  ///   "Test accuracy by weight decay", plots: decays.map(plot), columnCount: 3, isLettered: false,
  ///   sharesAxes: true)
  /// ```
  ///
  /// - Precondition: `columnCount` is positive; plots that share axes have the same scales.
  public init(
    _ title: String = "", plots: [Plot], columnCount: Int = 2, isLettered: Bool = true,
    sharesAxes: Bool = false
  ) {
    precondition(columnCount > 0, "PlotGrid: \(columnCount) columns")
    precondition(
      !sharesAxes || Set(plots.map { [$0.x.scale, $0.y.scale] }).count < 2,
      "PlotGrid: plots that share axes must have the same scales")
    self.title = title
    self.plots = plots
    self.columnCount = columnCount
    self.isLettered = isLettered
    self.sharesAxes = sharesAxes
  }
}

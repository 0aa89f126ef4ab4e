/// The bar that explains the colors, to the right of the area, in pixels.
struct ColorBarLayout {
  /// The rectangle of the colors.
  var rect: Rect
  /// The numbers along it.
  var axis: AxisLayout
  /// What the colors stand for.
  var label: String
  /// The middle of the label, which reads upwards.
  var labelX: Double

  static let width = 12.0
  /// The distance from what is to its left.
  static let gap = 16.0

  /// A bar beside an area.
  ///
  /// - Parameter left: What else stands to the right of the area, in pixels from it.
  init(_ colors: ColorMap, area: Rect, left: Double) {
    rect = Rect(
      left: area.right + left + Self.gap, top: area.top,
      right: area.right + left + Self.gap + Self.width, bottom: area.bottom)
    axis = AxisLayout(
      colors.axis,
      map: AxisMap(
        scale: colors.axis.scale, range: colors.range, start: area.bottom, end: area.top),
      isVertical: true)
    typealias Style = PlotLayout.Style
    let numberWidth =
      axis.labels.map { TextMetrics.width($0.label, size: Style.tickSize) }.max() ?? 0
    labelX = rect.right + Style.tickLength + 4 + numberWidth + 7 + Style.labelSize
    label = TextMetrics.fitted(
      colors.axis.label, size: Style.labelSize, width: area.height + 30)
    right = label.isEmpty ? labelX - Style.labelSize - 4 : labelX + 2
    let factor = rect.left + TextMetrics.width("×10", size: Style.tickSize) + 22
    if axis.exponent != 0 { right = max(right, factor) }
  }

  /// The right end of all that belongs to the bar.
  private(set) var right: Double
}

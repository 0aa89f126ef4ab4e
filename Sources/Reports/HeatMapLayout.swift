/// The cells of a heat map in pixels.
struct HeatMapLayout: Hashable {
  /// The sides of the columns from left to right, one more than there are columns.
  var columnEdges: [Double]
  /// The sides of the rows in their order, one more than there are rows.
  var rowEdges: [Double]
  /// Where each cell is on the color scale, row by row; not-a-number for one without a color.
  var fractions: [Double]
  var columnCount: Int { columnEdges.count - 1 }
  var rowCount: Int { rowEdges.count - 1 }

  /// The most cells that are drawn one by one rather than as a picture.
  static let cellLimit = 1600

  init?(_ map: Plot.HeatMap, colors: ColorMap, x: AxisMap, y: AxisMap, area: Rect) {
    guard map.rowCount > 0, map.columnCount > 0 else { return nil }
    columnEdges = Self.edges(map.x, count: map.columnCount, x)
      .map { min(max($0, area.left), area.right) }
    rowEdges = Self.edges(map.y, count: map.rowCount, y)
      .map { min(max($0, area.top), area.bottom) }
    fractions = map.values.map { colors.fraction(of: $0) ?? .nan }
  }

  /// The rectangle of a cell.
  func rect(row: Int, column: Int) -> Rect {
    Rect(
      left: columnEdges[column], top: min(rowEdges[row], rowEdges[row + 1]),
      right: columnEdges[column + 1], bottom: max(rowEdges[row], rowEdges[row + 1]))
  }

  /// Half way between the middles of the cells; the outer cells are as wide on both sides.
  private static func edges(_ coordinates: Plot.HeatMap.Coordinates, count: Int, _ map: AxisMap)
    -> [Double]
  {
    guard case .numbers(let numbers) = coordinates.kind else {
      return (0...count).map { map.position(of: Double($0) - 0.5) ?? map.start }
    }
    let middles = numbers.compactMap { map.position(of: $0) }
    guard middles.count == count, let first = middles.first, let last = middles.last else {
      // Numbers that a logarithmic axis cannot show have no width.
      return [Double](repeating: map.start, count: count + 1)
    }
    guard count > 1 else { return [map.start, map.end] }
    let between = zip(middles, middles.dropFirst()).map { ($0 + $1) / 2 }
    // A place for 0 ends half way to the first number; its start is that of the axis.
    let start = map.zeroLength > 0 ? map.start : 2 * first - between[0]
    return [start] + between + [2 * last - between[between.count - 1]]
  }
}

extension Plot.HeatMap.Coordinates {
  /// The axis that shows them: the range of all cells, unless the axis has its own.
  func axis(_ axis: Plot.Axis, count: Int) -> Plot.Axis {
    guard axis.range == nil, count > 0 else { return axis }
    var axis = axis
    guard case .numbers(let numbers) = kind else {
      axis.scale = .linear
      axis.range = -0.5...(Double(count) - 0.5)
      return axis
    }
    let shown = axis.scale == .linear ? numbers : numbers.filter { $0 > 0 }
    guard let first = shown.first, let last = shown.last else { return axis }
    // The same on the axis as drawn: half way to a neighbor beyond.
    func beyond(_ end: Double, _ next: Double?) -> Double {
      if axis.scale == .linear {
        return next.map { end + (end - $0) / 2 } ?? end
      }
      return next.map { end * (end / $0).squareRoot() } ?? end
    }
    var low = beyond(first, shown.count > 1 ? shown[1] : nil)
    var high = beyond(last, shown.count > 1 ? shown[shown.count - 2] : nil)
    if low == high {
      (low, high) =
        axis.scale == .linear ? (low - 0.5, high + 0.5) : (low / 2, high * 2)
    }
    let hasZero = axis.scale == .logarithmicWithZero && numbers.contains(0)
    axis.range = (hasZero ? 0 : low)...high
    return axis
  }

  /// What is written at the cells instead of numbers; `nil` for numbers.
  func names(count: Int) -> [String]? {
    switch kind {
    case .names(let names): names
    case .indices: count <= 12 ? (0..<count).map(String.init) : nil
    case .numbers: nil
    }
  }

  /// Whether rows run from the top to the bottom.
  var runsDownwards: Bool {
    if case .numbers = kind { false } else { true }
  }
}

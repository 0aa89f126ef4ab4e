/// The ticks of an axis and the numbers at them, in pixels.
struct AxisLayout {
  /// A number at a tick.
  struct Label: Hashable {
    var position: Double
    var label: TickLabel
  }

  var map: AxisMap
  /// The numbers, in the order of their values.
  var labels: [Label]
  /// The positions of the ticks of all round numbers; a few may have no number for want of room.
  var majorPositions: [Double]
  /// The positions of the short ticks between them.
  var minorPositions: [Double]
  /// The power of ten by which all numbers are to be multiplied, given at the end of the axis.
  var exponent: Int
  /// Whether the labels of a horizontal axis read upwards, since they are too wide to stand side by
  /// side.
  var isTurned = false

  /// - Parameter names: What is written at 0, 1, 2, … instead of round numbers.
  /// - Parameter nameWidth: The room for a name; longer ones are cut.
  init(
    _ axis: Plot.Axis, map: AxisMap, isVertical: Bool, names: [String]? = nil,
    nameWidth: Double = 150
  ) {
    self.map = map
    if let names {
      self = AxisLayout(names, map: map, isVertical: isVertical, width: nameWidth)
      return
    }
    let length = (map.end - map.start).magnitude
    let most = isVertical ? 8 : 9
    let first = min(max(Int(length / (isVertical ? 40 : 80)), 3), most)
    var choice: (labels: [Label], minor: [Double], exponent: Int) = ([], [], 0)
    if axis.scale == .linear {
      for targetCount in stride(from: first, through: 3, by: -1) {
        let ticks = LinearTicks(in: map.bounds, targetCount: targetCount)
        let (texts, exponent) = TickLabel.linear(ticks)
        choice = (Self.labels(texts, at: ticks.values, map), [], exponent)
        if Self.fits(choice.labels, isVertical: isVertical) { break }
      }
    } else {
      for level in LogarithmicTicks.levels(for: map.bounds, targetCount: first) {
        let ticks = LogarithmicTicks(in: map.bounds, level: level)
        choice = (
          Self.labels(TickLabel.logarithmic(ticks.labeled), at: ticks.labeled, map), ticks.minor, 0
        )
        if Self.fits(choice.labels, isVertical: isVertical) { break }
      }
      if map.zeroLength > 0 {
        choice.labels.insert(Label(position: map.zeroPosition, label: TickLabel(text: "0")), at: 0)
      }
    }
    majorPositions = choice.labels.map(\.position)
    labels = Self.thinned(choice.labels, isVertical: isVertical)
    minorPositions = choice.minor.compactMap { map.position(of: $0) }
    exponent = choice.exponent
    // Short ticks closer than this would be a gray bar.
    let gaps = zip(minorPositions.dropFirst(), minorPositions).map { ($0 - $1).magnitude }
    if gaps.min() ?? 10 < 1.5 { minorPositions = [] }
  }

  private init(_ names: [String], map: AxisMap, isVertical: Bool, width: Double) {
    self.map = map
    let size = PlotLayout.Style.tickSize
    let room = (map.end - map.start).magnitude / Double(max(names.count, 1)) - 8
    let isTurned = !isVertical && names.contains { TextMetrics.width($0, size: size) > room }
    let all = names.enumerated().compactMap { index, name -> Label? in
      let text = TextMetrics.fitted(name, size: size, width: isTurned ? 150 : width)
      return map.position(of: Double(index)).map {
        Label(position: $0, label: TickLabel(text: text))
      }
    }
    self.isTurned = isTurned
    labels = Self.thinned(all, isVertical: isVertical || isTurned)
    majorPositions = labels.map(\.position)
    minorPositions = []
    exponent = 0
  }

  /// Leaves the ticks without numbers.
  mutating func hideNumbers() {
    labels = []
    exponent = 0
  }

  /// How far the labels of a horizontal axis reach downwards.
  var labelHeight: Double {
    let size = PlotLayout.Style.tickSize
    if labels.isEmpty { return 0 }
    return isTurned ? labels.map { TextMetrics.width($0.label, size: size) }.max() ?? size : size
  }

  /// The stretch of the axis that a label covers, in pixels, with the distance it keeps from its
  /// neighbors.
  static func extent(_ label: Label, isVertical: Bool) -> ClosedRange<Double> {
    let size = PlotLayout.Style.tickSize
    let half =
      isVertical ? size * 0.5 + 2.5 : TextMetrics.width(label.label, size: size) / 2 + 4
    return (label.position - half)...(label.position + half)
  }

  private static func labels(_ texts: [TickLabel], at values: [Double], _ map: AxisMap) -> [Label] {
    zip(texts, values).compactMap { text, value in
      map.position(of: value).map { Label(position: $0, label: text) }
    }
  }

  private static func fits(_ labels: [Label], isVertical: Bool) -> Bool {
    thinned(labels, isVertical: isVertical).count == labels.count
  }

  /// Leaves out labels that would touch the one before.
  private static func thinned(_ labels: [Label], isVertical: Bool) -> [Label] {
    var result: [Label] = []
    for label in labels {
      let extent = extent(label, isVertical: isVertical)
      if let last = result.last,
        extent.overlaps(Self.extent(last, isVertical: isVertical))
      {
        continue
      }
      result.append(label)
    }
    return result
  }
}

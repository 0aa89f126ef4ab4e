/// The outlines of a letter in the whole units of a TrueType font.
struct TrueTypeGlyph {
  /// A box in units, y upwards.
  struct Box: Hashable {
    var left = 0
    var bottom = 0
    var right = 0
    var top = 0

    func union(_ other: Box) -> Box {
      Box(
        left: min(left, other.left), bottom: min(bottom, other.bottom),
        right: max(right, other.right), top: max(top, other.top))
    }
  }

  /// A corner of an outline, or a point that a curve is drawn towards.
  struct Point: Hashable {
    var x: Int
    var y: Int
    var isOnCurve: Bool
  }

  var advance: Int
  var contours: [[Point]]
  var box: Box

  var pointCount: Int { contours.reduce(0) { $0 + $1.count } }

  init(_ character: Character, isBold: Bool) {
    let scale = Double(TrueTypeFont.unitsPerEm) / 100
    func point(_ place: PixelPoint, isOnCurve: Bool) -> Point {
      Point(
        x: Int((place.x * scale).rounded()), y: Int((place.y * scale).rounded()),
        isOnCurve: isOnCurve)
    }
    // Even, so that it is whole in the units of PDF as well.
    advance = 2 * Int((Typeface.advance(character, isBold: isBold) * scale / 2).rounded())
    // What is filled lies to the right of a TrueType outline.
    contours = Typeface.outlines(character, isBold: isBold).map(\.reversed).map { outline in
      var points = [point(outline.start, isOnCurve: true)]
      for piece in outline.pieces {
        if let control = piece.control { points.append(point(control, isOnCurve: false)) }
        points.append(point(piece.end, isOnCurve: true))
      }
      // Neighbors that rounding has made one.
      points = zip(points, points.dropFirst()).reduce(into: [points[0]]) { kept, pair in
        if pair.1 != pair.0 { kept.append(pair.1) }
      }
      if points.count > 1, points.last == points.first { points.removeLast() }
      return points
    }
    let (xs, ys) = (contours.joined().map(\.x), contours.joined().map(\.y))
    box = Box(
      left: xs.min() ?? 0, bottom: ys.min() ?? 0, right: xs.max() ?? 0, top: ys.max() ?? 0)
  }

  /// The entry of the table `glyf`.
  var bytes: [UInt8] {
    guard !contours.isEmpty else { return [] }
    var result: [UInt8] = []
    for value in [contours.count, box.left, box.bottom, box.right, box.top] {
      result.appendBigEndian(value, byteCount: 2)
    }
    var count = 0
    for contour in contours {
      count += contour.count
      result.appendBigEndian(count - 1, byteCount: 2)
    }
    result.appendBigEndian(0, byteCount: 2)  // no instructions
    let points = Array(contours.joined())
    var flags: [UInt8] = []
    var (across, upwards): ([UInt8], [UInt8]) = ([], [])
    for (index, point) in points.enumerated() {
      let before = index == 0 ? Point(x: 0, y: 0, isOnCurve: true) : points[index - 1]
      var flag: UInt8 = point.isOnCurve ? 0x01 : 0
      // The first flag says that outlines overlap.
      if index == 0 { flag |= 0x40 }
      flag |= Self.append(point.x - before.x, to: &across, short: 0x02, same: 0x10)
      flag |= Self.append(point.y - before.y, to: &upwards, short: 0x04, same: 0x20)
      flags.append(flag)
    }
    return result + flags + across + upwards
  }

  /// Adds a step in the fewest bytes, and gives the flags that say how it is written.
  private static func append(
    _ step: Int, to bytes: inout [UInt8], short: UInt8, same: UInt8
  ) -> UInt8 {
    if step == 0 { return same }
    if step.magnitude < 256 {
      bytes.append(UInt8(step.magnitude))
      return step > 0 ? short | same : short
    }
    bytes.appendBigEndian(step, byteCount: 2)
    return 0
  }
}

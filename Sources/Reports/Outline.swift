/// A line of straight and curved pieces, such as the outline of a letter.
struct Outline: Hashable {
  /// A piece: straight, or a quadratic Bézier curve if it has a control point.
  struct Piece: Hashable {
    var control: PixelPoint?
    var end: PixelPoint
  }

  var start: PixelPoint
  var pieces: [Piece] = []
  var isClosed = false

  /// The end of the last piece.
  var end: PixelPoint { pieces.last?.end ?? start }

  /// The same line from its end to its start.
  var reversed: Outline {
    var result = Outline(start: end, isClosed: isClosed)
    for (index, piece) in pieces.enumerated().reversed() {
      let before = index == 0 ? start : pieces[index - 1].end
      result.pieces.append(Piece(control: piece.control, end: before))
    }
    return result
  }

  /// Every point moved by `map`, which should be affine.
  func mapped(_ map: (PixelPoint) -> PixelPoint) -> Outline {
    Outline(
      start: map(start),
      pieces: pieces.map { Piece(control: $0.control.map(map), end: map($0.end)) },
      isClosed: isClosed)
  }

  /// Adds a quarter of an ellipse to `end`, with `corner` where the tangents at its ends meet.
  ///
  /// Two curves; they leave the ellipse by three thousandths of its radius at most.
  mutating func addQuarter(to end: PixelPoint, corner: PixelPoint) {
    let start = self.end
    let center = start + end - corner
    let middle = center + (corner - center) * 0.5.squareRoot()
    // The tangent in the middle is parallel to the chord; it meets the others at this fraction.
    let fraction = 2.squareRoot() - 1
    pieces.append(Piece(control: start + (corner - start) * fraction, end: middle))
    pieces.append(Piece(control: end + (corner - end) * fraction, end: end))
  }
}

extension Outline {
  /// The corners of a line.
  init?(_ line: Path.Line) {
    guard let first = line.points.first else { return nil }
    start = first
    pieces = line.points.dropFirst().map { Piece(control: nil, end: $0) }
    isClosed = line.isClosed
  }

  /// The line as straight pieces only, none further from a curve than `tolerance`.
  func flattened(tolerance: Double) -> [PixelPoint] {
    var points = [start]
    for piece in pieces {
      let from = points[points.count - 1]
      if let control = piece.control {
        // The distance between a curve and its chord is a quarter of this length.
        let bend = (from + piece.end) * 0.5 - control
        let count = max(1, Int((bend.length / (2 * tolerance)).squareRoot().rounded(.up)))
        for step in 1..<max(count, 1) {
          let t = Double(step) / Double(count)
          points.append(
            from * ((1 - t) * (1 - t)) + control * (2 * t * (1 - t)) + piece.end * (t * t))
        }
      }
      points.append(piece.end)
    }
    return points
  }
}

extension PixelPoint {
  static func + (a: PixelPoint, b: PixelPoint) -> PixelPoint {
    PixelPoint(x: a.x + b.x, y: a.y + b.y)
  }

  static func - (a: PixelPoint, b: PixelPoint) -> PixelPoint {
    PixelPoint(x: a.x - b.x, y: a.y - b.y)
  }

  static func * (a: PixelPoint, factor: Double) -> PixelPoint {
    PixelPoint(x: a.x * factor, y: a.y * factor)
  }

  /// The distance from the origin.
  var length: Double { (x * x + y * y).squareRoot() }

  func dot(_ other: PixelPoint) -> Double { x * other.x + y * other.y }

  /// The sine of the angle from this direction to another, times both lengths.
  func cross(_ other: PixelPoint) -> Double { x * other.y - y * other.x }

  /// This direction turned by a quarter circle, from x towards y.
  var turned: PixelPoint { PixelPoint(x: -y, y: x) }
}

/// Turns lines of a width into the outlines that they cover.
///
/// Fill the result by the non-zero winding rule: outlines overlap themselves and one another.
///
/// - Source: a curve is offset by offsetting its control polygon, after Tiller & Hanson, IEEE
///   Comput. Graph. Appl. 4, 36 (1984); curves are halved until they turn by an eighth of a circle at
///   most.
struct Stroker {
  /// Half of the width.
  var radius: Double
  var hasRoundCaps: Bool
  var hasRoundJoins: Bool

  init(_ stroke: Drawing.Stroke) {
    radius = stroke.width / 2
    hasRoundCaps = stroke.hasRoundCaps
    hasRoundJoins = stroke.hasRoundJoins
  }

  /// A pen with a round tip.
  init(penWidth: Double) {
    radius = penWidth / 2
    hasRoundCaps = true
    hasRoundJoins = true
  }

  /// What a line of the width covers.
  func outlines(of line: Outline) -> [Outline] {
    let line = line.withoutStops
    guard !line.pieces.isEmpty else {
      return hasRoundCaps ? [disk(at: line.start)] : []
    }
    if line.isClosed {
      return [side(of: line), side(of: line.reversed)]
    }
    var outline = side(of: line)
    let back = side(of: line.reversed)
    cap(&outline, around: line.end, to: back.start)
    outline.pieces += back.pieces
    cap(&outline, around: line.start, to: outline.start)
    outline.isClosed = true
    return [outline]
  }

  private func disk(at center: PixelPoint) -> Outline {
    var outline = Outline(start: PixelPoint(x: center.x + radius, y: center.y), isClosed: true)
    arc(&outline, around: center, to: PixelPoint(x: center.x - radius, y: center.y))
    arc(&outline, around: center, to: PixelPoint(x: center.x + radius, y: center.y))
    return outline
  }

  /// The line at the distance `radius` to one side of `line`.
  private func side(of line: Outline) -> Outline {
    let pieces = line.directedPieces.flatMap(\.halved)
    let first = pieces[0]
    var result = Outline(start: first.start + offset(first.startDirection))
    for (index, piece) in pieces.enumerated() {
      if index > 0 { join(&result, pieces[index - 1], piece) }
      let (a, b) = (offset(piece.startDirection), offset(piece.endDirection))
      let control = piece.control.map { control in
        control + (a + b) * (1 / (1 + a.dot(b) / (radius * radius)))
      }
      result.pieces.append(Outline.Piece(control: control, end: piece.end + b))
    }
    if line.isClosed {
      join(&result, pieces[pieces.count - 1], first)
      result.isClosed = true
    }
    return result
  }

  /// From a direction to the side on which the outline runs.
  private func offset(_ direction: PixelPoint) -> PixelPoint { direction.turned * -radius }

  private func join(_ outline: inout Outline, _ before: DirectedPiece, _ after: DirectedPiece) {
    let (a, b) = (before.endDirection, after.startDirection)
    let target = after.start + offset(b)
    let (sine, cosine) = (a.cross(b), a.dot(b))
    if sine.magnitude < 1e-6, cosine > 0 {
      outline.pieces.append(Outline.Piece(end: target))
    } else if sine < 0 {
      // On the inner side the way by the corner keeps the winding right.
      outline.pieces.append(Outline.Piece(end: after.start))
      outline.pieces.append(Outline.Piece(end: target))
    } else if hasRoundJoins {
      arc(&outline, around: after.start, to: target)
    } else {
      // A pointed corner reaches √(2 / (1 + cos)) half widths from the line.
      let reach = (2 / (1 + max(cosine, -1 + 1e-9))).squareRoot()
      if reach <= Drawing.Stroke.miterLimit {
        let middle = offset(a) + offset(b)
        outline.pieces.append(
          Outline.Piece(end: after.start + middle * (reach * radius / middle.length)))
      }
      outline.pieces.append(Outline.Piece(end: target))
    }
  }

  private func cap(_ outline: inout Outline, around center: PixelPoint, to target: PixelPoint) {
    if hasRoundCaps {
      arc(&outline, around: center, to: target)
    } else {
      outline.pieces.append(Outline.Piece(end: target))
    }
  }

  /// Adds an arc around `center` from the end of the outline, turning from x towards y.
  private func arc(_ outline: inout Outline, around center: PixelPoint, to target: PixelPoint) {
    let from = outline.end - center
    let to = target - center
    // Opposite ends are half a circle apart, on whichever side of 0 rounding puts the sine.
    let isHalf = from.dot(to) < -0.999_999 * radius * radius
    let cosine = from.dot(to) / (radius * radius)
    if !isHalf, cosine > 0.7 {
      let sum = from + to
      outline.pieces.append(
        Outline.Piece(control: center + sum * (1 / (1 + cosine)), end: target))
      return
    }
    let middle = isHalf ? from.turned : (from + to) * (radius / (from + to).length)
    arc(&outline, around: center, to: center + middle)
    arc(&outline, around: center, to: target)
  }
}

/// A piece of a line with the place where it starts.
private struct DirectedPiece {
  var start: PixelPoint
  var control: PixelPoint?
  var end: PixelPoint

  var startDirection: PixelPoint { direction(from: start, [control, end]) }
  var endDirection: PixelPoint { direction(from: end, [control, start]) * -1 }

  private func direction(from place: PixelPoint, _ targets: [PixelPoint?]) -> PixelPoint {
    for case .some(let target) in targets where target != place {
      let way = target - place
      return way * (1 / way.length)
    }
    return PixelPoint(x: 1, y: 0)
  }

  /// Parts that turn little enough to be offset by their control points.
  var halved: [DirectedPiece] {
    guard let control else { return [self] }
    // A curve that bends back on itself is halved as far as that helps.
    let turnsLittle = startDirection.dot(endDirection) > 0.7
    guard !turnsLittle, (end - start).length > 1e-3 else { return [self] }
    let first = (start + control) * 0.5
    let second = (control + end) * 0.5
    let middle = (first + second) * 0.5
    return DirectedPiece(start: start, control: first, end: middle).halved
      + DirectedPiece(start: middle, control: second, end: end).halved
  }
}

extension Outline {
  /// The pieces with their starts, the closing one included.
  fileprivate var directedPieces: [DirectedPiece] {
    var result: [DirectedPiece] = []
    var place = start
    for piece in pieces {
      result.append(DirectedPiece(start: place, control: piece.control, end: piece.end))
      place = piece.end
    }
    if isClosed, (place - start).length > 1e-9 {
      result.append(DirectedPiece(start: place, control: nil, end: start))
    }
    return result
  }

  /// The same line without pieces of no length, which have no direction.
  fileprivate var withoutStops: Outline {
    var result = Outline(start: start, isClosed: isClosed)
    for piece in pieces where (piece.end - result.end).length > 1e-9 { result.pieces.append(piece) }
    return result
  }
}

/// The dashes of a line of straight pieces.
func dashes(of line: Path.Line, _ pattern: [Double]) -> [Path.Line] {
  guard pattern.reduce(0, +) > 1e-6, line.points.count > 1 else { return [line] }
  let points = line.isClosed ? line.points + [line.points[0]] : line.points
  var result: [Path.Line] = []
  var (index, left) = (0, pattern[0])
  var dash = [points[0]]
  func isDrawn() -> Bool { index.isMultiple(of: 2) }
  for (start, end) in zip(points, points.dropFirst()) {
    let length = (end - start).length
    var done = 0.0
    while length - done > left {
      done += left
      let place = start + (end - start) * (done / length)
      if isDrawn() { result.append(Path.Line(points: dash + [place])) }
      dash = [place]
      index += 1
      left = pattern[index % pattern.count]
    }
    left -= length - done
    if isDrawn() { dash.append(end) }
  }
  if isDrawn(), dash.count > 1 { result.append(Path.Line(points: dash)) }
  return result
}

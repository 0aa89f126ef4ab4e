/// A rectangle in pixels, y growing downwards.
struct Rect: Hashable {
  var left: Double
  var top: Double
  var right: Double
  var bottom: Double

  var width: Double { right - left }
  var height: Double { bottom - top }

  func inset(by margin: Double) -> Rect {
    Rect(left: left + margin, top: top + margin, right: right - margin, bottom: bottom - margin)
  }

  func intersects(_ other: Rect) -> Bool {
    left < other.right && other.left < right && top < other.bottom && other.top < bottom
  }

  func contains(_ point: PixelPoint) -> Bool {
    point.x >= left && point.x <= right && point.y >= top && point.y <= bottom
  }
}

/// A place in the drawing, y growing downwards.
struct PixelPoint: Hashable {
  var x: Double
  var y: Double
}

/// The part of the segment from `a` to `b` inside `rect`, or `nil` if there is none.
///
/// - Source: Liang & Barsky, ACM Trans. Graph. 3, 1 (1984).
func clippedSegment(_ a: PixelPoint, _ b: PixelPoint, to rect: Rect) -> (PixelPoint, PixelPoint)? {
  let dx = b.x - a.x
  let dy = b.y - a.y
  var enter = 0.0
  var leave = 1.0
  for (p, q) in [
    (-dx, a.x - rect.left), (dx, rect.right - a.x), (-dy, a.y - rect.top), (dy, rect.bottom - a.y),
  ] {
    if p == 0 {
      if q < 0 { return nil }
    } else if p < 0 {
      enter = max(enter, q / p)
    } else {
      leave = min(leave, q / p)
    }
  }
  guard enter <= leave else { return nil }
  return (
    enter == 0 ? a : PixelPoint(x: a.x + enter * dx, y: a.y + enter * dy),
    leave == 1 ? b : PixelPoint(x: a.x + leave * dx, y: a.y + leave * dy)
  )
}

/// The pieces of a line inside `rect`.
func clippedLine(_ points: [PixelPoint], to rect: Rect) -> [[PixelPoint]] {
  var pieces: [[PixelPoint]] = []
  var piece: [PixelPoint] = []
  for (a, b) in zip(points, points.dropFirst()) {
    guard let (start, end) = clippedSegment(a, b, to: rect) else { continue }
    if piece.last != start {
      if piece.count > 1 { pieces.append(piece) }
      piece = [start]
    }
    piece.append(end)
  }
  if piece.count > 1 { pieces.append(piece) }
  return pieces
}

/// The part of a polygon inside `rect`; empty if there is none.
///
/// - Source: Sutherland & Hodgman, Commun. ACM 17, 32 (1974).
func clippedPolygon(_ polygon: [PixelPoint], to rect: Rect) -> [PixelPoint] {
  /// Keeps the side on which `distance` is not negative.
  func kept(_ points: [PixelPoint], _ distance: (PixelPoint) -> Double) -> [PixelPoint] {
    guard var previous = points.last else { return [] }
    var result: [PixelPoint] = []
    for point in points {
      let before = distance(previous)
      let after = distance(point)
      if (before < 0) != (after < 0) {
        let t = before / (before - after)
        result.append(
          PixelPoint(
            x: previous.x + t * (point.x - previous.x), y: previous.y + t * (point.y - previous.y)))
      }
      if after >= 0 { result.append(point) }
      previous = point
    }
    return result
  }
  var result = kept(polygon) { $0.x - rect.left }
  result = kept(result) { rect.right - $0.x }
  result = kept(result) { $0.y - rect.top }
  return kept(result) { rect.bottom - $0.y }
}

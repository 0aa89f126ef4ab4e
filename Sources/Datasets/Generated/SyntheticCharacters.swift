#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// Pictures of made-up characters with the shape of EMNIST: 28 × 28 pixels, any number of classes.
///
/// A character is three curved strokes, chosen once for each class. Each picture draws it with another hand: the
/// strokes wobble, and the whole is turned, slanted, scaled and shifted a little. It stands in where the
/// published pictures are not at hand: networks grok on it in the same way, but its numbers are its own.
///
/// ```swift
/// let alphabet = SyntheticCharacters(classCount: 47, key: key.fork("alphabet"))
/// let train = alphabet.examples(count: 1000, key: key.fork("train"))
/// ```
public struct SyntheticCharacters: Sendable {
  /// The number of classes.
  public let classCount: Int
  private let glyphs: [[Curve]]

  /// An alphabet.
  ///
  /// - Parameter key: Chooses the strokes; class `c` is drawn from `key.fork(c)`.
  /// - Precondition: `classCount` is above 0.
  public init(classCount: Int = 47, key: RandomKey) {
    precondition(classCount > 0, "SyntheticCharacters: \(classCount) classes")
    self.classCount = classCount
    glyphs = (0..<classCount).map { index in
      let places: [Double] = key.fork(index).uniform(count: 6 * Hand.strokeCount, in: 0.15..<0.85)
      return (0..<Hand.strokeCount).map { Curve(places[6 * $0..<6 * $0 + 6]) }
    }
  }

  /// Pictures of characters, each of a class drawn at random.
  ///
  /// - Shapes: features are `[count, 784]`, the rows of a picture one after the other, between 0 and 1.
  /// - Parameter key: Example `i` is drawn from `key.fork(i)`, so that fewer examples are the first of more.
  /// - Complexity: About 10 µs a picture.
  public func examples(count: Int, key: RandomKey) -> LabeledExamples {
    let side = Hand.side
    var values = [Float](repeating: 0, count: count * side * side)
    var labels = [Int32](repeating: 0, count: count)
    for example in 0..<count {
      let key = key.fork(example)
      let label = key.fork("class").integer(at: 0, in: 0..<classCount)
      labels[example] = Int32(label)
      let hand = Hand(key: key.fork("hand"))
      for stroke in hand.strokes(of: glyphs[label]) {
        hand.draw(stroke, into: &values, from: example * side * side)
      }
    }
    return LabeledExamples(
      checkedInputs: .features(
        Matrix(values: values, rowCount: count, columnCount: side * side)), labels: labels,
      classCount: classCount)
  }
}

// MARK: - Drawing

/// A point of the unit square, x to the right and y down.
private struct Point {
  var x: Double
  var y: Double
}

/// A quadratic Bézier curve.
private struct Curve {
  var points: (Point, Point, Point)

  init(_ places: ArraySlice<Double>) {
    let p = Array(places)
    points = (Point(x: p[0], y: p[1]), Point(x: p[2], y: p[3]), Point(x: p[4], y: p[5]))
  }

  /// The point at `t` from 0 to 1.
  func point(at t: Double) -> Point {
    let (a, b, c) = ((1 - t) * (1 - t), 2 * t * (1 - t), t * t)
    return Point(
      x: a * points.0.x + b * points.1.x + c * points.2.x,
      y: a * points.0.y + b * points.1.y + c * points.2.y)
  }
}

/// How one picture departs from its character.
private struct Hand {
  static let side = 28
  static let strokeCount = 3
  private static let segmentCount = 8

  private let wobble: [Double]
  private let turn: (xx: Double, xy: Double, yx: Double, yy: Double)
  private let shift: Point
  private let halfWidth: Double

  init(key: RandomKey) {
    let normal: [Double] = key.fork("shape").normal(
      count: 6 * Self.strokeCount + 6, mean: 0, standardDeviation: 1)
    wobble = normal.prefix(6 * Self.strokeCount).map { 0.04 * $0 }
    let n = Array(normal.suffix(6))
    let (angle, slant) = (0.15 * n[0], 0.15 * n[1])
    let (wide, high) = (exp(0.1 * n[2]), exp(0.1 * n[3]))
    let (cosine, sine) = (cos(angle), sin(angle))
    turn = (
      wide * cosine, wide * (slant * cosine - sine), high * sine, high * (slant * sine + cosine)
    )
    shift = Point(x: 0.04 * n[4], y: 0.04 * n[5])
    let width: [Double] = key.fork("width").uniform(count: 1, in: 0.03..<0.05)
    halfWidth = width[0]
  }

  /// The strokes as lines of points.
  func strokes(of glyph: [Curve]) -> [[Point]] {
    glyph.enumerated().map { index, curve in
      var curve = curve
      let wobble = wobble[6 * index..<6 * index + 6].map { $0 }
      curve.points.0 = moved(curve.points.0, wobble[0], wobble[1])
      curve.points.1 = moved(curve.points.1, wobble[2], wobble[3])
      curve.points.2 = moved(curve.points.2, wobble[4], wobble[5])
      return (0...Self.segmentCount).map { curve.point(at: Double($0) / Double(Self.segmentCount)) }
    }
  }

  private func moved(_ point: Point, _ dx: Double, _ dy: Double) -> Point {
    let (x, y) = (point.x + dx - 0.5, point.y + dy - 0.5)
    return Point(
      x: 0.5 + shift.x + turn.xx * x + turn.xy * y, y: 0.5 + shift.y + turn.yx * x + turn.yy * y)
  }

  /// Inks the pixels along a line: fully within its width, less and less over one pixel beside it.
  func draw(_ line: [Point], into values: inout [Float], from start: Int) {
    let side = Double(Self.side)
    let reach = halfWidth * side + 1
    for (first, last) in zip(line, line.dropFirst()) {
      let (a, b) = (
        Point(x: first.x * side, y: first.y * side), Point(x: last.x * side, y: last.y * side)
      )
      let rows = Self.pixels(min(a.y, b.y) - reach, max(a.y, b.y) + reach)
      let columns = Self.pixels(min(a.x, b.x) - reach, max(a.x, b.x) + reach)
      for row in rows {
        for column in columns {
          let center = Point(x: Double(column) + 0.5, y: Double(row) + 0.5)
          let ink = Float(min(1, max(0, reach - distance(from: center, to: a, b))))
          let place = start + row * Self.side + column
          if ink > values[place] { values[place] = ink }
        }
      }
    }
  }

  /// The pixels whose middles are between two places.
  private static func pixels(_ low: Double, _ high: Double) -> Range<Int> {
    let first = Int(max(0, min(Double(side), (low - 0.5).rounded(.up))))
    let last = Int(max(-1, min(Double(side - 1), (high - 0.5).rounded(.down))))
    return first..<max(first, last + 1)
  }

  private func distance(from p: Point, to a: Point, _ b: Point) -> Double {
    let (dx, dy) = (b.x - a.x, b.y - a.y)
    let squared = dx * dx + dy * dy
    let along =
      squared == 0 ? 0 : min(1, max(0, ((p.x - a.x) * dx + (p.y - a.y) * dy) / squared))
    let (x, y) = (p.x - a.x - along * dx, p.y - a.y - along * dy)
    return (x * x + y * y).squareRoot()
  }
}

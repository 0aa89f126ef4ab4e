import Foundation
import TestSupport
import Testing

@testable import GrokReports

@Suite struct StrokerTests {
  /// The area inside outlines that do not overlap, positive if they turn from x towards y.
  private func area(_ outlines: [Outline]) -> Double {
    outlines.reduce(0) { sum, outline in
      let points = outline.flattened(tolerance: 1e-4)
      let ring = zip(points, points.dropFirst() + points.prefix(1))
      return sum + ring.reduce(0) { $0 + $1.0.cross($1.1) } / 2
    }
  }

  private func line(_ corners: [(Double, Double)], isClosed: Bool = false) throws -> Outline {
    let points = corners.map { PixelPoint(x: $0.0, y: $0.1) }
    return try #require(Outline(Path.Line(points: points, isClosed: isClosed)))
  }

  @Test(.tags(.law)) func areasAreThoseOfGeometry() throws {
    let plain = Stroker(Drawing.Stroke(width: 2))
    let pen = Stroker(penWidth: 2)
    let segment = try line([(1, 1), (4, 5)])
    #expect(abs(area(plain.outlines(of: segment)) - 10) < 1e-9)
    // Arcs are quadratic curves of an eighth of a circle, which leave it by 3 in 1,000.
    #expect(abs(area(pen.outlines(of: segment)) - (10 + .pi)) < 0.01)
    #expect(abs(area(pen.outlines(of: try line([(3, 3)]))) - .pi) < 0.01)
    #expect(plain.outlines(of: try line([(3, 3)])).isEmpty)
    #expect(plain.outlines(of: try line([(3, 3), (3, 3)])).isEmpty)

    let square = try line([(0, 0), (10, 0), (10, 10), (0, 10)], isClosed: true)
    #expect(abs(area(plain.outlines(of: square)) - (12 * 12 - 8 * 8)) < 1e-9 + 8)
  }

  @Test(.tags(.law)) func pointedCornersAreCutOffWhenSharp() throws {
    let plain = Stroker(Drawing.Stroke(width: 2))
    func top(_ half: Double) throws -> Double {
      let corner = try line([(-half, 10), (0, 0), (half, 10)])
      return plain.outlines(of: corner)[0].flattened(tolerance: 0.1).map(\.y).min() ?? 0
    }
    // A right angle reaches √2; an angle of 20° would reach 5.8, beyond the limit of 4.
    #expect(abs(try top(10) + 2.squareRoot()) < 1e-9)
    #expect(try top(10 * tan(10 * .pi / 180)) > -1)
  }

  @Test(.tags(.law)) func curvesAreFollowedAtTheDistanceOfThePen() throws {
    // Two curves for a quarter of a circle leave it by 0.3 % of the radius.
    var quarter = Outline(start: PixelPoint(x: 50, y: 0))
    quarter.addQuarter(to: PixelPoint(x: 0, y: 50), corner: PixelPoint(x: 50, y: 50))
    for point in quarter.flattened(tolerance: 1e-3) { #expect(abs(point.length - 50) < 0.16) }
    for point in Stroker(penWidth: 8).outlines(of: quarter)[0].flattened(tolerance: 1e-3) {
      let isCap = point.x < 0 || point.y < 0
      #expect(isCap || abs(abs(point.length - 50) - 4) < 0.18, "\(point) \(point.length)")
    }
  }

  @Test func dashesFollowTheLine() {
    let corner = Path.Line(
      points: [PixelPoint(x: 0, y: 0), PixelPoint(x: 4, y: 0), PixelPoint(x: 4, y: 6)])
    let found = dashes(of: corner, [3, 2]).map { $0.points.map { [$0.x, $0.y] } }
    #expect(found == [[[0, 0], [3, 0]], [[4, 1], [4, 4]], [[4, 6]]].dropLast())
    #expect(dashes(of: corner, []) == [corner])
    let long = dashes(of: corner, [5, 100]).map { $0.points.map { [$0.x, $0.y] } }
    #expect(long == [[[0, 0], [4, 0], [4, 1]]])
  }
}

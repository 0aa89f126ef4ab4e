import Foundation

@testable import GrokMeasures

/// The cosine and sine of a fraction of a turn.
func turn(_ fraction: Double) -> (Double, Double) {
  (cos(2 * .pi * fraction), sin(2 * .pi * fraction))
}

/// A random orthogonal matrix.
func randomRotation(_ size: Int, key: RandomKey) throws -> Matrix<Double> {
  try QRFactors(of: key.normalMatrix(rowCount: size, columnCount: size)).orthogonal
}

/// Gaussian clouds around independent centres of unit length: radius · normal / √features.
func gaussianClouds(
  count: Int, pointCount: Int, featureCount: Int, radius: Double, key: RandomKey
) throws -> Manifolds {
  let clouds = (0..<count).map { manifold in
    let own = key.fork(manifold)
    let scale = 1 / Double(featureCount).squareRoot()
    let center: [Double] = own.fork("center").normal(count: featureCount)
    let points: Matrix<Double> = own.fork("points").normalMatrix(
      rowCount: pointCount, columnCount: featureCount)
    return Matrix(
      rows: (0..<pointCount).map { row in
        zip(center, points.row(row)).map { scale * ($0 + radius * $1) }
      })
  }
  return try Manifolds(clouds)
}

/// Two balls of radius R in D dimensions around opposite unit centres, by the points of their surfaces.
///
/// Their mean is 0, so that neither centring nor a unit of length changes them.
func ballPair(radius: Double, dimension: Int, pointCount: Int) throws -> Manifolds {
  let surface: [[Double]] =
    switch dimension {
    case 1: [[1], [-1]]
    case 2:
      (0..<pointCount).map {
        let (cosine, sine) = turn(Double($0) / Double(pointCount))
        return [cosine, sine]
      }
    default:
      // A spiral of points that each have the same share of the sphere; half of them and their
      // reflections, so that the mean is 0.
      (0..<pointCount / 2).flatMap { index -> [[Double]] in
        let height = 1 - 2 * (Double(index) + 0.5) / Double(pointCount / 2)
        let (cosine, sine) = turn(Double(index) * 0.618_033_988_749_894_8)
        let width = (1 - height * height).squareRoot()
        let point = [width * cosine, width * sine, height]
        return [point, point.map { -$0 }]
      }
    }
  return try Manifolds(
    [1.0, -1].map { center in surface.map { $0.map { radius * $0 } + [center] } })
}

/// 1/α of a ball: the mean over t ~ χ_D of the two Gaussian integrals, by Simpson's rule.
func inverseBallCapacity(radius: Double, dimension: Int, margin: Double) -> Double {
  func density(_ u: Double) -> Double { exp(-u * u / 2) / (2 * .pi).squareRoot() }
  func inner(_ t: Double) -> Double {
    let (edge, end) = (margin - t / radius, margin + t * radius)
    let distance = 1 + radius * radius
    return integral(from: max(edge, -9), to: min(end, 9)) {
      let gap = margin + t * radius - $0
      return density($0) * gap * gap / distance
    }
      + integral(from: -9, to: edge) {
        density($0) * (($0 - margin) * ($0 - margin) + t * t)
      }
  }
  let scale = pow(2, 1 - Double(dimension) / 2) / tgamma(Double(dimension) / 2)
  return integral(from: 0, to: 9) {
    scale * pow($0, Double(dimension - 1)) * exp(-$0 * $0 / 2) * inner($0)
  }
}

private func integral(from lower: Double, to upper: Double, _ f: (Double) -> Double) -> Double {
  guard upper > lower else { return 0 }
  let count = 400
  let width = (upper - lower) / Double(count)
  return (0...count).reduce(0.0) {
    let weight: Double = $1 == 0 || $1 == count ? 1 : $1 % 2 == 1 ? 4 : 2
    return $0 + weight * f(lower + Double($1) * width)
  } * width / 3
}

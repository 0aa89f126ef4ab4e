import Foundation

@testable import GrokMeasures

/// Paths whose measures are known.
enum Paths {
  /// Equal steps in one direction of 3 dimensions.
  static func line(stepCount: Int) -> Matrix<Double> {
    Matrix(rows: (0...stepCount).map { t in [1, -2, 2].map { 5 + 0.25 * $0 * Double(t) } })
  }

  /// Points on a circle in a tilted plane of 4 dimensions, around `center`.
  static func circle(
    radius: Double, angle: Double, stepCount: Int, center: [Double] = [1, 2, 3, 4]
  ) -> Matrix<Double> {
    let (a, b) = ([0.5, 0.5, 0.5, 0.5], [0.5, -0.5, 0.5, -0.5])
    return Matrix(
      rows: (0...stepCount).map { t in
        let (x, y) = (radius * cos(angle * Double(t)), radius * sin(angle * Double(t)))
        return (0..<4).map { center[$0] + x * a[$0] + y * b[$0] }
      })
  }

  /// w ← (1 − rate) w + √(1 − (1 − rate)²) ε, stationary with variance 1 (Ornstein–Uhlenbeck in equal steps).
  static func ornsteinUhlenbeck(
    rate: Double, stepCount: Int, dimension: Int, key: RandomKey
  ) -> Matrix<Double> {
    let noise: Matrix<Double> = key.normalMatrix(rowCount: stepCount + 1, columnCount: dimension)
    let kept = 1 - rate
    var path = noise
    for t in 1...stepCount {
      for i in 0..<dimension {
        path[t, i] = kept * path[t - 1, i] + (1 - kept * kept).squareRoot() * noise[t, i]
      }
    }
    return path
  }

  /// Heavy ball v ← μ v − η g, w ← w + v on a plane with gradients of noise only.
  static func heavyBall(
    momentum: Double, stepCount: Int, dimension: Int, key: RandomKey
  ) -> Matrix<Double> {
    let noise: Matrix<Double> = key.normalMatrix(rowCount: stepCount, columnCount: dimension)
    var velocity = [Double](repeating: 0, count: dimension)
    var path = Matrix<Double>(rowCount: stepCount + 1, columnCount: dimension)
    for t in 0..<stepCount {
      for i in 0..<dimension {
        velocity[i] = momentum * velocity[i] - 0.1 * noise[t, i]
        path[t + 1, i] = path[t, i] + velocity[i]
      }
    }
    return path
  }
}

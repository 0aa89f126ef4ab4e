@testable import GrokMeasures

/// The estimators of Kraskov et al. word for word: all pairs, nothing shared with what is tested but ψ.
struct PlainKraskov {
  /// Of each variable the distances of all pairs, row by row.
  private let distances: [[[Double]]]

  init(variables: [Matrix<Double>]) {
    distances = variables.map(Self.distances)
  }

  /// The maximum norm of all differences.
  static func distances(_ samples: Matrix<Double>) -> [[Double]] {
    let rows = (0..<samples.rowCount).map { Array(samples.row($0)) }
    return rows.map { first in
      rows.map { second in
        var largest = 0.0
        for column in 0..<first.count {
          largest = max(largest, abs(first[column] - second[column]))
        }
        return largest
      }
    }
  }

  func value(_ estimator: KraskovEstimator, _ k: Int) -> Double {
    let (count, m) = (distances[0].count, Double(distances.count))
    let psi = { (number: Int) in GammaFunctions.digamma(Double(number)) }
    var sum = 0.0
    for i in 0..<count {
      let others = (0..<count).filter { $0 != i }
      let nearest = others.map { j in (distances.reduce(0) { max($0, $1[i][j]) }, j) }
        .sorted(by: <).prefix(k)
      for distance in distances {
        switch estimator {
        case .first:
          let radius = nearest[k - 1].0
          sum += psi(others.count { distance[i][$0] < radius } + 1)
        case .second:
          let radius = nearest.reduce(0) { max($0, distance[i][$1.1]) }
          sum += psi(others.count { distance[i][$0] <= radius })
        }
      }
    }
    return psi(k) + (m - 1) * (psi(count) - (estimator == .first ? 0 : 1 / Double(k)))
      - sum / Double(count)
  }
}

internal import Foundation
import GrokMeasures
import GrokModels

/// The value of a bound on samples that its critic was not trained on.
struct CriticEvaluation {
  let critic: Critic
  let parameters: Parameters<Float>
  let samples: CriticSamples
  let key: RandomKey

  /// How many orders of Y are set against X for pairs torn apart.
  private static let orderCount = 8
  /// Pairs that the critic sees at once.
  private static let pieceSize = 4096

  func estimate(_ recipe: CriticRecipe) -> InformationEstimate {
    let (value, error, ceiling) =
      recipe.bound == .infoNCE ? contrasted(recipe.batchSize) : bounded(recipe.bound)
    return InformationEstimate(
      value: value, naiveStandardError: error, sampleCount: samples.count, ceiling: ceiling,
      estimator: recipe.description)
  }

  /// T of X against Y in the order given, in `Double`.
  private func values(_ order: [Int]?) -> [Double] {
    var values = [Double]()
    for first in stride(from: 0, to: samples.count, by: Self.pieceSize) {
      let range = first..<min(first + Self.pieceSize, samples.count)
      let y =
        order.map { samples.y.gather(rows: $0[range].map { Int32($0) }) } ?? samples.y.rows(range)
      values += critic.ofPairs(samples.x.rows(range), y, parameters).values.map { Double($0) }
    }
    return values
  }

  private func bounded(_ bound: CriticRecipe.Bound) -> (Double, Double, Double?) {
    let n = samples.count
    let together = values(nil)
    // Rotations of one random order, so that none pairs a sample with its own partner.
    let order = key.permutation(of: n)
    var apart = [Double]()
    for turn in 1...min(Self.orderCount, n - 1) {
      var partner = [Int](repeating: 0, count: n)
      for place in 0..<n { partner[order[place]] = order[(place + turn) % n] }
      apart += values(partner)
    }
    let mean = together.reduce(0, +) / Double(n)
    let value: Double
    let weights: [Double]
    switch bound {
    case .nguyenWainwrightJordan:
      weights = apart.map { exp($0 - 1) }
      value = mean - weights.reduce(0, +) / Double(apart.count)
    case .smile(let clip):
      let clipped = apart.map { min(clip, max(-clip, $0)) }
      let logarithm = logMeanExponential(clipped)
      weights = clipped.map { exp($0 - logarithm) }
      value = mean - logarithm
    case .donskerVaradhan, .infoNCE:
      let logarithm = logMeanExponential(apart)
      weights = apart.map { exp($0 - logarithm) }
      value = mean - logarithm
    }
    let error = (variance(together) / Double(n) + variance(weights) / Double(n)).squareRoot()
    return (value, error, nil)
  }

  private func contrasted(_ batchSize: Int) -> (Double, Double, Double?) {
    let order = key.permutation(of: samples.count).map { Int32($0) }
    var local = [Double]()
    for first in stride(from: 0, through: samples.count - batchSize, by: batchSize) {
      let rows = Array(order[first..<first + batchSize])
      let table = critic.ofAll(
        samples.x.gather(rows: rows), samples.y.gather(rows: rows), parameters
      ).values.map { Double($0) }
      for row in 0..<batchSize {
        let own = Array(table[row * batchSize..<(row + 1) * batchSize])
        local.append(own[row] - logMeanExponential(own))
      }
    }
    let mean = local.reduce(0, +) / Double(local.count)
    return (
      mean, (variance(local) / Double(local.count)).squareRoot(), log(Double(batchSize))
    )
  }

  private func variance(_ values: [Double]) -> Double {
    let mean = values.reduce(0, +) / Double(values.count)
    return values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(max(1, values.count - 1))
  }
}

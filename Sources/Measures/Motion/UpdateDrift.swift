internal import Foundation

/// The mean update of every weight against its variance over a window of steps.
public struct UpdateDrift: Sendable, Equatable, Codable {
  /// m, the number of updates.
  public var updateCount: Int
  /// n, the number of weights.
  public var weightCount: Int
  /// F = Σ μ_i²/Σ (μ_i² + σ_i²) in 0...1, the share of the mean in the squared updates; nil where nothing has moved.
  ///
  /// Independent noise has **1/m**, not 0, and noise with momentum φ about (1 + φ)/(1 − φ)/m.
  public var driftFraction: Double?
  /// F̂ = (m F − 1)/(m − 1): 0 on average for independent noise, 1 for a constant update; can be negative.
  ///
  /// Correlated noise still has more than 0. Nil where ``driftFraction`` is, or m is 1.
  public var unbiasedDriftFraction: Double? {
    guard let driftFraction, updateCount > 1 else { return nil }
    let count = Double(updateCount)
    return (count * driftFraction - 1) / (count - 1)
  }
  /// r_i = μ_i²/σ_i² of the weights that have moved, in 64 bins from 10⁻⁸ to 10⁸; above where σ_i is 0.
  public var signalToNoise: LogarithmicHistogram
  /// The number of weights whose every update was 0, which have no r_i.
  public var unmovedCount: Int
  /// The share of weights whose update has one sign in at least ``agreement`` of the steps; an update of 0 has
  /// no sign.
  public var stableSignFraction: Double
  /// q, the share of the steps that must agree.
  public var agreement: Double

  /// The ``stableSignFraction`` of updates with signs like fair coins, 2 P(Binomial(m, ½) ≥ q m); 1 where q m is at
  /// most m/2 for all.
  public var chanceStableSignFraction: Double {
    let needed = neededCount(agreement, of: updateCount)
    guard 2 * needed > updateCount else { return 1 }
    let count = Double(updateCount)
    var sum = 0.0
    for agreeing in needed...max(needed, updateCount) where agreeing <= updateCount {
      let k = Double(agreeing)
      let choices: Double = lgamma(count + 1) - lgamma(k + 1) - lgamma(count - k + 1)
      sum += exp(choices - count * log(2.0))
    }
    return min(1, 2 * sum)
  }
}

/// The drift of updates: mean against variance of every weight, and how steady signs are.
///
/// With m updates, μ_i = mean over t of d_{t,i} and σ²_i = mean of (d_{t,i} − μ_i)².
///
/// ```swift
/// let drift = try updateDrift(of: updates(of: path))
/// print(drift.unbiasedDriftFraction ?? 0, "of the squared updates is drift")
/// ```
///
/// - Shapes: `updates` is `[m, n]`, d_t in row t.
/// - Units: none.
/// - Parameter agreement: q, above ½ and at most 1.
/// - Throws: `MeasureError.tooFewSamples` below one update or one weight, `.nonFiniteInput`, `.outOfRange`.
/// - Complexity: O(m n).
/// - Source: the fractions are this package's; r is the gradient signal-to-noise ratio of Liu et al., ICLR
///   2020, of updates in time.
public func updateDrift(
  of updates: some SampleMatrix, agreement: Double = 0.9
) throws(MeasureError) -> UpdateDrift {
  let measure = "updateDrift"
  try requireAgreement(agreement, measure: measure)
  let rows = try motionRows(of: updates, atLeast: 1, measure: measure)
  var drift = DriftSums(updateCount: rows.rowCount, agreement: agreement)
  for weight in 0..<rows.columnCount {
    let values = rows.column(weight)
    let average = values.reduce(0, +) / Double(values.count)
    drift.add(
      mean: average, squares: values.reduce(0) { $0 + ($1 - average) * ($1 - average) },
      risingCount: values.count { $0 > 0 }, fallingCount: values.count { $0 < 0 })
  }
  return try drift.result(measure: measure)
}

// MARK: - Shared with the streaming form

func requireAgreement(_ agreement: Double, measure: String) throws(MeasureError) {
  guard agreement > 0.5, agreement <= 1 else {
    throw .outOfRange(
      measure: measure, what: "agreement", value: agreement, expected: "above 0.5, at most 1")
  }
}

/// The least whole number that is at least q m, to within rounding.
private func neededCount(_ agreement: Double, of count: Int) -> Int {
  Int((agreement * Double(count) * (1 - 4 * .ulpOfOne)).rounded(.up))
}

/// What the moments of single weights add up to.
struct DriftSums {
  let updateCount: Int
  let agreement: Double
  private let needed: Int
  private var meanSquares = 0.0
  private var variances = 0.0
  private var weightCount = 0
  private var unmovedCount = 0
  private var stableCount = 0
  private var histogram = LogarithmicHistogram(from: 1e-8, to: 1e8)

  init(updateCount: Int, agreement: Double) {
    self.updateCount = updateCount
    self.agreement = agreement
    needed = neededCount(agreement, of: updateCount)
  }

  /// - Parameter squares: Σ (d_t − μ)² of one weight.
  mutating func add(mean: Double, squares: Double, risingCount: Int, fallingCount: Int) {
    weightCount += 1
    if max(risingCount, fallingCount) >= needed { stableCount += 1 }
    let variance = squares / Double(updateCount)
    guard mean != 0 || variance > 0 else {
      unmovedCount += 1
      return
    }
    meanSquares += mean * mean
    variances += variance
    histogram.add(variance > 0 ? mean * mean / variance : .infinity)
  }

  func result(measure: String) throws(MeasureError) -> UpdateDrift {
    guard weightCount > 0 else {
      throw .tooFewSamples(measure: "\(measure), weights", found: 0, needed: 1)
    }
    let total = meanSquares + variances
    return UpdateDrift(
      updateCount: updateCount, weightCount: weightCount,
      driftFraction: total > 0 ? meanSquares / total : nil, signalToNoise: histogram,
      unmovedCount: unmovedCount,
      stableSignFraction: Double(stableCount) / Double(weightCount), agreement: agreement)
  }
}

internal import Foundation

/// How fast a path spreads with the time it is watched for.
public struct DiffusionExponent: Sendable, Equatable, Codable {
  /// The mean squared displacement after a number of updates.
  public struct Spread: Sendable, Equatable, Codable {
    /// τ, in updates.
    public var lag: Int
    /// The mean over t of ‖w_{t+τ} − w_t‖², in squared units of the weights.
    public var meanSquare: Double
    /// How many t there are.
    public var originCount: Int
  }

  /// H of ⟨‖w_{t+τ} − w_t‖²⟩ ∝ τ^(2H): 1 ballistic, ½ diffusive, below ½ confined.
  ///
  /// The error is that of a jackknife over quarters of the path; ``Estimate/sampleCount`` is their number.
  public var exponent: Estimate
  /// The points that the line was fitted to.
  public var spreads: [Spread]
}

/// The diffusion exponent of a path: half the slope of the line through log mean squared displacement
/// against log τ.
///
/// Lags τ are spaced evenly in log τ, about eight a decade, from 1 to N/4. Mean squares at different
/// lags and from overlapping stretches share updates, so that the residuals of the fit say nothing about its
/// error. The error here is that of a jackknife that leaves out each quarter of the updates once, with every
/// displacement that touches it; over random walks it is 1.05 to 1.25 times the true scatter. Null levels: a random walk ½, a straight line 1, and **momentum** is ballistic below 1/(1 − μ) updates and
/// diffusive above, so that the one exponent lies between.
///
/// - Shapes: `path` is `[N + 1, n]`, records evenly spaced in time.
/// - Units: none.
/// - Throws: `MeasureError.tooFewSamples` below 17 records, `.nonFiniteInput`, `.outOfRange`, `.undefined` where
///   the path is back where it was after some lag, always.
/// - Complexity: O(N n log N).
/// - Source: the definition is that of anomalous diffusion (Metzler & Klafter, Phys. Rep. 339, 1 (2000));
///   the jackknife over blocks, Künsch, Ann. Stat. 17, 1217 (1989).
public func diffusionExponent(
  of path: some SampleMatrix
) throws(MeasureError) -> DiffusionExponent {
  let rows = try motionRows(of: path, atLeast: 17, measure: measure)
  let tables = logarithmicLags(upTo: (rows.rowCount - 1) / 4).map { lag in
    SpreadTable(rows, lag: lag)
  }
  // The differences of sums that leave a stretch out are not exact.
  if let still = tables.first(where: { table in
    (0..<stretchCount).contains { table.meanSquare(without: $0) <= 1e-12 * table.meanSquare }
  }) {
    throw .undefined(
      measure: measure,
      reason: "the path does not move within \(still.lag) updates: no power of time fits 0")
  }
  let lags = tables.map { log(Double($0.lag)) }
  func exponent(_ meanSquares: [Double]) -> Double {
    LineFit(x: lags, y: meanSquares.map { log($0) }).slope / 2
  }
  let value = exponent(tables.map { $0.meanSquare })
  let left = (0..<stretchCount).map { stretch in
    exponent(tables.map { $0.meanSquare(without: stretch) })
  }
  let center = left.reduce(0, +) / Double(stretchCount)
  let squares = left.reduce(0) { $0 + ($1 - center) * ($1 - center) }
  let share = Double(stretchCount - 1) / Double(stretchCount)
  return DiffusionExponent(
    exponent: Estimate(
      value: value, standardError: (share * squares).squareRoot(), sampleCount: stretchCount),
    spreads: tables.map {
      DiffusionExponent.Spread(
        lag: $0.lag, meanSquare: $0.meanSquare, originCount: $0.originCount)
    })
}

/// Whole numbers from 1 to `largest`, eight a decade where there are so many.
func logarithmicLags(upTo largest: Int) -> [Int] {
  var lags = [Int]()
  var exponent = 0.0
  while true {
    let lag = Int(pow(10, exponent).rounded())
    if lag > largest { return lags }
    if lag != lags.last { lags.append(lag) }
    exponent += 0.125
  }
}

// MARK: - Helpers

private let measure = "diffusionExponent"
private let stretchCount = 4

/// Sums of squared displacements after one lag: of all, and of those that touch each stretch of time.
private struct SpreadTable {
  let lag: Int
  let originCount: Int
  private var sum = 0.0
  private var touchingSums = [Double](repeating: 0, count: stretchCount)
  private var touchingCounts = [Int](repeating: 0, count: stretchCount)

  init(_ rows: Matrix<Double>, lag: Int) {
    self.lag = lag
    let updateCount = rows.rowCount - 1
    originCount = rows.rowCount - lag
    for origin in 0..<originCount {
      let square = squaredDistance(rows, origin + lag, origin)
      sum += square
      let first = origin * stretchCount / updateCount
      let last = (origin + lag - 1) * stretchCount / updateCount
      for stretch in first...last {
        touchingSums[stretch] += square
        touchingCounts[stretch] += 1
      }
    }
  }

  /// The mean over all displacements.
  var meanSquare: Double { sum / Double(originCount) }

  /// The mean over those that do not touch a stretch.
  func meanSquare(without stretch: Int) -> Double {
    (sum - touchingSums[stretch]) / Double(originCount - touchingCounts[stretch])
  }
}

/// ‖x_row − x_other‖².
private func squaredDistance(_ rows: Matrix<Double>, _ row: Int, _ other: Int) -> Double {
  let columns = rows.columnCount
  return rows.values.withUnsafeBufferPointer { values in
    var sum = 0.0
    for column in 0..<columns {
      let difference = values[row &* columns &+ column] - values[other &* columns &+ column]
      sum += difference * difference
    }
    return sum
  }
}

internal import Foundation

/// How the trend is taken off the logarithm of a heat.
public enum HeatDetrending: Sendable, Equatable, Codable {
  /// Its moving average, with weight α: what is left are the last 1/α records or so.
  case movingAverage(weight: Double = 0.08)
  /// First differences. One record fewer.
  case differences
}

/// x_c = ln q_c less its trend, for every component: what flows and correlations are asked of.
///
/// Levels of heats that all fall correlate whatever they do otherwise. The moving average is of ln q_c itself.
///
/// - Parameter removesCommonFactor: regresses each x_c on that of the total heat Q = Σ q_c, and keeps what is left; else
///   every pair correlates at lag 0. With few components this makes each of them a little the opposite of the others.
/// - Throws: `MeasureError.tooFewSamples` (3 records), `.undefined` for heats that are not above 0 or do not change,
///   `.outOfRange`.
/// - Complexity: O(records × components).
public func detrendedLogHeat(
  of heat: HeatTable, by detrending: HeatDetrending = .movingAverage(),
  removesCommonFactor: Bool = false
) throws(MeasureError) -> HeatTable {
  let measure = "detrendedLogHeat"
  guard heat.recordCount >= 3 else {
    throw .tooFewSamples(measure: measure, found: heat.recordCount, needed: 3)
  }
  let logs = try heat.logarithms(measure: measure)
  var columns = [[Double]]()
  for component in 0..<heat.componentCount {
    columns.append(try detrended(logs.column(component), detrending))
  }
  if removesCommonFactor {
    let totals = (0..<heat.recordCount).map { log(heat.values.row($0).reduce(0, +)) }
    let common = centered(try detrended(totals, detrending))
    let square = dot(common, common)
    guard square > 0 else {
      throw .undefined(measure: measure, reason: "the total heat does not change")
    }
    columns = columns.map { column in
      let slope = dot(centered(column), common) / square
      return zip(column, common).map { $0 - slope * $1 }
    }
  }
  let steps = Array(heat.steps.suffix(columns.first?.count ?? heat.recordCount))
  return try HeatTable(
    steps: steps, names: heat.names,
    values: Matrix(
      values: steps.indices.flatMap { row in columns.map { $0[row] } }, rowCount: steps.count,
      columnCount: heat.componentCount))
}

/// Values less their moving average, or their first differences.
func detrended(_ values: [Double], _ detrending: HeatDetrending) throws(MeasureError) -> [Double] {
  switch detrending {
  case .movingAverage(let weight):
    let average = try exponentialMovingAverage(of: values, weight: weight)
    return zip(values, average).map { $0 - $1 }
  case .differences:
    return firstDifferences(values)
  }
}

/// x₁ − x₀, x₂ − x₁, ….
func firstDifferences(_ values: [Double]) -> [Double] {
  zip(values.dropFirst(), values).map { $0 - $1 }
}

private func centered(_ values: [Double]) -> [Double] {
  let mean = values.reduce(0, +) / Double(values.count)
  return values.map { $0 - mean }
}

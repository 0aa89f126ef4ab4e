internal import Foundation

/// How heat is spread over components at every record.
///
/// - Source: definition.
public struct HeatShares: Sendable, Equatable {
  /// π_c = q_c/Q, `[records, components]`; rows sum to 1.
  public var shares: HeatTable
  /// −Σ π ln π of each record, in nats: 0 where one component has all, ln C where all have the same.
  public var entropies: [Double]
}

/// The shares of components in a heat that is not negative, such as ‖g_c‖² or ‖d_c‖².
///
/// - Throws: `MeasureError.outOfRange` for a negative heat, `.undefined` for a record without any heat.
/// - Complexity: O(records × components).
public func heatShares(of heat: HeatTable) throws(MeasureError) -> HeatShares {
  let measure = "heatShares"
  if let value = heat.values.values.first(where: { $0 < 0 }) {
    throw .outOfRange(measure: measure, what: "a heat", value: value, expected: "at least 0")
  }
  var shares = heat.values
  var entropies = [Double]()
  for record in 0..<heat.recordCount {
    let total = heat.values.row(record).reduce(0, +)
    guard total > 0 else {
      throw .undefined(measure: measure, reason: "there is no heat at step \(heat.steps[record])")
    }
    var entropy = 0.0
    for component in 0..<heat.componentCount {
      let share = heat.values[record, component] / total
      shares[record, component] = share
      if share > 0 { entropy -= share * log(share) }
    }
    entropies.append(entropy)
  }
  return HeatShares(
    shares: try HeatTable(steps: heat.steps, names: heat.names, values: shares),
    entropies: entropies)
}

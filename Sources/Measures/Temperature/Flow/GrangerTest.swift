internal import Foundation

/// Whether the past of one series tells more about another than that one's own past does.
public struct GrangerTest: Sendable, Equatable, Codable {
  /// How many past records of each series were used.
  public var order: Int
  /// F of the coefficients of the source.
  public var statistic: Double
  /// The degrees of freedom of its numerator: the order.
  public var numeratorFreedom: Int
  /// The degrees of freedom of its denominator: records less coefficients.
  public var denominatorFreedom: Int
  /// The probability of such an F or a larger one where the source tells nothing.
  public var pValue: Double
}

/// Which other series a Granger test keeps in both models.
public enum GrangerConditioning: String, Sendable, Codable, CaseIterable {
  /// None: source and target alone. A third series that drives both looks like one driving the other.
  case pair
  /// All series of the table: what is left is told by no other. It takes many more records than coefficients.
  case all
}

/// A Granger test from every series to every other.
public struct GrangerFlows: Sendable, Equatable, Codable {
  /// The names of the series.
  public var names: [String]
  /// `tests[source][target]`; nil on the diagonal.
  public var tests: [[GrangerTest?]]
  /// p-values adjusted over all pairs by ``falseDiscoveryRates(of:)``; nil on the diagonal.
  public var falseDiscoveryRates: [[Double?]]

  /// The pairs whose adjusted p-value is at most `rate`, the clearest first.
  public func flows(falseDiscoveryRate rate: Double = 0.05) -> [(source: String, target: String)] {
    var found = [(rate: Double, source: Int, target: Int)]()
    for (source, row) in falseDiscoveryRates.enumerated() {
      for (target, value) in row.enumerated() {
        if let value, value <= rate { found.append((value, source, target)) }
      }
    }
    return found.sorted { ($0.rate, $0.source, $0.target) < ($1.rate, $1.source, $1.target) }
      .map { (names[$0.source], names[$0.target]) }
  }
}

/// Granger tests between all pairs of series, with false-discovery control.
///
/// Each target is regressed on a constant and its own p past records, with and without those of the source;
/// F = ((RSS₀ − RSS₁)/p)/(RSS₁/(n − k)). The order p ≤ `largestOrder` has the least n ln|Σ| + (coefficients) ln n
/// of the vector autoregression, over the same records for every order. A flow is a statement about
/// prediction: records further apart than the flow takes, or a driver that is not recorded, make or hide one.
///
/// ```swift
/// let heats = try detrendedLogHeat(of: norms.squared(), by: .movingAverage(weight: 0.08))
/// let flows = try grangerFlows(between: heats)
/// for flow in flows.flows() { print(flow.source, "→", flow.target) }
/// ```
///
/// - Shapes: `series` is a table `[records, components]` of series without trends.
/// - Throws: `MeasureError.tooFewSamples` (records beyond ten times the coefficients of an equation, at the
///   largest order), `.outOfRange`, `.undefined` for a series that is constant or told by the others exactly.
/// - Complexity: O(records (C p)²) for the products, then O(C² p³), or O((C p)³) with `.all`.
/// - Source: Granger, Econometrica 37, 424 (1969); Lütkepohl (2005), §3.6 and §4.3.
public func grangerFlows(
  between series: HeatTable, largestOrder: Int = 5, conditioning: GrangerConditioning = .pair
) throws(MeasureError) -> GrangerFlows {
  let measure = "grangerFlows"
  let count = series.componentCount
  guard count >= 2 else {
    throw .undefined(measure: measure, reason: "a flow takes two series; there is \(count)")
  }
  let autoregression = try Autoregression(
    series, largestOrder: largestOrder, group: conditioning == .pair ? 2 : count,
    measure: measure)
  var tests = [[GrangerTest?]](
    repeating: Array(repeating: nil, count: count), count: count)
  switch conditioning {
  case .all:
    let all = Array(0..<count)
    let order = try autoregression.bestOrder(of: all)
    let fit = try autoregression.fit(all, order: order)
    for source in all {
      for target in all where target != source {
        tests[source][target] = fit.test(from: source, to: target)
      }
    }
  case .pair:
    for first in 0..<count {
      for second in first + 1..<count {
        let order = try autoregression.bestOrder(of: [first, second])
        let fit = try autoregression.fit([first, second], order: order)
        tests[first][second] = fit.test(from: 0, to: 1)
        tests[second][first] = fit.test(from: 1, to: 0)
      }
    }
  }
  let adjusted = try falseDiscoveryRates(of: tests.joined().compactMap { $0?.pValue })
  var next = adjusted.makeIterator()
  return GrangerFlows(
    names: series.names, tests: tests,
    falseDiscoveryRates: tests.map { $0.map { $0 == nil ? nil : next.next() } })
}

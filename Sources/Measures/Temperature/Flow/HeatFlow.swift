/// How the heats of two components go together, and which of them goes first.
///
/// - Source: this package's.
public struct HeatFlow: Sendable, Equatable, Codable {
  /// The component that is ahead at positive lags.
  public var first: String
  /// The other one.
  public var second: String
  /// R(ℓ) at ℓ = −L … L, in records.
  public var correlations: [Double]
  /// The lag of the largest R, in records: above 0 where `first` leads.
  public var lead: Int
  /// The largest R beside the largest of surrogates.
  public var comparison: NullComparison
  /// Its p-value among those of all pairs, see ``falseDiscoveryRates(of:)``.
  public var falseDiscoveryRate: Double
}

/// Lagged cross-correlations between all pairs of components, beside chance.
///
/// R_ab(ℓ) = Σ_t x_a(t) x_b(t + ℓ)/(N σ_a σ_b), over the pairs of records that exist. What is compared with chance is the largest
/// R over all lags, so that lags are not searched for free. Surrogates keep the spectra of both series: see
/// ``FlowSurrogates``. For many pairs to survive the correction ask for more of them.
///
/// ```swift
/// let partial = try detrendedLogHeat(of: heats, removesCommonFactor: true)
/// for flow in try heatFlows(between: partial, largestLag: 20, key: key)
/// where flow.falseDiscoveryRate < 0.05 {
///   print(flow.first, flow.second, flow.lead)
/// }
/// ```
///
/// - Shapes: `series` is a table `[records, components]` without trends, see
///   ``detrendedLogHeat(of:by:removesCommonFactor:)``; records must be evenly spaced for lags to mean anything.
/// - Returns: one for each pair of columns a < b, in order.
/// - Throws: `MeasureError.tooFewSamples` (4 L + 22 records), `.outOfRange`, `.undefined` for a constant series or uneven steps.
/// - Complexity: for C components and N records O(C N log N · surrogates + C² N L · surrogates) time and O(N · surrogates)
///   memory a thread with random phases; O(C² (N log N + surrogates · L²)) time with shifts.
public func heatFlows(
  between series: HeatTable, largestLag: Int = 20, surrogates: FlowSurrogates = .randomPhases,
  surrogateCount: Int = 500, workers: Workers? = nil, key: RandomKey
) throws(MeasureError) -> [HeatFlow] {
  let measure = "heatFlows"
  try requireEvenSteps(series.steps, measure: measure)
  try requireSurrogates(surrogateCount, measure: measure)
  let names = series.names
  let correlator = try LaggedCorrelator(
    names.indices.map { series.values.column($0) }, names: names, largestLag: largestLag,
    measure: measure)
  let flowsByTarget = try concurrentMap(count: names.count, workers: workers) {
    target throws(MeasureError) in
    let null = try correlator.nullValues(
      of: Array(0..<target), against: target, surrogates, surrogateCount: surrogateCount,
      key: key.fork(target)
    ) { $0.max() ?? 0 }
    var flows = [HeatFlow]()
    for source in 0..<target {
      let correlations = correlator.lagged(
        source, target, shift: 0, circular: correlator.circular(source, target))
      let best = correlations.indices.max { correlations[$0] < correlations[$1] } ?? 0
      var comparison = try nullComparison(
        of: correlations[best], with: null[source], alternative: .greater)
      comparison.pValue = max(comparison.pValue, correlator.leastPValue(surrogates))
      flows.append(
        HeatFlow(
          first: names[source], second: names[target], correlations: correlations,
          lead: best - largestLag, comparison: comparison, falseDiscoveryRate: 1))
    }
    return flows
  }
  // By the first of the two names, then the second.
  var flows = names.indices.flatMap { source in
    names.indices.dropFirst(source + 1).map { flowsByTarget[$0][source] }
  }
  let adjusted = try falseDiscoveryRates(of: flows.map(\.comparison.pValue))
  for (index, rate) in adjusted.enumerated() { flows[index].falseDiscoveryRate = rate }
  return flows
}

/// Throws for fewer surrogates than a comparison takes.
func requireSurrogates(_ count: Int, measure: String) throws(MeasureError) {
  guard count >= 2 else {
    throw .outOfRange(
      measure: measure, what: "surrogateCount", value: Double(count), expected: "at least 2")
  }
}

/// Throws unless all steps are equally far apart.
func requireEvenSteps(_ steps: [Int], measure: String) throws(MeasureError) {
  for index in steps.indices.dropFirst(2)
  where steps[index] - steps[index - 1] != steps[1] - steps[0] {
    throw .undefined(
      measure: measure,
      reason: "records are \(steps[1] - steps[0]) steps apart at first and "
        + "\(steps[index] - steps[index - 1]) at step \(steps[index]); lags need even spacing")
  }
}

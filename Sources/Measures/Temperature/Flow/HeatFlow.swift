/// How the heats of two components go together, and which of them goes first.
public struct HeatFlow: Sendable, Equatable, Codable {
  /// The component that is ahead at positive lags.
  public var first: String
  /// The other one.
  public var second: String
  /// R(ℓ) at ℓ = −L … L, in records.
  public var correlations: [Double]
  /// The lag of the largest R, in records: above 0 where `first` leads.
  public var lead: Int
  /// The largest R beside the largest of circularly shifted series.
  public var comparison: NullComparison
  /// Its p-value among those of all pairs, see ``falseDiscoveryRates(of:)``.
  public var falseDiscoveryRate: Double
}

/// Lagged cross-correlations between all pairs of components, with chance from circular shifts.
///
/// R_ab(ℓ) = Σ_t x_a(t) x_b(t + ℓ)/(N σ_a σ_b), over the pairs of records that exist. What is compared with chance is the largest R
/// over all lags, so that lags are not searched for free; a shift moves one series around the circle by more than twice
/// the largest lag. Shifts keep the spectra of both. The least p-value is 1/(`surrogateCount` + 1): for many pairs to
/// survive the correction, ask for more surrogates, which cost little.
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
/// - Complexity: O(C² (N log N + surrogates · L²)) time for C components and N records.
public func heatFlows(
  between series: HeatTable, largestLag: Int = 20, surrogateCount: Int = 500,
  workers: Workers? = nil, key: RandomKey
) throws(MeasureError) -> [HeatFlow] {
  let measure = "heatFlows"
  try requireEvenSteps(series.steps, measure: measure)
  let names = series.names
  let correlator = try LaggedCorrelator(
    (0..<series.componentCount).map { series.values.column($0) }, names: names,
    largestLag: largestLag, measure: measure)
  let pairs = names.indices.flatMap { a in names.indices.filter { $0 > a }.map { (a, $0) } }
  var flows = try concurrentMap(count: pairs.count, workers: workers) {
    index throws(MeasureError) in
    let (a, b) = pairs[index]
    let circular = correlator.circular(a, b)
    let correlations = correlator.lagged(a, b, shift: 0, circular: circular)
    let best = correlations.indices.max { correlations[$0] < correlations[$1] } ?? 0
    let shifts = key.fork(index).integers(count: surrogateCount, in: correlator.shifts)
    let null = shifts.map {
      correlator.lagged(a, b, shift: $0, circular: circular).max() ?? 0
    }
    return HeatFlow(
      first: names[a], second: names[b], correlations: correlations, lead: best - largestLag,
      comparison: try nullComparison(of: correlations[best], with: null, alternative: .greater),
      falseDiscoveryRate: 1)
  }
  let adjusted = try falseDiscoveryRates(of: flows.map(\.comparison.pValue))
  for (index, rate) in adjusted.enumerated() { flows[index].falseDiscoveryRate = rate }
  return flows
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

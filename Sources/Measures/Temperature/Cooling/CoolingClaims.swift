/// The claims C1–C5 and C9, which hold of components one by one.
///
/// `neededShare` is the share of components from which on a claim is confirmed; below the rest of it the claim is not
/// confirmed, and between the two it depends.
extension CoolingRecord {
  /// C1: whether cooling is exponential: the criterion of ``coolingLaw(of:in:)`` on the moving average is lower by at
  /// least 10 for e^(−kt) than for t^(−b), and k > 0.
  ///
  /// - Returns: the share of components; of each, by how much the criterion is lower.
  /// - Throws: `MeasureError`, as `coolingLaw`.
  public func exponentialCooling(
    in steps: ClosedRange<Int>? = nil, neededShare: Double = 0.8
  ) throws(MeasureError) -> ClaimEvidence {
    var parts = [ClaimEvidence.Part]()
    for column in components.indices {
      let series = try temperatures.series(of: column)
      let law = try coolingLaw(
        of: RecordedSeries(
          steps: series.steps,
          values: exponentialMovingAverage(of: series.values, weight: smoothing)),
        in: steps)
      parts.append(
        .init(
          name: components[column].name, statistic: law.exponentialAdvantage,
          holds: law.exponentialAdvantage >= 10 && law.exponential.rate > 0))
    }
    return try ClaimEvidence(
      .exponential, parts: parts, neededShare: neededShare, measure: "exponentialCooling")
  }

  /// C2: whether at least `neededCount` convolutions have halved within an epoch.
  ///
  /// - Parameter epochSteps: the steps of an epoch.
  /// - Returns: their number; of each convolution, its half-cooling step.
  /// - Throws: `MeasureError.undefined` without convolutions, and as ``coolingTime(of:smoothing:)``.
  public func quickConvolutions(
    epochSteps: Int, neededCount: Int = 3
  ) throws(MeasureError) -> ClaimEvidence {
    let columns = columns { $0 == .convolution || $0 == .downsampleConvolution }
    guard !columns.isEmpty else {
      throw .undefined(measure: "quickConvolutions", reason: "there are no convolutions")
    }
    var parts = [ClaimEvidence.Part]()
    for column in columns {
      let step = try halfStep(of: column)
      parts.append(
        .init(
          name: components[column].name, statistic: step.map { Double($0) },
          holds: step.map { $0 <= epochSteps } ?? false))
    }
    let count = parts.count { $0.holds == true }
    return ClaimEvidence(
      claim: .quickConvolutions, statistic: Double(count), pValue: nil,
      verdict: count >= neededCount ? .confirmed : .notConfirmed, parts: parts)
  }

  /// C3: whether, after it has halved, a temperature varies more about its average than its average does.
  ///
  /// - Returns: the share of the components that halved; of each, ``TemperatureNoise/ratio``.
  /// - Throws: `MeasureError.undefined` where none halved.
  public func mostlyNoise(neededShare: Double = 0.8) throws(MeasureError) -> ClaimEvidence {
    var parts = [ClaimEvidence.Part]()
    for column in components.indices {
      var ratio: Double?
      let series = try temperatures.series(of: column)
      if let step = try halfStep(of: column), series.steps.count(where: { $0 >= step }) >= 3 {
        ratio = try temperatureNoise(of: series, smoothing: smoothing, from: step).ratio
      }
      parts.append(
        .init(name: components[column].name, statistic: ratio, holds: ratio.map { $0 > 1 }))
    }
    return try ClaimEvidence(
      .mostlyNoise, parts: parts, neededShare: neededShare, measure: "mostlyNoise")
  }

  /// C4: whether batch normalisations get warmer again: ρ ≥ 1.5 and a rise with p < 0.01 after the minimum, see
  /// ``rebound(of:smoothing:forCorrelatedRecords:)``, of at least 80 % of them.
  ///
  /// Ask it of ‖g‖ ‖w‖ too: a rise that is only in ‖g‖ of normalised weights is that of weights that shrink.
  ///
  /// - Returns: the share; of each component, ρ and the p-value of the trend.
  /// - Throws: `MeasureError.undefined` without batch normalisations.
  public func batchNormRebound(neededShare: Double = 0.8) throws(MeasureError) -> ClaimEvidence {
    try rebounds(
      .batchNormRebound, columns { $0.isBatchNorm }, neededShare, measure: "batchNormRebound")
  }

  /// C5: whether the downsampling branches get warmer again, judged as in ``batchNormRebound(neededShare:)``.
  ///
  /// - Throws: `MeasureError.undefined` without such branches.
  public func downsampleRebound(neededShare: Double = 0.8) throws(MeasureError) -> ClaimEvidence {
    try rebounds(
      .downsampleRebound, columns { $0.isDownsample }, neededShare, measure: "downsampleRebound")
  }

  /// C9: whether dips are followed by rebounds more often than in surrogates, p < 0.05; see
  /// ``dips(of:smoothing:window:surrogateCount:workers:key:)``.
  ///
  /// - Returns: the share of components; of each, the number of dips and its p-value.
  /// - Throws: `MeasureError`, as `dips`.
  public func dipsAndRebounds(
    window: Int = 20, surrogateCount: Int = 200, neededShare: Double = 0.8,
    workers: Workers? = nil, key: RandomKey
  ) throws(MeasureError) -> ClaimEvidence {
    var parts = [ClaimEvidence.Part]()
    for column in components.indices {
      let found = try dips(
        of: temperatures.series(of: column), smoothing: smoothing, window: window,
        surrogateCount: surrogateCount, workers: workers, key: key.fork(column))
      parts.append(
        .init(
          name: components[column].name, statistic: found.comparison.value,
          pValue: found.comparison.pValue, holds: found.comparison.pValue < 0.05))
    }
    return try ClaimEvidence(
      .dipsAndRebounds, parts: parts, neededShare: neededShare, measure: "dipsAndRebounds")
  }

  private func rebounds(
    _ claim: CoolingClaim, _ columns: [Int], _ neededShare: Double, measure: String
  ) throws(MeasureError) -> ClaimEvidence {
    var parts = [ClaimEvidence.Part]()
    for column in columns {
      let found = try rebound(of: temperatures.series(of: column), smoothing: smoothing)
      let rises = found.trend.map { $0.tau > 0 && $0.pValue < 0.01 } ?? false
      parts.append(
        .init(
          name: components[column].name, statistic: found.factor, pValue: found.trend?.pValue,
          holds: found.factor >= 1.5 && rises))
    }
    return try ClaimEvidence(claim, parts: parts, neededShare: neededShare, measure: measure)
  }

  /// When a component's temperature has halved.
  func halfStep(of column: Int) throws(MeasureError) -> Int? {
    try coolingTime(of: temperatures.series(of: column), smoothing: smoothing).step
  }
}

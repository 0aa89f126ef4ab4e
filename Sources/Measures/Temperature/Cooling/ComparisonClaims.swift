/// The claims C6–C8, which compare components with each other.
extension CoolingRecord {
  /// C6: whether biases are noisier than the weights of their modules: the median difference of ν is above 0 and
  /// Wilcoxon's p < 0.01.
  ///
  /// A tensor of n independent noisy entries has a norm that fluctuates by 1/√n of itself. So the same is asked of ν √n:
  /// the verdict is `.depends` where biases are noisier only for being smaller.
  ///
  /// - Returns: the median of ν(bias) − ν(weight) over modules, in nats, with its p-value; of each module, its
  ///   difference; the corrected test is ``noiseDifference(correctingForSize:)``.
  /// - Throws: `MeasureError.undefined` without modules that have both.
  public func noisyBiases() throws(MeasureError) -> ClaimEvidence {
    let plain = try noiseDifference(correctingForSize: false)
    let corrected = try noiseDifference(correctingForSize: true)
    func holds(_ test: SignedRankTest) -> Bool { test.medianDifference > 0 && test.pValue < 0.01 }
    let verdict: ClaimVerdict =
      holds(plain.test)
      ? holds(corrected.test) ? .confirmed : .depends(holding: 1, total: 2) : .notConfirmed
    return ClaimEvidence(
      claim: .noisyBiases, statistic: plain.test.medianDifference, pValue: plain.test.pValue,
      verdict: verdict, parts: plain.parts)
  }

  /// The signed-rank test of the noise of biases less that of the weights of the same module.
  ///
  /// - Parameter correctingForSize: multiplies each noise by the root of the number of weights.
  /// - Throws: `MeasureError.undefined` without modules that have both.
  public func noiseDifference(
    correctingForSize: Bool
  ) throws(MeasureError) -> (test: SignedRankTest, parts: [ClaimEvidence.Part]) {
    var parts = [ClaimEvidence.Part]()
    for bias in columns(where: { $0.isBias }) {
      let partner = components.indices.first {
        !components[$0].kind.isBias && components[$0].module == components[bias].module
          && components[$0].head == components[bias].head
      }
      guard let partner else { continue }
      let noises = try [bias, partner].map { column throws(MeasureError) in
        try temperatureNoise(of: temperatures.series(of: column), smoothing: smoothing).deviation
          * (correctingForSize ? Double(weightCounts[column]).squareRoot() : 1)
      }
      let difference = noises[0] - noises[1]
      parts.append(
        .init(name: components[bias].module, statistic: difference, holds: difference > 0))
    }
    guard !parts.isEmpty else {
      throw .undefined(
        measure: "noisyBiases", reason: "no module has both a weight and a bias")
    }
    let test = try signedRankTest(of: parts.compactMap(\.statistic), alternative: .greater)
    return (test, parts)
  }

  /// C7: whether layers that come later halve later: Spearman's ρ > 0 between depth and half-cooling step, p < 0.05.
  ///
  /// Layers with a matrix or kernel are compared; those that never halved count as later than all others.
  ///
  /// - Returns: ρ and its p-value; of each layer, its half-cooling step.
  /// - Throws: `MeasureError.tooFewSamples` below three layers, `.undefined` where all halve at once or never.
  public func laterIsLater() throws(MeasureError) -> ClaimEvidence {
    let layers = layers
    let parts = try halfSteps(of: layers)
    let correlation = try rankCorrelation(
      between: layers.map { Double(components[$0].depth) },
      and: parts.map { $0.statistic ?? .infinity }, alternative: .greater)
    return ClaimEvidence(
      claim: .laterIsLater, statistic: correlation.value, pValue: correlation.pValue,
      verdict: correlation.value > 0 && correlation.pValue < 0.05 ? .confirmed : .notConfirmed,
      parts: parts)
  }

  /// C8: whether the last fully connected layer (or the one to logits) halves last, or last but one.
  ///
  /// Where others halve at the same record, or never too, it depends: in so many of the orders that they could have.
  ///
  /// - Returns: its rank from the slowest, 1 or more, and the share of layers with such a rank, which is what
  ///   chance would give; of each layer, its half-cooling step.
  /// - Throws: `MeasureError.undefined` without such a layer.
  public func lastIsSlowest() throws(MeasureError) -> ClaimEvidence {
    let layers = layers
    let last = layers.last {
      [.fullyConnectedWeight, .unembedding].contains(components[$0].kind)
    }
    guard let last, let place = layers.firstIndex(of: last), layers.count >= 3 else {
      throw .undefined(
        measure: "lastIsSlowest",
        reason: "a fully connected layer and two others are needed to compare")
    }
    let parts = try halfSteps(of: layers)
    let times = parts.map { $0.statistic ?? .infinity }
    let slower = times.count { $0 > times[place] }
    let equal = times.count { $0 == times[place] } - 1
    let verdict: ClaimVerdict =
      slower > 1
      ? .notConfirmed
      : slower + equal <= 1 ? .confirmed : .depends(holding: 2 - slower, total: equal + 1)
    return ClaimEvidence(
      claim: .lastIsSlowest, statistic: Double(slower + 1),
      pValue: min(1, Double(slower + equal + 1) / Double(layers.count)), verdict: verdict,
      parts: parts)
  }

  private func halfSteps(of columns: [Int]) throws(MeasureError) -> [ClaimEvidence.Part] {
    var parts = [ClaimEvidence.Part]()
    for column in columns {
      let step = try halfStep(of: column)
      parts.append(
        .init(
          name: components[column].name, statistic: step.map { Double($0) }, holds: step != nil))
    }
    return parts
  }
}

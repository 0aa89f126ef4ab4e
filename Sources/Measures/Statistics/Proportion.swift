/// A share of independent trials, for example of examples that were classified correctly.
public struct Proportion: Sendable, Equatable, Codable {
  /// How many trials came out so.
  public let count: Int
  /// How many trials there were, at least 1.
  public let total: Int

  /// `count` out of `total`.
  ///
  /// - Throws: `MeasureError.tooFewSamples` for no trial, `.outOfRange` for a count outside of 0...total.
  public init(count: Int, total: Int) throws(MeasureError) {
    guard total >= 1 else { throw .tooFewSamples(measure: "proportion", found: total, needed: 1) }
    guard count >= 0, count <= total else {
      throw .outOfRange(
        measure: "proportion", what: "the count", value: Double(count), expected: "0 to \(total)")
    }
    self.init(of: count, in: total)
  }

  /// - Precondition: 0 <= count <= total, total >= 1.
  init(of count: Int, in total: Int) {
    precondition(total >= 1 && count >= 0 && count <= total, "Proportion: \(count) of \(total)")
    self.count = count
    self.total = total
  }

  /// How many of a list of trials came out so.
  ///
  /// - Precondition: the list is not empty.
  init(of trials: some Collection<Bool>) {
    self.init(of: trials.count { $0 }, in: trials.count)
  }

  /// p = count/total, in 0...1.
  public var value: Double { Double(count) / Double(total) }

  /// √(p(1 − p)/total). It is 0 where all trials agree, which says little: see ``interval(confidence:)``.
  public var standardError: Double { (value * (1 - value) / Double(total)).squareRoot() }

  /// The value with its standard error.
  public var estimate: Estimate {
    Estimate(value: value, standardError: standardError, sampleCount: total)
  }

  /// The Wilson score interval: all probabilities that lie within z standard errors of theirs of p.
  ///
  /// (p + z²/2n ± z √(p(1 − p)/n + z²/4n²)) / (1 + z²/n). Stays within 0...1 and is right near the ends.
  ///
  /// - Precondition: `confidence` is above 0 and below 1.
  /// - Source: Wilson, J. Am. Stat. Assoc. 22, 209 (1927).
  public func interval(confidence: Double = 0.95) -> ClosedRange<Double> {
    precondition(confidence > 0 && confidence < 1, "Proportion: confidence \(confidence)")
    let z = NormalDistribution.quantile((1 + confidence) / 2)
    let n = Double(total)
    let middle = value + z * z / (2 * n)
    let half = z * (value * (1 - value) / n + z * z / (4 * n * n)).squareRoot()
    let scale = 1 + z * z / n
    // The ends are exact where all trials agree.
    let lower = count == 0 ? 0 : max(0, (middle - half) / scale)
    let upper = count == total ? 1 : min(1, (middle + half) / scale)
    return lower...upper
  }
}

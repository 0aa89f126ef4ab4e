/// What measurements say of a claim.
public enum ClaimVerdict: Sendable, Equatable, Codable {
  /// It holds.
  case confirmed
  /// It does not.
  case notConfirmed
  /// It holds of so many of all: components, seeds, or ways to ask.
  case depends(holding: Int, total: Int)

  /// The verdict where a claim was checked on several cases.
  ///
  /// - Parameter neededShare: the share of cases from which on it is confirmed; where it holds of less than
  ///   the rest of that share, 1 − `neededShare`, or of none, it is not.
  init(holding: Int, total: Int, neededShare: Double = 1) {
    let share = Double(holding) / Double(total)
    if share >= neededShare {
      self = .confirmed
    } else if holding == 0 || share < 1 - neededShare {
      self = .notConfirmed
    } else {
      self = .depends(holding: holding, total: total)
    }
  }
}

/// A claim about how networks cool, from the notes of the first program that plotted it.
public enum CoolingClaim: String, Sendable, Codable, CaseIterable {
  /// C1: what looks like a line on the log axis is exponential cooling.
  case exponential
  /// C2: a handful of convolutions cool within about an epoch.
  case quickConvolutions
  /// C3: after that, most of what is seen is noise.
  case mostlyNoise
  /// C4: almost every batch normalisation gets warmer again.
  case batchNormRebound
  /// C5: so does the downsampling branch.
  case downsampleRebound
  /// C6: biases are noisier than the weights beside them.
  case noisyBiases
  /// C7: later layers come down later.
  case laterIsLater
  /// C8: the last fully connected layer is the slowest, or the second slowest.
  case lastIsSlowest
  /// C9: dips are followed by rebounds.
  case dipsAndRebounds
}

/// What one run says of a claim, with the numbers it rests on.
///
/// - Source: this package's.
public struct ClaimEvidence: Sendable, Equatable, Codable {
  /// What one component says.
  public struct Part: Sendable, Equatable, Codable {
    /// The component, or the module of a pair.
    public var name: String
    /// The statistic of the claim's doc comment; nil where it is not defined for this one, which then counts
    /// neither way.
    public var statistic: Double?
    /// Its p-value, where there is one.
    public var pValue: Double?
    /// Whether the claim holds of it; nil where nothing is defined.
    public var holds: Bool?
  }

  /// The claim.
  public var claim: CoolingClaim
  /// The number that decides: see the function of the claim.
  public var statistic: Double
  /// Its p-value, where there is one.
  public var pValue: Double?
  /// What follows, for this run.
  public var verdict: ClaimVerdict
  /// The components it was asked of.
  public var parts: [Part]

  /// The number of components of which it holds.
  public var holdingCount: Int { parts.count { $0.holds == true } }
  /// The number of components of which anything is said.
  public var totalCount: Int { parts.count { $0.holds != nil } }

  /// Evidence that is the share of components of which a claim holds.
  init(
    _ claim: CoolingClaim, parts: [Part], neededShare: Double, measure: String
  ) throws(MeasureError) {
    self.init(claim: claim, statistic: 0, pValue: nil, verdict: .notConfirmed, parts: parts)
    guard totalCount > 0 else {
      throw .undefined(measure: measure, reason: "no component that the claim is about is defined")
    }
    statistic = Double(holdingCount) / Double(totalCount)
    verdict = ClaimVerdict(
      holding: holdingCount, total: totalCount, neededShare: neededShare)
  }

  init(
    claim: CoolingClaim, statistic: Double, pValue: Double?, verdict: ClaimVerdict, parts: [Part]
  ) {
    self.claim = claim
    self.statistic = statistic
    self.pValue = pValue
    self.verdict = verdict
    self.parts = parts
  }
}

/// What several runs from different seeds say of a claim together: confirmed where all of them confirm
/// it, not confirmed where none does, and else in how many.
///
/// - Throws: `MeasureError.tooFewSamples` below three runs, `.undefined` where they are of several claims.
public func verdict(over runs: [ClaimEvidence]) throws(MeasureError) -> ClaimVerdict {
  guard runs.count >= 3 else {
    throw .tooFewSamples(measure: "verdict", found: runs.count, needed: 3)
  }
  guard runs.allSatisfy({ $0.claim == runs[0].claim }) else {
    throw .undefined(measure: "verdict", reason: "the runs are evidence for different claims")
  }
  return ClaimVerdict(holding: runs.count { $0.verdict == .confirmed }, total: runs.count)
}

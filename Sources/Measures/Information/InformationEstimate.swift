internal import Foundation

/// An estimate of a quantity of information theory, with what a reader has to know to trust it.
///
/// The value is what the estimator gives, never clipped: a mutual information that comes out below zero says how
/// large the estimator's error is there.
public struct InformationEstimate: Sendable, Equatable, Codable {
  /// The estimate in nats. Differential entropies may be negative; mutual information is not, its estimates may be.
  public var value: Double
  /// The standard deviation of the local values over √n, in nats, where the estimator has local values.
  ///
  /// It ignores that local values of close samples depend on each other, and knows nothing of the bias: usually
  /// too small. ``subsampledError`` and a permutation baseline say more.
  public var naiveStandardError: Double?
  /// The standard error from disjoint parts of the samples, in nats, where it was asked for.
  public var subsampledError: Double?
  /// How many samples it rests on.
  public var sampleCount: Int
  /// The largest value that the estimator can give with so many samples, in nats, where there is one.
  public var ceiling: Double?
  /// The estimator with its parameters: `KSG-1, k = 3`.
  public var estimator: String
  /// What was done to the variables before, in order: `x standardised`, `y: first 4 principal components, whitened`.
  public var preparation: [String]
  /// Reasons to doubt the value.
  public var cautions: [InformationCaution]

  /// An estimate in nats.
  public init(
    value: Double, naiveStandardError: Double? = nil, subsampledError: Double? = nil,
    sampleCount: Int,
    ceiling: Double? = nil, estimator: String, preparation: [String] = [],
    cautions: [InformationCaution] = []
  ) {
    self.value = value
    self.naiveStandardError = naiveStandardError
    self.subsampledError = subsampledError
    self.sampleCount = sampleCount
    self.ceiling = ceiling
    self.estimator = estimator
    self.preparation = preparation
    self.cautions = cautions
  }

  /// The estimate in bits.
  public var bits: Double { value / log(2) }

  /// The estimate in nats, 0 where it is negative: for plots that show only what can be true.
  public var clipped: Double { max(0, value) }
}

/// A reason to doubt an estimate of information.
public enum InformationCaution: Sendable, Equatable, Codable, CustomStringConvertible {
  /// The value is within a nat of the largest that the estimator can give: the truth may be anything above.
  case nearCeiling(ceiling: Double)
  /// Neighbours are too far apart for as many dimensions: less than e^value, or 2^dimension, samples.
  case fewSamples(needed: Double, found: Int)
  /// Samples that occur more than once, which estimators for densities are not made for.
  case duplicates(count: Int)
  /// Samples with several neighbours at exactly the same distance, as rounded numbers have.
  case ties(count: Int)
  /// Columns that are constant and were left out.
  case constantColumns(variable: String, count: Int)

  /// What to doubt, and what to do.
  public var description: String {
    switch self {
    case .nearCeiling(let ceiling):
      "close to the ceiling of \(ceiling) nats: the truth may be any value above; take more samples or fewer neighbours"
    case .fewSamples(let needed, let found):
      "\(found) samples where about \(needed.rounded()) are needed; reduce the dimension or take more"
    case .duplicates(let count):
      "\(count) samples equal others; use the estimator for mixtures, or add jitter"
    case .ties(let count):
      "\(count) samples have several neighbours at the same distance; use numbers that are not rounded, or add jitter"
    case .constantColumns(let variable, let count):
      "\(count) columns of \(variable) are constant and were left out"
    }
  }
}

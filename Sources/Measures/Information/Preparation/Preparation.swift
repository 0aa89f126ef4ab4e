/// What is done to a variable before its information is estimated, step after step.
///
/// ```swift
/// let preparation: Preparation = [.principalComponents(4), .standardized]
/// let layer = try preparation.fitted(to: activations).applied(to: activations, named: "layer 1")
/// ```
///
/// Every step but jitter is a function of the samples alone. Standardising, scores by rank and principal components
/// that are all kept lose no information; leaving coordinates or components out does, by at most what
/// ``compressionLossBound(eigenvalues:keptCount:noiseVariance:)`` says.
public struct Preparation: Sendable, Equatable, Codable, ExpressibleByArrayLiteral {
  /// One of the things that can be done.
  public enum Step: Sendable, Equatable, Codable {
    /// Mean 0 and variance 1 for each column.
    case standardized
    /// Median 0 and a range from quartile to quartile of 1 for each column, whatever its tails; a column whose quartiles are
    /// equal is divided by its standard deviation.
    case robustlyScaled
    /// Each column by its ranks to the quantiles of the normal distribution: Φ⁻¹((rank − ½)/n), equal values sharing
    /// the mean of their ranks. Information does not change under maps of single columns that keep their order.
    case gaussianScores
    /// The first principal components, divided by their standard deviations where whitened.
    ///
    /// Components with an eigenvalue of at most `threshold` times the largest are left out: they are rounding, and
    /// whitening would divide by it.
    case principalComponents(count: Int, isWhitened: Bool, threshold: Double)
    /// The first columns, as they are.
    case firstCoordinates(count: Int)
    /// Normal noise on each column, its size relative to the standard deviation of the column: what separates equal
    /// samples.
    case jitter(relativeSize: Double, key: RandomKey)

    /// The first principal components, whitened unless told otherwise.
    public static func principalComponents(_ count: Int, isWhitened: Bool = true) -> Step {
      .principalComponents(count: count, isWhitened: isWhitened, threshold: 1e-12)
    }
  }

  /// The steps, in order.
  public var steps: [Step]

  /// Several steps, in order.
  public init(_ steps: [Step]) { self.steps = steps }

  /// Several steps, in order.
  public init(arrayLiteral elements: Step...) { steps = elements }

  /// The samples as they are.
  public static let none: Preparation = []
  /// Mean 0 and variance 1 for each column: so that the units of two variables do not decide which of them sets the
  /// distance of neighbours.
  public static let standardized: Preparation = [.standardized]
}

extension Preparation.Step {
  /// What messages and records call it: `first 4 principal components, whitened`.
  public var description: String {
    switch self {
    case .standardized: "standardised"
    case .robustlyScaled: "scaled by median and quartiles"
    case .gaussianScores: "normal scores by rank"
    case .principalComponents(let count, let isWhitened, _):
      "first \(count) principal components\(isWhitened ? ", whitened" : "")"
    case .firstCoordinates(let count): "first \(count) coordinates"
    case .jitter(let size, _): "jitter of \(size) standard deviations"
    }
  }

  func check() throws(MeasureError) {
    let measure = "preparation"
    switch self {
    case .standardized, .robustlyScaled, .gaussianScores: return
    case .principalComponents(let count, _, let threshold):
      guard count >= 1 else {
        throw .outOfRange(
          measure: measure, what: "the number of components", value: Double(count),
          expected: "at least 1")
      }
      guard threshold >= 0, threshold < 1 else {
        throw .outOfRange(
          measure: measure, what: "the threshold of eigenvalues", value: threshold,
          expected: "at least 0 and below 1")
      }
    case .firstCoordinates(let count):
      guard count >= 1 else {
        throw .outOfRange(
          measure: measure, what: "the number of coordinates", value: Double(count),
          expected: "at least 1")
      }
    case .jitter(let size, _):
      guard size > 0, size.isFinite else {
        throw .outOfRange(
          measure: measure, what: "the size of the jitter", value: size, expected: "above 0")
      }
    }
  }
}

/// How a linear probe is fitted. Features are standardised over the samples it is fitted to, in either way.
public enum ProbeMethod: Sendable, Equatable, Codable {
  /// Multinomial logistic regression: the least of mean cross-entropy + λ/2 ‖W‖², biases free.
  ///
  /// λ is the candidate with the least cross-entropy on a stratified part of the training samples, from a
  /// fit to the others; the probe is then fitted to all of them. With one candidate nothing is set aside.
  /// Candidates are tried from the largest down until two in a row are worse than the best. A fit has
  /// converged when no element of the gradient is above the tolerance.
  case logistic(
    penalties: [Double] = ProbeMethod.logisticPenalties, validationFraction: Double = 0.2,
    gradientTolerance: Double = 1e-6)
  /// Least squares from features to one-hot labels with a penalty: one pass and a closed form, for large
  /// files and quick looks. λ, times the mean variance of a feature, is the candidate with the least
  /// generalised cross-validation error.
  case ridge(penalties: [Double] = ProbeMethod.ridgePenalties)

  /// 1e-5, 1e-4, …, 1.
  public static let logisticPenalties: [Double] = [1e-5, 1e-4, 1e-3, 1e-2, 1e-1, 1]
  /// 1e-6, 1e-5, …, 100.
  public static let ridgePenalties: [Double] = [1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 1e-1, 1, 10, 100]

  var penalties: [Double] {
    switch self {
    case .logistic(let penalties, _, _): penalties
    case .ridge(let penalties): penalties
    }
  }

  func check(measure: String) throws(MeasureError) {
    if penalties.isEmpty {
      throw .tooFewSamples(measure: "\(measure), penalties", found: 0, needed: 1)
    }
    if let penalty = penalties.first(where: { !($0 > 0 && $0.isFinite) }) {
      throw .outOfRange(
        measure: measure, what: "a penalty", value: penalty, expected: "positive and finite")
    }
    guard case .logistic(_, let fraction, let tolerance) = self else { return }
    guard fraction > 0, fraction < 1 else {
      throw .outOfRange(
        measure: measure, what: "the validation fraction", value: fraction,
        expected: "above 0, below 1")
    }
    guard tolerance > 0 else {
      throw .outOfRange(
        measure: measure, what: "the gradient tolerance", value: tolerance, expected: "above 0")
    }
  }
}

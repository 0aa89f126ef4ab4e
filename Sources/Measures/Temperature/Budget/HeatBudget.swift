/// How much of the fall of a loss each component of a network brought about.
public struct HeatBudget: Sendable, Equatable, Codable {
  /// What one component brought about.
  public struct Part: Sendable, Equatable, Codable {
    /// The component.
    public var name: String
    /// Σ_t ℓ_c, in units of the loss; negative where its steps raised the loss.
    public var lossDrop: Double
    /// Its share of the sum over components; nil where that sum is 0.
    public var share: Double?
  }

  /// One for each component.
  public var parts: [Part]
  /// Σ over components and steps, in units of the loss.
  public var explainedDrop: Double
  /// The loss before the first step less that after the last.
  public var lossDrop: Double

  /// What the budget leaves open: explained less true drop, in units of the loss.
  public var residual: Double { explainedDrop - lossDrop }
  /// |residual|/|drop|; nil where the loss is the same at both ends.
  public var relativeResidual: Double? { lossDrop == 0 ? nil : abs(residual) / abs(lossDrop) }
}

/// The loss rates ℓ_c = −⟨g_c, d_c⟩ of the parts of one update d, in units of the loss.
///
/// Their sum over parts that cover all weights is the fall of the loss to first order in d. With the gradient
/// before the step the error is ½ dᵀHd, with the mean of the gradients before and after it (the trapezoid) of
/// third order: use that one where each gradient is of all examples, and can be had.
///
/// ```swift
/// let rates = try lossRates(
///   gradient: before, gradientAfter: after, update: update, parts: layout.parts)
/// ```
///
/// - Parameter gradientAfter: the gradient after the step, of the same examples; nil for the left point.
/// - Throws: `MeasureError.rowCountMismatch`, `.undefined` for a part outside of the vectors or a result that
///   is not finite.
/// - Complexity: O(weights).
public func lossRates<Scalar: RealScalar>(
  gradient: [Scalar], gradientAfter: [Scalar]? = nil, update: [Scalar], parts: [VectorPart]
) throws(MeasureError) -> [Double] {
  let measure = "lossRates"
  for vector in [gradient, gradientAfter ?? gradient] where vector.count != update.count {
    throw .rowCountMismatch(measure: measure, first: vector.count, second: update.count)
  }
  try requireParts(parts, within: update.count, measure: measure)
  let rates = parts.map { part in
    let before = -product(gradient, update, part.range)
    return gradientAfter.map { (before - product($0, update, part.range)) / 2 } ?? before
  }
  if let index = rates.firstIndex(where: { !$0.isFinite }) {
    throw .undefined(
      measure: measure, reason: "the loss rate of '\(parts[index].name)' is \(rates[index])")
  }
  return rates
}

@specialized(where Scalar == Float)
@specialized(where Scalar == Double)
private func product<Scalar: RealScalar>(
  _ x: [Scalar], _ y: [Scalar], _ range: Range<Int>
) -> Double {
  var sum = 0.0
  for index in range { sum += Double(x[index]) * Double(y[index]) }
  return sum
}

/// What each component contributed to the fall of the loss, from its loss rate at every step.
///
/// - Shapes: a record of `rates` for every step from one loss to the other; a step left out is missing from
///   the budget.
/// - Units: those of the loss.
/// - Parameter lossBefore: the loss before the first step.
/// - Parameter lossAfter: the loss after the last. For batches whose gradient is not that of this loss, the
///   budget does not close however small the steps.
/// - Throws: `MeasureError.tooFewSamples` without records, `.outOfRange` for a loss that is not finite.
/// - Complexity: O(records × components).
/// - Source: this package's; the integral is that of loss change allocation, Lan et al., NeurIPS 2019.
public func heatBudget(
  of rates: HeatTable, lossBefore: Double, lossAfter: Double
) throws(MeasureError) -> HeatBudget {
  let measure = "heatBudget"
  guard rates.recordCount >= 1 else {
    throw .tooFewSamples(measure: measure, found: 0, needed: 1)
  }
  for (what, loss) in [("the loss before", lossBefore), ("the loss after", lossAfter)]
  where !loss.isFinite {
    throw .outOfRange(measure: measure, what: what, value: loss, expected: "a finite number")
  }
  var drops = [Double](repeating: 0, count: rates.componentCount)
  for record in 0..<rates.recordCount {
    for (component, rate) in rates.values.row(record).enumerated() { drops[component] += rate }
  }
  let total = drops.reduce(0, +)
  return HeatBudget(
    parts: zip(rates.names, drops).map {
      HeatBudget.Part(name: $0, lossDrop: $1, share: total == 0 ? nil : $1 / total)
    }, explainedDrop: total, lossDrop: lossBefore - lossAfter)
}

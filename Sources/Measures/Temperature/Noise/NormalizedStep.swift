/// The loss at one end of a step.
public struct StepEnd: Sendable, Equatable, Codable {
  /// The loss.
  public var loss: Double
  /// Its variance over examples or batches, ÷ their number; 0 where it is exact.
  public var lossVariance: Double
  /// Its slope along the step, per length of step: ⟨g, d⟩/‖d‖.
  public var slope: Double
  /// The variance of that.
  public var slopeVariance: Double

  /// A loss and its slope, with their variances.
  public init(
    loss: Double, lossVariance: Double = 0, slope: Double, slopeVariance: Double = 0
  ) {
    self.loss = loss
    self.lossVariance = lossVariance
    self.slope = slope
    self.slopeVariance = slopeVariance
  }
}

/// α, how far a step went in the parabola that fits losses and slopes at both of its ends.
///
/// c₀ + c₁s + c₂s² by least squares, weighed by 1/variance, a variance of 0 taken for 10⁻¹⁰. With t the length of the
/// step, α = 2t/(−c₁/c₂) − 1: −1 for no step, 0 at the minimum, 1 on the far side where the loss is the same, above 1
/// beyond.
///
/// - Units: none. −1 where the parabola opens downwards, as in Cockpit.
/// - Returns: nil where the parabola has its minimum at the start of the step, or no curvature and no slope.
/// - Throws: `MeasureError.outOfRange` for a length that is not above 0, or a variance below it.
/// - Complexity: O(1).
/// - Source: Mutschler & Zell, NeurIPS 2020; Schneider, Dangel & Hennig, Cockpit, arXiv 2102.06604.
public func normalizedStep(
  from start: StepEnd, to end: StepEnd, length: Double
) throws(MeasureError) -> Double? {
  let measure = "normalizedStep"
  try requireNumber(length, "the length", aboveZero: true, measure: measure)
  for (what, variance) in [
    ("a loss's variance", start.lossVariance), ("a loss's variance", end.lossVariance),
    ("a slope's variance", start.slopeVariance), ("a slope's variance", end.slopeVariance),
  ] {
    try requireNumber(variance, what, measure: measure)
  }
  // Steps of length 1: slopes grow by t, and so do their deviations.
  let rows: [(basis: [Double], value: Double, variance: Double)] = [
    ([1, 0, 0], start.loss, start.lossVariance),
    ([1, length, length * length], end.loss, end.lossVariance),
    ([0, 1, 0], start.slope, start.slopeVariance),
    ([0, 1, 2 * length], end.slope, end.slopeVariance),
  ]
  var design = Matrix<Double>(rowCount: 4, columnCount: 3)
  var values = Matrix<Double>(rowCount: 4, columnCount: 1)
  // Columns of one size: s and s² are measured in lengths of the step.
  let scales = [1, 1 / length, 1 / (length * length)]
  for (index, row) in rows.enumerated() {
    guard row.value.isFinite else {
      throw .nonFiniteInput(measure: measure, array: "losses and slopes", index: index)
    }
    let weight = 1 / (row.variance > 0 ? row.variance : 1e-10).squareRoot()
    for column in 0..<3 { design[index, column] = row.basis[column] * scales[column] * weight }
    values[index, 0] = row.value * weight
  }
  let solution = try decomposing(measure) { () throws(NumericsError) in
    try leastSquares(design, values).solution
  }
  let (slope, curvature) = (solution[1, 0], solution[2, 0])
  // What losses of this size leave of a line that is flat.
  let rounding = 1e-12 * max(abs(start.loss), abs(end.loss))
  guard curvature >= -rounding else { return -1 }
  guard abs(slope) > rounding else { return nil }
  return 2 * curvature / -slope - 1
}

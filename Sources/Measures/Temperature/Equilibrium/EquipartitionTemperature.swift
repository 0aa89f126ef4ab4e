/// T_k = λ_k Var⟨w, v_k⟩ along eigenvectors v_k of the Hessian, in units of the loss.
///
/// In equilibrium with noise of one size in all directions all T_k are ησ²/(2B) (η small). Networks are often
/// seen with a variance that rises with curvature instead: then there is no single temperature.
///
/// - Shapes: `positions` is `[records, directions]`, the projections ⟨w_t, v_k⟩; `curvatures` has λ_k of each.
/// - Units: those of the loss.
/// - Returns: for each direction, with the standard error T √(2/ESS) of a variance of as many independent normal
///   numbers as the records are worth.
/// - Throws: `MeasureError.tooFewSamples` (8 records), `.rowCountMismatch`, `.nonFiniteInput`, `.undefined` where a
///   projection does not change.
/// - Complexity: O(records × directions × autocorrelation time).
/// - Source: Feng & Tu, PNAS 118 (2021); Mandt, Hoffman & Blei, JMLR 18 (2017).
public func equipartitionTemperatures(
  of positions: Matrix<Double>, curvatures: [Double]
) throws(MeasureError) -> [Estimate] {
  let measure = "equipartitionTemperatures"
  guard curvatures.count == positions.columnCount else {
    throw .rowCountMismatch(
      measure: measure, first: positions.columnCount, second: curvatures.count)
  }
  try requireOrdered(curvatures, "the curvatures", measure: measure)
  guard positions.rowCount >= 8 else {
    throw .tooFewSamples(measure: measure, found: positions.rowCount, needed: 8)
  }
  try requireFinite([positions], measure: measure)
  var temperatures = [Estimate]()
  for (direction, curvature) in curvatures.enumerated() {
    let values = positions.column(direction)
    let worth = try chainDiagnostics(of: [values]).effectiveSampleSize
    let temperature = curvature * varianceOf(values)
    temperatures.append(
      Estimate(
        value: temperature, standardError: abs(temperature) * (2 / worth).squareRoot(),
        sampleCount: values.count))
  }
  return temperatures
}

/// The diffusion temperature T_D = ⟨‖d − ⟨d⟩‖²⟩/(2nη) of updates d, streamed.
///
/// The Einstein relation, diffusion = mobility × temperature, with mobility η for a step of one unit of time. The mean
/// update is taken off as drift; over a window so long that the drift itself changes, that change counts as heat.
///
/// - Units: those of the loss.
/// - Complexity: O(weights) a step and in memory.
/// - Source: Chaudhari & Soatto, ICLR 2018; the normalisation is this package's.
public struct DiffusionTemperature: Sendable, Equatable {
  private let learningRate: Double
  private var mean: [Double]
  /// Σ over weights of Σ (d − mean)², by Welford's update.
  private var squares = 0.0
  /// The number of updates so far.
  public private(set) var stepCount = 0

  /// A temperature of as many weights, without updates.
  ///
  /// - Throws: `MeasureError.outOfRange`.
  public init(weightCount: Int, learningRate: Double) throws(MeasureError) {
    let measure = "DiffusionTemperature"
    try requireNumber(
      Double(weightCount), "the number of weights", aboveZero: true, measure: measure)
    try requireNumber(learningRate, "the learning rate", aboveZero: true, measure: measure)
    self.learningRate = learningRate
    mean = [Double](repeating: 0, count: weightCount)
  }

  /// Takes one more update.
  ///
  /// - Throws: `MeasureError.rowCountMismatch`, `.undefined` for an update that is not finite.
  public mutating func add<Scalar: RealScalar>(_ update: [Scalar]) throws(MeasureError) {
    guard update.count == mean.count else {
      throw .rowCountMismatch(
        measure: "DiffusionTemperature", first: mean.count, second: update.count)
    }
    stepCount += 1
    squares += welford(update, &mean, count: Double(stepCount))
    guard squares.isFinite else {
      throw .undefined(
        measure: "DiffusionTemperature",
        reason: "update \(stepCount - 1) is not finite, and no value follows from it")
    }
  }

  /// T_D, with m − 1 for m updates; nil below two, or after one that was not finite.
  public var value: Double? {
    guard stepCount >= 2, squares.isFinite else { return nil }
    return squares / Double(stepCount - 1) / (2 * Double(mean.count) * learningRate)
  }
}

/// Moves means towards new values and gives what that adds to Σ (x − mean)².
@specialized(where Scalar == Float)
@specialized(where Scalar == Double)
private func welford<Scalar: RealScalar>(
  _ values: [Scalar], _ mean: inout [Double], count: Double
) -> Double {
  var added = 0.0
  mean.withUnsafeMutableBufferPointer { mean in
    for index in mean.indices {
      let difference = Double(values[index]) - mean[index]
      mean[index] += difference / count
      added += difference * (Double(values[index]) - mean[index])
    }
  }
  return added
}

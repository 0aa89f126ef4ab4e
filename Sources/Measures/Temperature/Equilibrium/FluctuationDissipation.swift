/// Whether training stands in equilibrium: relations between means over steps that hold if it does. Streamed.
///
/// Where ‖w‖² does not drift, 0 = 2⟨w·d⟩ + ⟨‖d‖²⟩ for updates d of any optimizer; for plain SGD without decay, d = −ηg,
/// that is ⟨w·g⟩ = (η/2)⟨‖g‖²⟩. The ratio of the two sides is 1 then. It is not while the norm still grows or
/// shrinks; and a ratio of 1 of all weights together may hide components that drift against each other.
///
/// - Units: ratios have none.
/// - Complexity: O(1) a step and in memory.
/// - Source: Yaida, ICLR 2019, in units of the loss.
public struct FluctuationDissipation: Sendable, Equatable, Codable {
  private var products = PairedMoments()

  /// Relations without steps.
  public init() {}

  /// The number of steps so far.
  public var stepCount: Int { products.count }

  /// Takes one more step, by its update.
  ///
  /// - Parameter weightDotUpdate: ⟨w, d⟩ of the weights before the step.
  /// - Parameter squaredUpdateNorm: ‖d‖².
  /// - Throws: `MeasureError.outOfRange`.
  public mutating func add(
    weightDotUpdate: Double, squaredUpdateNorm: Double
  ) throws(MeasureError) {
    try add(-2 * weightDotUpdate, squaredUpdateNorm, "⟨w, d⟩", "‖d‖²")
  }

  /// Takes one more step of plain SGD, by its gradient.
  ///
  /// - Parameter weightDotGradient: ⟨w, g⟩ of the weights before the step.
  /// - Parameter squaredGradientNorm: ‖g‖².
  /// - Parameter learningRate: η of this step.
  /// - Throws: `MeasureError.outOfRange`.
  public mutating func add(
    weightDotGradient: Double, squaredGradientNorm: Double, learningRate: Double
  ) throws(MeasureError) {
    try requireNumber(learningRate, "the learning rate", aboveZero: true, measure: measure)
    try add(weightDotGradient, learningRate / 2 * squaredGradientNorm, "⟨w, g⟩", "‖g‖²")
  }

  private mutating func add(
    _ dissipation: Double, _ fluctuation: Double, _ first: String, _ second: String
  ) throws(MeasureError) {
    guard dissipation.isFinite else {
      throw .outOfRange(
        measure: measure, what: first, value: dissipation, expected: "a finite number")
    }
    try requireNumber(fluctuation, second, measure: measure)
    products.add(dissipation, fluctuation)
  }

  /// Mean dissipation over mean fluctuation, with the error of a ratio of means; nil below two steps or where
  /// nothing moves.
  ///
  /// The standard error is that of independent steps. Neighboring steps are not: w turns slowly, and the true error is
  /// larger by about the root of twice the relaxation time in steps.
  public var ratio: Estimate? {
    guard products.count >= 2, products.meanY > 0 else { return nil }
    let ratio = products.meanX / products.meanY
    let count = Double(products.count)
    let spread =
      products.squaresX - 2 * ratio * products.products + ratio * ratio * products.squaresY
    let error = (max(0, spread) / (count - 1) / count).squareRoot() / products.meanY
    return Estimate(value: ratio, standardError: error, sampleCount: products.count)
  }
}

private let measure = "FluctuationDissipation"

/// Means and centred second moments of pairs of numbers, by Welford's update.
struct PairedMoments: Sendable, Equatable, Codable {
  private(set) var count = 0
  private(set) var meanX = 0.0
  private(set) var meanY = 0.0
  /// Σ (x − mean)².
  private(set) var squaresX = 0.0
  /// Σ (y − mean)².
  private(set) var squaresY = 0.0
  /// Σ (x − mean)(y − mean).
  private(set) var products = 0.0

  mutating func add(_ x: Double, _ y: Double) {
    count += 1
    let (differenceX, differenceY) = (x - meanX, y - meanY)
    meanX += differenceX / Double(count)
    meanY += differenceY / Double(count)
    squaresX += differenceX * (x - meanX)
    squaresY += differenceY * (y - meanY)
    products += differenceX * (y - meanY)
  }
}

/// A number that was estimated from random draws or few samples, with its uncertainty.
public struct Estimate: Sendable, Equatable, Codable {
  /// The estimate, in the unit of the quantity.
  public var value: Double
  /// The standard error of ``value``: the standard deviation that repeated estimates would have.
  public var standardError: Double
  /// How many draws or samples it rests on.
  public var sampleCount: Int

  /// A number with its uncertainty.
  public init(value: Double, standardError: Double, sampleCount: Int) {
    self.value = value
    self.standardError = standardError
    self.sampleCount = sampleCount
  }

  /// The mean of independent samples, with the standard error s/√n of the mean.
  ///
  /// - Throws: `MeasureError.tooFewSamples` for fewer than two, `.nonFiniteInput`.
  public init(meanOf samples: [Double], measure: String) throws(MeasureError) {
    guard samples.count >= 2 else {
      throw .tooFewSamples(measure: measure, found: samples.count, needed: 2)
    }
    if let index = samples.firstIndex(where: { !$0.isFinite }) {
      throw .nonFiniteInput(measure: measure, array: "samples", index: index)
    }
    let count = Double(samples.count)
    let mean = samples.reduce(0, +) / count
    let squares = samples.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    self.init(
      value: mean, standardError: (squares / (count - 1) / count).squareRoot(),
      sampleCount: samples.count)
  }
}

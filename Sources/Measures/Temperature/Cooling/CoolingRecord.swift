/// The temperatures of one run, and what is known of the components: what the claims C1–C9 are asked of.
///
/// ```swift
/// let record = try CoolingRecord(
///   temperatures: norms, components: components(of: norms.names), weightCounts: counts)
/// let evidence = [try record.exponentialCooling(), try record.noisyBiases()]
/// for claim in evidence { print(claim.claim, claim.statistic, claim.verdict) }
/// ```
public struct CoolingRecord: Sendable, Equatable {
  /// The temperature ‖g‖, or another, of each component, above 0.
  public let temperatures: HeatTable
  /// The component of each column.
  public let components: [Component]
  /// The number of weights of each component.
  public let weightCounts: [Int]
  /// α of the moving averages; 0.08 as in the first plots.
  public let smoothing: Double

  /// A run's temperatures.
  ///
  /// - Throws: `MeasureError.rowCountMismatch`, `.outOfRange`.
  public init(
    temperatures: HeatTable, components: [Component], weightCounts: [Int], smoothing: Double = 0.08
  ) throws(MeasureError) {
    let measure = "CoolingRecord"
    for count in [components.count, weightCounts.count] where count != temperatures.componentCount {
      throw .rowCountMismatch(
        measure: measure, first: temperatures.componentCount, second: count)
    }
    if let count = weightCounts.first(where: { $0 < 1 }) {
      throw .outOfRange(
        measure: measure, what: "a number of weights", value: Double(count),
        expected: "at least 1")
    }
    _ = try MovingAverage(weight: smoothing)
    self.temperatures = temperatures
    self.components = components
    self.weightCounts = weightCounts
    self.smoothing = smoothing
  }

  /// The columns of some kinds of components.
  func columns(where isIncluded: (ComponentKind) -> Bool) -> [Int] {
    components.indices.filter { isIncluded(components[$0].kind) }
  }

  /// The columns of layers with a matrix or kernel: neither biases nor normalisations.
  var layers: [Int] {
    columns { kind in
      !kind.isBias && !kind.isBatchNorm && kind != .layerNormWeight && kind != .other
    }
  }
}

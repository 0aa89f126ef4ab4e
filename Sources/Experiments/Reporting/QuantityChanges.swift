import GrokMeasures
import GrokReports

/// When the measured quantities of one training change, and when its test accuracy does.
struct QuantityChanges {
  /// The change of one curve.
  struct Change {
    var quantity: MeasuredQuantities.Quantity
    var member: MeasuredQuantities.Member
    /// The median of the first records.
    var before: Double
    /// The median of the last records.
    var after: Double
    /// When half of the way from the one to the other is done for good; none where they do not differ.
    var observation: OnsetObservation
  }

  /// When test accuracy has come half of the way to the threshold for good; `nil` where it was not recorded.
  let accuracy: OnsetObservation?
  /// The changes in the order of the quantities.
  private(set) var changes: [Change] = []
  /// All layers, from the input to the outputs.
  let layers: [String]
  /// Curves with too few records for a beginning and an end.
  private(set) var shortCount = 0

  /// The delay, in decades to either side, that still counts as the same time: a factor of 1.8 in steps.
  static let tolerance = 0.25
  /// Records at either end that tell what a quantity was before and after.
  private static let plateauCount = 3

  /// - Parameter threshold: The test accuracy that counts as generalizing.
  init(_ curves: RunCurves, quantities: MeasuredQuantities, threshold: Double) {
    accuracy = Self.accuracyOnset(curves["test/accuracy"], threshold: threshold)
    layers = quantities.layers
    for quantity in quantities.quantities {
      for member in quantity.members {
        guard let curve = curves[member.name] else { continue }
        if let change = Self.change(of: curve, quantity, member) {
          changes.append(change)
        } else {
          shortCount += 1
        }
      }
    }
  }

  private static func accuracyOnset(_ curve: RunCurves.Curve?, threshold: Double)
    -> OnsetObservation?
  {
    guard let series = curve?.series, let first = series.values.first else { return nil }
    return try? onset(of: series, by: .threshold((min(first, threshold) + threshold) / 2))
  }

  private static func change(
    of curve: RunCurves.Curve, _ quantity: MeasuredQuantities.Quantity,
    _ member: MeasuredQuantities.Member
  ) -> Change? {
    guard let series = curve.series, series.count >= 2 * plateauCount,
      var observation = try? onset(
        of: quantity.result.isOfFactors ? series.logarithms : series,
        by: .fraction(0.5, plateauCount: plateauCount))
    else { return nil }
    let (before, after) = (
      median(of: series.values.prefix(plateauCount)), median(of: series.values.suffix(plateauCount))
    )
    // A difference that sampling alone makes is no change.
    let errors = curve.errors.filter(\.isFinite)
    if !errors.isEmpty, (after - before).magnitude < 3 * median(of: errors[...]) {
      observation.onset = nil
    }
    return Change(
      quantity: quantity, member: member, before: before, after: after, observation: observation)
  }

  private static func median(of values: ArraySlice<Double>) -> Double {
    BandKind.range.summary(of: Array(values), isLogarithmic: false).middle
  }
}

extension RecordedSeries {
  /// The logarithms; the series itself where a value has none.
  fileprivate var logarithms: RecordedSeries {
    guard values.allSatisfy({ $0 > 0 }) else { return self }
    return (try? RecordedSeries(steps: steps, values: values.map(logarithm10))) ?? self
  }
}

extension RunCurves.Curve {
  /// The finite records as a series; `nil` where their steps do not rise.
  var series: RecordedSeries? {
    let finite = values.indices.filter { values[$0].isFinite }
    return try? RecordedSeries(steps: finite.map { steps[$0] }, values: finite.map { values[$0] })
  }
}

/// How the change of a quantity lies beside that of test accuracy.
enum ChangeOrder: String {
  case earlier, together, later
  case undecided
  case unchanged = "does not change"

  /// - Parameter delay: Where the delay after test accuracy lies for sure, in decades.
  init(_ delay: Interval) {
    let (lower, upper) = (delay.lower ?? -.infinity, delay.upper ?? .infinity)
    let tolerance = QuantityChanges.tolerance
    if upper < -tolerance {
      self = .earlier
    } else if lower > tolerance {
      self = .later
    } else {
      self = lower >= -tolerance && upper <= tolerance ? .together : .undecided
    }
  }

  init(_ verdict: CoincidenceVerdict) {
    switch verdict {
    case .coincide: self = .together
    case .secondIsLater: self = .later
    case .secondIsEarlier: self = .earlier
    case .undecided: self = .undecided
    }
  }
}

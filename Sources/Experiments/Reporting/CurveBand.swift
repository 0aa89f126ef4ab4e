import ArgumentParser
import GrokNumerics

/// What the line and the band over several runs show.
enum BandKind: String, Sendable, CaseIterable, ExpressibleByArgument {
  /// The mean and its 95 % interval, by Student's t.
  case interval
  /// The mean and one standard deviation to each side.
  case deviation
  /// The median, and the band from the lowest to the highest.
  case range

  /// The line and the band in words.
  var words: String {
    switch self {
    case .interval: "the mean and its 95 % interval (Student's t)"
    case .deviation: "the mean and one standard deviation to each side"
    case .range: "the median and the range from the lowest to the highest"
    }
  }

  /// The middle and the ends of `values`; no ends for a single value.
  ///
  /// - Parameter isLogarithmic: Whether means and deviations are those of the logarithms, as fits an axis
  ///   on which equal ratios are equal lengths. The values must then be positive.
  /// - Precondition: `values` is not empty and finite.
  func summary(of values: [Double], isLogarithmic: Bool) -> (
    middle: Double, lower: Double?, upper: Double?
  ) {
    if self == .range {
      let sorted = values.sorted()
      let half = sorted.count / 2
      let median =
        sorted.count % 2 == 1 ? sorted[half] : sorted[half - 1] / 2 + sorted[half] / 2
      return sorted.count == 1
        ? (median, nil, nil) : (median, sorted[0], sorted[sorted.count - 1])
    }
    let scaled = isLogarithmic ? values.map(logarithm10) : values
    let count = Double(scaled.count)
    let mean = scaled.reduce(0) { $0 + $1 / count }
    func unscaled(_ value: Double) -> Double { isLogarithmic ? power10(value) : value }
    guard scaled.count > 1 else { return (values[0], nil, nil) }
    let squares = scaled.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    let deviation = (squares / (count - 1)).squareRoot()
    let half =
      self == .deviation
      ? deviation : deviation / count.squareRoot() * Self.studentBound(runCount: scaled.count)
    return (unscaled(mean), unscaled(mean - half), unscaled(mean + half))
  }

  private static func studentBound(runCount: Int) -> Double {
    runCount <= tabulated.count + 1
      ? tabulated[runCount - 2]
      : StudentDistribution(degreesOfFreedom: runCount - 1).bound(confidence: 0.95)
  }

  private static let tabulated = (1...63).map {
    StudentDistribution(degreesOfFreedom: $0).bound(confidence: 0.95)
  }
}

/// The curve of several runs: a line and a band at the steps that they share.
///
/// A step counts where every run that got that far recorded it; nothing is interpolated. Numbers that the
/// axis cannot show (not finite, or not positive on a logarithmic one) are left out.
struct CurveBand: Sendable, Equatable {
  var steps: [Int] = []
  var middle: [Double] = []
  var lower: [Double?] = []
  var upper: [Double?] = []
  /// How many runs there are at each step.
  var runCounts: [Int] = []
  /// Steps that some runs passed without recording them.
  var unsharedStepCount = 0
  /// Numbers that the axis cannot show.
  var omittedCount = 0

  init(_ curves: [RunCurves.Curve], kind: BandKind, isLogarithmic: Bool) {
    var places = [Int](repeating: 0, count: curves.count)
    var values: [Double] = []
    while true {
      var step = Int.max
      for (curve, place) in zip(curves, places) where place < curve.steps.count {
        step = min(step, curve.steps[place])
      }
      guard step < .max else { break }
      var isShared = true
      values.removeAll(keepingCapacity: true)
      var omitted = 0
      for index in curves.indices where places[index] < curves[index].steps.count {
        guard curves[index].steps[places[index]] == step else {
          // This run goes on, but has no record here.
          isShared = false
          continue
        }
        let value = curves[index].values[places[index]]
        if value.isFinite && (!isLogarithmic || value > 0) {
          values.append(value)
        } else {
          omitted += 1
        }
        places[index] += 1
      }
      guard isShared else {
        unsharedStepCount += 1
        continue
      }
      omittedCount += omitted
      guard !values.isEmpty else { continue }
      let summary = kind.summary(of: values, isLogarithmic: isLogarithmic)
      steps.append(step)
      middle.append(summary.middle)
      lower.append(summary.lower)
      upper.append(summary.upper)
      runCounts.append(values.count)
    }
  }
}

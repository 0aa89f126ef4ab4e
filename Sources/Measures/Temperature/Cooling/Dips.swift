internal import Foundation

/// Dips of a temperature that were followed by rebounds, beside what chance makes of the same spectrum.
///
/// - Source: this package's; the surrogates are those of ``phaseRandomized(_:key:)``.
public struct Dips: Sendable, Equatable, Codable {
  /// The steps of the lowest records.
  public var steps: [Int]
  /// What a dip must be deep and be followed by, 2ν, in nats.
  public var depth: Double
  /// Their number beside that in surrogates.
  public var comparison: NullComparison
}

/// Counts dips that are followed by rebounds: records of ln s that are the lowest within `window` records on either
/// side, with the level at least 2ν higher both somewhere in the window before and somewhere in the window after.
///
/// s is the moving average and ν the noise of ``temperatureNoise(of:smoothing:from:)``. A dip has no level to return to, so
/// that a later plateau may be as low. Surrogates are ln T less its line in time, with random phases, plus the line, treated
/// alike: a smooth random series has dips too.
///
/// - Parameter window: records to either side.
/// - Throws: `MeasureError.tooFewSamples` below four windows, `.outOfRange`, `.undefined` for a temperature that is not
///   above 0.
/// - Complexity: O(surrogates × records × (window + log records)).
public func dips(
  of temperature: RecordedSeries, smoothing: Double = 0.08, window: Int = 20,
  surrogateCount: Int = 200, workers: Workers? = nil, key: RandomKey
) throws(MeasureError) -> Dips {
  let measure = "dips"
  guard window >= 1 else {
    throw .outOfRange(
      measure: measure, what: "window", value: Double(window), expected: "at least 1")
  }
  guard temperature.count >= 4 * window else {
    throw .tooFewSamples(measure: measure, found: temperature.count, needed: 4 * window)
  }
  let logs = try smoothedLogarithms(of: temperature, smoothing, measure: measure).raw
  let found = try rebounds(of: logs, smoothing, window)
  let detrended = withoutLine(logs)
  let line = zip(logs, detrended).map { $0 - $1 }
  let surrogates = try PhaseSurrogates(of: detrended, measure: measure)
  let null = try nullValues(drawCount: surrogateCount, workers: workers, key: key) {
    key throws(MeasureError) in
    let series = zip(surrogates.series(key: key), line).map { $0 + $1 }
    return Double(try rebounds(of: series, smoothing, window).places.count)
  }
  return Dips(
    steps: found.places.map { temperature.steps[$0] }, depth: found.depth,
    comparison: try nullComparison(
      of: Double(found.places.count), with: null, alternative: .greater))
}

private func rebounds(
  of logs: [Double], _ smoothing: Double, _ window: Int
) throws(MeasureError) -> (places: [Int], depth: Double) {
  let smooth = try exponentialMovingAverage(of: logs.map { exp($0) }, weight: smoothing)
    .map { log($0) }
  let depth = 2 * varianceOf(zip(logs, smooth).map { $0 - $1 }).squareRoot()
  var places = [Int]()
  for place in 1..<max(1, smooth.count - 1) {
    // Most records are no minimum, and told so by a neighbor.
    guard smooth[place] < smooth[place - 1], smooth[place] <= smooth[place + 1] else { continue }
    let before = smooth[max(0, place - window)..<place]
    let after = smooth[place + 1...min(smooth.count - 1, place + window)]
    guard before.allSatisfy({ $0 > smooth[place] }), after.allSatisfy({ $0 >= smooth[place] }),
      (before.max() ?? 0) - smooth[place] >= depth, (after.max() ?? 0) - smooth[place] >= depth
    else { continue }
    places.append(place)
  }
  return (places, depth)
}

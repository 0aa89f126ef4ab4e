/// What of a path oscillates at given frequencies.
///
/// The drift (the mean update) is removed, the updates are cut to the band by a Fourier transform and added up
/// again, and the mean is subtracted. The path is taken to repeat: within a period of either end what is
/// left has more error.
///
/// - Shapes: `path` is `[N + 1, n]` with N a power of two, at least 4; the result is `[N, n]`, the places w_0 … w_{N−1}.
/// - Parameter frequencies: the band, in cycles per step, within 0...½; the drift at 0 is never in it.
/// - Throws: `MeasureError.tooFewSamples`, `.nonFiniteInput`, `.outOfRange` for other numbers of updates, or a band
///   between two frequencies j/N.
/// - Complexity: O(N n log N).
/// - Source: definition.
public func bandPassed(
  _ path: some SampleMatrix, frequencies: ClosedRange<Double>
) throws(MeasureError) -> Matrix<Double> {
  let measure = "bandPassed"
  let rows = try motionRows(of: path, atLeast: 5, measure: measure)
  let count = rows.rowCount - 1
  guard count & (count - 1) == 0 else {
    throw .outOfRange(
      measure: measure, what: "the number of updates", value: Double(count),
      expected: "a power of two")
  }
  let bins = (1...count / 2).filter { frequencies.contains(Double($0) / Double(count)) }
  guard let low = bins.first, let high = bins.last else {
    throw .outOfRange(
      measure: measure, what: "the width of the band",
      value: frequencies.upperBound - frequencies.lowerBound,
      expected: "a band that holds a frequency j/\(count) in 0...0.5")
  }
  let moves = differences(rows)
  let transform = RealFourierTransform(count: count)
  var result = Matrix<Double>(rowCount: count, columnCount: rows.columnCount)
  for column in 0..<rows.columnCount {
    var coefficients = transform.coefficients(of: moves.column(column))
    for bin in coefficients.real.indices where bin < low || bin > high {
      (coefficients.real[bin], coefficients.imaginary[bin]) = (0, 0)
    }
    var place = 0.0
    let places = transform.values(of: coefficients).map { move -> Double in
      defer { place += move }
      return place
    }
    let center = places.reduce(0, +) / Double(count)
    for row in 0..<count { result[row, column] = places[row] - center }
  }
  return result
}

internal import Foundation

/// A frequency with more power than momentum and noise have.
public struct SpectralPeak: Sendable, Equatable, Codable {
  /// j of f = j/N.
  public var bin: Int
  /// f, in cycles per step.
  public var frequency: Double
  /// P/P_null.
  public var ratio: Double
}

/// The peaks of a spectrum, and what counts as one.
public struct SpectralPeaks: Sendable, Equatable, Codable {
  /// The bins above ``threshold``, by rising frequency.
  public var peaks: [SpectralPeak]
  /// The ratio P/P_null that noise exceeds at any frequency with probability α.
  public var threshold: Double
  /// φ of the null.
  public var coefficient: Double
}

/// The peaks in the updates of **one weight** in one window, above AR(1) noise.
///
/// Of Gaussian noise 2 P/P_null has a χ² distribution with two degrees of freedom at every frequency but 0 and ½, which are left out: P/P_null
/// exceeds −ln(α/bins) at any of the bins with a probability of about α (Bonferroni); as level and φ follow the noise that they are
/// estimated from, 0.025 to 0.04 were found for α = 0.05 and N = 128. A sum over weights or windows has more degrees
/// of freedom, and weights that move together fewer than one would count: take
/// ``spectralPeaks(of:windowLength:coefficient:level:surrogateCount:key:)``.
///
/// - Parameter values: the updates of one weight, N = 2^k of them, at least 4.
/// - Parameter coefficient: φ; nil takes the lag-1 correlation of the values.
/// - Parameter level: α, of all bins together.
/// - Throws: `MeasureError.outOfRange`, `.nonFiniteInput`, `.undefined` where nothing varies.
/// - Complexity: O(N log N).
public func spectralPeaks(
  of values: [Double], coefficient: Double? = nil, level: Double = 0.01
) throws(MeasureError) -> SpectralPeaks {
  let measure = "spectralPeaks"
  try requireLevel(level, measure: measure)
  try requireWindow(values.count, measure: measure)
  let column = Matrix(values: values, rowCount: values.count, columnCount: 1)
  let rows = try motionRows(of: column, atLeast: 4, measure: measure)
  let spectrum = spectrum(of: rows, windowLength: values.count, taper: .none)
  let binCount = Double(values.count / 2 - 1)
  return try spectrum.peaks(
    above: -log(level / binCount), coefficient: coefficient, measure: measure)
}

/// The peaks in the updates of several weights together, above what surrogates have.
///
/// A surrogate is AR(1) noise made of the updates themselves: the residuals d_t − φ d_{t−1}, whole vectors, in random order. It keeps which
/// weights move together and how far, and nothing of when. The threshold is the value that the largest ratio of a
/// surrogate exceeds with probability α. A strong oscillation is in the residuals too, as power spread over all
/// frequencies; that makes the test careful, not wrong.
///
/// - Shapes: `updates` is `[m, n]`, m ≥ N.
/// - Parameter windowLength: N, a power of two, at least 4; of several windows the mean is tested.
/// - Parameter coefficient: φ; nil takes that of the updates.
/// - Parameter level: α, of all bins together; at least 1/(surrogateCount + 1).
/// - Throws: `MeasureError.outOfRange`, `.tooFewSamples`, `.nonFiniteInput`, `.undefined` where nothing varies.
/// - Complexity: O(surrogateCount · m n log N).
/// - Source: residual resampling (Bose, Ann. Stat. 16, 1709 (1988)) in place of the effective degrees of freedom.
public func spectralPeaks(
  of updates: some SampleMatrix, windowLength: Int, coefficient: Double? = nil,
  level: Double = 0.01, surrogateCount: Int = 199, key: RandomKey
) throws(MeasureError) -> SpectralPeaks {
  let measure = "spectralPeaks"
  try requireLevel(level, measure: measure)
  try requireWindow(windowLength, measure: measure)
  guard Double(surrogateCount + 1) * level >= 1 else {
    throw .outOfRange(
      measure: measure, what: "surrogateCount", value: Double(surrogateCount),
      expected: "at least 1/level - 1")
  }
  let rows = try motionRows(of: updates, atLeast: windowLength, measure: measure)
  let found = spectrum(of: rows, windowLength: windowLength, taper: .none)
  guard let own = found.lagOneCorrelation else {
    throw .undefined(measure: measure, reason: "the updates do not vary")
  }
  let phi = coefficient ?? own
  var largest = [Double]()
  for draw in 0..<surrogateCount {
    let noise = resampledUpdates(rows, coefficient: phi, key: key.fork(draw))
    let ratios = try spectrum(of: noise, windowLength: windowLength, taper: .none)
      .ratioToNull(coefficient: coefficient)
    largest.append(ratios.dropFirst().dropLast().reduce(0) { max($0, $1 ?? 0) })
  }
  largest.sort(by: >)
  // As many of n surrogates may lie above as make p = (b + 1)/(n + 1) just significant.
  let allowed = Int((level * Double(surrogateCount + 1) * (1 + 4 * .ulpOfOne)).rounded(.down)) - 1
  return try found.peaks(
    above: largest[allowed], coefficient: coefficient, measure: measure)
}

// MARK: - Helpers

private func requireLevel(_ level: Double, measure: String) throws(MeasureError) {
  guard level > 0, level < 1 else {
    throw .outOfRange(
      measure: measure, what: "level", value: level, expected: "above 0, below 1")
  }
}

extension UpdateSpectrum {
  fileprivate func peaks(
    above threshold: Double, coefficient: Double?, measure: String
  ) throws(MeasureError) -> SpectralPeaks {
    guard let own = lagOneCorrelation else {
      throw .undefined(measure: measure, reason: "the updates do not vary")
    }
    let ratios = try ratioToNull(coefficient: coefficient)
    let peaks = (1..<power.count - 1).compactMap { bin -> SpectralPeak? in
      guard let ratio = ratios[bin], ratio > threshold else { return nil }
      return SpectralPeak(bin: bin, frequency: frequencies[bin], ratio: ratio)
    }
    return SpectralPeaks(peaks: peaks, threshold: threshold, coefficient: coefficient ?? own)
  }
}

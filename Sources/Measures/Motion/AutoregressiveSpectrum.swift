internal import Foundation

/// The spectrum of momentum and noise, AR(1): P(f) ∝ 1/|1 − φ e^(−2πif)|², with a total of 1 over the N two-sided
/// frequencies without f = 0, which the mean takes.
///
/// The limit of long windows: in a window of N updates a steep spectrum leaks, by a share of about 1/(N(1 − φ)).
///
/// - Parameter coefficient: φ, above −1 and below 1; 0 is white noise.
/// - Parameter windowLength: N, even, at least 4.
/// - Returns: N/2 + 1 values for j/N, the first of them 0.
/// - Source: textbook: Brockwell & Davis, Time Series: Theory and Methods, Theorem 4.4.2.
public func autoregressiveSpectrum(coefficient: Double, windowLength: Int) -> [Double] {
  precondition(
    abs(coefficient) < 1 && windowLength >= 4 && windowLength.isMultiple(of: 2),
    "autoregressiveSpectrum: coefficient \(coefficient), window of \(windowLength)")
  let last = windowLength / 2
  var power = (0...last).map { bin -> Double in
    if bin == 0 { return 0 }
    let sine = sin(Double.pi * Double(bin) / Double(windowLength))
    let gap = 1 - coefficient
    // |1 − φ e^(−iω)|² = (1 − φ)² + 4 φ sin² ω/2.
    return 1 / (gap * gap + 4 * coefficient * sine * sine)
  }
  let total = 2 * power.dropLast().reduce(0, +) + power[last]
  for bin in power.indices { power[bin] /= total }
  return power
}

extension UpdateSpectrum {
  /// P/P_null against AR(1) noise; 1 where the spectrum is that of momentum and noise.
  ///
  /// The level of the null is the one most likely for such a spectrum (Whittle), with a mean ratio of 1 over the frequencies
  /// between 0 and ½. A null of the same total power would follow the few frequencies that hold most of it.
  ///
  /// - Parameter coefficient: φ, where it is known to be the momentum; nil takes ``lagOneCorrelation``, which a strong peak
  ///   moves.
  /// - Returns: N/2 + 1 values, nil at f = 0.
  /// - Throws: `MeasureError.undefined` where nothing varies, `.outOfRange`.
  public func ratioToNull(coefficient: Double? = nil) throws(MeasureError) -> [Double?] {
    let measure = "ratioToNull"
    guard let own = lagOneCorrelation else {
      throw .undefined(measure: measure, reason: "the updates do not vary")
    }
    let coefficient = coefficient ?? own
    guard abs(coefficient) < 1 else {
      throw .outOfRange(
        measure: measure, what: "coefficient", value: coefficient,
        expected: "above -1, below 1")
    }
    let null = autoregressiveSpectrum(coefficient: coefficient, windowLength: windowLength)
    let inner = 1..<power.count - 1
    let level = inner.reduce(0) { $0 + power[$1] / null[$1] } / Double(inner.count)
    guard level > 0 else {
      throw .undefined(measure: measure, reason: "there is power at frequency 1/2 only")
    }
    return power.indices.map { $0 == 0 ? nil : power[$0] / (level * null[$0]) }
  }

  /// β of P ∝ f^(−β) over the lowest decade, from a line through log P against log f at j = 1 … 10.
  ///
  /// 0 for white noise, 2 for the updates of a random walk of the gradient. The error is that of the line, with residuals
  /// taken as independent: the logarithm of one weight's power in one window scatters by π/√6. Nil where a
  /// value is 0.
  ///
  /// - Throws: `MeasureError.tooFewSamples` for windows below 32 updates, which have no decade.
  public func spectralExponent() throws(MeasureError) -> Estimate? {
    guard windowLength >= 32 else {
      throw .tooFewSamples(measure: "spectralExponent", found: windowLength, needed: 32)
    }
    let bins = 1...10
    guard bins.allSatisfy({ power[$0] > 0 }) else { return nil }
    let fit = LineFit(x: bins.map { log(Double($0)) }, y: bins.map { log(power[$0]) })
    return Estimate(value: -fit.slope, standardError: fit.slopeError, sampleCount: bins.count)
  }
}

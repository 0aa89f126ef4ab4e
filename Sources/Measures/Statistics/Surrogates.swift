internal import Foundation

/// Series with the power spectrum of given values and random phases: what a stationary Gaussian process with that
/// autocorrelation could have done instead.
///
/// Each pair of coefficients X_k, X̄_k keeps its size and gets a phase of its own; the mean stays. Values at both ends
/// should be alike: of a series with a trend take the trend off first, or its jump from end to start is kept as noise.
///
/// - Units: those of the values.
/// - Throws: `MeasureError.tooFewSamples` (4), `.nonFiniteInput`.
/// - Complexity: O(n log n), for any n.
/// - Source: Theiler et al., Physica D 58, 77 (1992).
public func phaseRandomized(_ values: [Double], key: RandomKey) throws(MeasureError) -> [Double] {
  try PhaseSurrogates(of: values, measure: "phaseRandomized").series(key: key)
}

/// The values moved on by a number of places, those at the end coming back at the start.
///
/// Moved far enough, a series keeps all that it is and loses what it has to do with another.
///
/// - Parameter count: places, of either sign.
/// - Complexity: O(n).
public func circularlyShifted(_ values: [Double], by count: Int) -> [Double] {
  guard !values.isEmpty else { return values }
  let start = ((-count % values.count) + values.count) % values.count
  return Array(values[start...] + values[..<start])
}

/// Phase-randomised series of the same values, whose spectrum is computed once.
struct PhaseSurrogates: Sendable {
  private let transform: ChirpTransform
  private let magnitudes: [Double]
  private let mean: Double

  init(of values: [Double], measure: String) throws(MeasureError) {
    guard values.count >= 4 else {
      throw .tooFewSamples(measure: measure, found: values.count, needed: 4)
    }
    try requireOrdered(values, "the values", measure: measure)
    let mean = values.reduce(0, +) / Double(values.count)
    let transform = ChirpTransform(count: values.count)
    let spectrum = transform.coefficients(of: values.map { $0 - mean })
    magnitudes = zip(spectrum.real, spectrum.imaginary).map {
      ($0 * $0 + $1 * $1).squareRoot()
    }
    self.mean = mean
    self.transform = transform
  }

  /// One series.
  func series(key: RandomKey) -> [Double] { series(keys: key, nil).first }

  /// As many series as asked for, the i-th with the key's fork i.
  func series(count: Int, key: RandomKey) -> [[Double]] {
    var all = [[Double]]()
    for index in stride(from: 0, to: count, by: 2) {
      let two = series(keys: key.fork(index), index + 1 < count ? key.fork(index + 1) : nil)
      all.append(two.first)
      if index + 1 < count { all.append(two.second) }
    }
    return all
  }

  /// Two series from one transform: of a spectrum that is X + iY, both that of real numbers.
  private func series(
    keys first: RandomKey, _ second: RandomKey?
  ) -> (first: [Double], second: [Double]) {
    let n = transform.count
    var (real, imaginary) = ([Double](repeating: 0, count: n), [Double](repeating: 0, count: n))
    addSpectrum(first, to: &real, &imaginary)
    if let second {
      // i (a + ib) = −b + ia.
      var (a, b) = ([Double](repeating: 0, count: n), [Double](repeating: 0, count: n))
      addSpectrum(second, to: &a, &b)
      for k in 0..<n {
        real[k] -= b[k]
        imaginary[k] += a[k]
      }
    }
    // The conjugate of the transform of the conjugates of a spectrum is N times the numbers it is of.
    let values = transform.coefficients(of: real, imaginary: imaginary.map { -$0 })
    return (
      values.real.map { mean + $0 / Double(n) }, values.imaginary.map { mean - $0 / Double(n) }
    )
  }

  /// The spectrum of real numbers with these magnitudes and random phases.
  private func addSpectrum(
    _ key: RandomKey, to real: inout [Double], _ imaginary: inout [Double]
  ) {
    let n = transform.count
    let phases: [Double] = key.uniform(count: n / 2 + 1, in: 0..<2 * Double.pi)
    for k in 1...n / 2 {
      // The coefficient in the middle of an even number is real: all that is random is its sign.
      let isMiddle = 2 * k == n
      let x = isMiddle ? (phases[k] < .pi ? 1 : -1) : cos(phases[k])
      let y = isMiddle ? 0 : sin(phases[k])
      (real[k], imaginary[k]) = (magnitudes[k] * x, magnitudes[k] * y)
      (real[n - k], imaginary[n - k]) = (real[k], isMiddle ? 0 : -imaginary[k])
    }
  }
}

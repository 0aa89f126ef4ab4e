internal import Foundation

/// What a window of updates is multiplied by before its spectrum is taken.
public enum SpectralTaper: String, Sendable, Codable, CaseIterable {
  /// Nothing: exact for periods that divide the window, and Parseval's sum holds exactly.
  case none
  /// sin²(πt/N): leaks less from strong into weak parts of a broad spectrum, at two bins of resolution.
  case hann
}

/// The power spectrum of the updates of some weights, summed over weights and averaged over windows.
public struct UpdateSpectrum: Sendable, Equatable, Codable {
  /// P(f_j) at f_j = j/N cycles per step, j = 0 … N/2, in squared units of the weights.
  ///
  /// The two-sided density: of a window, the sum of all ``windowLength`` values (twice all but the first and last) is N
  /// times the mean over t of Σ_i d²_{t,i} (Parseval).
  public var power: [Double]
  /// N, the number of updates of a window.
  public var windowLength: Int
  /// The number of windows that were averaged.
  public var windowCount: Int
  /// The number of weights, or other channels, that were summed.
  public var channelCount: Int
  /// What windows were multiplied by.
  public var taper: SpectralTaper

  /// f_j = j/N, in cycles per step.
  public var frequencies: [Double] {
    power.indices.map { Double($0) / Double(windowLength) }
  }

  /// Σ over the N two-sided frequencies: without a taper Σ_t Σ_i (d_{t,i} − mean)² of a window, on average.
  public var total: Double {
    let inner = power.dropFirst().dropLast().reduce(0, +)
    return power[0] + 2 * inner + power[power.count - 1]
  }

  /// P(½)/Σ P, the share of updates that change sign at every step.
  ///
  /// White noise has 1/N; it grows when a direction of curvature λ nears the edge of stability, λη = 2. Nil where
  /// nothing varies.
  ///
  /// - Source: Cohen et al., ICLR 2021 (the oscillation; the share is this package's).
  public var periodTwoShare: Double? {
    total > 0 ? power[power.count - 1] / total : nil
  }

  /// Correlation of successive updates, Σ P cos 2πf/Σ P over the N two-sided frequencies: the φ of AR(1) noise with such a
  /// spectrum.
  ///
  /// Within a window, whose end is taken to be followed by its start; removing the mean lowers it by about 1/N. Nil where
  /// nothing varies.
  public var lagOneCorrelation: Double? {
    guard total > 0 else { return nil }
    let inner = (1..<power.count - 1).reduce(0) { sum, bin in
      sum + 2 * power[bin] * cos(2 * Double.pi * Double(bin) / Double(windowLength))
    }
    return (power[0] + inner - power[power.count - 1]) / total
  }
}

/// The power spectrum of updates: Σ_i |X_i(f)|²/N with X_i the Fourier transform of the updates of weight i in a window.
///
/// The mean of each weight is removed first, so that P(0) is 0: the drift is ``updateDrift(of:agreement:)``'s. Windows follow each
/// other, with `.hann` overlapping by half (Welch); updates that do not fill a last window are left out. With a taper h,
/// P = |Σ h d e^(−2πift)|²/Σ h², which leaves the level of white noise where it is.
///
/// ```swift
/// let spectrum = try updateSpectrum(of: updates(of: path), windowLength: 256)
/// print(spectrum.periodTwoShare ?? 0)
/// ```
///
/// - Shapes: `updates` is `[m, n]`, d_t in row t.
/// - Parameter windowLength: N, a power of two, at least 4.
/// - Throws: `MeasureError.outOfRange`, `.tooFewSamples` for fewer than N updates, `.nonFiniteInput`.
/// - Complexity: O(m n log N).
/// - Source: Welch, IEEE Trans. Audio Electroacoust. 15, 70 (1967).
public func updateSpectrum(
  of updates: some SampleMatrix, windowLength: Int, taper: SpectralTaper = .none
) throws(MeasureError) -> UpdateSpectrum {
  let measure = "updateSpectrum"
  try requireWindow(windowLength, measure: measure)
  let rows = try motionRows(of: updates, atLeast: windowLength, measure: measure)
  return spectrum(of: rows, windowLength: windowLength, taper: taper)
}

// MARK: - Shared with surrogates and the streaming form

func requireWindow(_ length: Int, measure: String) throws(MeasureError) {
  guard length >= 4, length & (length - 1) == 0 else {
    throw .outOfRange(
      measure: measure, what: "windowLength", value: Double(length),
      expected: "a power of two, at least 4")
  }
}

/// The spectrum of checked rows, of which there are enough for a window.
func spectrum(
  of rows: Matrix<Double>, windowLength: Int, taper: SpectralTaper
) -> UpdateSpectrum {
  var sums = WindowSpectra(windowLength: windowLength, taper: taper)
  for first in stride(from: 0, through: rows.rowCount - windowLength, by: taper.hop(windowLength)) {
    sums.add(rows.selectingRows(first..<first + windowLength))
  }
  return sums.result(channelCount: rows.columnCount)
}

extension SpectralTaper {
  /// The number of updates from the start of one window to that of the next.
  func hop(_ windowLength: Int) -> Int { self == .hann ? windowLength / 2 : windowLength }
}

/// Spectra of windows, added up.
struct WindowSpectra: Sendable, Equatable, Codable {
  let windowLength: Int
  let taper: SpectralTaper
  private var power: [Double]
  private(set) var windowCount = 0

  init(windowLength: Int, taper: SpectralTaper) {
    self.windowLength = windowLength
    self.taper = taper
    power = Array(repeating: 0, count: windowLength / 2 + 1)
  }

  private var factors: [Double] {
    (0..<windowLength).map { t in
      let sine = sin(Double.pi * Double(t) / Double(windowLength))
      return taper == .hann ? sine * sine : 1
    }
  }

  /// - Parameter window: `[windowLength, channels]`.
  mutating func add(_ window: Matrix<Double>) {
    let (transform, factors) = (RealFourierTransform(count: windowLength), factors)
    let scale = 1 / dot(factors, factors)
    for channel in 0..<window.columnCount {
      var values = window.column(channel)
      let mean = values.reduce(0, +) / Double(windowLength)
      // A channel that does not vary has no power, and no rounding of its mean either.
      if values.allSatisfy({ $0 == values[0] }) { continue }
      for t in values.indices { values[t] = (values[t] - mean) * factors[t] }
      let squares = transform.coefficients(of: values).squaredMagnitudes
      for bin in squares.indices { power[bin] += squares[bin] * scale }
    }
    windowCount += 1
  }

  func result(channelCount: Int) -> UpdateSpectrum {
    UpdateSpectrum(
      power: power.map { $0 / Double(max(1, windowCount)) }, windowLength: windowLength,
      windowCount: windowCount, channelCount: channelCount, taper: taper)
  }
}

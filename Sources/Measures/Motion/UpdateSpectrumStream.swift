/// The power spectrum of updates while they are made: as ``updateSpectrum(of:windowLength:taper:)``, with the memory of one window.
///
/// Feed the updates of a sample of weights (``WeightSample``) or their random projections (`RandomProjection`); the spectrum of
/// all weights together is that of their projections, to within the error of the projection.
///
/// ```swift
/// var stream = try UpdateSpectrumStream(channelCount: 64, windowLength: 256)
/// for update in updates { try stream.add(projection.project(update)) }
/// let spectrum = try stream.summary()
/// ```
public struct UpdateSpectrumStream: Sendable, Equatable, Codable {
  /// The number of weights or projections.
  public let channelCount: Int
  private var spectra: WindowSpectra
  /// The updates of the window that is being filled, one after the other.
  private var window = [Double]()

  /// A stream that no update has been added to.
  ///
  /// - Parameter windowLength: N, a power of two, at least 4.
  /// - Throws: `MeasureError.outOfRange`.
  public init(
    channelCount: Int, windowLength: Int, taper: SpectralTaper = .none
  ) throws(MeasureError) {
    try requireWindow(windowLength, measure: measure)
    try requireCount(channelCount, named: "channelCount", measure: measure)
    self.channelCount = channelCount
    spectra = WindowSpectra(windowLength: windowLength, taper: taper)
    window.reserveCapacity(windowLength * channelCount)
  }

  /// The number of windows that are full.
  public var windowCount: Int { spectra.windowCount }

  /// Adds the update d_t.
  ///
  /// - Throws: `MeasureError.undefined` for another number of channels, `.nonFiniteInput`; then nothing was added.
  /// - Complexity: O(channels), and O(channels · N log N) where it fills a window.
  public mutating func add<Scalar: RealScalar>(_ update: [Scalar]) throws(MeasureError) {
    try requireUpdate(update, count: channelCount, measure: measure)
    for value in update { window.append(Double(value)) }
    guard window.count == spectra.windowLength * channelCount else { return }
    spectra.add(
      Matrix(values: window, rowCount: spectra.windowLength, columnCount: channelCount))
    window.removeFirst(spectra.taper.hop(spectra.windowLength) * channelCount)
  }

  /// The spectrum of all windows that are full.
  ///
  /// - Throws: `MeasureError.tooFewSamples` before the first is.
  public func summary() throws(MeasureError) -> UpdateSpectrum {
    guard windowCount > 0 else {
      throw .tooFewSamples(
        measure: measure, found: window.count / channelCount, needed: spectra.windowLength)
    }
    return spectra.result(channelCount: channelCount)
  }
}

private let measure = "UpdateSpectrumStream"

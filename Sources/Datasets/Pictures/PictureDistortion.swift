/// A change of pictures that takes them out of the distribution that a network was trained on.
///
/// As text, for settings and names of records: `rotation:30`, `translation:2:-1`, `noise:0.3`, `blur:1.5`.
///
/// - Differs from: MNIST-C and CIFAR-10-C, which keep pixels in 0...1 and draw a strength for each
///   picture: here nothing is clamped, and all pictures of a set get the same strength.
public enum PictureDistortion: Sendable, Hashable, LosslessStringConvertible {
  /// A turn about the middle, counter-clockwise as one looks at the picture.
  case rotation(degrees: Double)
  /// A shift down and to the right, in pixels; parts of a pixel too.
  case translation(rows: Double, columns: Double)
  /// Independent Gaussian noise on each pixel, in units of the distance from black to white.
  case noise(standardDeviation: Double)
  /// A Gaussian blur, in pixels.
  case blur(standardDeviation: Double)

  /// What kind of change.
  public enum Kind: String, Sendable, CaseIterable {
    // The raw values are their names.
    case rotation, translation, noise, blur
  }

  /// The change of a kind in five steps: turns by 15° to 75°, shifts down and right by 1 to 5 pixels,
  /// noise of 0.1 to 0.5, blurs of 0.5 to 2.5 pixels.
  ///
  /// - Throws: `DatasetError.invalidSetting` for a severity that is not 1 to 5.
  public init(_ kind: Kind, severity: Int) throws(DatasetError) {
    guard (1...5).contains(severity) else {
      throw .invalidSetting(name: "severity", value: "\(severity)", expected: "1 to 5")
    }
    let severity = Double(severity)
    switch kind {
    case .rotation: self = .rotation(degrees: 15 * severity)
    case .translation: self = .translation(rows: severity, columns: severity)
    case .noise: self = .noise(standardDeviation: severity / 10)
    case .blur: self = .blur(standardDeviation: severity / 2)
    }
  }

  /// A change from its text, `nil` where it is none.
  public init?(_ description: String) {
    let parts = description.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
    let numbers = parts.dropFirst().compactMap(Double.init).filter(\.isFinite)
    guard let kind = Kind(rawValue: parts[0]), numbers.count == parts.count - 1,
      numbers.count == (kind == .translation ? 2 : 1)
    else { return nil }
    switch kind {
    case .rotation: self = .rotation(degrees: numbers[0])
    case .translation: self = .translation(rows: numbers[0], columns: numbers[1])
    case .noise where numbers[0] >= 0: self = .noise(standardDeviation: numbers[0])
    case .blur where numbers[0] >= 0: self = .blur(standardDeviation: numbers[0])
    default: return nil
    }
  }

  /// The text: `rotation:30.0`.
  public var description: String {
    switch self {
    case .rotation(let degrees): "rotation:\(degrees)"
    case .translation(let rows, let columns): "translation:\(rows):\(columns)"
    case .noise(let deviation): "noise:\(deviation)"
    case .blur(let deviation): "blur:\(deviation)"
    }
  }
}

extension LabeledExamples {
  /// The same pictures, changed; what comes in from outside a picture is black.
  ///
  /// Rotation and translation interpolate between the four nearest pixels. A blur is a sum over
  /// pixels out to four deviations with weights that add up to 1.
  ///
  /// - Shapes: the inputs are `[n, side × side]`, row by row.
  /// - Parameter black: What a pixel of the background is: 0, or ``PixelNormalization/black``.
  /// - Parameter white: What a pixel of full ink is; the unit of noise.
  /// - Parameter key: Noise of picture `i` is drawn from `key.fork(i)`; the other changes draw nothing.
  /// - Throws: `DatasetError.invalidSetting` where the inputs are no pictures of that side, or a
  ///   strength is not finite, or a deviation is negative.
  /// - Complexity: O(n side²), a blur O(n side² (1 + deviation)).
  /// - Source: as `scipy.ndimage` with `order=1, mode='grid-constant'`, and `gaussian_filter` with
  ///   `mode='constant'`.
  public func distorted(
    by distortion: PictureDistortion, side: Int = 28, black: Float = 0, white: Float = 1,
    key: RandomKey
  ) throws(DatasetError) -> LabeledExamples {
    let pictures = try features(for: "a distortion")
    guard side > 0, pictures.columnCount == side * side else {
      throw .invalidSetting(
        name: "side", value: "\(side)",
        expected: "the square root of \(pictures.columnCount), the number of pixels")
    }
    guard PictureDistortion(distortion.description) != nil else {
      throw .invalidSetting(
        name: "distortion", value: "\(distortion)", expected: "finite numbers, deviations from 0")
    }
    let values: [Float]
    switch distortion {
    case .rotation(let degrees):
      values = PixelWarp(side: side, degrees: degrees).applied(to: pictures.values, black: black)
    case .translation(let rows, let columns):
      values = PixelWarp(side: side, rows: rows, columns: columns)
        .applied(to: pictures.values, black: black)
    case .blur(let deviation):
      values = GaussianBlur(side: side, standardDeviation: deviation)
        .applied(to: pictures.values, black: black)
    case .noise(let deviation):
      values = noisy(pictures, Float(deviation) * (white - black), key)
    }
    return LabeledExamples(
      checkedInputs: .features(
        Matrix(values: values, rowCount: pictures.rowCount, columnCount: pictures.columnCount)),
      labels: labels, classCount: classCount)
  }

  private func noisy(_ pictures: Matrix<Float>, _ deviation: Float, _ key: RandomKey) -> [Float] {
    var values = pictures.values
    let count = pictures.columnCount
    for picture in 0..<pictures.rowCount {
      let noise: [Float] = key.fork(picture).normal(
        count: count, mean: 0, standardDeviation: deviation)
      for pixel in 0..<count { values[picture * count + pixel] += noise[pixel] }
    }
    return values
  }
}

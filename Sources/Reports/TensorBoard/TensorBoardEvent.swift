/// What TensorBoard is shown at one step of a training.
public struct TensorBoardEvent: Sendable, Hashable {
  /// Seconds since 1970.
  public var wallTime: Double
  /// Updates done.
  public var step: Int
  /// What there is to see, each under its tag.
  public var values: [TensorBoardValue]

  /// What TensorBoard is shown at one step.
  public init(wallTime: Double, step: Int, values: [TensorBoardValue]) {
    self.wallTime = wallTime
    self.step = step
    self.values = values
  }
}

/// One thing that TensorBoard shows, under its tag: `train/loss`.
public struct TensorBoardValue: Sendable, Hashable {
  /// What it is called; tags with the same first part are shown together.
  public var tag: String
  /// What it is.
  public var content: Content

  /// The kinds of things that TensorBoard shows.
  public enum Content: Sendable, Hashable {
    /// A number. TensorBoard keeps scalars of this kind in `Float`.
    case scalar(Float)
    /// A picture.
    case image(TensorBoardImage)
    /// How many numbers lie where.
    case histogram(TensorBoardHistogram)
    /// Markdown.
    case text(String)
    /// Settings, and how a run with them ended.
    case hyperparameters(TensorBoardHyperparameters)
    /// Anything else: a whole `Summary.Value` message of TensorFlow's `summary.proto`, with its tag.
    case other([UInt8])
  }

  /// A value under a tag.
  public init(_ tag: String, _ content: Content) {
    self.tag = tag
    self.content = content
  }

  /// Settings under the tag at which TensorBoard looks for them.
  public static func hyperparameters(_ content: TensorBoardHyperparameters) -> TensorBoardValue {
    TensorBoardValue(content.tag, .hyperparameters(content))
  }
}

/// A picture for TensorBoard.
public struct TensorBoardImage: Sendable, Hashable {
  /// Pixels across.
  public let width: Int
  /// Pixels down.
  public let height: Int
  /// 1 grey, 2 grey with opacity, 3 colours, 4 colours with opacity.
  public let channelCount: Int
  /// The whole file.
  public let png: [UInt8]

  /// A picture that is a PNG file.
  ///
  /// - Throws: ``TensorBoardError/notPNG``.
  public init(png: [UInt8]) throws(TensorBoardError) {
    let mark: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
    let header = Array(png.prefix(26))
    guard header.count == 26, header.starts(with: mark),
      header[12..<16].elementsEqual("IHDR".utf8),
      let channelCount = [0: 1, 2: 3, 3: 3, 4: 2, 6: 4][Int(header[25])]
    else { throw .notPNG }
    func number(at offset: Int) -> Int {
      header[offset..<offset + 4].reduce(0) { $0 << 8 | Int($1) }
    }
    (width, height) = (number(at: 16), number(at: 20))
    self.channelCount = channelCount
    self.png = png
  }

  init(width: Int, height: Int, channelCount: Int, png: [UInt8]) {
    self.width = width
    self.height = height
    self.channelCount = channelCount
    self.png = png
  }
}

/// Why something cannot be shown in TensorBoard.
public enum TensorBoardError: Error, Hashable, Sendable, CustomStringConvertible {
  /// Bytes that do not begin as a PNG file does.
  case notPNG
  /// A histogram of something that is no number.
  case notFinite(index: Int, value: Double)

  /// What is wrong, in one line.
  public var description: String {
    switch self {
    case .notPNG: "a picture for TensorBoard must be a PNG file"
    case .notFinite(let index, let value):
      "a histogram for TensorBoard needs finite numbers; element \(index) is \(value)"
    }
  }
}

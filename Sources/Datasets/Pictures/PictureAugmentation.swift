/// The extents of a picture whose pixels are a row of numbers: channel after channel, each row by row.
public struct PictureShape: Sendable, Hashable, CustomStringConvertible {
  /// The number of channels: 1 for gray, 3 for red, green and blue.
  public let channelCount: Int
  /// The number of rows of pixels.
  public let height: Int
  /// The number of columns of pixels.
  public let width: Int

  /// A shape of extents above 0.
  public init(channelCount: Int, height: Int, width: Int) {
    precondition(
      channelCount > 0 && height > 0 && width > 0,
      "PictureShape: \(channelCount) × \(height) × \(width)")
    self.channelCount = channelCount
    self.height = height
    self.width = width
  }

  /// Gray pictures of 28 × 28 pixels, as MNIST and its kin.
  public static let mnist = PictureShape(channelCount: 1, height: 28, width: 28)
  /// Color pictures of 32 × 32 pixels, as CIFAR.
  public static let cifar = PictureShape(channelCount: 3, height: 32, width: 32)

  /// The number of pixels, all channels together.
  public var featureCount: Int { channelCount * height * width }
  /// The extents: `3×32×32`.
  public var description: String { "\(channelCount)×\(height)×\(width)" }
}

/// Random changes of pictures that make no other class of them: mirroring, and shifts within a margin.
///
/// What happens to a picture is a function of the key, the epoch and the example alone. So it does not depend on the
/// order of the examples or on threads, and a training that was stopped goes on with the same pictures.
///
/// ```swift
/// let augmentation = PictureAugmentation(shape: .cifar, mirrors: true, margin: 4)
/// ```
///
/// - Source: as `RandomCrop(32, padding=4)` and `RandomHorizontalFlip()` of torchvision, the usual ones for CIFAR;
///   He, Zhang, Ren & Sun, arXiv 1512.03385, section 4.2.
public struct PictureAugmentation: Sendable, Hashable {
  /// The extents of the pictures.
  public let shape: PictureShape
  /// Whether half of the pictures have left and right exchanged.
  public let mirrors: Bool
  /// The most pixels by which pictures are shifted, down or up and right or left.
  public let margin: Int
  /// What comes in from outside of a picture, for each channel.
  public let background: [Float]

  /// Changes of pictures of a shape.
  ///
  /// - Parameter background: A number a channel, by default 0: what black pixels have become where they were normalized.
  public init(shape: PictureShape, mirrors: Bool, margin: Int, background: [Float]? = nil) {
    let background = background ?? [Float](repeating: 0, count: shape.channelCount)
    precondition(
      margin >= 0 && background.count == shape.channelCount,
      "PictureAugmentation: margin \(margin), \(background.count) channels for \(shape)")
    self.shape = shape
    self.mirrors = mirrors
    self.margin = margin
    self.background = background
  }

  /// What happens to one picture: mirrored first, then shifted.
  public struct Change: Sendable, Hashable {
    /// Whether left and right are exchanged.
    public let isMirrored: Bool
    /// So many pixels down.
    public let rows: Int
    /// So many pixels to the right.
    public let columns: Int

    /// A change.
    public init(isMirrored: Bool, rows: Int, columns: Int) {
      self.isMirrored = isMirrored
      self.rows = rows
      self.columns = columns
    }
  }

  /// What happens to an example in an epoch.
  public func change(ofExample example: Int, epoch: Int, key: RandomKey) -> Change {
    let key = key.fork(epoch).fork(example)
    return Change(
      isMirrored: mirrors && key.integer(at: 0, in: 0..<2) == 1,
      rows: key.integer(at: 1, in: -margin..<margin + 1),
      columns: key.integer(at: 2, in: -margin..<margin + 1))
  }

  /// Writes a changed picture.
  ///
  /// - Shapes: `source` and `result` are `[shape.featureCount]`; they do not overlap.
  public func apply<Scalar: RealScalar>(
    _ change: Change, to source: UnsafeBufferPointer<Scalar>,
    into result: UnsafeMutableBufferPointer<Scalar>
  ) {
    precondition(
      source.count == shape.featureCount && result.count == shape.featureCount,
      "PictureAugmentation: \(source.count) and \(result.count) pixels for \(shape)")
    let (height, width) = (shape.height, shape.width)
    for channel in 0..<shape.channelCount {
      let outside = Scalar(background[channel])
      for row in 0..<height {
        let start = (channel * height + row) * width
        let from = row - change.rows
        guard from >= 0, from < height else {
          for column in 0..<width { result[start + column] = outside }
          continue
        }
        let origin = (channel * height + from) * width
        for column in 0..<width {
          let place = column - change.columns
          guard place >= 0, place < width else {
            result[start + column] = outside
            continue
          }
          result[start + column] = source[origin + (change.isMirrored ? width - 1 - place : place)]
        }
      }
    }
  }
}

/// The places of a small window on pictures of one size: which pixels a convolution or a pooling reads for
/// each pixel that it makes.
///
/// Pictures are tensors `[height, width, examples, channels]`: the examples lie inside, so that what is
/// computed for one pixel is a matrix product over all examples, without any copy, and windows that reach
/// over the edge of the picture cost nothing there.
///
/// - Source: the sizes are those of PyTorch's `Conv2d` and `MaxPool2d` (floor division).
public struct PictureWindows: Sendable {
  /// The extents of the pictures that are read.
  public let height, width: Int
  /// The extents of the window.
  public let kernelHeight, kernelWidth: Int
  /// Pixels from one window to the next.
  public let stride: Int
  /// Rows and columns of zeros around the picture.
  public let padding: Int
  /// Pixels from one element of the window to the next.
  public let dilation: Int
  /// The extents of the pictures that are made.
  public let outputHeight, outputWidth: Int
  /// Which pixels are read for each that is made, and the reverse.
  let table, transposedTable: PixelTable

  /// Windows of `kernel` × `kernel` pixels on pictures of `height` × `width`.
  public init(
    height: Int, width: Int, kernel: Int, stride: Int = 1, padding: Int = 0, dilation: Int = 1
  ) {
    self.init(
      height: height, width: width, kernelHeight: kernel, kernelWidth: kernel, stride: stride,
      padding: padding, dilation: dilation)
  }

  /// Windows of `kernelHeight` × `kernelWidth` pixels.
  public init(
    height: Int, width: Int, kernelHeight: Int, kernelWidth: Int, stride: Int = 1, padding: Int = 0,
    dilation: Int = 1
  ) {
    precondition(
      stride >= 1 && dilation >= 1 && padding >= 0 && kernelHeight >= 1 && kernelWidth >= 1,
      "PictureWindows: stride \(stride), dilation \(dilation), padding \(padding) are not possible")
    self.height = height
    self.width = width
    self.kernelHeight = kernelHeight
    self.kernelWidth = kernelWidth
    self.stride = stride
    self.padding = padding
    self.dilation = dilation
    func outputs(_ extent: Int, _ kernel: Int) -> Int {
      let room = extent + 2 * padding - dilation * (kernel - 1) - 1
      precondition(
        room >= 0, "PictureWindows: a window of \(kernel) pixels does not fit \(extent) pixels")
      return room / stride + 1
    }
    outputHeight = outputs(height, kernelHeight)
    outputWidth = outputs(width, kernelWidth)
    var table = PixelTable(
      pixelCount: outputHeight * outputWidth, sourceCount: height * width,
      tapCount: kernelHeight * kernelWidth)
    for y in 0..<outputHeight {
      for x in 0..<outputWidth {
        for tap in 0..<kernelHeight * kernelWidth {
          let sourceY = y * stride + tap / kernelWidth * dilation - padding
          let sourceX = x * stride + tap % kernelWidth * dilation - padding
          guard sourceY >= 0, sourceY < height, sourceX >= 0, sourceX < width else { continue }
          table.set(y * outputWidth + x, tap, source: sourceY * width + sourceX)
        }
      }
    }
    self.table = table
    transposedTable = table.transposed
  }

  /// One window: the whole picture.
  public static func whole(height: Int, width: Int) -> PictureWindows {
    PictureWindows(height: height, width: width, kernelHeight: height, kernelWidth: width)
  }

  /// The number of pixels in a window.
  public var kernelCount: Int { kernelHeight * kernelWidth }

  /// The shape of what is made from pictures of shape `shape`, with `channels` channels.
  func outputShape(of shape: Shape, channels: Int) -> Shape {
    Shape([outputHeight, outputWidth, shape[2], channels])
  }

  /// Stops unless `shape` is that of pictures these windows lie on.
  func check(_ shape: Shape, _ operation: String) {
    precondition(
      shape.rank == 4 && shape[0] == height && shape[1] == width,
      "\(operation): pictures \(shape), not [\(height), \(width), examples, channels]")
  }
}

/// For each pixel that is made and each tap, the pixel that is read: at most one.
struct PixelTable: Sendable {
  let pixelCount, sourceCount, tapCount: Int
  /// `[pixelCount, tapCount]`; −1 where there is none.
  private(set) var sources: [Int32]
  /// Whether any pixel has that tap: of a window larger than the picture, not all are.
  private(set) var reads: [Bool]

  init(pixelCount: Int, sourceCount: Int, tapCount: Int) {
    self.pixelCount = pixelCount
    self.sourceCount = sourceCount
    self.tapCount = tapCount
    sources = Array(repeating: -1, count: pixelCount * tapCount)
    reads = Array(repeating: false, count: tapCount)
  }

  subscript(pixel: Int, tap: Int) -> Int { Int(sources[pixel * tapCount + tap]) }

  mutating func set(_ pixel: Int, _ tap: Int, source: Int) {
    sources[pixel * tapCount + tap] = Int32(source)
    reads[tap] = true
  }

  /// Calls `body` with ``sources`` and ``reads`` as the kernels read them.
  func withPointers(_ body: (UnsafePointer<Int32>, UnsafePointer<Bool>) -> Void) {
    sources.withUnsafeBufferPointer { sources in
      reads.withUnsafeBufferPointer { reads in
        guard let sources = sources.baseAddress, let reads = reads.baseAddress else { return }
        body(sources, reads)
      }
    }
  }

  /// The table of the gradient: for each pixel that was read and each tap, the pixel that was made of it.
  var transposed: PixelTable {
    var result = PixelTable(
      pixelCount: sourceCount, sourceCount: pixelCount, tapCount: tapCount)
    for pixel in 0..<pixelCount {
      for tap in 0..<tapCount where self[pixel, tap] >= 0 {
        result.set(self[pixel, tap], tap, source: pixel)
      }
    }
    return result
  }

  /// Pixels that are read, all taps together.
  var termCount: Int { sources.reduce(0) { $0 + ($1 >= 0 ? 1 : 0) } }
}

// MARK: - Pictures and rows of features

extension Tensor {
  /// Pictures `[height, width, examples, channels]` of rows of features in PyTorch's order.
  ///
  /// - Shapes: This tensor `[examples, channels·height·width]`.
  public func pictures(channels: Int, height: Int, width: Int) -> Tensor {
    precondition(
      shape.rank == 2 && shape[1] == channels * height * width,
      "pictures: \(shape) for \(channels) channels of \(height) × \(width) pixels")
    return reshaped(to: Shape([shape[0], channels, height, width])).permuted([2, 3, 0, 1])
  }

  /// Pictures with the examples first, as PyTorch has them: `[examples, channels, height, width]`.
  public func examplesFirst() -> Tensor { permuted([2, 3, 0, 1]) }

  /// Each example's elements as a row of features, in PyTorch's order:
  /// `[examples, channels·height·width]`.
  public func flattenedPictures() -> Tensor {
    precondition(shape.rank == 4, "flattenedPictures: \(shape) are no pictures")
    if shape[0] == 1 && shape[1] == 1 { return reshaped(to: Shape(shape[2], shape[3])) }
    return examplesFirst().reshaped(to: Shape(shape[2], shape[3] * shape[0] * shape[1]))
  }
}

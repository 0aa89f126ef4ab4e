/// A picture that shapes are painted onto, opaque throughout.
struct Canvas {
  let width: Int
  let height: Int
  /// Red, green, blue and opacity of every pixel, row by row from the top.
  private(set) var pixels: [UInt8]
  private let coverage: Coverage

  init(width: Int, height: Int, paper: UInt32) {
    self.width = width
    self.height = height
    coverage = Coverage(width: width, height: height)
    pixels = []
    pixels.reserveCapacity(4 * width * height)
    let row = Array(repeatElement(Self.channels(paper) + [255], count: width).joined())
    for _ in 0..<height { pixels += row }
  }

  /// Paints the inside of outlines, by the non-zero winding rule.
  ///
  /// Colors are mixed as browsers do, in the numbers of sRGB.
  mutating func fill(_ outlines: [Outline], color: UInt32, opacity: Double = 1) {
    let color = Self.channels(color).map(Float.init)
    let (red, green, blue) = (color[0], color[1], color[2])
    let (width, opacity) = (width, Float(opacity))
    pixels.withUnsafeMutableBufferPointer { pixels in
      coverage.scan(outlines) { row, columns, shares in
        for column in columns {
          let share = min(shares[column], 1) * opacity
          guard share > 0.001 else { continue }
          let place = 4 * (row * width + column)
          func mix(_ offset: Int, _ channel: Float) {
            let below = Float(pixels[place + offset])
            pixels[place + offset] = UInt8(below + (channel - below) * share + 0.5)
          }
          mix(0, red)
          mix(1, green)
          mix(2, blue)
        }
      }
    }
  }

  /// Paints a picture into a rectangle: each pixel takes the color that its middle falls into.
  mutating func paint(_ picture: Drawing.Picture, in rect: Rect) {
    func range(_ low: Double, _ high: Double, _ limit: Int) -> Range<Int> {
      let first = min(max(Int(low.rounded()), 0), limit)
      return first..<max(first, min(Int(high.rounded()), limit))
    }
    func source(_ pixel: Int, _ start: Double, _ length: Double, _ count: Int) -> Int {
      min(max(Int((Double(pixel) + 0.5 - start) / length * Double(count)), 0), count - 1)
    }
    for y in range(rect.top, rect.bottom, height) {
      let row = source(y, rect.top, rect.height, picture.height)
      for x in range(rect.left, rect.right, width) {
        let column = source(x, rect.left, rect.width, picture.width)
        let from = 4 * (row * picture.width + column)
        guard picture.rgba[from + 3] > 0 else { continue }
        let to = 4 * (y * width + x)
        for channel in 0..<3 { pixels[to + channel] = picture.rgba[from + channel] }
      }
    }
  }

  private static func channels(_ color: UInt32) -> [UInt8] {
    [16, 8, 0].map { UInt8(color >> UInt32($0) & 0xFF) }
  }
}

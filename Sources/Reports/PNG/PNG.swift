import GrokNumerics

/// Pictures as the bytes of PNG files.
///
/// - Source: W3C, Portable Network Graphics (PNG) Specification, third edition.
package enum PNG {
  /// A picture as the bytes of a file.
  ///
  /// Pictures of at most 256 colors are written with a palette, others without opacity where all of it
  /// is full; what is read back is the same in any case.
  ///
  /// - Parameters:
  ///   - rgba: Red, green, blue and opacity of every pixel, row by row from the top.
  ///   - pixelsPerMeter: How large the picture wants to be; `nil` does not say.
  ///   - texts: Keywords, such as `Title`, and what they say.
  /// - Precondition: `rgba` holds 4 · width · height numbers, more than none.
  package static func encode(
    width: Int, height: Int, rgba: [UInt8], pixelsPerMeter: Int? = nil,
    texts: KeyValuePairs<String, String> = [:]
  ) -> [UInt8] {
    precondition(
      width > 0 && height > 0 && rgba.count == 4 * width * height,
      "PNG.encode: \(rgba.count) numbers for \(width) × \(height) pixels; "
        + "expected \(4 * width * height)")
    let picture = PNGPixels(rgba)
    var file: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
    var header: [UInt8] = []
    header.appendBigEndian(width, byteCount: 4)
    header.appendBigEndian(height, byteCount: 4)
    add("IHDR", header + [8, picture.colorType, 0, 0, 0], to: &file)
    if let pixelsPerMeter {
      var size: [UInt8] = []
      size.appendBigEndian(pixelsPerMeter, byteCount: 4)
      size.appendBigEndian(pixelsPerMeter, byteCount: 4)
      add("pHYs", size + [1], to: &file)
    }
    for (keyword, text) in texts where !text.isEmpty {
      // Not compressed, of no language, not translated.
      add("iTXt", Array(keyword.utf8) + [0, 0, 0, 0, 0] + Array(text.utf8), to: &file)
    }
    if !picture.palette.isEmpty {
      add("PLTE", picture.palette.flatMap { $0.prefix(3) }, to: &file)
      let opacities = picture.palette.map { $0[3] }
      if opacities.contains(where: { $0 < 255 }) { add("tRNS", opacities, to: &file) }
    }
    add("IDAT", compressed(picture.filtered(height: height)), to: &file)
    add("IEND", [], to: &file)
    return file
  }

  /// Adds a chunk: its length, name and data, and their checksum.
  private static func add(_ name: String, _ data: [UInt8], to file: inout [UInt8]) {
    let contents = Array(name.utf8) + data
    file.appendBigEndian(data.count, byteCount: 4)
    file += contents
    file.appendBigEndian(
      Int(contents.withUnsafeBytes { crc32($0) }), byteCount: 4)
  }
}

/// The numbers of a picture in the shortest of the ways that PNG knows.
struct PNGPixels {
  /// 2: red, green, blue; 3: numbers of the palette; 6: with opacity.
  private(set) var colorType: UInt8
  /// Red, green, blue and opacity of each color, if there is a palette.
  private(set) var palette: [[UInt8]] = []
  private var bytes: [UInt8]
  private var bytesPerPixel: Int

  init(_ rgba: [UInt8]) {
    if let (colors, numbers) = Self.palette(rgba) {
      (colorType, palette, bytes, bytesPerPixel) = (3, colors, numbers, 1)
    } else if stride(from: 3, to: rgba.count, by: 4).allSatisfy({ rgba[$0] == 255 }) {
      (colorType, bytesPerPixel) = (2, 3)
      bytes = [UInt8](unsafeUninitializedCapacity: rgba.count / 4 * 3) { bytes, count in
        for pixel in 0..<rgba.count / 4 {
          for channel in 0..<3 {
            bytes.initializeElement(at: 3 * pixel + channel, to: rgba[4 * pixel + channel])
          }
        }
        count = rgba.count / 4 * 3
      }
    } else {
      (colorType, bytes, bytesPerPixel) = (6, rgba, 4)
    }
  }

  /// The colors and the number of each pixel's, or `nil` if there are more than 256.
  private static func palette(_ rgba: [UInt8]) -> (colors: [[UInt8]], numbers: [UInt8])? {
    var known: [UInt32: UInt8] = [:]
    var colors: [[UInt8]] = []
    var numbers: [UInt8] = []
    numbers.reserveCapacity(rgba.count / 4)
    var (last, lastNumber) = (UInt32(0), UInt8(0))
    for place in stride(from: 0, to: rgba.count, by: 4) {
      let color =
        UInt32(rgba[place]) | UInt32(rgba[place + 1]) << 8 | UInt32(rgba[place + 2]) << 16
        | UInt32(rgba[place + 3]) << 24
      if place > 0, color == last {
        numbers.append(lastNumber)
        continue
      }
      let number = known[color]
      if number == nil {
        guard colors.count < 256 else { return nil }
        known[color] = UInt8(colors.count)
        colors.append(Array(rgba[place..<place + 4]))
      }
      (last, lastNumber) = (color, number ?? UInt8(colors.count - 1))
      numbers.append(lastNumber)
    }
    return (colors, numbers)
  }

  /// Every row behind the number of its filter: numbers as they are (0), less those of the pixel to
  /// the left (1) or of the pixel above (2), whichever leaves the least.
  func filtered(height: Int) -> [UInt8] {
    let length = bytes.count / height
    var result = [UInt8](repeating: 0, count: bytes.count + height)
    result.withUnsafeMutableBufferPointer { result in
      bytes.withUnsafeBufferPointer { bytes in
        for row in 0..<height {
          let plain = UnsafeBufferPointer(rebasing: bytes[row * length..<(row + 1) * length])
          let above =
            row == 0 ? nil : UnsafeBufferPointer(rebasing: bytes[(row - 1) * length..<row * length])
          let target = UnsafeMutableBufferPointer(
            rebasing: result[row * (length + 1)..<(row + 1) * (length + 1)])
          filter(plain, above: above, into: target)
        }
      }
    }
    return result
  }

  /// - Parameter target: Zeros, one more than the row has numbers.
  private func filter(
    _ plain: UnsafeBufferPointer<UInt8>, above: UnsafeBufferPointer<UInt8>?,
    into target: UnsafeMutableBufferPointer<UInt8>
  ) {
    if let above, plain.elementsEqual(above) {
      target[0] = 2
      return
    }
    // The numbers of a palette have no order, so their differences mean nothing.
    let step = bytesPerPixel
    var sums = (plain: 0, left: 0, up: 0)
    if colorType != 3 {
      for place in plain.indices {
        let value = plain[place]
        let before = place >= step ? plain[place - step] : 0
        sums.plain += Int(Int8(bitPattern: value).magnitude)
        sums.left += Int(Int8(bitPattern: value &- before).magnitude)
        sums.up += Int(Int8(bitPattern: value &- (above?[place] ?? 0)).magnitude)
      }
    }
    let least = min(sums.plain, sums.left, sums.up)
    if least == sums.plain {
      for place in plain.indices { target[place + 1] = plain[place] }
    } else if least == sums.left {
      target[0] = 1
      for place in plain.indices {
        target[place + 1] = plain[place] &- (place >= step ? plain[place - step] : 0)
      }
    } else if let above {
      target[0] = 2
      for place in plain.indices { target[place + 1] = plain[place] &- above[place] }
    }
  }
}

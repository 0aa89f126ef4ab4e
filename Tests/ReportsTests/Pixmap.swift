import Foundation
import TestSupport

/// A picture in the simplest of formats, as other programs write it: binary PPM.
struct Pixmap {
  var width: Int
  var height: Int
  /// Red, green and blue of every pixel, row by row.
  var colors: [UInt8]

  struct NotAPixmap: Error {}

  init(width: Int, height: Int, colors: [UInt8]) {
    self.width = width
    self.height = height
    self.colors = colors
  }

  init(_ data: Data) throws {
    var fields: [Int] = []
    var position = data.startIndex
    guard data.prefix(2).elementsEqual("P6".utf8) else { throw NotAPixmap() }
    position += 2
    while fields.count < 3 {
      while data[position].isWhitespace { position += 1 }
      let digits = data[position...].prefix { !$0.isWhitespace }
      guard let number = Int(String(decoding: digits, as: UTF8.self)) else { throw NotAPixmap() }
      fields.append(number)
      position = digits.endIndex
    }
    self.init(width: fields[0], height: fields[1], colors: Array(data[(position + 1)...]))
    guard colors.count == 3 * width * height, fields[2] == 255 else { throw NotAPixmap() }
  }

  /// Whether any pixel so close to a place is darker than paper.
  func isInked(x: Int, y: Int, within distance: Int) -> Bool {
    (max(0, y - distance)...min(height - 1, y + distance)).contains { row in
      (max(0, x - distance)...min(width - 1, x + distance)).contains { column in
        colors[3 * (row * width + column)..<3 * (row * width + column) + 3].contains { $0 < 220 }
      }
    }
  }
}

extension UInt8 {
  fileprivate var isWhitespace: Bool {
    self == 0x20 || self == 0x0A || self == 0x0D || self == 0x09
  }
}

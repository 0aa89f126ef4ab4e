import Foundation
import GrokNumerics

/// The pixels of a PNG file, read by a plain decoder of our own: eight bits, red, green and blue with or
/// without opacity, not interlaced.
public struct Picture {
  /// Pixels side by side.
  public let width: Int
  /// Rows of pixels.
  public let height: Int
  /// Red, green and blue of every pixel, row by row.
  public let values: [UInt8]

  /// What is wrong with a file.
  public struct Failure: Error { let problem: String }

  /// Decodes a file.
  public init(png data: Data) throws {
    let bytes = [UInt8](data)
    func number(_ at: Int) -> Int { bytes[at..<at + 4].reduce(0) { $0 << 8 | Int($1) } }
    guard bytes.count > 33, bytes[1...3].elementsEqual("PNG".utf8) else {
      throw Failure(problem: "no PNG file")
    }
    (width, height) = (number(16), number(20))
    guard bytes[24] == 8, [2, 6].contains(bytes[25]), bytes[28] == 0 else {
      throw Failure(problem: "depth \(bytes[24]), color type \(bytes[25])")
    }
    let channelCount = bytes[25] == 2 ? 3 : 4
    var compressed: [UInt8] = []
    var place = 8
    while place + 8 <= bytes.count {
      let length = number(place)
      if bytes[place + 4..<place + 8].elementsEqual("IDAT".utf8) {
        compressed += bytes[place + 8..<place + 8 + length]
      }
      place += 12 + length
    }
    var raw: [UInt8] = []
    try ByteSource(compressed, path: "picture").inflate(0..<compressed.count, format: .zlib) {
      (piece) throws(ArchiveError) in raw += piece
    }
    let stride = width * channelCount
    guard raw.count == height * (stride + 1) else { throw Failure(problem: "\(raw.count) bytes") }
    var result: [UInt8] = []
    var above = [UInt8](repeating: 0, count: stride)
    for row in 0..<height {
      let filter = raw[row * (stride + 1)]
      var line = Array(raw[row * (stride + 1) + 1..<(row + 1) * (stride + 1)])
      for index in 0..<stride {
        let left = index < channelCount ? 0 : Int(line[index - channelCount])
        let corner = index < channelCount ? 0 : Int(above[index - channelCount])
        let up = Int(above[index])
        let guess =
          switch filter {
          case 1: left
          case 2: up
          case 3: (left + up) / 2
          case 4: Self.paeth(left, up, corner)
          default: 0
          }
        line[index] = UInt8(truncatingIfNeeded: Int(line[index]) + guess)
      }
      above = line
      for column in 0..<width {
        result += line[column * channelCount..<column * channelCount + 3]
      }
    }
    values = result
  }

  /// The mean of all values, and their variance.
  public var moments: (mean: Double, variance: Double) {
    let count = Double(values.count)
    let mean = values.reduce(0.0) { $0 + Double($1) } / count
    return (mean, values.reduce(0.0) { $0 + (Double($1) - mean) * (Double($1) - mean) } / count)
  }

  /// The number of different colors.
  public var colorCount: Int {
    Set(
      stride(from: 0, to: values.count, by: 3).map {
        values[$0..<$0 + 3].reduce(0) { $0 << 8 | Int($1) }
      }
    )
    .count
  }

  private static func paeth(_ a: Int, _ b: Int, _ c: Int) -> Int {
    let guess = a + b - c
    let (left, up, corner) = (abs(guess - a), abs(guess - b), abs(guess - c))
    return left <= up && left <= corner ? a : up <= corner ? b : c
  }
}

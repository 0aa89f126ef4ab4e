#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// A Gaussian blur of square pictures: along the rows, then along the columns.
struct GaussianBlur {
  private let side: Int
  /// The weights of the pixel itself and of those 1, 2, … away.
  private let weights: [Float]

  /// A blur of that many pixels, cut off at four deviations.
  init(side: Int, standardDeviation: Double) {
    self.side = side
    guard standardDeviation > 0 else {
      weights = [1]
      return
    }
    // Farther pixels are outside of every picture, but their weights count in the sum.
    let reach = 4 * standardDeviation + 0.5
    let radius = Int(min(reach, 1e6))
    let heights = (0...radius).map {
      exp(-Double($0 * $0) / (2 * standardDeviation * standardDeviation))
    }
    let sum = heights[0] + 2 * heights.dropFirst().reduce(0, +)
    weights = heights.prefix(side).map { Float($0 / sum) }
  }

  /// The pictures, one after the other, each blurred.
  func applied(to pixels: [Float], black: Float) -> [Float] {
    guard weights.count > 1 else { return pixels }
    var result = pixels.map { $0 - black }
    var line = [Float](repeating: 0, count: side)
    let area = side * side
    for start in stride(from: 0, to: pixels.count, by: area) {
      for index in 0..<side {
        blur(&result, from: start + index * side, step: 1, through: &line)
      }
      for index in 0..<side {
        blur(&result, from: start + index, step: side, through: &line)
      }
    }
    for index in result.indices { result[index] += black }
    return result
  }

  /// Blurs one row or column in place.
  private func blur(
    _ pixels: inout [Float], from start: Int, step: Int, through line: inout [Float]
  ) {
    for index in 0..<side { line[index] = pixels[start + index * step] }
    for index in 0..<side {
      var sum = weights[0] * line[index]
      for distance in 1..<weights.count {
        let (before, after) = (index - distance, index + distance)
        if before >= 0 { sum += weights[distance] * line[before] }
        if after < side { sum += weights[distance] * line[after] }
      }
      pixels[start + index * step] = sum
    }
  }
}

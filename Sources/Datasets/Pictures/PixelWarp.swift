#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// Where each pixel of a turned or shifted picture comes from: four neighbors and their weights.
struct PixelWarp {
  private struct Source {
    /// The place of a pixel in the picture; -1 outside of it.
    var places: (Int, Int, Int, Int)
    var weights: (Float, Float, Float, Float)
  }

  private let sources: [Source]

  /// A turn about the middle, counter-clockwise with row 0 on top.
  init(side: Int, degrees: Double) {
    let angle = degrees * .pi / 180
    let (cosine, sine, middle) = (cos(angle), sin(angle), Double(side - 1) / 2)
    self.init(side: side) { row, column in
      let (down, right) = (row - middle, column - middle)
      return (middle + sine * right + cosine * down, middle + cosine * right - sine * down)
    }
  }

  /// A shift down and to the right.
  init(side: Int, rows: Double, columns: Double) {
    self.init(side: side) { ($0 - rows, $1 - columns) }
  }

  private init(side: Int, from origin: (Double, Double) -> (row: Double, column: Double)) {
    sources = (0..<side * side).map { pixel in
      let (row, column) = origin(Double(pixel / side), Double(pixel % side))
      let (top, left) = (row.rounded(.down), column.rounded(.down))
      let (below, beside) = (Float(row - top), Float(column - left))
      func place(_ row: Double, _ column: Double) -> Int {
        let inside = 0..<Double(side)
        return inside.contains(row) && inside.contains(column)
          ? Int(row) * side + Int(column) : -1
      }
      return Source(
        places: (
          place(top, left), place(top, left + 1), place(top + 1, left), place(top + 1, left + 1)
        ),
        weights: (
          (1 - below) * (1 - beside), (1 - below) * beside, below * (1 - beside), below * beside
        ))
    }
  }

  /// The pictures, one after the other, each warped.
  func applied(to pixels: [Float], black: Float) -> [Float] {
    var result = pixels
    for start in stride(from: 0, to: pixels.count, by: sources.count) {
      func value(_ place: Int) -> Float { place < 0 ? black : pixels[start + place] }
      for (index, source) in sources.enumerated() {
        let (places, weights) = (source.places, source.weights)
        let top = weights.0 * value(places.0) + weights.1 * value(places.1)
        let bottom = weights.2 * value(places.2) + weights.3 * value(places.3)
        result[start + index] = top + bottom
      }
    }
    return result
  }
}

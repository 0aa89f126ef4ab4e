internal import Foundation

/// How the values of a unit become the numbers of bins.
public enum Binning: Sendable, Equatable, Codable, CustomStringConvertible {
  /// Bins between ascending edges, the lower edge of each within it; one more bin from the last edge on, and one below the
  /// first.
  case edges([Double])
  /// ⌊value / width⌋: as many bins as the values need.
  case width(Double)
  /// As many bins of one width between the least and the largest value of all units of the layer.
  case layerRange(binCount: Int)
  /// As many bins of one width between the least and the largest value of each unit.
  case unitRange(binCount: Int)
  /// As many bins as equally filled as ties allow, for each unit.
  case quantiles(binCount: Int)

  /// 30 edges evenly from −1 to 1, in `Float`: 29 bins, and one more for the exact 1. For tanh and for probabilities.
  ///
  /// - Source: Shwartz-Ziv & Tishby, arXiv 1703.00810, and their code.
  /// - Differs from: that code in values below −1, which have a bin of their own here and share that of the exact 1 there;
  ///   tanh has none.
  public static let tishby = Binning.edges(
    (0..<30).map { (index: Int) -> Double in
      let edge = 2.0 / 29 * Double(index) - 1
      return index == 29 ? 1 : Double(Float(edge))
    })

  /// What records call it.
  public var description: String {
    switch self {
    case .edges(let edges):
      "\(edges.count) edges from \(edges.first ?? .nan) to \(edges.last ?? .nan)"
    case .width(let width): "bins of width \(width)"
    case .layerRange(let count): "\(count) bins over the range of the layer"
    case .unitRange(let count): "\(count) bins over the range of each unit"
    case .quantiles(let count): "\(count) bins of equally many samples for each unit"
    }
  }

  func check() throws(MeasureError) {
    switch self {
    case .edges(let edges):
      guard let first = edges.first, first.isFinite else {
        throw .outOfRange(
          measure: binnedMeasure, what: "the number of edges", value: Double(edges.count),
          expected: "at least 1, all finite")
      }
      for index in edges.indices.dropFirst() where !(edges[index] > edges[index - 1]) {
        throw .notIncreasing(measure: binnedMeasure, array: "the edges", index: index)
      }
    case .width(let width):
      try requirePositive(width, "the width of the bins", measure: binnedMeasure)
    case .layerRange(let count), .unitRange(let count), .quantiles(let count):
      guard count >= 2 else {
        throw .outOfRange(
          measure: binnedMeasure, what: "the number of bins", value: Double(count),
          expected: "at least 2")
      }
    }
  }
}

let binnedMeasure = "binnedLayer"

// MARK: - Numbers of bins

extension Binning {
  /// The number of the bin of every element, row after row.
  func numbers(of values: Matrix<Double>) throws(MeasureError) -> [Int32] {
    switch self {
    case .edges(let edges):
      let bins = EdgeBins(edges)
      return values.values.map { bins.number(of: $0) }
    case .width(let width):
      let largest = values.values.reduce(0) { max($0, abs($1)) }
      guard largest / width < Double(Int32.max) else {
        throw .outOfRange(
          measure: binnedMeasure, what: "the width of the bins", value: width,
          expected: "so much that values up to \(largest) have numbers of 32 bits")
      }
      return values.values.map { Int32(($0 / width).rounded(.down)) }
    case .layerRange(let count):
      let bins = RangeBins(values.values, count: count)
      return values.values.map { bins.number(of: $0) }
    case .unitRange(let count):
      return values.numberingColumns { RangeBins($0, count: count) }
    case .quantiles(let count):
      return values.numberingColumns { column in
        let sorted = column.sorted()
        var edges = [Double]()
        for index in 1..<count {
          let edge = sorted[min(sorted.count - 1, index * sorted.count / count)]
          // Equal edges, and one that nothing is below, part nothing.
          if edge > (edges.last ?? sorted[0]) { edges.append(edge) }
        }
        return EdgeBins(edges)
      }
    }
  }
}

/// A rule that gives numbers to values.
private protocol Bins {
  func number(of value: Double) -> Int32
}

/// How many edges are not above a value, for ascending edges.
struct EdgeBins: Bins {
  let edges: [Double]
  /// 1/step where the edges are nearly evenly spaced, so that the place of a value is known up to one; else nil.
  private let inverseStep: Double?

  init(_ edges: [Double]) {
    self.edges = edges
    var inverse: Double?
    if edges.count >= 2 {
      let step = (edges[edges.count - 1] - edges[0]) / Double(edges.count - 1)
      let isEven = edges.indices.allSatisfy {
        abs(edges[$0] - edges[0] - Double($0) * step) < 0.5 * step
      }
      if isEven, (1 / step).isFinite { inverse = 1 / step }
    }
    inverseStep = inverse
  }

  @inline(__always)
  func number(of value: Double) -> Int32 {
    guard let inverseStep else { return searchedNumber(of: value) }
    let guess = (value - edges[0]) * inverseStep
    var count = guess < 0 ? 0 : guess >= Double(edges.count) ? edges.count : Int(guess)
    // Comparing decides, so that rounding of the guess does not.
    while count < edges.count, value >= edges[count] { count += 1 }
    while count > 0, value < edges[count - 1] { count -= 1 }
    return Int32(count)
  }

  /// The plain search that the guess must agree with.
  func searchedNumber(of value: Double) -> Int32 {
    var (low, high) = (0, edges.count)
    while low < high {
      let middle = (low + high) / 2
      if edges[middle] <= value { low = middle + 1 } else { high = middle }
    }
    return Int32(low)
  }
}

/// Bins of one width between the least and the largest of some values, both within.
private struct RangeBins: Bins {
  let least: Double
  /// Bins for a unit of value; 0 where all values are equal.
  let scale: Double
  let last: Double

  init(_ values: [Double], count: Int) {
    least = values.min() ?? 0
    let range = (values.max() ?? 0) - least
    scale = range > 0 ? Double(count) / range : 0
    last = Double(count - 1)
  }

  func number(of value: Double) -> Int32 { Int32(min(last, (value - least) * scale)) }
}

extension Matrix<Double> {
  /// Numbers for the elements, row after row, by a rule for each column that is made of its elements.
  fileprivate func numberingColumns<Rule: Bins>(_ rule: ([Double]) -> Rule) -> [Int32] {
    var numbers = [Int32](repeating: 0, count: count)
    let columns = transposed
    for column in 0..<columnCount {
      let elements = Array(columns.row(column))
      let bins = rule(elements)
      numbers.withUnsafeMutableBufferPointer { numbers in
        for row in elements.indices {
          numbers[row * columnCount + column] = bins.number(of: elements[row])
        }
      }
    }
    return numbers
  }
}

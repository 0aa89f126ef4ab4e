import Foundation
import GrokMeasures
import TestSupport

/// The arrays and numbers of `Fixtures/similarity/generate.py`.
enum SimilarityFixture {
  static let json: JSONValue? = try? JSONValue(parsing: fixture("similarity/expected.json"))

  static let x = matrix("x")
  static let y = matrix("y")
  static let labels = numbers("labels").map { Int($0) }

  static func value(_ path: String...) -> JSONValue? {
    path.reduce(json) { $0?.object?[$1] }
  }

  static func number(_ group: String, _ name: String) -> Double {
    value(group, name)?.double ?? .nan
  }

  static func numbers(_ path: String...) -> [Double] {
    (path.reduce(json) { $0?.object?[$1] }?.array ?? []).map { $0.double ?? .nan }
  }

  static func matrix(_ path: String...) -> Matrix<Double> {
    matrix(path.reduce(json) { $0?.object?[$1] })
  }

  static func matrices(_ path: String...) -> [Matrix<Double>] {
    let list = path.reduce(json) { $0?.object?[$1] }?.array ?? []
    return list.map { matrix($0) }
  }

  private static func matrix(_ json: JSONValue?) -> Matrix<Double> {
    let rows = json?.array ?? []
    return Matrix(
      rows: rows.map { row in
        let values = row.array ?? []
        return values.map { $0.double ?? .nan }
      })
  }
}

/// A random orthogonal matrix.
func rotation(size: Int, key: RandomKey) throws -> Matrix<Double> {
  try QRFactors(of: key.normalMatrix(rowCount: size, columnCount: size)).orthogonal
}

/// `x` turned, scaled and shifted.
func moved(_ x: Matrix<Double>, key: RandomKey) throws -> Matrix<Double> {
  let turned = x.multiplied(by: try rotation(size: x.columnCount, key: key)).map { 2.5 * $0 }
  let shift: [Double] = key.fork("shift").normal(count: x.columnCount, standardDeviation: 10)
  var result = turned
  for row in 0..<x.rowCount {
    for column in 0..<x.columnCount { result[row, column] += shift[column] }
  }
  return result
}

/// The largest difference between two lists of the same length.
func largestDifference(_ a: [Double], _ b: [Double]) -> Double {
  a.count == b.count ? zip(a, b).reduce(0) { max($0, abs($1.0 - $1.1)) } : .infinity
}

import Foundation
import GrokMeasures
import TestSupport

/// The arrays and numbers of `Fixtures/readout/generate.py`.
enum ReadoutFixture {
  static let json: JSONValue? = try? JSONValue(parsing: fixture("readout/expected.json"))

  static let x = matrix("x")
  static let labels = integers("labels")
  static let test = matrix("t")
  static let testLabels = integers("tLabels")

  static func readout() throws -> LinearReadout {
    try LinearReadout(weights: matrix("W"), biases: numbers("b"), labels: [2, 5, 9])
  }

  static func value(_ path: String...) -> JSONValue? { find(path) }
  static func number(_ path: String...) -> Double { find(path)?.double ?? .nan }
  static func numbers(_ path: String...) -> [Double] { numbers(find(path)) }
  static func integers(_ path: String...) -> [Int] { numbers(find(path)).map { Int($0) } }
  static func matrix(_ path: String...) -> Matrix<Double> { matrix(find(path)) }

  static func numbers(_ json: JSONValue?) -> [Double] {
    (json?.array ?? []).map { $0.double ?? .nan }
  }

  static func matrix(_ json: JSONValue?) -> Matrix<Double> {
    Matrix(rows: (json?.array ?? []).map { numbers($0) })
  }

  private static func find(_ path: [String]) -> JSONValue? {
    path.reduce(json) { $0?.object?[$1] }
  }
}

/// Classes of the same normal spread around centres a distance apart, in random order.
func clouds(
  _ classCount: Int, of count: Int, features: Int, distance: Double, key: RandomKey
) -> (samples: Matrix<Double>, labels: [Int]) {
  let centers: Matrix<Double> = key.fork("centers").normalMatrix(
    rowCount: classCount, columnCount: features)
  var samples: Matrix<Double> = key.fork("samples").normalMatrix(
    rowCount: classCount * count, columnCount: features)
  let labels = key.fork("labels").permutation(of: classCount * count).map { $0 % classCount }
  let scale = distance / (2 * Double(features)).squareRoot()
  for (row, label) in labels.enumerated() {
    for column in 0..<features { samples[row, column] += scale * centers[label, column] }
  }
  return (samples, labels)
}

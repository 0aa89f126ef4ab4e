import Foundation
import GrokMeasures
import TestSupport

/// What `Fixtures/information/reference.py` writes, computed when a test first asks for it.
enum InformationReference {
  static let isThere = PeerPython.has("numpy", "scipy", "sklearn")
  static let missing = "\(PeerPython.howToProvide("numpy", "scipy", "sklearn"))"

  private static let json: JSONValue? = try? JSONValue(
    parsing: PeerPython.run([fixtureURL("information/reference.py").path]))

  static let layer = matrix("layer")
  static let other = matrix("other")
  static let labels = numbers("labels").map { Int($0) }

  static func value(_ path: String...) -> JSONValue? {
    path.reduce(json) { $0?.object?[$1] }
  }

  static func number(_ path: String...) -> Double {
    path.reduce(json) { $0?.object?[$1] }?.double ?? .nan
  }

  static func numbers(_ path: String...) -> [Double] {
    (path.reduce(json) { $0?.object?[$1] }?.array ?? []).map { $0.double ?? .nan }
  }

  static func matrix(_ name: String) -> Matrix<Double> {
    Matrix(
      rows: (json?.object?[name]?.array ?? []).map { row in
        (row.array ?? []).map { $0.double ?? .nan }
      })
  }
}

/// A layer of samples that a test makes up: correlated, of different spreads.
func mixedLayer(rowCount: Int, columnCount: Int, seed: UInt64 = 3) -> Matrix<Double> {
  let key = RandomKey(seed: seed)
  let mixing: Matrix<Double> = key.fork("mixing").normalMatrix(
    rowCount: columnCount, columnCount: columnCount)
  return key.fork("rows").normalMatrix(rowCount: rowCount, columnCount: columnCount)
    .multiplied(by: mixing)
}

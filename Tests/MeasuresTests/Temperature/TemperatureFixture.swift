import Foundation
import GrokMeasures
import TestSupport

/// The numbers of `Fixtures/temperature/generate.py`: fresh ones where a Python with scipy is at hand, else the stored.
enum TemperatureFixture {
  static let json: JSONValue? = {
    let script = fixtureURL("temperature/generate.py").path
    let fresh = PeerPython.has("numpy", "scipy") ? try? PeerPython.run([script]) : nil
    let data = fresh ?? (try? fixture("temperature/expected.json"))
    return data.flatMap { try? JSONValue(parsing: $0) }
  }()

  static func value(_ path: String...) -> JSONValue? {
    path.reduce(json) { $0?.object?[$1] }
  }

  static func number(_ path: String...) -> Double {
    path.reduce(json) { $0?.object?[$1] }?.double ?? .nan
  }

  static func numbers(_ path: String...) -> [Double] {
    (path.reduce(json) { $0?.object?[$1] }?.array ?? []).map { $0.double ?? .nan }
  }

  static func rows(_ path: String...) -> [[Double]] {
    (path.reduce(json) { $0?.object?[$1] }?.array ?? []).map { row in
      (row.array ?? []).map { $0.double ?? .nan }
    }
  }
}

/// Whether two numbers agree to a relative error.
func isClose(_ found: Double?, _ expected: Double, within tolerance: Double = 1e-10) -> Bool {
  guard let found else { return false }
  return abs(found - expected) <= tolerance * max(abs(expected), 1e-300)
}

/// Records at steps 0, 1, 2, ….
func records(_ values: [Double], every spacing: Int = 1) throws -> RecordedSeries {
  try RecordedSeries(steps: values.indices.map { $0 * spacing }, values: values)
}

/// A table of columns with records at every step.
func table(_ columns: [[Double]], names: [String]? = nil) throws -> HeatTable {
  let count = columns.first?.count ?? 0
  return try HeatTable(
    steps: Array(0..<count), names: names ?? columns.indices.map { "c\($0)" },
    values: Matrix(
      values: (0..<count).flatMap { row in columns.map { $0[row] } }, rowCount: count,
      columnCount: columns.count))
}

/// x_t = a x_{t−1} + normal noise.
func autoregression(_ weight: Double, count: Int, key: RandomKey) -> [Double] {
  let noise: [Double] = key.normal(count: count)
  var value = 0.0
  return noise.map { step in
    value = weight * value + step
    return value
  }
}

import Foundation
import GrokMeasures
import TestSupport

/// The numbers of `Fixtures/onset/generate.py`.
enum OnsetFixture {
  static let json: JSONValue? = try? JSONValue(parsing: fixture("onset/expected.json"))

  static func value(_ path: String...) -> JSONValue? {
    path.reduce(json) { $0?.object?[$1] }
  }

  static func numbers(_ path: String...) -> [Double] {
    (path.reduce(json) { $0?.object?[$1] }?.array ?? []).map { $0.double ?? .nan }
  }

  static func series(_ name: String) throws -> RecordedSeries {
    try RecordedSeries(
      steps: numbers("changes", "steps").map { Int($0) }, values: numbers("changes", name))
  }

  static func times(_ group: String) -> [CensoredTime] {
    zip(numbers("survival", group, "times"), numbers("survival", group, "events")).map {
      CensoredTime($0, isCensored: $1 == 0)
    }
  }
}

/// A member of a JSON object as a number.
func number(_ json: JSONValue?, _ name: String) -> Double { json?.object?[name]?.double ?? .nan }

/// A member of a JSON object as a list of numbers.
func numbers(_ json: JSONValue?, _ name: String) -> [Double] {
  (json?.object?[name]?.array ?? []).map { $0.double ?? .nan }
}

import Foundation
import GrokNumerics
import GrokTraining

@testable import GrokExperiments

/// What measures would leave in a run folder, with curves of known shape.
enum SyntheticMeasures {
  static let layers = ["input", "hidden.0", "hidden.1", "output"]
  /// The steps of checkpoints up to 10,000.
  static func steps(perDecade: Int) -> [Int] {
    distinct(
      [0] + (0...4 * perDecade).map { Int(power10(Double($0) / Double(perDecade)).rounded()) })
  }

  /// A quantity that goes from one value to another around a step, for every layer but the input.
  struct Curve {
    var quantity: String
    var from = 0.2
    var to = 0.8
    /// Where half of the way is done.
    var middle: Double
  }

  /// Writes `measures/NAME.jsonl` with the curves for each layer and set.
  static func write(
    _ curves: [Curve], measure: String, in folder: String, sets: [String] = ["test", "train"],
    error: Double? = 0.01, layers: [String] = layers, perDecade: Int = 8
  ) throws {
    let directory = folder + "/" + Run.measuresFolder
    try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
    var lines: [UInt8] = []
    for step in steps(perDecade: perDecade) {
      for set in sets {
        for curve in curves {
          for layer in layers {
            let place = log10(max(Double(step), 0.5)) - log10(curve.middle)
            let share = layer == "input" ? 0 : 1 / (1 + exp(-8 * place))
            let name = [set, curve.quantity, layer].filter { !$0.isEmpty }.joined(separator: "/")
            Record(
              step: step, seconds: 0, name: name,
              value: curve.from + share * (curve.to - curve.from), error: error
            ).appendLine(to: &lines)
          }
        }
      }
    }
    try AtomicFile.write(lines, to: "\(directory)/\(measure).jsonl")
  }

  /// Writes `measures/NAME.npz`.
  static func write(_ archive: Archive, measure: String, in folder: String) throws {
    let directory = folder + "/" + Run.measuresFolder
    try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
    try archive.write(to: "\(directory)/\(measure).npz")
  }
}

import Foundation
import GrokNumerics
import GrokTraining

@testable import GrokExperiments

/// Run folders that no training made, for reports to be tested with.
enum SyntheticRuns {
  /// A run that fits at 100 and generalizes at `generalization`, recorded at ten steps a decade.
  static func write(
    _ folder: String, seed: Int = 0, decay: Double = 1, generalization: Int? = 1_000,
    lastStep: Int = 10_000, state: Run.State = .done, extra: [String: String] = [:],
    error: String? = nil, every: Int? = nil
  ) throws {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    var settings = Settings()
    settings.seed = UInt64(seed)
    settings.train.weightDecay = decay
    settings.train.steps = lastStep
    for (path, value) in extra { try settings.set(path, to: value) }
    let schedule =
      Schedule.at([lastStep])
      | (every.map { Schedule.every($0) } ?? Schedule.logarithmic(perDecade: 10) | .every(500))
    var lines = ""
    var steps: [Int] = []
    for step in 0...lastStep where schedule.contains(step) {
      steps.append(step)
      let isFit = step >= 100
      let isGeneralized = generalization.map { step >= $0 } ?? false
      let noise = Double((seed * 7 + step) % 10) / 1_000
      for (name, value) in [
        ("train/loss", isFit ? 1e-4 + noise / 1e3 : 4.0 - noise),
        ("train/accuracy", isFit ? 1 : 0.02 + noise),
        ("test/loss", isGeneralized ? 1e-3 + noise / 1e2 : 6.0 - noise),
        ("test/accuracy", isGeneralized ? 1 : 0.02 + noise),
        ("weights/norm", 40 - 2 * decay + noise),
      ] {
        lines +=
          #"{"step":\#(step),"seconds":\#(Double(step) / 1000),"name":"\#(name)","value":\#(value)}"#
          + "\n"
      }
    }
    try lines.write(toFile: folder + "/metrics.jsonl", atomically: true, encoding: .utf8)
    var description: JSONObject = [
      "formatVersion": 1, "state": .string(state.rawValue), "program": "grokking",
      "preset": "modular-addition", "seed": JSONValue(seed), "parameters": 60_000,
      "trainExamples": 1_218, "testExamples": 2_263, "version": "0.1.0", "commit": "abc123",
      "settings": .object(JSONObject(settings.table.map { ($0.path, .string($0.value)) })),
    ]
    if let error { description["error"] = .string(error) }
    if state == .done {
      description["outcome"] = .object([
        "steps": JSONValue(lastStep), "trainLoss": 1e-4, "testLoss": 1e-3, "trainAccuracy": 1,
        "testAccuracy": generalization == nil ? 0.02 : 1,
        "fitStep": JSONValue(steps.first { $0 >= 100 } ?? 0),
        "generalizationStep": generalization.map { step in
          JSONValue(steps.first { $0 >= step } ?? 0)
        } ?? .null, "relapses": 0, "seconds": 10.5, "stepsPerSecond": 952.4,
      ])
    }
    try JSONValue.object(description).text(.indented)
      .write(toFile: folder + "/run.json", atomically: true, encoding: .utf8)
  }
}

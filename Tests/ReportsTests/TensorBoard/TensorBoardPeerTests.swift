import Foundation
import GrokNumerics
import TestSupport
import Testing

@testable import GrokReports

/// What TensorBoard's own readers make of our files.
@Suite(
  .enabled(
    if: PeerPython.has("tensorboard"), "\(PeerPython.howToProvide("tensorboard"))"))
struct TensorBoardPeerTests {
  private func described(_ arguments: [String]) throws -> JSONValue {
    let output = try PeerPython.run([fixtureURL("tensorboard/describe.py").path] + arguments)
    return try JSONValue(parsing: output)
  }

  /// A number, or one that JSON has no name for.
  private func number(_ value: JSONValue?) -> Double? {
    value?.double ?? value?.string.flatMap { Double($0) }
  }

  private func names(_ value: JSONValue?) -> Set<String> { Set(value?.object?.keys ?? []) }

  @Test(.tags(.golden)) func tensorBoardReadsBackWhatWasWritten() throws {
    let events = try SampleEvents.all()
    try withTemporaryFolder { folder in
      let path = folder + "/events.out.tfevents.0.grok"
      try AtomicFile.write(TensorBoardEvents.bytes(of: events), to: path)
      let found = try described([path])
      var expectedTags: Set<String> = []
      for event in events {
        for value in event.values {
          guard case .scalar(let expected) = value.content else { continue }
          expectedTags.insert(value.tag)
          let rows = try #require(found["scalars"]?[value.tag]?.array)
          let row = try #require(rows.first { $0.array?[1].integer == event.step }?.array)
          #expect(number(row[0]) == event.wallTime)
          let read = try #require(number(row[2]))
          #expect(expected.isNaN ? read.isNaN : Float(read) == expected, "\(value.tag)")
        }
      }
      #expect(names(found["scalars"]) == expectedTags)

      let image = try #require(found["images"]?["figures/one"]?.array?[0].array)
      #expect(image[0..<3].map(\.integer) == [1, 1, 1])
      #expect(image[3].string == Data(SampleEvents.png).base64EncodedString())

      let histogram = try TensorBoardHistogram(SampleEvents.values)
      let row = try #require(found["histograms"]?["weights/hidden.0"]?.array?[0].array)
      let moments = [
        1, histogram.minimum, histogram.maximum, 500, histogram.sum, histogram.sumOfSquares,
      ]
      #expect(row[0..<6].map(number) == moments)
      #expect(row[6].array?.compactMap(\.double) == histogram.limits)
      #expect(row[7].array?.compactMap(\.double) == histogram.counts)

      let text = try #require(found["texts"]?["settings"]?.array?[0].array?[1].string)
      #expect(events[0].values[0].content == .text(text))

      let settings = try #require(found["hyperparameters"])
      let start = try #require(settings["_hparams_/session_start_info"])
      #expect(start.object?.count == 6)
      #expect(start["train.learningRate"]?.double == 1e-3)
      #expect(start["train.optimizer"]?.string == "adamW")
      #expect(start["record.tensorBoard"]?.bool == true && start["off"]?.bool == false)
      #expect(settings["_hparams_/session_end_info"]?.integer == 1)
      let experiment = try #require(settings["_hparams_/experiment"])
      #expect(
        experiment["settings"] == [["seed", "the seed", 3], ["x", "", 0]] as JSONValue)
      #expect(experiment["metrics"] == [["train/loss", "nats"]] as JSONValue)

      // 1: scalar, 2: tensor, 3: pictures.
      let classes = try #require(found["classes"])
      for (tag, expected) in [
        ("train/loss", 1), ("weights/hidden.0", 2), ("figures/one", 3), ("settings", 2),
        ("_hparams_/session_start_info", 2),
      ] {
        #expect(classes[tag]?.integer == expected, "\(tag)")
      }
    }
  }

  /// Without an `experiment` TensorBoard finds out what differs between runs.
  @Test(.tags(.golden)) func theTableOfSettingsShowsWhatDiffers() throws {
    try withTemporaryFolder { folder in
      for (index, rate) in [0.1, 0.2].enumerated() {
        let name = "run-\(index)"
        try FileManager.default.createDirectory(
          atPath: "\(folder)/\(name)", withIntermediateDirectories: false)
        let file = try TensorBoardFile(
          appendingTo: "\(folder)/\(name)/events.out.tfevents.0.grok", wallTime: 10)
        let start = TensorBoardHyperparameters.start([
          .init("rate", .number(rate)), .init("kind", .text("mlp")),
        ])
        try file.append(.init(wallTime: 10, step: 0, values: [.hyperparameters(start)]))
        for step in 0..<3 {
          let value = TensorBoardValue("train/loss", .scalar(Float(rate) / Float(step + 1)))
          try file.append(.init(wallTime: 11, step: step, values: [value]))
        }
        let status: TensorBoardHyperparameters.Status = index == 0 ? .success : .failure
        try file.append(
          .init(wallTime: 12, step: 2, values: [.hyperparameters(.end(status))]))
      }
      let found = try described(["runs", folder])
      #expect(found["differing"] == ["rate"] as JSONValue)
      #expect(found["metrics"] == ["train/loss"] as JSONValue)
      #expect(names(found["groups"]) == ["run-0", "run-1"])
      let second = try #require(found["groups"]?["run-1"])
      #expect(second["status"]?.integer == 2)
      #expect(second["settings"]?["rate"]?.double == 0.2)
      let loss = try #require(second["metrics"]?["train/loss"]?.double)
      #expect(Float(loss) == Float(0.2) / 3)
    }
  }
}

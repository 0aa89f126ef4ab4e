import Foundation
@testable import GrokReports
import TestSupport
import Testing

@testable import GrokExperiments
@testable import GrokTraining

@Suite struct TensorBoardSinkTests {
  private struct Broken: Error {}

  private func experiment(_ overrides: String...) throws -> Experiment {
    var settings = Settings()
    try settings.apply(overrides: [
      "data.modulus=7", "model.kind=mlp", "model.hidden=12", "train.batchSize=8", "train.steps=60",
      "record.perDecade=5", "record.every=7", "checkpoint.every=11",
      "record.histogramsPerDecade=3", "train.threads=1",
    ])
    try settings.apply(overrides: overrides)
    return try Experiment(settings, folders: [])
  }

  /// One part of a training, to its end or until it breaks at a step.
  private func train(
    _ experiment: Experiment, in directory: String, isContinued: Bool = false,
    breakingAt step: Int? = nil
  ) throws {
    let run = try isContinued ? Run(continuing: directory) : Run(directory: directory)
    var trainer = try experiment.trainer(as: Float.self, run: run)
    if isContinued {
      try trainer.resume(experiment.plan(), steps: experiment.settings.train.steps)
    }
    let sink = try TensorBoardSink(
      in: directory, settings: experiment.settings.table, isContinued: isContinued)
    trainer.report(to: sink)
    trainer.observe(.every(10), as: "sum") { Double($0.parameterVector.reduce(0, +)) }
    trainer.observe(.logarithmic(perDecade: experiment.settings.record.histogramsPerDecade)) {
      try sink.histograms(of: $0)
    }
    if let step { trainer.observe(.at([step])) { _ in throw Broken() } }
    try sink.end(experiment.fit(&trainer) { _ in true })
  }

  private func path(_ directory: String) -> String { directory + "/events.out.tfevents.0.grok" }

  /// All events without their times.
  private func timeless(_ directory: String) throws -> [TensorBoardEvent] {
    let file = try TensorBoardEvents(contentsOf: path(directory))
    #expect(!file.endsUnfinished)
    return file.events.map { TensorBoardEvent(wallTime: 0, step: $0.step, values: $0.values) }
  }

  private func scalars(_ events: [TensorBoardEvent]) -> [String] {
    events.flatMap { event in
      event.values.compactMap { value in
        guard case .scalar(let number) = value.content, !value.tag.hasPrefix("outcome/") else {
          return nil
        }
        return "\(event.step) \(value.tag) \(number)"
      }
    }
  }

  // MARK: What is shown

  @Test(.tags(.law)) func everyRecordIsShown() throws {
    try withTemporaryFolder { folder in
      let directory = folder + "/run"
      try train(experiment(), in: directory)
      let events = try timeless(directory)
      let records = try Run.records(in: directory)
      #expect(scalars(events) == records.map { "\($0.step) \($0.name) \(Float($0.value))" })
      // Histograms of the four parameters, the settings, the outcome.
      let schedule = Schedule.logarithmic(perDecade: 3)
      let histograms = events.filter { $0.values[0].tag.hasPrefix("parameters/") }
      #expect(histograms.map(\.step) == (0...60).filter { schedule.contains($0) })
      #expect(
        histograms.allSatisfy {
          $0.values.map(\.tag) == [
            "parameters/hidden.0.weight", "parameters/hidden.0.bias", "parameters/output.weight",
            "parameters/output.bias",
          ]
        })
      let first = try #require(events.first)
      #expect(first.values.map(\.tag) == ["settings", "_hparams_/session_start_info"])
      guard case .text(let text) = first.values[0].content,
        case .hyperparameters(.start(let settings)) = first.values[1].content
      else {
        Issue.record("the first event has no settings")
        return
      }
      #expect(text.contains("\n| model.hidden | 12 |\n") && text.contains("| data.split | – |"))
      #expect(settings.count == Setting.all.count)
      #expect(settings.contains(.init("train.batchSize", .number(8))))
      #expect(settings.contains(.init("data.operation", .text("addition"))))
      #expect(settings.contains(.init("record.tensorBoard", .flag(true))))
      #expect(events.last?.values.last == .hyperparameters(.end(.success)))
    }
  }

  @Test func errorsAndWhatIsNoNumberAreShown() throws {
    try withTemporaryFolder { folder in
      let sink = try TensorBoardSink(in: folder, settings: [], isContinued: false)
      try sink.record([
        Record(step: 3, seconds: 1, name: "a", value: 0.5, error: 0.25),
        Record(step: 3, seconds: 1, name: "b", value: .infinity),
      ])
      #expect(try scalars(timeless(folder)) == ["3 a 0.5", "3 a/error 0.25", "3 b nan"])
    }
  }

  // MARK: Continuing

  @Test(.tags(.resume), arguments: 0..<12 as Range<UInt64>)
  func brokenOffAnywhereEqualsNeverStopped(seed: UInt64) throws {
    let key = RandomKey(seed: seed)
    try withTemporaryFolder { folder in
      try train(experiment(), in: folder + "/whole")
      let directory = folder + "/parts"
      let breaks = (0..<3).map { key.integer(at: $0, in: 0..<60) }.sorted()
      for (index, step) in breaks.enumerated() {
        // A break behind a checkpoint that is already past may not come any more.
        do {
          try train(experiment(), in: directory, isContinued: index > 0, breakingAt: step)
        } catch is Broken {}
        try leaveUnfinished(at: directory, byteCount: key.integer(at: index, in: 0..<40))
      }
      try train(experiment(), in: directory, isContinued: true)
      #expect(try timeless(directory) == timeless(folder + "/whole"), "broken at \(breaks)")
      let names = try FileManager.default.contentsOfDirectory(atPath: directory)
      #expect(names.filter { $0.hasPrefix("events.") && $0 != "events.tail" }.count == 1)
    }
  }

  /// The first bytes of an event at the end of the file, as a kill may leave them.
  private func leaveUnfinished(at directory: String, byteCount: Int) throws {
    let event = TensorBoardEvent(wallTime: 1, step: 9, values: [.init("a", .scalar(1))])
    let bytes = TensorBoardEvents.frames(of: [event])
    try AppendedFile(path: path(directory)).append(Array(bytes.prefix(byteCount)))
  }

  @Test(.tags(.resume), arguments: [(21, 60), (22, 60), (23, 24), (60, 60)])
  func moreStepsThanFirstAskedForEqualAskingForThemAtOnce(steps: (Int, Int)) throws {
    try withTemporaryFolder { folder in
      let second = try experiment("train.steps=\(steps.1)")
      try train(second, in: folder + "/whole")
      let directory = folder + "/parts"
      try train(experiment("train.steps=\(steps.0)"), in: directory)
      try train(second, in: directory, isContinued: true)
      #expect(try timeless(directory) == timeless(folder + "/whole"))
      // What the first end showed is kept aside.
      let tail = try ByteSource(path: directory + "/events.tail").all()
      let end = TensorBoardEvents.bytes(of: [TensorBoardEvent(wallTime: 0, step: 0, values: [])])
      let version = Array(end.prefix(40))
      let cut = try TensorBoardEvents(bytes: version + tail, path: "tail").events
      #expect(cut.last?.values.last == .hyperparameters(.end(.success)))
      #expect(cut.allSatisfy { $0.step >= steps.0 })
    }
  }

  @Test(.tags(.resume)) func aRunWithoutTheFileGetsOneFromItsRecords() throws {
    try withTemporaryFolder { folder in
      try train(experiment(), in: folder + "/whole")
      let directory = folder + "/parts"
      #expect(throws: Broken.self) { try train(experiment(), in: directory, breakingAt: 30) }
      try FileManager.default.removeItem(atPath: path(directory))
      try train(experiment(), in: directory, isContinued: true)
      let (found, expected) = (try timeless(directory), try timeless(folder + "/whole"))
      #expect(scalars(found) == scalars(expected))
      #expect(found.first == expected.first && found.last == expected.last)
      let times = try TensorBoardEvents(contentsOf: path(directory)).events.map(\.wallTime)
      #expect(zip(times, times.dropFirst()).allSatisfy { $0 <= $1 + 1e-3 })
    }
  }

  @Test(.tags(.resume)) func timesOfWhatStaysAreKept() throws {
    try withTemporaryFolder { folder in
      let directory = folder + "/run"
      #expect(throws: Broken.self) { try train(experiment(), in: directory, breakingAt: 30) }
      let before = try TensorBoardEvents(contentsOf: path(directory)).events
      try train(experiment(), in: directory, isContinued: true)
      let after = try TensorBoardEvents(contentsOf: path(directory)).events
      let kept = before.prefix { $0.step <= 22 }
      #expect(kept.count > 5 && Array(after.prefix(kept.count)) == Array(kept))
    }
  }

  @Test(.tags(.resume)) func aDamagedFileIsNamedAndMadeAgain() throws {
    try withTemporaryFolder { folder in
      try train(experiment(), in: folder + "/whole")
      let directory = folder + "/run"
      #expect(throws: Broken.self) { try train(experiment(), in: directory, breakingAt: 50) }
      // In the last event before the checkpoint at 44, so that all histograms can be saved.
      var bytes = try ByteSource(path: path(directory)).all()
      let events = try TensorBoardEvents(contentsOf: path(directory)).events
      let offset = 40 + TensorBoardEvents.frames(of: events.prefix { $0.step < 44 }).count
      bytes[offset + 20] ^= 1
      try AtomicFile.write(bytes, to: path(directory))
      let begin = TensorBoardEvent(wallTime: 0, step: 0, values: [])
      let notice = try TensorBoardRewind(in: directory, begin: begin).notice
      let expected =
        "\(path(directory)), byte \(offset + 12): expected an event with its checksum, found "
      #expect(notice?.hasPrefix(expected) == true)
      #expect(
        notice?.hasSuffix(
          "; the event file is made again from metrics.jsonl, and the damaged one kept as "
            + "events.damaged") == true)
      try train(experiment(), in: directory, isContinued: true)
      #expect(try timeless(directory) == timeless(folder + "/whole"))
      #expect(try ByteSource(path: directory + "/events.damaged").all() == bytes)
    }
  }

  @Test func figuresAreShown() throws {
    try withTemporaryFolder { folder in
      let sink = try TensorBoardSink(in: folder)
      let plot = Plot(
        "A", x: .linear("x"), y: .linear("y"),
        series: [Plot.Series("a", x: [1, 2], y: [3, 4])])
      try sink.show([("a", plot)], atStep: 7)
      let last = try #require(timeless(folder).last)
      let image = try TensorBoardImage(png: plot.png(scale: 1))
      #expect(last.step == 7 && last.values == [.init("figures/a", .image(image))])
    }
  }
}

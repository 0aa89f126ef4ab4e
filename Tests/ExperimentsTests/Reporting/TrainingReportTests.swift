import Foundation
import GrokNumerics
import GrokReports
import GrokTraining
import TestSupport
import Testing

@testable import GrokExperiments

@Suite struct RunEventsTests {
  /// The records of a run whose test accuracy follows `test` at steps 0, 10, 20, …
  private func curves(train: [Double], test: [Double], in folder: String) throws -> RunCurves {
    var text = ""
    for (index, (first, second)) in zip(train, test).enumerated() {
      for (name, value) in [("train/accuracy", first), ("test/accuracy", second)] {
        let number = value.isNaN ? "null" : "\(value)"
        text += #"{"step":\#(10 * index),"seconds":1,"name":"\#(name)","value":\#(number)}"# + "\n"
      }
    }
    try text.write(toFile: folder + "/metrics.jsonl", atomically: true, encoding: .utf8)
    return try RunCurves(folder: folder)
  }

  @Test func everyRelapseIsFound() throws {
    try withTemporaryFolder { folder in
      let events = RunEvents(
        try curves(
          train: [0, 1, 1, 1, 1, 0.5, 1, 1, 1, 1, 1],
          test: [0, 0, 0, 1, 1, 1, 0.9, 0.8, 1, 1, 0.7],
          in: folder), threshold: 0.99)
      #expect(
        events.all.map { "\($0.kind.rawValue) \($0.step)" } == [
          "Fit 10", "Generalized 30", "Relapse on training examples 50", "Relapse 60",
          "Relapse 100",
        ])
      #expect(events.fitStep == 10 && events.generalizationStep == 30 && events.delay == 20)
      #expect(events.relapseCount == 2)
      #expect(
        events.all[1].detail
          == "test accuracy reached 0.99 and stayed there for two more records; 20 steps after fitting, "
          + "3 times the step")
      #expect(events.all[3].detail == "test accuracy fell to 0.9")
    }
  }

  @Test func lostNumbersAreEvents() throws {
    try withTemporaryFolder { folder in
      let events = RunEvents(
        try curves(train: [0, 0.1, .nan, .nan], test: [0, 0, 0, 0], in: folder), threshold: 0.99)
      #expect(events.all.map(\.kind) == [.lostNumber])
      #expect(events.all[0].step == 20)
      #expect(events.all[0].detail == "train/accuracy was not finite, 2 times")
      #expect(events.fitStep == nil)
    }
  }
}

@Suite struct TrainingReportTests {
  @Test func aPageSaysWhatHappened() throws {
    try withTemporaryFolder { folder in
      let run = folder + "/decay"
      try SyntheticRuns.write(run, decay: 0.3, generalization: 2_000, lastStep: 20_000)
      try TrainingReport(folder: run, presets: TestProgram.presets).write()
      let names = try FileManager.default.contentsOfDirectory(atPath: run + "/figures").sorted()
      #expect(names == ["accuracy.svg", "loss.svg", "weight-norm.svg"])
      let report = try TrainingReport(folder: run, presets: TestProgram.presets)
      let page = report.page
      #expect(page.live == .init("Done: 20,000 steps in 11 s.", refreshSeconds: nil))
      #expect(
        page.sections.map(\.title) == ["Curves", "Events", "Records", "Settings", "Provenance"])
      #expect(
        page.facts.prefix(3).map { "\($0.label) \($0.value) \($0.detail)" } == [
          "Fit 100 step", "Generalized 2,000 step", "Delay 1,900 steps",
        ])
      let text = try String(contentsOfFile: run + "/report.html", encoding: .utf8)
      #expect(text == page.html())
      #expect(text.contains("One setting differs from the preset modular-addition."))
      #expect(text.contains("1,900 steps after fitting, 20 times the step"))
      #expect(text.contains("<td>abc123</td>"))
    }
  }

  @Test(
    arguments: [
      (Run.State.stopped, "Stopped at step 300 after 0.3 s; resume continues it."),
      (.failed, "Failed after step 300 and 0.3 s."),
      (.running, "Live: step 300 of 20,000, 0.3 s. This page renews itself every 4 s."),
    ])
  func aPageSaysHowTheRunStands(state: Run.State, words: String) throws {
    try withTemporaryFolder { folder in
      let run = folder + "/a"
      try SyntheticRuns.write(
        run, lastStep: 300, state: state, extra: ["train.steps": "20000"],
        error: state == .failed ? "step 301: loss is not a number" : nil)
      var report = try TrainingReport(folder: run, presets: TestProgram.presets)
      report.refreshSeconds = 4
      #expect(report.page.live == .init(words, refreshSeconds: state == .running ? 4 : nil))
      #expect(
        report.page.warnings
          == (state == .failed ? ["This run failed: step 301: loss is not a number"] : []))
    }
  }

  @Test func otherQuantitiesAreDrawnWithTheirErrors() throws {
    try withTemporaryFolder { folder in
      let run = folder + "/a"
      try SyntheticRuns.write(run, lastStep: 100)
      let path = run + "/metrics.jsonl"
      let text = try String(contentsOfFile: path, encoding: .utf8)
      let more = (0..<5).map {
        #"{"step":\#($0),"seconds":1,"name":"straightness/layers.2","value":\#($0),"error":0.5}"#
          + "\n"
      }
      try (text + more.joined()).write(toFile: path, atomically: true, encoding: .utf8)
      let report = try TrainingReport(folder: run, presets: TestProgram.presets)
      #expect(
        report.figures.map(\.name) == ["accuracy", "loss", "weight-norm", "straightness-layers.2"])
      #expect(report.figures[3].plot.series[0].points[2].upper == 2.5)
    }
  }

  @Test func recordsAreReadOn() throws {
    try withTemporaryFolder { folder in
      let run = folder + "/a"
      try SyntheticRuns.write(run, lastStep: 100)
      var curves = try RunCurves(folder: run)
      #expect(try !curves.update())
      try SyntheticRuns.write(run, lastStep: 1_000)
      #expect(try curves.update())
      let whole = try RunCurves(folder: run)
      #expect(curves["test/loss"] == whole["test/loss"] && curves.lastStep == 1_000)
      // Cut back by a resume.
      try SyntheticRuns.write(run, lastStep: 50)
      #expect(try curves.update() && curves.lastStep == 50)
      // Cut back and grown beyond where it was.
      try SyntheticRuns.write(run, generalization: 30, lastStep: 3_000, every: 7)
      let other = try RunCurves(folder: run)
      #expect(try curves.update() && curves["test/loss"] == other["test/loss"])
    }
  }

  /// Runs of one schedule keep the same steps, wherever they ended.
  @Test func thinningDependsOnTheScheduleAlone() throws {
    try withTemporaryFolder { folder in
      for (name, last) in [("long", 5_000), ("short", 3_000)] {
        try SyntheticRuns.write(folder + "/" + name, lastStep: last, every: 1)
      }
      let thinning = StepThinning(perDecade: 100)
      let long = try RunCurves(folder: folder + "/long", thinning: thinning)
      let short = try RunCurves(folder: folder + "/short", thinning: thinning)
      let steps = try #require(long["test/loss"]?.steps)
      #expect(steps.count < 350 && steps.last == 5_000 && steps.prefix(5) == [0, 1, 2, 3, 4])
      #expect(short["test/loss"]?.steps == steps.filter { $0 < 3_000 } + [3_000])
    }
  }
}

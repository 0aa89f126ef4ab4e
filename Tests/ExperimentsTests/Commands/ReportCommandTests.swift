import Foundation
import GrokTraining
import TestSupport
import Testing

@testable import GrokExperiments

/// The command `report` as a user meets it.
@Suite(.enabled(if: ProgramProcess.path != nil, "\(ProgramProcess.howToProvide)"), .serialized)
struct ReportCommandTests {
  private func text(_ path: String) -> String {
    (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
  }

  @Test func oneRunGoesWhereItIsTold() throws {
    try withTemporaryFolder { folder in
      try SyntheticRuns.write(folder + "/a")
      let end = try ProgramProcess.run(
        ["report", "a", "--out", "page.html", "--figures", "svg,pdf,png"], in: folder)
      #expect(end.status == 0 && end.output == "page.html\n" && end.errors == "")
      #expect(text(folder + "/page.html").contains("<h1>a</h1>"))
      #expect(!exists(folder + "/a/report.html"))
      #expect(
        exists(folder + "/a/figures/loss.pdf") && exists(folder + "/a/figures/loss.png")
          && exists(folder + "/a/figures/loss.svg"))
    }
  }

  @Test func severalRunsAreCompared() throws {
    try withTemporaryFolder { folder in
      for seed in 0..<3 { try SyntheticRuns.write("\(folder)/\(seed)", seed: seed) }
      let end = try ProgramProcess.run(["report", "0", "1", "2", "--band", "range"], in: folder)
      #expect(end.status == 0 && end.output == "report.html\n")
      let all = try ProgramProcess.run(["report", ".", "--band", "range"], in: folder)
      #expect(all.status == 0 && all.output == "./report.html\n")
      let page = text(folder + "/report.html")
      #expect(page.contains("3 runs of the same settings"))
      #expect(page.contains("the median and the range from the lowest to the highest"))
    }
  }

  @Test(
    arguments: [
      (
        ["report", "no"], 1,
        "error: no: is no run folder: cannot read no/run.json: No such file or directory\n"
      ),
      (["report", "no", "--band", "x"], 64, nil), (["report", "no", "--every", "0"], 64, nil),
      (["report", "no", "--figures", "gif"], 64, nil), (["report"], 64, nil),
    ] as [([String], Int32, String?)])
  func mistakesAreNamed(arguments: [String], status: Int32, message: String?) throws {
    try withTemporaryFolder { folder in
      let end = try ProgramProcess.run(arguments, in: folder)
      #expect(end.status == status && end.output == "")
      if let message { #expect(end.errors == message) }
    }
  }

  @Test func watchingEndsWithTheRun() throws {
    try withTemporaryFolder { folder in
      let run = folder + "/a"
      try SyntheticRuns.write(run, lastStep: 300, state: .running, extra: ["train.steps": "2000"])
      let watch = try ProgramProcess(["report", "a", "--watch", "--every", "1"], in: folder)
      #expect(wait { text(run + "/report.html").contains("Live: step 300 of 2,000") })
      // Nothing has changed, so nothing is written.
      let before = try FileManager.default.attributesOfItem(atPath: run + "/report.html")
      usleep(1_500_000)
      let after = try FileManager.default.attributesOfItem(atPath: run + "/report.html")
      #expect(before[.systemFileNumber] as? Int == after[.systemFileNumber] as? Int)
      try SyntheticRuns.write(run, lastStep: 1_000, state: .running, extra: ["train.steps": "2000"])
      #expect(wait { text(run + "/report.html").contains("Live: step 1,000 of 2,000") })
      try SyntheticRuns.write(run, lastStep: 2_000)
      #expect(wait { !watch.isRunning })
      if watch.isRunning { watch.send(SIGKILL) }
      let end = watch.end()
      #expect(end.status == 0 && end.output == "a/report.html\n")
      #expect(end.errors == "renewed every 1 s until the end; Ctrl-C ends earlier\n")
      #expect(text(run + "/report.html").contains("Done: 2,000 steps"))
      #expect(!text(run + "/report.html").contains("data-seconds="))
    }
  }

  @Test func watchingEndsWithASignal() throws {
    try withTemporaryFolder { folder in
      for name in ["a", "b"] {
        try SyntheticRuns.write("\(folder)/\(name)", lastStep: 300, state: .running)
      }
      let watch = try ProgramProcess(["report", "a", "b", "--watch"], in: folder)
      #expect(wait { text(folder + "/report.html").contains("Live: 2 of 2 runs are going on.") })
      watch.send(SIGINT)
      #expect(wait { !watch.isRunning })
      if watch.isRunning { watch.send(SIGKILL) }
      #expect(watch.end().status == 0)
      #expect(
        text(folder + "/report.html").contains("2 of 2 runs are going on when this page was made."))
    }
  }
}

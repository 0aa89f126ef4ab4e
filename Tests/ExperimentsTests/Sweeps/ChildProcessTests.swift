import Foundation
import TestSupport
import Testing

@testable import GrokExperiments

@Suite struct ChildProcessTests {
  @Test func aProgramIsRunToItsEnd() throws {
    let end = try ChildProcess.run("sh", ["-c", "echo out; echo err >&2; exit 3"])
    #expect(end.status == 3 && end.output == "out\nerr\n")
    #expect(try ChildProcess.run("sh", ["-c", "kill -9 $$"]).status == 128 + 9)
    // More than fits in a pipe.
    let long = try ChildProcess.run("sh", ["-c", "head -c 300000 /dev/zero | tr '\\0' x"])
    #expect(long.status == 0 && long.output.count == 300_000)
  }

  @Test func aProgramThatIsNotThereIsNamed() {
    let error = #expect(throws: SweepError.self) { try ChildProcess.run("no-such-program", []) }
    #expect(error?.description == "no-such-program cannot be started: No such file or directory")
  }

  @Test func thePipeEndsWithTheProcessHoweverItEnds() throws {
    let child = try ChildProcess("sh", ["-c", "echo a >&7; exec sleep 100"], pipe: .descriptor(7))
    #expect(child.read() == Array("a\n".utf8))
    child.send(SIGKILL)
    #expect(child.read() == [])
    #expect(child.end() == .killed(SIGKILL))
  }

  @Test(.tags(.law)) func progressIsReadAsItWasWritten() throws {
    var progress = JobProgress()
    progress.step = 128
    progress.stepCount = 512
    progress.stepsPerSecond = 12.5
    progress.testAccuracy = 0.25
    let read = try #require(JobProgress(progress.line.dropLast()))
    #expect(read.step == 128 && read.stepCount == 512 && read.testAccuracy == 0.25)
    #expect(read.trainAccuracy.isNaN && read.secondsLeft == 30.72)
    #expect(JobProgress("1 2 3 4") == nil && JobProgress("a b c d e") == nil)
    #expect(JobProgress().secondsLeft == nil)
  }
}

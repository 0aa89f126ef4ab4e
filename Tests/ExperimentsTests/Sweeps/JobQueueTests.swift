import TestSupport
import Testing

@testable import GrokExperiments
@testable import GrokTraining

@Suite struct JobQueueTests {
  private func withFolder(_ body: (SweepFolder) throws -> Void) throws {
    try withTemporaryFolder { path in
      let sweep = try Sweep(Settings(), over: [Axis("seed", over: 0..<6)])
      try body(SweepFolder.create(sweep, at: path + "/s", program: "test", preset: nil))
    }
  }

  private func queue(_ folder: SweepFolder, attempts: [Int] = [0, 0, 0, 0, 0, 0]) -> JobQueue {
    JobQueue(attempts.enumerated().map { .init(number: $0, attempts: $1) }, of: folder)
  }

  private func write(_ record: JobRecord, _ number: Int, _ folder: SweepFolder) throws {
    try record.write(to: folder.job(number), varied: [])
  }

  /// The jobs that the queue gives, and what it finds about others on the way.
  private func drain(_ queue: inout JobQueue) throws -> (jobs: [Int], found: [Int]) {
    var (jobs, found) = ([Int](), [Int]())
    while let entry = try queue.popFirst(found: { found.append($0.number) }) {
      jobs.append(entry.number)
    }
    return (jobs, found)
  }

  @Test func jobsComeInOrderAndThoseOfOthersAreLeftOut() throws {
    try withFolder { folder in
      var queue = queue(folder)
      // Since the queue was made others have ended two jobs and begun a third.
      try write(JobRecord(state: .done, attempts: 1), 1, folder)
      try write(JobRecord(state: .failed, attempts: 1), 2, folder)
      let owner = try Owner.claim(folder.job(4))
      let (jobs, found) = try drain(&queue)
      #expect(jobs == [0, 3, 5] && found == [1, 2, 4])
      #expect(queue.isEmpty && queue.elsewhere.map(\.number) == [4])
      // As long as its process lives, it stays elsewhere.
      var news: [Int] = []
      try queue.lookElsewhere { news.append($0.number) }
      #expect(news == [] && queue.elsewhere.count == 1)
      // Its process ends without having ended the job.
      owner.release()
      try queue.lookElsewhere { news.append($0.number) }
      #expect(news == [4] && queue.elsewhere.isEmpty)
      #expect(try drain(&queue).jobs == [4])
    }
  }

  /// What had failed before the queue was made is run again; what fails elsewhere meanwhile is not.
  @Test func aFailedJobIsRunAgainOnce() throws {
    try withFolder { folder in
      try write(JobRecord(state: .failed, attempts: 2), 0, folder)
      try write(JobRecord(state: .failed, attempts: 3), 1, folder)
      var queue = queue(folder, attempts: [2, 2])
      let (jobs, found) = try drain(&queue)
      #expect(jobs == [0] && found == [1])
    }
  }

  @Test func jobsThatEndElsewhereAreFound() throws {
    try withFolder { folder in
      var queue = queue(folder, attempts: [0])
      let owner = try Owner.claim(folder.job(0))
      #expect(try drain(&queue).jobs == [])
      try write(JobRecord(state: .done, attempts: 1), 0, folder)
      owner.release()
      var states: [JobRecord.State] = []
      try queue.lookElsewhere { states.append($0.record.state) }
      #expect(states == [.done] && queue.elsewhere.isEmpty && queue.isEmpty)
    }
  }

  @Test(.tags(.law)) func jobsPutBackComeAtTheEnd() throws {
    try withFolder { folder in
      var queue = queue(folder)
      let first = try #require(try queue.popFirst { _ in })
      queue.append(first)
      #expect(queue.count == 6)
      #expect(try drain(&queue).jobs == [1, 2, 3, 4, 5, 0])
    }
  }
}

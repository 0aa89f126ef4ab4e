import GrokNumerics
import Synchronization
import TestSupport
import Testing

@testable import GrokNumerics

/// How often each block of a job ran. Plain memory on purpose: a block that runs twice at a time, or a
/// job that returns before its blocks, is a race that ThreadSanitizer reports.
private final class Counts: @unchecked Sendable {
  private let counts: UnsafeMutableBufferPointer<Int>
  init(_ blockCount: Int) {
    counts = .allocate(capacity: blockCount)
    counts.initialize(repeating: 0)
  }
  deinit { counts.deallocate() }
  func add(_ block: Int) { counts[block] += 1 }
  var values: [Int] { Array(counts) }
}

@Suite struct WorkersTests {
  @Test(arguments: [1, 2, 3, 8])
  func everyBlockRunsOnce(threadCount: Int) {
    let workers = Workers(threadCount: threadCount)
    for blockCount in [0, 1, 2, 3, 7, 64, 1_000] {
      for _ in 0..<20 {
        let counts = Counts(blockCount)
        workers.forEach(blockCount: blockCount) { counts.add($0) }
        #expect(counts.values.allSatisfy { $0 == 1 })
      }
    }
  }

  /// Jobs of a few nanoseconds in quick succession: late claims must never reach the next job.
  @Test func shortJobsInQuickSuccession() {
    let workers = Workers(threadCount: 3)
    let total = Atomic<Int>(0)
    for round in 0..<2_000 {
      workers.forEach(blockCount: 4) { block in
        total.add(round * 4 + block, ordering: .relaxed)
      }
    }
    let last = 2_000 * 4
    #expect(total.load(ordering: .relaxed) == last * (last - 1) / 2)
  }

  @Test func callsFromInsideABlockRunInOrder() {
    let workers = Workers(threadCount: 2)
    let counts = Counts(6)
    workers.forEach(blockCount: 2) { outer in
      workers.forEach(blockCount: 3) { inner in counts.add(outer * 3 + inner) }
    }
    #expect(counts.values.allSatisfy { $0 == 1 })
  }

  @Test func secondCallerDoesItsOwnWork() async {
    let workers = Workers(threadCount: 2)
    let counts = Counts(4_000)
    await withTaskGroup(of: Void.self) { group in
      for caller in 0..<4 {
        group.addTask {
          for round in 0..<100 {
            workers.forEach(blockCount: 10) { counts.add(caller * 1_000 + round * 10 + $0) }
          }
        }
      }
    }
    #expect(counts.values.allSatisfy { $0 == 1 })
  }

  /// Denormals are zero inside, and numbers again outside, on every thread.
  @Test func workersTakeTheCallersFloatMode() {
    let workers = Workers(threadCount: 4)
    func survivors() -> Int {
      let count = Atomic<Int>(0)
      let tiny = Counts(0).values.isEmpty ? Float.leastNormalMagnitude : 0
      workers.forEach(blockCount: 64) { _ in
        if tiny / 4 != 0 { count.add(1, ordering: .relaxed) }
      }
      return count.load(ordering: .relaxed)
    }
    #expect(survivors() == 64)
    #expect(flushingDenormals { survivors() } == 0)
    #expect(survivors() == 64)
  }

  @Test(.tags(.law)) func partsCoverTheRowsInOrder() {
    for count in [0, 1, 5, 64, 100, 1_001] {
      for blockCount in [1, 2, 3, 8] {
        for alignment in [1, 4, 64] {
          var next = 0
          for block in 0..<blockCount {
            let range = Workers.range(
              ofBlock: block, of: blockCount, count: count, alignment: alignment)
            #expect(range.lowerBound == next && (next % alignment == 0 || next == count))
            next = range.upperBound
          }
          #expect(next == count)
        }
      }
    }
  }
}

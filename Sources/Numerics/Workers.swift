import GrokKernels

/// A pool of threads that share the work of one operation at a time.
///
/// Work is cut into blocks by its shape alone, never by the number of threads; a thread claims
/// the next block when it is free. So a result has the same bits with one thread as with eight. The
/// calling thread takes part. Calls from inside a block, or from a second thread while the pool is
/// busy, run their blocks in order on the calling thread.
public final class Workers: @unchecked Sendable {
  /// The number of threads that take part, the caller's included.
  public let threadCount: Int
  private let pool: OpaquePointer

  /// A pool of `threadCount` threads, the caller's included.
  ///
  /// - Parameter threadCount: At least 1. Where the system refuses a thread, the pool has only the
  ///   caller's.
  public init(threadCount: Int) {
    precondition(threadCount >= 1, "Workers: \(threadCount) threads; at least 1 is needed")
    if let pool = gk_workers_create(Int32(threadCount)) {
      self.pool = pool
      self.threadCount = threadCount
    } else {
      pool = gk_workers_create(1)!
      self.threadCount = 1
    }
  }

  deinit { gk_workers_destroy(pool) }

  /// Runs every block of `job` and returns when all are done. Allocates nothing.
  ///
  /// - Parameter blockCount: 0 to 65,535.
  package func run<Job: BlockJob>(_ job: Job, blockCount: Int) {
    precondition(blockCount <= 65_535, "Workers: \(blockCount) blocks; at most 65,535 are possible")
    if blockCount == 1 { return job.run(block: 0) }
    withUnsafePointer(to: job) { pointer in
      var erased = ErasedJob(type: Job.self, job: pointer)
      withUnsafePointer(to: &erased) { context in
        gk_workers_run(
          pool, Int32(blockCount),
          { context, block in
            let erased = context!.assumingMemoryBound(to: ErasedJob.self).pointee
            runBlock(erased.type, erased.job, Int(block))
          }, context)
      }
    }
  }

  /// Calls `body` with every number in `0 ..< blockCount`, in any order and from any thread.
  public func forEach(blockCount: Int, _ body: @Sendable (Int) -> Void) {
    withoutActuallyEscaping(body) { run(ClosureJob(body: $0), blockCount: blockCount) }
  }
}

/// Work that is cut into blocks. A struct of pointers and sizes, so that handing it to other threads
/// allocates nothing.
package protocol BlockJob {
  /// Does block `block`; other blocks may run at the same time.
  func run(block: Int)
}

private struct ClosureJob: BlockJob {
  let body: @Sendable (Int) -> Void
  func run(block: Int) { body(block) }
}

// A C function pointer cannot capture a generic type, so the type travels beside the job.
private struct ErasedJob {
  let type: any BlockJob.Type
  let job: UnsafeRawPointer
}

private func runBlock<Job: BlockJob>(_: Job.Type, _ job: UnsafeRawPointer, _ block: Int) {
  job.assumingMemoryBound(to: Job.self).pointee.run(block: block)
}

// MARK: - Fixed partitions

extension Workers {
  /// The bounds of block `block` when `count` rows are cut into `blockCount` nearly equal parts, each
  /// a multiple of `alignment` rows but the last.
  package static func range(ofBlock block: Int, of blockCount: Int, count: Int, alignment: Int = 1)
    -> Range<Int>
  {
    let units = (count + alignment - 1) / alignment
    let lower = min(count, units * block / blockCount * alignment)
    let upper = min(count, units * (block + 1) / blockCount * alignment)
    return lower..<upper
  }
}

// MARK: - Denormals

/// Calls `body` with denormal numbers treated as zero on this thread, and on the threads of any pool it
/// uses. Late in a training gradients shrink below the smallest normal number, and arithmetic on
/// denormals is many times slower.
package func flushingDenormals<Result>(_ body: () throws -> Result) rethrows -> Result {
  let mode = gk_flush_denormals()
  defer { gk_restore_float_mode(mode) }
  return try body()
}

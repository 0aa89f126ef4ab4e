import GrokNumerics
import Synchronization

/// Where tensors live and who computes them: a pool of threads and a pool of buffers.
///
/// Results are made in the context of their operands. Buffers go back to the pool when the last tensor
/// that uses them is gone, so a training step that has run once allocates nothing when it runs again.
/// Results do not depend on the number of threads, bit for bit.
public final class ComputeContext: Sendable {
  package let engine: Engine

  /// A context of its own.
  ///
  /// - Parameter threadCount: Threads that share the work of each operation, the caller's included.
  public init(threadCount: Int = 1) {
    engine = Engine(workers: Workers(threadCount: threadCount), keepsBuffers: true)
  }

  /// The number of threads that share the work of each operation.
  public var threadCount: Int { engine.workers.threadCount }

  /// Bytes of all buffers that the context holds, used and unused.
  public var bufferByteCount: Int { engine.bufferByteCount }

  // Buffers refer to the engine and its pool refers to them; this ends the circle.
  deinit { engine.releaseBuffers() }
}

/// The working part of a context; tensors refer to it, so it lives as long as they do.
package final class Engine: Sendable {
  package let workers: Workers
  private let buffers: Mutex<BufferPool?>

  /// One thread and no kept buffers: for tensors made outside any context.
  static let plain = Engine(workers: Workers(threadCount: 1), keepsBuffers: false)

  init(workers: Workers, keepsBuffers: Bool) {
    self.workers = workers
    buffers = Mutex(keepsBuffers ? BufferPool() : nil)
  }

  /// A buffer of at least `byteCount` bytes with any contents.
  func buffer(byteCount: Int) -> Buffer {
    buffers.withLock { $0?.buffer(byteCount: byteCount, engine: self) }
      ?? Buffer(byteCount: byteCount, engine: self)
  }

  var bufferByteCount: Int { buffers.withLock { $0?.byteCount ?? 0 } }

  func releaseBuffers() { buffers.withLock { $0 = nil } }
}

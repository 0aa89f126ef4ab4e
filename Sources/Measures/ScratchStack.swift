internal import Synchronization

/// Memory that the blocks of one job use in turn: no more pieces than threads, however many blocks.
///
/// New memory costs a fault a page, which for short jobs is a tenth of their time.
final class ScratchStack<Scalar: RealScalar>: Sendable {
  private let count: Int
  private let free = Mutex<[UInt]>([])

  /// - Parameter count: the elements of a piece.
  init(count: Int) { self.count = max(1, count) }

  deinit {
    for address in free.withLock({ $0 }) {
      UnsafeMutableRawPointer(bitPattern: address)?.deallocate()
    }
  }

  /// A piece, with anything in it, for this thread alone until it is given back.
  func take() -> UnsafeMutablePointer<Scalar> {
    let known = free.withLock { $0.popLast() }
    let memory =
      known.flatMap { UnsafeMutableRawPointer(bitPattern: $0) }
      ?? .allocate(byteCount: count * MemoryLayout<Scalar>.stride, alignment: 64)
    return memory.bindMemory(to: Scalar.self, capacity: count)
  }

  /// Gives a piece back.
  func give(_ piece: UnsafeMutablePointer<Scalar>) {
    free.withLock { $0.append(UInt(bitPattern: piece)) }
  }
}

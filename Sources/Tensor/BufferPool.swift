#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Memory of one or more tensors, aligned for vector instructions.
///
/// Written only by the operation that made it, before anyone else can see it; the one exception, a
/// parameter vector that an optimizer updates, is guarded by a uniqueness check.
package final class Buffer: @unchecked Sendable {
  package let pointer: UnsafeMutableRawPointer
  let byteCount: Int
  let engine: Engine

  init(byteCount: Int, engine: Engine) {
    var pointer: UnsafeMutableRawPointer?
    let status = posix_memalign(&pointer, 64, max(byteCount, 64))
    precondition(status == 0, "out of memory: a buffer of \(byteCount) bytes was refused")
    self.pointer = pointer!
    self.byteCount = byteCount
    self.engine = engine
  }

  deinit { free(pointer) }
}

/// Buffers by size. The pool keeps one reference to each; one that nobody else refers to is free.
struct BufferPool {
  private var shelves: [[Buffer]] = []
  private var cursors: [Int] = []
  private(set) var byteCount = 0
  /// How many buffers of a shelf are looked at before a new one is made.
  private static let probeCount = 32

  mutating func buffer(byteCount requested: Int, engine: Engine) -> Buffer {
    let (shelf, size) = BufferPool.shelf(for: requested)
    while shelves.count <= shelf {
      shelves.append([])
      cursors.append(0)
    }
    let count = shelves[shelf].count
    var index = cursors[shelf]
    for _ in 0..<min(count, BufferPool.probeCount) {
      if index >= count { index = 0 }
      if isKnownUniquelyReferenced(&shelves[shelf][index]) {
        cursors[shelf] = index
        return shelves[shelf][index]
      }
      index += 1
    }
    cursors[shelf] = index
    let buffer = Buffer(byteCount: size, engine: engine)
    shelves[shelf].append(buffer)
    byteCount += size
    return buffer
  }

  /// The shelf of a request and the size of its buffers: eight sizes to each doubling, so at most an
  /// eighth is wasted.
  static func shelf(for byteCount: Int) -> (index: Int, size: Int) {
    let units = max(1, (byteCount + 63) / 64)
    let octave = max(3, Int.bitWidth - 1 - (units - 1).leadingZeroBitCount)
    let step = 1 << (octave - 3)
    let steps = (units + step - 1) / step
    return ((octave - 3) * 16 + steps, steps * step * 64)
  }
}

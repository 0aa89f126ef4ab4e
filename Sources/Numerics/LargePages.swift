#if canImport(Glibc)
  internal import Glibc
#endif

/// Asks the system for large pages behind memory that is about to be written for the first time: one fault
/// for 2 MB in place of 512, which for results of hundreds of megabytes is a fifth of the time.
///
/// A wish: where the system has none, nothing changes.
package func preferLargePages<Element>(_ memory: UnsafeMutableBufferPointer<Element>) {
  #if canImport(Glibc)
    let large = 1 << 21
    guard let start = memory.baseAddress.map({ UInt(bitPattern: $0) }) else { return }
    let end = start + UInt(memory.count * MemoryLayout<Element>.stride)
    let first = (start + UInt(large) - 1) / UInt(large) * UInt(large)
    guard end > first + UInt(large) else { return }
    _ = madvise(UnsafeMutableRawPointer(bitPattern: first), Int(end - first), MADV_HUGEPAGE)
  #endif
}

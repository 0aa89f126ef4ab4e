import GrokKernels

extension ArchiveArray {
  /// The elements of a `uint8` array from the first on, each divided by `divisor`.
  ///
  /// - Precondition: The element type is `uint8`, and there are at least `count` elements.
  package func floats(firstCount count: Int, dividedBy divisor: Float) -> [Float] {
    precondition(
      elementType == .uint8 && count >= 0 && count <= self.count,
      "ArchiveArray: no first \(count) bytes in shape \(shape) of \(elementType)")
    return bytes.withUnsafeBufferPointer { bytes in
      [Float](unsafeUninitializedCapacity: count) { buffer, filled in
        if let source = bytes.baseAddress, let target = buffer.baseAddress {
          gk_floats_from_bytes(source, target, count, divisor)
        }
        filled = count
      }
    }
  }
}

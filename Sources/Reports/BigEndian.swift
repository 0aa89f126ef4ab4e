extension [UInt8] {
  /// Adds the low bytes of `value`, the highest first.
  mutating func appendBigEndian(_ value: Int, byteCount: Int) {
    for place in (0..<byteCount).reversed() {
      append(UInt8(truncatingIfNeeded: value >> (8 * place)))
    }
  }
}

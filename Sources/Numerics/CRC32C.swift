/// The CRC-32C (Castagnoli) of bytes, which event files of TensorBoard carry, of `bytes` after those that
/// gave `seed`.
///
/// Eight bytes at a time by table.
///
/// - Source: RFC 3720 (2004), appendix B.4, has the vectors that the tests use.
package func crc32c(_ bytes: UnsafeRawBufferPointer, after seed: UInt32 = 0) -> UInt32 {
  var state = ~seed
  crc32cTables.withUnsafeBufferPointer { table in
    var offset = 0
    while offset + 8 <= bytes.count {
      let word = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
      let (low, high) = (UInt32(truncatingIfNeeded: word) ^ state, UInt32(word >> 32))
      state =
        table[0x700 | Int(low & 0xFF)] ^ table[0x600 | Int(low >> 8 & 0xFF)]
        ^ table[0x500 | Int(low >> 16 & 0xFF)] ^ table[0x400 | Int(low >> 24)]
        ^ table[0x300 | Int(high & 0xFF)] ^ table[0x200 | Int(high >> 8 & 0xFF)]
        ^ table[0x100 | Int(high >> 16 & 0xFF)] ^ table[Int(high >> 24)]
      offset += 8
    }
    for byte in bytes[offset...] {
      state = table[Int(UInt8(truncatingIfNeeded: state) ^ byte)] ^ state >> 8
    }
  }
  return ~state
}

/// Table k has the remainders of each byte followed by k bytes of zeros.
private let crc32cTables: [UInt32] = {
  let polynomial: UInt32 = 0x82F6_3B78  // 0x1EDC6F41, lowest bit first
  var table = (0..<256).map { byte in
    (0..<8).reduce(UInt32(byte)) { value, _ in value >> 1 ^ (value & 1 == 1 ? polynomial : 0) }
  }
  for index in 256..<2_048 {
    let before = table[index - 256]
    table.append(table[Int(before & 0xFF)] ^ before >> 8)
  }
  return table
}()

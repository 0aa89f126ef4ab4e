import GrokNumerics

/// The frames of TensorFlow's record files: length, checksum of the length, bytes, checksum of the bytes.
enum TFRecord {
  private static let headerCount = 12
  private static let footerCount = 4

  /// Adds the bytes that `body` writes, in a frame, to those of `writer`.
  static func append(to writer: inout ProtobufWriter, _ body: (inout ProtobufWriter) -> Void) {
    let start = writer.bytes.count
    writer.bytes.append(contentsOf: repeatElement(0, count: headerCount))
    body(&writer)
    let count = writer.bytes.count - start - headerCount
    let length = UInt64(count).littleEndian
    writer.bytes.withUnsafeMutableBytes { bytes in
      bytes.storeBytes(of: length, toByteOffset: start, as: UInt64.self)
      let checksum = maskedChecksum(of: UnsafeRawBufferPointer(rebasing: bytes[start..<start + 8]))
      bytes.storeBytes(of: checksum.littleEndian, toByteOffset: start + 8, as: UInt32.self)
    }
    let checksum = writer.bytes.withUnsafeBytes {
      maskedChecksum(of: UnsafeRawBufferPointer(rebasing: $0[(start + headerCount)...]))
    }
    writer.fixed(checksum)
  }

  /// Where the bytes of the next frame are, and where the one after it begins; `nil` at the end, and
  /// where the last frame is unfinished: cut short, or zeros that were never written.
  ///
  /// - Throws: `ArchiveError.malformed` where a checksum does not fit.
  static func next(
    in bytes: [UInt8], at offset: Int, path: String
  ) throws(ArchiveError) -> (range: Range<Int>, next: Int)? {
    guard headerCount + footerCount <= bytes.count - offset else { return nil }
    if let problem = mismatch(in: bytes, offset..<offset + 8) {
      if bytes[offset...].allSatisfy({ $0 == 0 }) { return nil }
      throw .malformed(
        path: path, byteOffset: offset, expected: "the length of an event with its checksum",
        found: problem)
    }
    let length = bytes.withUnsafeBytes {
      UInt64(littleEndian: $0.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
    }
    let start = offset + headerCount
    guard let count = Int(exactly: length), count <= bytes.count - start - footerCount else {
      return nil
    }
    if let problem = mismatch(in: bytes, start..<start + count) {
      throw .malformed(
        path: path, byteOffset: start, expected: "an event with its checksum", found: problem)
    }
    return (start..<start + count, start + count + footerCount)
  }

  /// What is wrong with the checksum that follows a range.
  private static func mismatch(in bytes: [UInt8], _ range: Range<Int>) -> String? {
    let (found, stored) = bytes.withUnsafeBytes { bytes in
      (
        maskedChecksum(of: UnsafeRawBufferPointer(rebasing: bytes[range])),
        UInt32(
          littleEndian: bytes.loadUnaligned(fromByteOffset: range.upperBound, as: UInt32.self))
      )
    }
    return found == stored ? nil : "checksum \(stored) for bytes of checksum \(found)"
  }

  /// CRC-32C, turned and shifted so that checksums of checksums stay apart.
  static func maskedChecksum(of bytes: UnsafeRawBufferPointer) -> UInt32 {
    let checksum = crc32c(bytes)
    return (checksum >> 15 | checksum << 17) &+ 0xA282_EAD8
  }
}

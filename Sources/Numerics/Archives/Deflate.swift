internal import CZlib

/// How a deflate stream is wrapped.
package enum DeflateFormat: Sendable {
  /// Nothing around it, as in zip files.
  case raw
  /// RFC 1950: two bytes before, an Adler checksum after.
  case zlib
  /// RFC 1952: one or more members, each with a CRC.
  case gzip

  /// zlib's code for the wrapping, with the largest window.
  fileprivate var windowBits: Int32 {
    switch self {
    case .raw: -15
    case .zlib: 15
    case .gzip: 31
    }
  }
}

extension ByteSource {
  /// The most that a deflate stream can grow, per compressed byte; a larger claim is a lie.
  package static let largestDeflateRatio = 1032

  /// Whether the bytes start as a gzip file does.
  package func isGzip() throws(ArchiveError) -> Bool {
    guard count >= 2 else { return false }
    return try bytes(at: 0, count: 2, for: "the gzip mark") == [0x1F, 0x8B]
  }

  /// Decompresses a range of the bytes and hands the output to `consume` piece by piece.
  ///
  /// Checksums are verified, and the compressed data must end where the range ends. Memory is two fixed
  /// buffers; a caller that gathers the output bounds it by throwing from `consume`.
  ///
  /// - Throws: `ArchiveError.malformed` with the offset of the compressed byte, and what `consume` throws.
  package func inflate(
    _ range: Range<Int>, format: DeflateFormat,
    _ consume: (UnsafeRawBufferPointer) throws(ArchiveError) -> Void
  ) throws(ArchiveError) {
    let pieceSize = 1 << 18
    let output = UnsafeMutableRawBufferPointer.allocate(byteCount: pieceSize, alignment: 16)
    defer { output.deallocate() }
    let stream = try ZStream(windowBits: format.windowBits, path: path)
    var position = range.lowerBound
    var isFinished = false
    while position < range.upperBound {
      let input = try bytes(
        at: position, count: min(pieceSize, range.upperBound - position), for: "compressed data")
      var used = 0
      while used < input.count {
        if isFinished {
          guard format == .gzip else { break }
          guard input[used] == 0x1F else {
            throw .malformed(
              path: path, byteOffset: position + used,
              expected: "the end or another gzip member", found: shown(input[used]))
          }
          stream.reset()
          isFinished = false
        }
        let step = stream.inflate(input, from: used, into: output)
        used += step.used
        guard step.code == Z_OK || step.code == Z_STREAM_END || step.code == Z_BUF_ERROR else {
          throw .malformed(
            path: path, byteOffset: position + used, expected: "compressed data",
            found: stream.message ?? "zlib error \(step.code)")
        }
        if step.produced > 0 {
          try consume(UnsafeRawBufferPointer(rebasing: output[..<step.produced]))
        }
        isFinished = step.code == Z_STREAM_END
        if step.used == 0 && step.produced == 0 && !isFinished {
          throw .malformed(
            path: path, byteOffset: position + used, expected: "compressed data",
            found: "data that lead nowhere")
        }
      }
      // Input may be used up while output is still waiting inside zlib.
      while !isFinished {
        let step = stream.inflate([], from: 0, into: output)
        guard step.produced > 0 else { break }
        try consume(UnsafeRawBufferPointer(rebasing: output[..<step.produced]))
        isFinished = step.code == Z_STREAM_END
      }
      position += used
      if isFinished && format != .gzip { break }
    }
    guard isFinished else {
      throw .malformed(
        path: path, byteOffset: range.upperBound,
        expected: "more compressed data", found: "their end")
    }
    guard position == range.upperBound else {
      throw .malformed(
        path: path, byteOffset: position, expected: "the end of the compressed data",
        found: "\(range.upperBound - position) more bytes")
    }
  }

  /// All bytes, decompressed if they are a gzip file.
  ///
  /// - Parameter limit: The most bytes that the caller can use; more are refused, not gathered.
  package func gunzipped(limit: Int = .max) throws(ArchiveError) -> [UInt8] {
    guard try isGzip() else { return try all() }
    var result: [UInt8] = []
    // The last four bytes claim the size; trusted only as far as ordinary data go.
    let claim = try bytes(at: max(0, count - 4), count: min(4, count), for: "the gzip size")
    let hint = Int(claim.littleEndian(at: 0, byteCount: 4) ?? 0)
    result.reserveCapacity(min(hint, 16 * count, limit))
    try inflate(0..<count, format: .gzip) { (piece) throws(ArchiveError) in
      guard piece.count <= limit - result.count else {
        throw .malformed(
          path: path, byteOffset: count, expected: "at most \(limit) bytes when decompressed",
          found: "more")
      }
      result.append(contentsOf: piece)
    }
    return result
  }
}

/// `bytes` compressed with zlib at its default level.
package func deflated(_ bytes: [UInt8], format: DeflateFormat) throws(ArchiveError) -> [UInt8] {
  let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
  stream.initialize(to: z_stream())
  defer {
    deflateEnd(stream)
    stream.deallocate()
  }
  let code = deflateInit2_(
    stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, format.windowBits, 8, Z_DEFAULT_STRATEGY,
    ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
  guard code == Z_OK else { throw .cannotWrite(path: "compressed data", reason: "zlib \(code)") }
  var result: [UInt8] = []
  let piece = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 16)
  defer { piece.deallocate() }
  bytes.withUnsafeBytes { input in
    var position = 0
    var isFinished = false
    while !isFinished {
      // zlib counts in 32 bits, so large input goes in by parts.
      let count = min(input.count - position, 1 << 30)
      let part = UnsafeRawBufferPointer(rebasing: input[position..<position + count])
      stream.pointee.next_in = UnsafeMutablePointer(
        mutating: part.bindMemory(to: UInt8.self).baseAddress)
      stream.pointee.avail_in = UInt32(count)
      position += count
      let flush = position == input.count ? Z_FINISH : Z_NO_FLUSH
      repeat {
        stream.pointee.next_out = piece.bindMemory(to: UInt8.self).baseAddress
        stream.pointee.avail_out = UInt32(piece.count)
        isFinished = deflate(stream, flush) == Z_STREAM_END
        result.append(contentsOf: piece[..<(piece.count - Int(stream.pointee.avail_out))])
      } while stream.pointee.avail_out == 0
    }
  }
  return result
}

/// The CRC-32 that zip files and PNG pictures carry, of `bytes` after those that gave `seed`.
package func crc32(_ bytes: UnsafeRawBufferPointer, after seed: UInt32 = 0) -> UInt32 {
  guard let start = bytes.bindMemory(to: UInt8.self).baseAddress else { return seed }
  return UInt32(truncatingIfNeeded: crc32_z(UInt(seed), start, bytes.count))
}

// MARK: - zlib's state

/// The state of one decompression. zlib keeps its address, so it lives on the heap.
private final class ZStream {
  private let stream: UnsafeMutablePointer<z_stream>

  init(windowBits: Int32, path: String) throws(ArchiveError) {
    stream = .allocate(capacity: 1)
    stream.initialize(to: z_stream())
    let code = inflateInit2_(
      stream, windowBits, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
    guard code == Z_OK else {
      throw .cannotRead(path: path, reason: "zlib does not start (error \(code))")
    }
  }

  deinit {
    inflateEnd(stream)
    stream.deallocate()
  }

  func reset() { inflateReset(stream) }

  var message: String? { stream.pointee.msg.map { String(cString: $0) } }

  func inflate(
    _ input: [UInt8], from start: Int, into output: UnsafeMutableRawBufferPointer
  ) -> (code: Int32, used: Int, produced: Int) {
    input.withUnsafeBufferPointer { input in
      stream.pointee.next_in = UnsafeMutablePointer(mutating: input.baseAddress.map { $0 + start })
      stream.pointee.avail_in = UInt32(input.count - start)
      stream.pointee.next_out = output.bindMemory(to: UInt8.self).baseAddress
      stream.pointee.avail_out = UInt32(output.count)
      let code = CZlib.inflate(stream, Z_NO_FLUSH)
      return (
        code, input.count - start - Int(stream.pointee.avail_in),
        output.count - Int(stream.pointee.avail_out)
      )
    }
  }
}

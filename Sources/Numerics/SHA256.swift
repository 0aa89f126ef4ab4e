import GrokKernels

/// The SHA-256 digest of a sequence of bytes, taken piece by piece.
///
/// Used to name the exact contents of data files in a run's record; about 1.6 GB a second where the processor
/// has instructions for it, else 300 MB.
///
/// - Source: FIPS 180-4, Secure Hash Standard (2015).
public struct SHA256: Sendable {
  // The first 32 bits of the fractional parts of the square roots of the first eight primes.
  private var state: [UInt32] = [
    0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a,
    0x510e_527f, 0x9b05_688c, 0x1f83_d9ab, 0x5be0_cd19,
  ]
  private var pending: [UInt8] = []
  private var byteCount: UInt64 = 0

  /// A digest of no bytes yet.
  public init() {
    pending.reserveCapacity(64)
  }

  /// Adds bytes to what is digested.
  public mutating func update(_ bytes: UnsafeRawBufferPointer) {
    byteCount &+= UInt64(bytes.count)
    var rest = bytes[...]
    if !pending.isEmpty {
      let taken = rest.prefix(64 - pending.count)
      pending.append(contentsOf: taken)
      rest = rest.dropFirst(taken.count)
      guard pending.count == 64 else { return }
      pending.withUnsafeBytes { block in absorb(block, blockCount: 1) }
      pending.removeAll(keepingCapacity: true)
    }
    let blockCount = rest.count / 64
    if blockCount > 0 {
      absorb(UnsafeRawBufferPointer(rebasing: rest), blockCount: blockCount)
    }
    pending.append(contentsOf: rest.dropFirst(64 * blockCount))
  }

  /// Adds bytes to what is digested.
  public mutating func update(_ bytes: [UInt8]) {
    bytes.withUnsafeBytes { update($0) }
  }

  /// The digest of all bytes so far: 64 lower-case hexadecimal digits.
  public var hexadecimal: String {
    var last = self
    // One bit, zeros up to the last eight bytes of a block, the length in bits.
    let zeroCount = (119 - pending.count) % 64
    var padding: [UInt8] = [0x80] + [UInt8](repeating: 0, count: zeroCount)
    let bitCount = byteCount &* 8
    for shift in stride(from: 56, through: 0, by: -8) {
      padding.append(UInt8(truncatingIfNeeded: bitCount >> UInt64(shift)))
    }
    last.update(padding)
    return last.state.map { word in
      let digits = String(word, radix: 16)
      return String(repeating: "0", count: 8 - digits.count) + digits
    }.joined()
  }

  /// The digest of `bytes`: 64 lower-case hexadecimal digits.
  public static func hexadecimal(of bytes: [UInt8]) -> String {
    var digest = SHA256()
    digest.update(bytes)
    return digest.hexadecimal
  }

  private mutating func absorb(_ bytes: UnsafeRawBufferPointer, blockCount: Int) {
    guard let start = bytes.bindMemory(to: UInt8.self).baseAddress else { return }
    state.withUnsafeMutableBufferPointer { words in
      guard let words = words.baseAddress else { return }
      gk_sha256_blocks(words, start, blockCount)
    }
  }
}

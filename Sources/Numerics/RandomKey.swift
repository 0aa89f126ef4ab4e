/// The name of a stream of random numbers.
///
/// A key holds no position and is never advanced. Number `i` of a key is a pure function of the key and
/// of `i`, so results do not depend on the order of calls, on how many numbers were asked for before,
/// or on threads. Independent streams come from forking by name or by number:
///
/// ```swift
/// let key = RandomKey(seed: 7)
/// let weights: [Float] = key.fork("weights").normal(count: 512)
/// let order = key.fork("batches").fork(epoch).permutation(of: 3830)
/// ```
///
/// Using one key for two purposes gives both the same numbers: fork first.
///
/// A key is 128 bits, `key` and `stream`. Element pair `j` (elements `2j` and `2j + 1`) is the Philox4x32-10 block with counter
/// `(j, stream)` and key `key`. Keys are derived by the same function:
/// - `init(seed:)`: the block with counter `(0x6B6F7267, 0)` under the key `seed`;
/// - `fork(_: Int)`: the block with counter `(index, stream)` under `key ^ 0xA54FF53A5F1D36F1`;
/// - `fork(_: String)`: starting from this key, each eight bytes of UTF-8 (little-endian, the last
///   padded with zeros) and finally the number of bytes replace the key by the block with counter
///   `(chunk, stream)` under `key ^ 0x510E527FADE682D1`.
///
/// In each, the block's first two words become `key` and the last two `stream`, the first of two most
/// significant. Numbers, forks by number and forks by name thus never share a Philox key by design.
public struct RandomKey: Sendable, Hashable {
  let key: UInt64
  let stream: UInt64

  init(key: UInt64, stream: UInt64) {
    self.key = key
    self.stream = stream
  }

  /// The key that everything in a run is forked from.
  public init(seed: UInt64) {
    self.init(Philox.block(low: 0x6B6F_7267, high: 0, key: seed))
  }

  /// An independent key with a name.
  ///
  /// Names are compared by their UTF-8 bytes. A name and a number never give the same key.
  public func fork(_ name: String) -> RandomKey {
    var result = self
    var chunk: UInt64 = 0
    var byteCount: UInt64 = 0
    for byte in name.utf8 {
      chunk |= UInt64(byte) &<< (8 &* (byteCount & 7))
      byteCount &+= 1
      if byteCount & 7 == 0 {
        result = result.absorbing(chunk)
        chunk = 0
      }
    }
    if byteCount & 7 != 0 { result = result.absorbing(chunk) }
    return result.absorbing(byteCount)
  }

  /// An independent key with a number, for example of an epoch or a layer.
  public func fork(_ index: Int) -> RandomKey {
    let counter = UInt64(bitPattern: Int64(index))
    return RandomKey(Philox.block(low: counter, high: stream, key: key ^ 0xA54F_F53A_5F1D_36F1))
  }

  /// The 64 random bits at `position`, from which every distribution is made.
  ///
  /// - Precondition: `position >= 0`.
  public func bits(at position: Int) -> UInt64 {
    precondition(position >= 0, "RandomKey: position \(position) is negative")
    let block = block(at: UInt64(position) &>> 1)
    return position & 1 == 0 ? block.first : block.second
  }

  /// The bits at positions `2 * pair` and `2 * pair + 1`.
  @inline(__always)
  func block(at pair: UInt64) -> Philox {
    Philox.block(low: pair, high: stream, key: key)
  }

  private init(_ block: Philox) {
    self.init(key: block.first, stream: block.second)
  }

  private func absorbing(_ chunk: UInt64) -> RandomKey {
    RandomKey(Philox.block(low: chunk, high: stream, key: key ^ 0x510E_527F_ADE6_82D1))
  }
}

// MARK: - Text

extension RandomKey: Codable, CustomStringConvertible {
  /// The key as 32 hexadecimal digits.
  public var description: String { hexadecimal(key) + hexadecimal(stream) }

  /// The key whose `description` is `text`; nil where it is not 32 hexadecimal digits.
  public init?(_ text: String) {
    let digits = Array(text.utf8)
    guard digits.count == 32, digits.allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit }),
      let key = UInt64(text.prefix(16), radix: 16),
      let stream = UInt64(text.suffix(16), radix: 16)
    else { return nil }
    self.init(key: key, stream: stream)
  }

  /// Reads the 32 hexadecimal digits that `encode(to:)` wrote.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let text = try container.decode(String.self)
    guard let decoded = RandomKey(text) else {
      throw DecodingError.dataCorruptedError(
        in: container, debugDescription: "a random key is 32 hexadecimal digits, not '\(text)'")
    }
    self = decoded
  }

  /// Writes the key as one string of 32 hexadecimal digits, which every JSON reader keeps exactly.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }

  private func hexadecimal(_ value: UInt64) -> String {
    let digits = String(value, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}

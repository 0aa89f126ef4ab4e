/// Damages files the same way every time, to prove that readers survive whatever they are given.
///
/// Each call changes one to three things: flips bits, cuts or extends the file, sets a field of 1 to 8
/// bytes to an extreme value, replaces a decimal number in a text header, removes, doubles or swaps parts.
public struct FileMutator {
  private var state: UInt64

  /// A mutator whose damages are a function of `seed`.
  public init(seed: UInt64) {
    state = seed
  }

  /// A damaged copy of `bytes`.
  public mutating func mutated(_ bytes: [UInt8]) -> [UInt8] {
    var result = bytes
    for _ in 0...below(3) { mutate(&result) }
    return result
  }

  private mutating func mutate(_ bytes: inout [UInt8]) {
    guard !bytes.isEmpty else {
      bytes.append(UInt8(truncatingIfNeeded: next()))
      return
    }
    switch below(9) {
    case 0, 1: bytes[place(in: bytes)] ^= 1 << UInt8(below(8))
    case 2: bytes.removeLast(below(bytes.count) + 1)
    case 3: bytes += (0..<below(40) + 1).map { _ in UInt8(truncatingIfNeeded: next()) }
    case 4, 5:
      let extremes: [UInt64] = [
        0, 1, 0x7F, 0x80, 0xFF, 0x7FFF, 0xFFFF, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFFF,
        0x7FFF_FFFF_FFFF_FFFF, 0x8000_0000_0000_0000, .max, UInt64(bytes.count), next(),
      ]
      let value = extremes[below(extremes.count)]
      let width = [1, 2, 4, 8][below(4)]
      let start = place(in: bytes)
      let isBigEndian = below(2) == 0
      for index in 0..<min(width, bytes.count - start) {
        let shift = 8 * (isBigEndian ? width - 1 - index : index)
        bytes[start + index] = UInt8(truncatingIfNeeded: value >> UInt64(shift))
      }
    case 6: replaceNumber(in: &bytes)
    case 7:
      let start = place(in: bytes)
      let part = bytes[start..<min(bytes.count, start + below(24) + 1)]
      if below(2) == 0 {
        bytes.removeSubrange(part.indices)
      } else {
        bytes.insert(contentsOf: Array(part), at: place(in: bytes))
      }
    default: bytes.swapAt(place(in: bytes), place(in: bytes))
    }
  }

  /// Puts an extreme number where the digits of another stand, as header editors do.
  private mutating func replaceNumber(in bytes: inout [UInt8]) {
    let isDigit = { (byte: UInt8) in (0x30...0x39).contains(byte) }
    let from = place(in: bytes)
    guard let start = bytes[from...].firstIndex(where: isDigit) ?? bytes.firstIndex(where: isDigit)
    else { return }
    let end = bytes[start...].firstIndex { !isDigit($0) } ?? bytes.count
    let numbers = [
      "0", "-1", "1", "4294967296", "9223372036854775807", "18446744073709551615",
      "99999999999999999999999999", "1e400", "1.5", "", "{", "[[[[[[[[", "\"", "'",
    ]
    bytes.replaceSubrange(start..<end, with: numbers[below(numbers.count)].utf8)
  }

  /// Half of the damage goes to the first and last hundred bytes, where headers and directories are.
  private mutating func place(in bytes: [UInt8]) -> Int {
    let near = min(100, bytes.count)
    return switch below(4) {
    case 0: below(near)
    case 1: bytes.count - 1 - below(near)
    default: below(bytes.count)
    }
  }

  private mutating func below(_ limit: Int) -> Int { Int(next() % UInt64(limit)) }

  /// SplitMix64.
  private mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ z >> 30) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ z >> 27) &* 0x94D0_49BB_1331_11EB
    return z ^ z >> 31
  }
}

/// The generator MT19937: 32 random bits at a time, the stream that CPython and PyTorch draw from.
///
/// - Source: Matsumoto & Nishimura, ACM Trans. Model. Comput. Simul. 8, 3 (1998), and its reference
///   implementation of 2002.
package struct MersenneTwister: Sendable, Hashable {
  private static let stateCount = 624

  private var state: [UInt32]
  private var position = stateCount

  /// `init_genrand`: the stream of a number of 32 bits.
  package init(seed: UInt32) {
    state = [seed]
    state.reserveCapacity(Self.stateCount)
    for index in 1..<UInt32(Self.stateCount) {
      let last = state[Int(index) - 1]
      state.append(1_812_433_253 &* (last ^ last >> 30) &+ index)
    }
  }

  /// `init_by_array`: the stream of a key of 32-bit digits, at least one.
  package init(key: [UInt32]) {
    precondition(!key.isEmpty, "MersenneTwister: an empty key")
    self.init(seed: 19_650_218)
    var index = 1
    for step in 0..<max(Self.stateCount, key.count) {
      let part = step % key.count
      mix(index, 1_664_525)
      state[index] = state[index] &+ key[part] &+ UInt32(part)
      advance(&index)
    }
    for _ in 1..<Self.stateCount {
      mix(index, 1_566_083_941)
      state[index] = state[index] &- UInt32(index)
      advance(&index)
    }
    state[0] = 0x8000_0000
  }

  /// The next 32 bits.
  package mutating func next() -> UInt32 {
    if position == Self.stateCount { regenerate() }
    var bits = state[position]
    position += 1
    bits ^= bits >> 11
    bits ^= (bits << 7) & 0x9D2C_5680
    bits ^= (bits << 15) & 0xEFC6_0000
    return bits ^ bits >> 18
  }

  /// Leaves out `count` numbers of 32 bits.
  package mutating func skip(_ count: Int) {
    precondition(count >= 0, "MersenneTwister: cannot go back by \(-count)")
    var left = count
    while left > Self.stateCount - position {
      left -= Self.stateCount - position
      regenerate()
    }
    position += left
  }

  private mutating func regenerate() {
    let (count, shift) = (Self.stateCount, 397)
    state.withUnsafeMutableBufferPointer { state in
      for index in 0..<count {
        let following = state[index + 1 == count ? 0 : index + 1]
        let joined = (state[index] & 0x8000_0000) | (following & 0x7FFF_FFFF)
        let other = state[index + shift < count ? index + shift : index + shift - count]
        state[index] = other ^ joined >> 1 ^ (joined & 1 == 0 ? 0 : 0x9908_B0DF)
      }
    }
    position = 0
  }

  private mutating func mix(_ index: Int, _ factor: UInt32) {
    let last = state[index - 1]
    state[index] ^= (last ^ last >> 30) &* factor
  }

  private mutating func advance(_ index: inout Int) {
    index += 1
    if index == Self.stateCount {
      state[0] = state[Self.stateCount - 1]
      index = 1
    }
  }
}

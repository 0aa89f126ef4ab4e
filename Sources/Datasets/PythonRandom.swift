/// CPython's `random.Random`, bit for bit, to repeat splits that were published as a seed.
///
/// The generator is MT19937, seeded by an integer as CPython does it. Functions have the names of the
/// Python methods. For everything new use `RandomKey`.
///
/// - Source: CPython `Modules/_randommodule.c` and `Lib/random.py`, 3.2 to 3.13; Matsumoto & Nishimura,
///   ACM Trans. Model. Comput. Simul. 8, 3 (1998).
public struct PythonRandom: Sendable, Equatable {
  private var generator: MersenneTwister

  /// The generator after `random.seed(seed)`.
  public init(seed: Int) {
    // The magnitude in 32-bit digits, least significant first, is the key of init_by_array.
    let magnitude = UInt64(seed.magnitude)
    let (low, high) = (UInt32(truncatingIfNeeded: magnitude), UInt32(magnitude >> 32))
    generator = MersenneTwister(key: high == 0 ? [low] : [low, high])
  }

  /// `random.random()`: a number in 0..<1 with 53 random bits.
  public mutating func random() -> Double {
    let a = Double(generator.next() >> 5)
    let b = Double(generator.next() >> 6)
    return (a * 67_108_864 + b) * 0x1p-53
  }

  /// `random.getrandbits(count)`.
  ///
  /// - Precondition: `count` is in 0...64.
  public mutating func getrandbits(_ count: Int) -> UInt64 {
    precondition(count >= 0 && count <= 64, "getrandbits: \(count) is not in 0...64")
    if count == 0 { return 0 }
    if count <= 32 { return UInt64(generator.next() >> UInt32(32 - count)) }
    let low = UInt64(generator.next())
    return low | UInt64(generator.next() >> UInt32(64 - count)) << 32
  }

  /// `random.randrange(bound)`: an integer in `0..<bound`, by rejection.
  public mutating func randrange(_ bound: Int) -> Int {
    precondition(bound > 0, "randrange: \(bound) is not positive")
    let bitCount = Int.bitWidth - bound.leadingZeroBitCount
    var candidate = getrandbits(bitCount)
    while candidate >= UInt64(bound) { candidate = getrandbits(bitCount) }
    return Int(candidate)
  }

  /// `random.shuffle(elements)`.
  public mutating func shuffle<Element>(_ elements: inout [Element]) {
    for index in stride(from: elements.count - 1, to: 0, by: -1) {
      elements.swapAt(index, randrange(index + 1))
    }
  }

  /// `random.sample(elements, count)`: different elements in random order.
  ///
  /// - Precondition: `count` is in `0...elements.count`.
  public mutating func sample<Element>(_ elements: [Element], _ count: Int) -> [Element] {
    precondition(
      count >= 0 && count <= elements.count,
      "sample: cannot choose \(count) different ones of \(elements.count)")
    // CPython estimates which of a list and a set is smaller; the choice decides the result.
    var setSize = 21
    if count > 5 {
      var power = 1
      while power < 3 * count { power *= 4 }
      setSize += power
    }
    if elements.count <= setSize {
      var pool = elements
      return (0..<count).map { index in
        let chosen = randrange(elements.count - index)
        defer { pool[chosen] = pool[elements.count - index - 1] }
        return pool[chosen]
      }
    }
    var selected = Set<Int>()
    return (0..<count).map { _ in
      var chosen = randrange(elements.count)
      while !selected.insert(chosen).inserted { chosen = randrange(elements.count) }
      return elements[chosen]
    }
  }
}

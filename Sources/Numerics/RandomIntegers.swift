// MARK: - Integers

extension RandomKey {
  /// Integers uniform over a range, without bias.
  ///
  /// The high half of `bits × size of the range`. A draw that would bias the result, of which there
  /// are fewer than one in 2⁶⁴ / size, is repeated with a key of its own, so that other positions are
  /// not moved.
  ///
  /// - Source: Lemire, ACM Trans. Model. Comput. Simul. 29, 3 (2019).
  public func integers(
    count: Int, in range: Range<Int>, startingAt position: Int = 0
  ) -> [Int] {
    precondition(count >= 0, "RandomKey: count \(count) is negative")
    var result = [Int](repeating: 0, count: count)
    result.withUnsafeMutableBufferPointer { result in
      forEachBits(at: position, count: count) { index, bits in
        result[index] = integer(bits, position &+ index, range)
      }
    }
    return result
  }

  /// The integer at one position of `integers(count:in:)`.
  ///
  /// - Precondition: `range` is not empty.
  public func integer(at position: Int, in range: Range<Int>) -> Int {
    integer(bits(at: position), position, range)
  }

  /// The integer that the bits at a position give.
  @inline(__always)
  private func integer(_ bits: UInt64, _ position: Int, _ range: Range<Int>) -> Int {
    precondition(!range.isEmpty, "RandomKey: no integer is in an empty range")
    // The difference fits 64 bits without a sign even where it overflows with one.
    let bound = UInt64(bitPattern: Int64(range.upperBound &- range.lowerBound))
    let (high, low) = bits.multipliedFullWidth(by: bound)
    guard low < bound else { return range.lowerBound &+ Int(truncatingIfNeeded: high) }
    return integerNearBound(high, low, position, range.lowerBound, bound)
  }

  /// The rare case in which the draw may have to be repeated.
  @inline(never)
  private func integerNearBound(
    _ firstHigh: UInt64, _ firstLow: UInt64, _ position: Int, _ lowerBound: Int, _ bound: UInt64
  ) -> Int {
    var (high, low) = (firstHigh, firstLow)
    // 2⁶⁴ mod bound values of the low half would make some integers more frequent than others.
    let biased = (0 &- bound) % bound
    var attempt = 0
    while low < biased {
      let next = fork("integer, drawn again").fork(position).bits(at: attempt)
      (high, low) = next.multipliedFullWidth(by: bound)
      attempt += 1
    }
    return lowerBound &+ Int(truncatingIfNeeded: high)
  }
}

// MARK: - Permutations

extension RandomKey {
  /// The integers `0..<count` in random order, every order equally likely.
  public func permutation(of count: Int) -> [Int] {
    choice(count, of: count)
  }

  /// `count` different integers out of `0..<population`, in random order.
  ///
  /// Fisher–Yates from the front: element `i` swaps with the one at a random index in
  /// `i..<population` taken from position `i`. So a shorter choice is a prefix of a longer one, and of
  /// `permutation(of: population)`.
  ///
  /// - Precondition: `0 <= count <= population`.
  /// - Complexity: O(`count`) time and memory where `count` is small, else O(`population`).
  public func choice(_ count: Int, of population: Int) -> [Int] {
    precondition(
      count >= 0 && count <= population,
      "RandomKey: cannot choose \(count) different ones of \(population)")
    guard count >= population / 16 else { return sparseChoice(count, of: population) }
    var indices = Array(0..<population)
    indices.withUnsafeMutableBufferPointer { shuffle($0, count: count) }
    return Array(indices[..<count])
  }

  /// Moves a random choice of `count` elements, in random order, to the front of `buffer`.
  ///
  /// Elements move as in `choice(_:of:)`.
  package func shuffle<Element>(_ buffer: UnsafeMutableBufferPointer<Element>, count: Int) {
    forEachBits(at: 0, count: count) { index, bits in
      buffer.swapAt(index, integer(bits, index, index..<buffer.count))
    }
  }

  /// The plain choice with only the moved elements stored.
  private func sparseChoice(_ count: Int, of population: Int) -> [Int] {
    var moved = [Int: Int]()
    return (0..<count).map { index in
      let other = integer(at: index, in: index..<population)
      let chosen = moved[other] ?? other
      moved[other] = moved[index] ?? index
      return chosen
    }
  }
}

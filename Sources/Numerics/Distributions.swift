// Each distribution is a pure function of a key and a position. The whole number at position `i` comes
// from `bits(at: i)`, so element `i` does not depend on how many are asked for, and the `Float` at a
// position is the `Double` there, rounded (normal) or truncated (uniform).

// MARK: - Uniform

extension RandomKey {
  /// Numbers uniform over a half-open range.
  ///
  /// Element `i` is `lower + (upper − lower) u`, where `u` is the first 24 bits (`Float`) or 53 bits
  /// (`Double`) at position `position + i`, over 2²⁴ or 2⁵³. Where rounding would return the upper
  /// bound, the next smaller number is returned.
  ///
  /// - Parameter position: the position of the first number in the key's stream.
  public func uniform<Scalar: RealScalar>(
    count: Int, in range: Range<Scalar> = 0..<1, startingAt position: Int = 0
  ) -> [Scalar] {
    array(count: count) { fillUniform($0, in: range, startingAt: position) }
  }

  /// Fills a buffer with the numbers of `uniform(count:in:startingAt:)`.
  public func fillUniform<Scalar: RealScalar>(
    _ buffer: UnsafeMutableBufferPointer<Scalar>, in range: Range<Scalar> = 0..<1,
    startingAt position: Int = 0
  ) {
    precondition(!range.isEmpty, "RandomKey: no number is in the empty range \(range)")
    guard let base = buffer.baseAddress else { return }
    switch Scalar.precision {
    case .float:
      let result = rebound(base, Float.self)
      let lower = Float(range.lowerBound)
      let scale = Float(range.upperBound) - lower
      let largest = Float(range.upperBound).nextDown
      forEachBits(at: position, count: buffer.count) { index, bits in
        let unit = Float(bits &>> 40) * 0x1p-24
        result[index] = min(lower + scale * unit, largest)
      }
    case .double:
      let result = rebound(base, Double.self)
      let lower = Double(range.lowerBound)
      let scale = Double(range.upperBound) - lower
      let largest = Double(range.upperBound).nextDown
      forEachBits(at: position, count: buffer.count) { index, bits in
        let unit = Double(bits &>> 11) * 0x1p-53
        result[index] = min(lower + scale * unit, largest)
      }
    }
  }
}

// MARK: - Normal

extension RandomKey {
  /// Normally distributed numbers, by the Box–Muller transform.
  ///
  /// Elements at even and odd positions `2j` and `2j + 1` are `√(−2 ln u) cos 2πv` and
  /// `√(−2 ln u) sin 2πv`, where `u` comes from the first 52 bits at position `2j` (as
  /// `(bits + ½) / 2⁵²`) and `v` from the 64 bits at `2j + 1`. Magnitudes reach 8.57 standard
  /// deviations. Computed in `Double` with functions of our own, so that the same key gives the same
  /// bits on every machine.
  ///
  /// - Parameter position: the position of the first number in the key's stream.
  /// - Source: Box & Muller, Ann. Math. Stat. 29, 610 (1958).
  public func normal<Scalar: RealScalar>(
    count: Int, mean: Scalar = 0, standardDeviation: Scalar = 1, startingAt position: Int = 0
  ) -> [Scalar] {
    array(count: count) {
      fillNormal($0, mean: mean, standardDeviation: standardDeviation, startingAt: position)
    }
  }

  /// Fills a buffer with the numbers of `normal(count:mean:standardDeviation:startingAt:)`.
  public func fillNormal<Scalar: RealScalar>(
    _ buffer: UnsafeMutableBufferPointer<Scalar>, mean: Scalar = 0, standardDeviation: Scalar = 1,
    startingAt position: Int = 0
  ) {
    guard let base = buffer.baseAddress else { return }
    let (mean, deviation) = (Double(mean), Double(standardDeviation))
    switch Scalar.precision {
    case .float:
      let result = rebound(base, Float.self)
      forEachPair(at: position, count: buffer.count, normalPair) { index, value in
        result[index] = Float(mean + deviation * value)
      }
    case .double:
      let result = rebound(base, Double.self)
      forEachPair(at: position, count: buffer.count, normalPair) { index, value in
        result[index] = mean + deviation * value
      }
    }
  }

  /// A matrix of independent standard normal numbers, filled row by row.
  public func normalMatrix<Scalar: RealScalar>(
    rowCount: Int, columnCount: Int
  ) -> Matrix<Scalar> {
    Matrix(rowCount: rowCount, columnCount: columnCount) { fillNormal($0) }
  }
}

// MARK: - Signs and integers

extension RandomKey {
  /// Numbers that are −1 or +1 with equal probability (Rademacher): the first bit at each position.
  public func signs<Scalar: RealScalar>(count: Int, startingAt position: Int = 0) -> [Scalar] {
    array(count: count) { buffer in
      let (plus, minus) = (1 as Scalar, -1 as Scalar)
      forEachBits(at: position, count: count) { index, bits in
        buffer.initializeElement(at: index, to: bits &>> 63 == 0 ? plus : minus)
      }
    }
  }

  /// Integers uniform over a range, without bias.
  ///
  /// - Source: Lemire, ACM Trans. Model. Comput. Simul. 29, 3 (2019): the high half of
  ///   `bits × range`. A draw that would bias the result (one in 2⁶⁴ ∕ range) is repeated with a key of its own.
  public func integers(
    count: Int, in range: Range<Int>, startingAt position: Int = 0
  ) -> [Int] {
    (0..<count).map { integer(at: position + $0, in: range) }
  }

  /// The integer at one position of `integers(count:in:)`.
  ///
  /// - Precondition: `range` is not empty.
  public func integer(at position: Int, in range: Range<Int>) -> Int {
    precondition(!range.isEmpty, "RandomKey: no integer is in the empty range \(range)")
    let bound =
      UInt64(bitPattern: Int64(range.upperBound)) &- UInt64(bitPattern: Int64(range.lowerBound))
    var (high, low) = bits(at: position).multipliedFullWidth(by: bound)
    if low < bound {
      // 2⁶⁴ mod bound values of the low half would make some integers more frequent than others.
      let biased = (0 &- bound) % bound
      var attempt = 0
      while low < biased {
        let next = fork("integer, drawn again").fork(position).bits(at: attempt)
        (high, low) = next.multipliedFullWidth(by: bound)
        attempt += 1
      }
    }
    return range.lowerBound &+ Int(truncatingIfNeeded: high)
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
    for index in 0..<count {
      buffer.swapAt(index, integer(at: index, in: index..<buffer.count))
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

// MARK: - Walking over positions

extension RandomKey {
  private func array<Scalar: RealScalar>(
    count: Int, _ fill: (UnsafeMutableBufferPointer<Scalar>) -> Void
  ) -> [Scalar] {
    precondition(count >= 0, "RandomKey: count \(count) is negative")
    return Array(unsafeUninitializedCapacity: count) { buffer, initializedCount in
      fill(UnsafeMutableBufferPointer(rebasing: buffer[..<count]))
      initializedCount = count
    }
  }

  /// Calls `body` with the index from 0 and the bits of `count` positions.
  @inline(__always)
  private func forEachBits(at position: Int, count: Int, _ body: (Int, UInt64) -> Void) {
    forEachPair(at: position, count: count, { ($0.first, $0.second) }, body)
  }

  /// Calls `body` with the index from 0 and the value at each of `count` positions, where `pair`
  /// makes the values at positions `2j` and `2j + 1` from block `j`.
  @inline(__always)
  private func forEachPair<Value>(
    at position: Int, count: Int, _ pair: (Philox) -> (Value, Value), _ body: (Int, Value) -> Void
  ) {
    precondition(position >= 0, "RandomKey: position \(position) is negative")
    guard count > 0 else { return }
    var index = 0
    var block = UInt64(position) &>> 1
    if position & 1 == 1 {
      body(0, pair(self.block(at: block)).1)
      index = 1
      block &+= 1
    }
    while index &+ 1 < count {
      let (even, odd) = pair(self.block(at: block))
      body(index, even)
      body(index &+ 1, odd)
      index &+= 2
      block &+= 1
    }
    if index < count { body(index, pair(self.block(at: block)).0) }
  }
}

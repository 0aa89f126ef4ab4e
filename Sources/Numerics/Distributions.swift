import GrokKernels

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
      forEachNormal(at: position, count: buffer.count) { index, value in
        result[index] = Float(mean + deviation * value)
      }
    case .double:
      let result = rebound(base, Double.self)
      forEachNormal(at: position, count: buffer.count) { index, value in
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

// MARK: - Signs

extension RandomKey {
  /// Numbers that are −1 or +1 with equal probability (Rademacher): the first bit at each position.
  public func signs<Scalar: RealScalar>(count: Int, startingAt position: Int = 0) -> [Scalar] {
    array(count: count) { fillSigns($0, startingAt: position) }
  }

  /// Fills a buffer with the numbers of `signs(count:startingAt:)`.
  public func fillSigns<Scalar: RealScalar>(
    _ buffer: UnsafeMutableBufferPointer<Scalar>, startingAt position: Int = 0
  ) {
    guard let base = buffer.baseAddress else { return }
    switch Scalar.precision {
    case .float:
      let result = rebound(base, Float.self)
      forEachBits(at: position, count: buffer.count) { index, bits in
        result[index] = bits &>> 63 == 0 ? 1 : -1
      }
    case .double:
      let result = rebound(base, Double.self)
      forEachBits(at: position, count: buffer.count) { index, bits in
        result[index] = bits &>> 63 == 0 ? 1 : -1
      }
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

  /// Calls `body` with the index from 0 and the bits of each of `count` positions.
  @inline(__always)
  func forEachBits(at position: Int, count: Int, _ body: (Int, UInt64) -> Void) {
    forEach(at: position, count: count, body) { pair, result, pairCount in
      gk_random_best().pointee.bits(key, stream, pair, result, pairCount)
    }
  }

  /// Calls `body` with the index from 0 and the standard normal number of each of `count` positions.
  @inline(__always)
  private func forEachNormal(at position: Int, count: Int, _ body: (Int, Double) -> Void) {
    forEach(at: position, count: count, body) { pair, result, pairCount in
      gk_random_best().pointee.normal(key, stream, pair, result, pairCount)
    }
  }

  /// Calls `body` for each of `count` positions; `fill` makes the values of consecutive pairs.
  @inline(__always)
  private func forEach<Value: BitwiseCopyable>(
    at position: Int, count: Int, _ body: (Int, Value) -> Void,
    fill: (UInt64, UnsafeMutablePointer<Value>, Int) -> Void
  ) {
    precondition(position >= 0, "RandomKey: position \(position) is negative")
    // A kilobyte, which fits on the stack: larger pieces would be taken from the heap.
    let largestPairCount = 64
    withUnsafeTemporaryAllocation(of: Value.self, capacity: 2 * largestPairCount) { chunk in
      var index = 0
      var pair = UInt64(position / 2)
      // A walk that starts at an odd position leaves out the first value of its first pair.
      var skipped = position % 2
      while index < count {
        let pairCount = min(largestPairCount, (count - index + skipped + 1) / 2)
        fill(pair, chunk.baseAddress!, pairCount)
        let valueCount = min(count - index, 2 * pairCount - skipped)
        for offset in 0..<valueCount { body(index &+ offset, chunk[skipped &+ offset]) }
        index += valueCount
        pair += UInt64(pairCount)
        skipped = 0
      }
    }
  }
}

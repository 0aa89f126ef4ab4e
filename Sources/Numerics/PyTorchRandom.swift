#if canImport(Darwin)
  internal import Darwin
#else
  internal import Glibc
#endif

/// PyTorch's random generator for CPUs, bit for bit, to start a training where an original one started.
///
/// Functions have the names of PyTorch's. For everything new use `RandomKey`.
///
/// ```swift
/// var generator = PyTorchRandom(seed: 0)  // torch.manual_seed(0)
/// let order = generator.randperm(60_000)  // torch.randperm(60000)
/// let weights: [Float] = generator.uniform(count: 784, from: -0.05, to: 0.05)
/// ```
///
/// Equal to PyTorch on x86 processors with AVX2 and FMA. There normal numbers in single precision, 16 or
/// more of them, are made with approximations of logarithm and sine of PyTorch's own; on other processors
/// PyTorch itself gives other last bits. Normal numbers in double precision go through the logarithm, sine
/// and cosine of the system's C library, as PyTorch's do.
///
/// - Source: PyTorch 2.15, `ATen/core/MT19937RNGEngine.h`, `ATen/core/TransformationHelper.h`,
///   `ATen/core/DistributionsHelper.h` and `ATen/native/cpu/DistributionTemplates.h`; held against that
///   version by fixtures.
public struct PyTorchRandom: Sendable, Hashable {
  private var generator: MersenneTwister
  // The second of two normal numbers that were made together.
  private var nextNormal: Double?

  /// The generator after `torch.manual_seed(seed)`, of which PyTorch uses the lowest 32 bits.
  public init(seed: UInt64) {
    generator = MersenneTwister(seed: UInt32(truncatingIfNeeded: seed))
  }

  /// The next 32 bits.
  package mutating func random() -> UInt32 { generator.next() }

  /// The next 64 bits, the upper half first.
  package mutating func random64() -> UInt64 {
    let high = UInt64(generator.next())
    return high << 32 | UInt64(generator.next())
  }

  /// Leaves out `count` numbers of 64 bits.
  package mutating func skip64(_ count: Int) { generator.skip(2 * count) }

  /// `torch.empty((), dtype=torch.int64).random_()`: a whole number below 2⁶³, as data loaders seed others.
  public mutating func seed() -> UInt64 { random64() & (1 << 63 - 1) }

  /// `torch.randint(range.lowerBound, range.upperBound, (count,))`.
  ///
  /// - Precondition: `range` is not empty.
  public mutating func randint(_ range: Range<Int>, count: Int) -> [Int] {
    precondition(!range.isEmpty, "randint: the range \(range) is empty")
    let size = UInt64(bitPattern: Int64(range.upperBound &- range.lowerBound))
    return (0..<count).map { _ in
      let bits = size >= 1 << 28 ? random64() : UInt64(random())
      return range.lowerBound &+ Int(truncatingIfNeeded: bits % size)
    }
  }

  /// `torch.randperm(count)`: `0..<count` in random order.
  ///
  /// - Precondition: `count` is in 0...2³¹ − 1.
  public mutating func randperm(_ count: Int) -> [Int] {
    precondition(
      count >= 0 && count <= Int(Int32.max), "randperm: \(count) is not in 0...\(Int32.max)")
    var order = Array(0..<count)
    for index in 0..<max(0, count - 1) {
      order.swapAt(index, index + Int(random()) % (count - index))
    }
    return order
  }
}

// MARK: - Uniform numbers

extension PyTorchRandom {
  /// `tensor.uniform_(from, to)`: 24 random bits a number in `Float`, 53 in `Double`.
  ///
  /// - Precondition: `from <= to`.
  public mutating func uniform<Scalar: RealScalar>(
    count: Int, from: Double, to: Double
  ) -> [Scalar] {
    precondition(from <= to, "uniform: from \(from) to \(to)")
    let (low, high) = (Scalar(from), Scalar(to))
    return (0..<count).map { _ in
      let value = low.addingProduct(uniform(), high - low)
      return value == high ? low : value
    }
  }

  /// One number in 0..<1.
  private mutating func uniform<Scalar: RealScalar>() -> Scalar {
    Scalar.self == Double.self
      ? Scalar(Double(random64() & (1 << 53 - 1)) * 0x1p-53)
      : Scalar(Float(random() & (1 << 24 - 1)) * 0x1p-24)
  }
}

// MARK: - Normal numbers

extension PyTorchRandom {
  /// `tensor.normal_(mean, standardDeviation)`; `torch.randn(count)` by default.
  ///
  /// Fewer than 16 numbers come one by one, two from each two uniform ones; the second may wait in the
  /// generator for the next call. 16 and more come in blocks, the last of which is drawn again where the
  /// count is no multiple of 16.
  public mutating func normal<Scalar: RealScalar>(
    count: Int, mean: Double = 0, standardDeviation: Double = 1
  ) -> [Scalar] {
    guard count >= 16 else {
      return (0..<count).map { _ in Scalar(mean.addingProduct(normal(), standardDeviation)) }
    }
    var values = (0..<count).map { _ in uniform() as Scalar }
    let (center, deviation) = (Scalar(mean), Scalar(standardDeviation))
    for start in stride(from: 0, through: count - 16, by: 16) {
      makeNormal(&values, at: start, center, deviation)
    }
    if count % 16 != 0 {
      for index in count - 16..<count { values[index] = uniform() }
      makeNormal(&values, at: count - 16, center, deviation)
    }
    return values
  }

  /// One standard normal number.
  private mutating func normal() -> Double {
    if let value = nextNormal {
      nextNormal = nil
      return value
    }
    let turn: Double = uniform()
    let chance: Double = uniform()
    let radius = (-2 * log1p(-chance)).squareRoot()
    nextNormal = radius * sin(2 * .pi * turn)
    return radius * cos(2 * .pi * turn)
  }

  /// Makes normal numbers out of the 16 uniform ones at `start`: the first eight give the radius, the last eight
  /// the angle.
  private func makeNormal<Scalar: RealScalar>(
    _ values: inout [Scalar], at start: Int, _ mean: Scalar, _ deviation: Scalar
  ) {
    for index in start..<start + 8 {
      let pair = Self.normalPair(1 - values[index], values[index + 8])
      values[index] = mean.addingProduct(pair.first, deviation)
      values[index + 8] = mean.addingProduct(pair.second, deviation)
    }
  }

  private static func normalPair<Scalar: RealScalar>(
    _ chance: Scalar, _ turn: Scalar
  ) -> (first: Scalar, second: Scalar) {
    if Scalar.self == Double.self {
      let radius = (-2 * log(Double(chance))).squareRoot()
      let angle = 2 * .pi * Double(turn)
      return (Scalar(radius * cos(angle)), Scalar(radius * sin(angle)))
    }
    let radius = (-2 * SinglePrecision.logarithm(Float(chance))).squareRoot()
    let (sine, cosine) = SinglePrecision.sineAndCosine(Float(2 * Double.pi) * Float(turn))
    return (Scalar(radius * cosine), Scalar(radius * sine))
  }
}

import GrokKernels

/// A fixed random linear map of vectors with n elements to k numbers that keeps lengths, angles and distances on average.
///
/// ⟨Px, Py⟩ has mean ⟨x, y⟩ over projections and a variance of at most (‖x‖²‖y‖² + ⟨x,y⟩²)/k: squared lengths have
/// a relative error of at most √(2/k), 0.18 for k = 64, and cosines one of about 1/√k. Nothing of size n · k is stored: the
/// random numbers are those of the key at each position, made again for every vector.
///
/// ```swift
/// let projection = RandomProjection(of: parameters.count, to: 64, key: key.fork("motion"))
/// let sketch = projection.project(parameters)  // 64 numbers
/// ```
public struct RandomProjection: Sendable, Equatable, Codable {
  /// Which random matrix.
  public enum Kind: String, Sendable, Codable, CaseIterable {
    /// One number ±1 in each column: in every k successive elements each goes to another of the k sums, all turned around by
    /// one random number, with random signs. O(n) time.
    ///
    /// - Source: Charikar, Chen & Farach-Colton, ICALP 2002 (count sketch); Clarkson & Woodruff, STOC 2013. Here
    ///   elements of one block never meet, those of two meet with probability 1/k, as there.
    case sparse
    /// Independent normal numbers of variance 1/k. O(n k) time; errors are those of a χ² distribution, whatever the vector.
    ///
    /// - Source: Johnson & Lindenstrauss, Contemp. Math. 26, 189 (1984).
    case gaussian
  }

  /// n, the number of elements of a vector.
  public let elementCount: Int
  /// k, the number of numbers it becomes.
  public let count: Int
  /// Which random matrix.
  public let kind: Kind
  private let key: RandomKey

  /// The projection that a key stands for.
  ///
  /// - Parameter elementCount: n.
  /// - Parameter count: k; for `.sparse` a multiple of 64.
  /// - Precondition: n is not negative, k is positive.
  public init(of elementCount: Int, to count: Int = 64, kind: Kind = .sparse, key: RandomKey) {
    precondition(
      elementCount >= 0 && count >= 1 && (kind == .gaussian || count.isMultiple(of: 64)),
      "RandomProjection: \(elementCount) elements to \(count), which for .sparse is a multiple of 64"
    )
    self.elementCount = elementCount
    self.count = count
    self.kind = kind
    self.key = key
  }

  /// √(2/k), the largest relative standard deviation of a squared length.
  public var relativeError: Double { (2 / Double(count)).squareRoot() }

  /// The k numbers of a vector, summed in `Double`.
  ///
  /// An element that is not finite makes some of them not finite.
  ///
  /// - Precondition: the vector has n elements.
  public func project<Scalar: RealScalar>(_ vector: [Scalar]) -> [Double] {
    vector.withUnsafeBufferPointer { project($0) }
  }

  /// The k numbers of a vector in memory that the caller owns.
  ///
  /// - Precondition: the buffer has n elements.
  public func project<Scalar: RealScalar>(_ vector: UnsafeBufferPointer<Scalar>) -> [Double] {
    precondition(
      vector.count == elementCount,
      "RandomProjection: \(vector.count) elements, not \(elementCount)")
    switch kind {
    case .sparse: return sparseProjection(vector)
    case .gaussian: return gaussianProjection(vector)
    }
  }
}

// MARK: - Sparse

extension RandomProjection {
  /// 64-bit words of one block: the signs of k elements, and how far they are turned around.
  private var wordCount: Int { count / 64 + 1 }

  /// Number p of a block of k elements is ± element (p + r) mod k, minus where bit p of the words is 1; r is the
  /// first half of the last word times k over 2³².
  func plainSparseProjection<Scalar: RealScalar>(
    _ vector: UnsafeBufferPointer<Scalar>
  ) -> [Double] {
    var result = [Double](repeating: 0, count: count)
    let blockCount = (vector.count + count - 1) / count
    for block in 0..<blockCount {
      let words = (0..<wordCount).map { key.bits(at: block * wordCount + $0) }
      let turn = Int(((words[wordCount - 1] &>> 32) * UInt64(count)) &>> 32)
      for place in 0..<count {
        let index = block * count + (place + turn) % count
        guard index < vector.count else { continue }
        let isNegative = words[place / 64] &>> UInt64(place % 64) & 1 == 1
        result[place] += isNegative ? -Double(vector[index]) : Double(vector[index])
      }
    }
    return result
  }

  /// The same, some blocks at a time: their words, then their elements.
  private func sparseProjection<Scalar: RealScalar>(
    _ vector: UnsafeBufferPointer<Scalar>
  ) -> [Double] {
    var result = [Double](repeating: 0, count: count)
    guard let first = vector.baseAddress else { return result }
    let (random, kernels) = (gk_random_best().pointee, Scalar.kernels.pointee)
    // An even number, so that the words of each piece start at a whole pair.
    let pieceLength = 64
    var words = [UInt64](repeating: 0, count: pieceLength * wordCount)
    let wholeCount = vector.count / count
    for block in stride(from: 0, to: wholeCount, by: pieceLength) {
      let pair = UInt64(block * wordCount / 2)
      random.bits(key.key, key.stream, pair, &words, words.count / 2)
      kernels.fold_blocks(
        first + block * count, words, &result, min(pieceLength, wholeCount - block), count)
    }
    let rest = vector[(wholeCount * count)...]
    if !rest.isEmpty {
      let last = Array(rest) + Array(repeating: 0, count: count - rest.count)
      let lastWords = (0..<wordCount).map { key.bits(at: wholeCount * wordCount + $0) }
      kernels.fold_blocks(last, lastWords, &result, 1, count)
    }
    return result
  }
}

// MARK: - Gaussian

extension RandomProjection {
  /// Row j of the matrix is the normal numbers at positions j n ..< (j + 1) n.
  private func gaussianProjection<Scalar: RealScalar>(
    _ vector: UnsafeBufferPointer<Scalar>
  ) -> [Double] {
    let pieceLength = 4096
    let scale = 1 / Double(count).squareRoot()
    return (0..<count).map { row in
      var sum = 0.0
      for start in stride(from: 0, to: vector.count, by: pieceLength) {
        let piece = vector[start..<min(start + pieceLength, vector.count)]
        let factors: [Double] = key.normal(
          count: piece.count, startingAt: row * vector.count + start)
        sum += dot(factors, piece.map { Double($0) })
      }
      return scale * sum
    }
  }
}

/// The discrete Fourier transform X_k = Σ_j x_j e^(−2πi jk/N) of N real numbers, N a power of two.
///
/// A value with its table of angles, made once and used for any number of arrays:
///
/// ```swift
/// let transform = RealFourierTransform(count: 256)
/// let coefficients = transform.coefficients(of: samples)
/// print(coefficients.squaredMagnitudes[3])  // |X_3|²
/// ```
public struct RealFourierTransform: Sendable {
  /// N, the number of real numbers.
  public let count: Int
  /// cos 2πk/N and sin 2πk/N for k in 0 ..< N/2.
  private let cosines: [Double]
  private let sines: [Double]

  /// The transform of `count` numbers.
  ///
  /// - Precondition: `count` is a power of two, at least 2.
  /// - Complexity: O(N) time and memory.
  public init(count: Int) {
    precondition(
      count >= 2 && count & (count - 1) == 0,
      "RealFourierTransform: \(count) is not a power of two above 1")
    self.count = count
    let shift = UInt64(64 - count.trailingZeroBitCount)
    let angles = (0..<UInt64(count / 2)).map { cosineAndSine(turn: $0 &<< shift) }
    cosines = angles.map(\.cosine)
    sines = angles.map(\.sine)
  }
}

/// X_0 … X_{N/2} of N real numbers; the others are their conjugates, X_{N−k} = X̄_k.
public struct FourierCoefficients: Sendable, Equatable {
  /// Re X_k, N/2 + 1 of them.
  public var real: [Double]
  /// Im X_k; that of the first and of the last is 0.
  public var imaginary: [Double]

  /// |X_k|².
  public var squaredMagnitudes: [Double] {
    zip(real, imaginary).map { $0 * $0 + $1 * $1 }
  }
}

// MARK: - There and back

extension RealFourierTransform {
  /// The coefficients of real numbers, not scaled.
  ///
  /// - Precondition: there are ``count`` of them.
  /// - Complexity: O(N log N).
  /// - Source: Cooley & Tukey, Math. Comp. 19, 297 (1965); real numbers as one complex transform of half
  ///   the length, Press et al., Numerical Recipes, §12.3.
  public func coefficients(of values: [Double]) -> FourierCoefficients {
    precondition(
      values.count == count, "RealFourierTransform: \(values.count) numbers, not \(count)")
    let half = count / 2
    var real = [Double](repeating: 0, count: half)
    var imaginary = real
    for index in 0..<half {
      real[index] = values[2 * index]
      imaginary[index] = values[2 * index + 1]
    }
    transform(&real, &imaginary)
    // Z = E + iO, the transforms of even and odd places, apart again: X = E + e^(−2πik/N) O.
    var result = FourierCoefficients(
      real: Array(repeating: 0, count: half + 1), imaginary: Array(repeating: 0, count: half + 1))
    for k in 0...half {
      let (a, b) = (k % half, (half - k) % half)
      let even = (0.5 * (real[a] + real[b]), 0.5 * (imaginary[a] - imaginary[b]))
      let odd = (0.5 * (imaginary[a] + imaginary[b]), 0.5 * (real[b] - real[a]))
      let (c, s) = k < half ? (cosines[k], sines[k]) : (-1, 0)
      result.real[k] = even.0 + c * odd.0 + s * odd.1
      result.imaginary[k] = even.1 + c * odd.1 - s * odd.0
    }
    return result
  }

  /// The real numbers that have these coefficients: the inverse of ``coefficients(of:)``.
  ///
  /// Imaginary parts of the first and of the last coefficient, which real numbers do not have, are not
  /// looked at.
  ///
  /// - Precondition: there are ``count``/2 + 1 coefficients.
  /// - Complexity: O(N log N).
  public func values(of coefficients: FourierCoefficients) -> [Double] {
    let half = count / 2
    precondition(
      coefficients.real.count == half + 1 && coefficients.imaginary.count == half + 1,
      "RealFourierTransform: \(coefficients.real.count) coefficients, not \(half + 1)")
    let x = coefficients
    var real = [Double](repeating: 0, count: half)
    var imaginary = real
    for k in 0..<half {
      let m = half - k
      let (yk, ym) = (k == 0 ? 0 : x.imaginary[k], m == half ? 0 : x.imaginary[m])
      let even = (0.5 * (x.real[k] + x.real[m]), 0.5 * (yk - ym))
      let turned = (0.5 * (x.real[k] - x.real[m]), 0.5 * (yk + ym))
      let odd = (
        turned.0 * cosines[k] - turned.1 * sines[k], turned.0 * sines[k] + turned.1 * cosines[k]
      )
      real[k] = even.0 - odd.1
      imaginary[k] = even.1 + odd.0
    }
    // The inverse is the transform of the conjugates, conjugated and over the number of them.
    for k in 0..<half { imaginary[k] = -imaginary[k] }
    transform(&real, &imaginary)
    let scale = 1 / Double(half)
    var values = [Double](repeating: 0, count: count)
    for index in 0..<half {
      values[2 * index] = real[index] * scale
      values[2 * index + 1] = -imaginary[index] * scale
    }
    return values
  }

  /// The complex transform of N/2 numbers, in place: bits of the places reversed, then pairs, fours, ….
  private func transform(_ real: inout [Double], _ imaginary: inout [Double]) {
    let size = real.count
    guard size > 1 else { return }
    let unused = Int.bitWidth - size.trailingZeroBitCount
    real.withUnsafeMutableBufferPointer { real in
      imaginary.withUnsafeMutableBufferPointer { imaginary in
        for index in 0..<size {
          let other = index.bitReversed >> unused & (size - 1)
          if other > index {
            real.swapAt(index, other)
            imaginary.swapAt(index, other)
          }
        }
        var half = 1
        while half < size {
          // e^(−2πi j/(2 half)) is at place j · N/(2 half) of the table.
          let step = count / (2 * half)
          for start in stride(from: 0, to: size, by: 2 * half) {
            for offset in 0..<half {
              let (c, s) = (cosines[offset &* step], sines[offset &* step])
              let (a, b) = (start &+ offset, start &+ offset &+ half)
              let x = c * real[b] + s * imaginary[b]
              let y = c * imaginary[b] - s * real[b]
              (real[b], imaginary[b]) = (real[a] - x, imaginary[a] - y)
              real[a] += x
              imaginary[a] += y
            }
          }
          half *= 2
        }
      }
    }
  }
}

extension Int {
  /// The bits in reverse order.
  fileprivate var bitReversed: Int {
    var (value, result) = (UInt(bitPattern: self), UInt(0))
    for _ in 0..<Int.bitWidth {
      result = result &<< 1 | value & 1
      value &>>= 1
    }
    return Int(bitPattern: result)
  }
}

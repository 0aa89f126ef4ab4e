#if canImport(Darwin)
  internal import Darwin
#else
  internal import Glibc
#endif

/// The discrete Fourier transform of any number of real numbers, by products with chirps.
///
/// jk = (j² + k² − (k − j)²)/2 makes X_k = Σ x_j e^(−2πi jk/N) a convolution with e^(πi j²/N), which transforms of a
/// power of two do.
///
/// - Source: Bluestein, IEEE Trans. Audio Electroacoust. 18, 451 (1970).
package struct ChirpTransform: Sendable {
  /// N, the number of real numbers.
  package let count: Int
  private let transform: RealFourierTransform
  /// cos πj²/N and sin πj²/N.
  private let cosines: [Double]
  private let sines: [Double]
  /// The transforms of the chirp's real and imaginary part.
  private let chirp: (real: FourierCoefficients, imaginary: FourierCoefficients)

  /// The transform of `count` numbers, at least one.
  package init(count: Int) {
    precondition(count >= 1, "ChirpTransform: \(count) numbers")
    self.count = count
    var size = 2
    while size < 2 * count { size *= 2 }
    transform = RealFourierTransform(count: size)
    // j² modulo 2N keeps angles small, and exact.
    let angles = (0..<count).map { Double.pi * Double($0 * $0 % (2 * count)) / Double(count) }
    cosines = angles.map { cos($0) }
    sines = angles.map { sin($0) }
    var (real, imaginary) = (
      [Double](repeating: 0, count: size), [Double](repeating: 0, count: size)
    )
    for index in 0..<count {
      for place in [index, (size - index) % size] {
        real[place] = cosines[index]
        imaginary[place] = sines[index]
      }
    }
    chirp = (transform.coefficients(of: real), transform.coefficients(of: imaginary))
  }

  /// Re X_k and Im X_k for k in 0 ..< N, not scaled.
  ///
  /// - Precondition: there are `count` numbers in each.
  /// - Complexity: O(N log N).
  package func coefficients(
    of values: [Double], imaginary: [Double]? = nil
  ) -> (real: [Double], imaginary: [Double]) {
    precondition(
      values.count == count && (imaginary ?? values).count == count,
      "ChirpTransform: \(values.count) numbers, not \(count)")
    var (a, b) = (
      [Double](repeating: 0, count: transform.count), [Double](repeating: 0, count: transform.count)
    )
    for index in 0..<count {
      let (x, y) = (values[index], imaginary?[index] ?? 0)
      a[index] = x * cosines[index] + y * sines[index]
      b[index] = y * cosines[index] - x * sines[index]
    }
    let (fa, fb) = (transform.coefficients(of: a), transform.coefficients(of: b))
    let real = transform.values(
      of: combined(product(fa, chirp.real), product(fb, chirp.imaginary), sign: -1))
    let imaginary = transform.values(
      of: combined(product(fa, chirp.imaginary), product(fb, chirp.real), sign: 1))
    var result = (real: [Double](), imaginary: [Double]())
    for index in 0..<count {
      let (c, s) = (cosines[index], sines[index])
      result.real.append(real[index] * c + imaginary[index] * s)
      result.imaginary.append(imaginary[index] * c - real[index] * s)
    }
    return result
  }

  private func product(
    _ x: FourierCoefficients, _ y: FourierCoefficients
  ) -> FourierCoefficients {
    var result = x
    for k in x.real.indices {
      result.real[k] = x.real[k] * y.real[k] - x.imaginary[k] * y.imaginary[k]
      result.imaginary[k] = x.real[k] * y.imaginary[k] + x.imaginary[k] * y.real[k]
    }
    return result
  }

  private func combined(
    _ x: FourierCoefficients, _ y: FourierCoefficients, sign: Double
  ) -> FourierCoefficients {
    var result = x
    for k in x.real.indices {
      result.real[k] += sign * y.real[k]
      result.imaginary[k] += sign * y.imaginary[k]
    }
    return result
  }
}

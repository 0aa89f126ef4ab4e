extension Tensor {
  /// This tensor plus independent normal numbers of mean 0.
  ///
  /// - Parameter deviation: Their standard deviation.
  /// - Parameter key: Draws one number for each element.
  public func addingNoise(deviation: Double, key: RandomKey) -> Tensor {
    self + noise(mean: 0, deviation, key)
  }

  /// This tensor times independent normal numbers of mean 1: noise in proportion to each element.
  ///
  /// - Parameter deviation: Their standard deviation.
  /// - Parameter key: Draws one number for each element.
  public func multiplyingByNoise(deviation: Double, key: RandomKey) -> Tensor {
    self * noise(mean: 1, deviation, key)
  }

  private func noise(mean: Double, _ deviation: Double, _ key: RandomKey) -> Tensor {
    precondition(
      deviation >= 0 && deviation.isFinite, "noise: a standard deviation of \(deviation)")
    let draws = Tensor(uninitialized: shape, in: engine)
    key.fillNormal(
      UnsafeMutableBufferPointer(start: draws.mutablePointer, count: count),
      mean: Scalar(mean), standardDeviation: Scalar(deviation))
    return draws
  }

  /// A number that differs between tensors whose elements differ, but for chance.
  package var fingerprint: UInt64 {
    withValues { values in
      // FNV-1a, a number at a time.
      var hash: UInt64 = 0xCBF2_9CE4_8422_2325
      for value in values {
        hash = (hash ^ Double(value).bitPattern) &* 0x100_0000_01B3
        hash ^= hash &>> 32
      }
      return hash
    }
  }
}

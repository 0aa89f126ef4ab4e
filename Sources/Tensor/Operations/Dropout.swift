extension Tensor {
  /// This tensor with a share of its elements set to 0 and the others divided by the share that stays, so
  /// that the expected value stays, as PyTorch's `Dropout` in training.
  ///
  /// - Parameter fraction: The share of elements to drop, in `0 ..< 1`.
  /// - Parameter key: Draws one number for each element; another one at every step and place.
  public func dropout(_ fraction: Double, key: RandomKey) -> Tensor {
    precondition(
      fraction >= 0 && fraction < 1, "dropout: a fraction of \(fraction) is not in 0 ..< 1")
    if fraction == 0 { return self }
    let draws: [Scalar] = key.uniform(count: count, in: 0..<1)
    let kept = Scalar(1 / (1 - fraction))
    let mask = Tensor(uninitialized: shape, in: engine)
    writeMask(of: draws, below: Scalar(fraction), kept: kept, to: mask.mutablePointer)
    return self * mask
  }
}

/// 0 for each draw below `fraction`, `kept` for the others.
@specialized(where S == Float)
@specialized(where S == Double)
private func writeMask<S: RealScalar>(
  of draws: [S], below fraction: S, kept: S, to target: UnsafeMutablePointer<S>
) {
  draws.withUnsafeBufferPointer { draws in
    for index in draws.indices { target[index] = draws[index] < fraction ? 0 : kept }
  }
}

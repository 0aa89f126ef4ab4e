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
    let target = mask.mutablePointer
    for (index, draw) in draws.enumerated() { target[index] = draw < Scalar(fraction) ? 0 : kept }
    return self * mask
  }
}

/// Which two-way divisions of the manifolds a read-out has to make.
public enum Dichotomies: String, Sendable, Codable, CaseIterable {
  /// Every manifold on either side with equal probability.
  case random
  /// Half of the manifolds on either side; of an odd number one more on a random side.
  case balanced
  /// One manifold against all others, each in its turn.
  case oneVersusRest

  /// The side, −1 or 1, of each manifold at one draw.
  ///
  /// A function of the key and of `draw` alone, so that layers and checkpoints share dichotomies.
  public func signs(draw: Int, manifoldCount: Int, key: RandomKey) -> [Double] {
    switch self {
    case .random:
      return key.fork(draw).signs(count: manifoldCount)
    case .balanced:
      let order = key.fork(draw).permutation(of: manifoldCount)
      let larger: Double = key.fork(draw).fork("larger side").signs(count: 1)[0]
      return order.map { 2 * $0 < manifoldCount ? larger : -larger }
    case .oneVersusRest:
      return (0..<manifoldCount).map { $0 == draw % manifoldCount ? 1 : -1 }
    }
  }
}

/// Looks at, and may replace, the named intermediate values of a network while it computes.
public struct Taps<Scalar: RealScalar>: Sendable {
  private let visit: (@Sendable (String, Tensor<Scalar>) -> Tensor<Scalar>)?
  private let names: Set<String>?

  /// No taps: every value passes unchanged.
  public init() {
    visit = nil
    names = []
  }

  /// Calls `visit` with each name and value; what it returns takes the value's place.
  ///
  /// - Shapes: `visit` gets each value in the shape that it is computed in, and returns that shape.
  /// - Parameter names: the values that are looked at; all by default. A network need not compute others: an
  ///   attention pattern, for example, is made only where it is asked for.
  public init(
    of names: [String]? = nil,
    _ visit: @escaping @Sendable (String, Tensor<Scalar>) -> Tensor<Scalar>
  ) {
    self.visit = visit
    self.names = names.map(Set.init)
  }

  /// Whether anybody looks at anything.
  var isActive: Bool { visit != nil }

  /// Whether anybody looks at the value of a name.
  public func wants(_ name: String) -> Bool { names?.contains(name) ?? true }

  /// What takes the place of `value`; for networks to call on each of their ``Model/tapNames``.
  public func callAsFunction(_ name: String, _ value: Tensor<Scalar>) -> Tensor<Scalar> {
    guard let visit, wants(name) else { return value }
    return visit(name, value)
  }

  /// These taps behind a change of some values: they see, and may replace, what it makes of them.
  func behind(
    _ changed: Set<String>,
    _ change: @escaping @Sendable (String, Tensor<Scalar>) -> Tensor<Scalar>
  ) -> Taps {
    Taps(of: names.map { Array($0.union(changed)) }) { name, value in
      self(name, changed.contains(name) ? change(name, value) : value)
    }
  }

  /// The same for a value that is shown in another shape of equal count.
  func callAsFunction(
    _ name: String, _ value: Tensor<Scalar>, as shape: @autoclosure () -> Shape
  ) -> Tensor<Scalar> {
    guard visit != nil, wants(name) else { return value }
    return self(name, value.reshaped(to: shape())).reshaped(to: value.shape)
  }
}

extension Model {
  /// The names of the taps that a path matches, in the order of computation.
  ///
  /// A `*` stands for one part of a path, as in `blocks.*.attn.pattern`. Names may be written with TransformerLens's
  /// `hook_` before their last part.
  public func tapNames(matching path: String) -> [String] {
    let parts = path.split(separator: ".", omittingEmptySubsequences: false).map { part in
      part.hasPrefix("hook_") ? part.dropFirst(5) : part
    }
    return tapNames.filter { name in
      let own = name.split(separator: ".", omittingEmptySubsequences: false)
      return own.count == parts.count && zip(own, parts).allSatisfy { $1 == "*" || $0 == $1 }
    }
  }
}

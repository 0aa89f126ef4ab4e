/// Parameters that stay as they are while others are trained: those that a lazy network starts from.
struct FrozenParameters: Sendable {
  private let layout: ParameterLayout
  private let single: Tensor<Float>
  private let double: Tensor<Double>

  /// A copy of `values`, in both precisions: a network does not know in which one it will be trained.
  init<Scalar: RealScalar>(_ values: [Scalar], layout: ParameterLayout) {
    precondition(
      values.count == layout.count,
      "frozen parameters: \(values.count) values for \(layout.count) parameters")
    let vector = Tensor(values, shape: Shape(values.count))
    self.layout = layout
    single = vector.converted(to: Float.self)
    double = vector.converted(to: Double.self)
  }

  /// θ₀ in the precision asked for, beside the state that the network has now.
  func parameters<Scalar: RealScalar>(state: Tensor<Scalar>? = nil) -> Parameters<Scalar> {
    Parameters(
      single as? Tensor<Scalar> ?? double as? Tensor<Scalar> ?? double.converted(to: Scalar.self),
      state: state, layout: layout)
  }
}

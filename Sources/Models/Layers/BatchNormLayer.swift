/// A batch normalization of a network, with PyTorch's names, defaults and numbers.
///
/// Parameters `name.weight` (γ, at first 1) and `name.bias` (β, at first 0); state `name.running_mean` (at first
/// 0) and `name.running_var` (at first 1), all `[channels]`. A pass for training normalizes by the batch and
/// moves the running statistics a tenth of the way to it, the variance divided by one less than the rows; in
/// evaluation, and where both parameters are frozen, the running statistics normalize and stay as they are.
struct BatchNormLayer: Sendable {
  /// What is added to variances.
  static let epsilon = 1e-5
  /// The share of a batch in the running statistics.
  static let momentum = 0.1

  private let scale, shift, mean, variance: String

  init(_ name: String, channels: Int, layout: inout ParameterLayout) {
    scale = name + ".weight"
    shift = name + ".bias"
    mean = name + ".running_mean"
    variance = name + ".running_var"
    layout.append(scale, Shape(channels), .constant(1))
    layout.append(shift, Shape(channels), .constant(0))
    layout.appendState(mean, Shape(channels), initial: 0)
    layout.appendState(variance, Shape(channels), initial: 1)
  }

  /// The normalized values plus `residual`, rectified where asked for.
  func callAsFunction<Scalar>(
    _ values: Tensor<Scalar>, _ parameters: Parameters<Scalar>, _ pass: Pass<Scalar>,
    adding residual: Tensor<Scalar>? = nil, rectified: Bool
  ) -> Tensor<Scalar> {
    let running = ChannelStatistics(
      mean: parameters.state(mean), variance: parameters.state(variance))
    let isFrozen =
      parameters.frozenNames.contains(scale) && parameters.frozenNames.contains(shift)
    let isTraining = pass.trainingKey != nil && !isFrozen
    let (output, batch) = values.batchNormalized(
      scale: parameters[scale], shift: parameters[shift], epsilon: Self.epsilon, adding: residual,
      rectified: rectified, statistics: isTraining ? nil : running)
    if isTraining {
      let count = Double(batch.rowCount)
      let share = Scalar(Self.momentum)
      pass.update(mean, to: running.mean * (1 - share) + batch.mean * share)
      pass.update(
        variance,
        to: running.variance * (1 - share)
          + batch.variance * Scalar(Self.momentum * count / max(1, count - 1)))
    }
    return output
  }
}

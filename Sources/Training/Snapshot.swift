@_exported import GrokDatasets
@_exported import GrokModels

/// A network at one step of its training, for measures to take matrices and vectors from.
public struct Snapshot<Scalar: RealScalar>: Sendable {
  /// Updates done.
  public let step: Int
  /// The architecture.
  public let model: any Model
  /// θ in the context of the training.
  public let parameters: Parameters<Scalar>
  /// What the training makes small.
  public let loss: Loss
  let context: ComputeContext

  /// θ as one vector.
  public var parameterVector: [Scalar] { parameters.vector.values }

  /// One parameter as a matrix: the last axis makes columns, all others rows.
  ///
  /// - Throws: ``ModelError/unknownParameter(_:known:)``.
  public func parameter(_ name: String) throws -> Matrix<Scalar> {
    guard parameters.layout[name] != nil else {
      throw ModelError.unknownParameter(name, known: parameters.layout.names)
    }
    return parameters[name].matrix
  }

  /// The outputs for each example: `[examples, outputs]`.
  public func outputs(on examples: LabeledExamples) throws -> Matrix<Scalar> {
    let prepared = try prepared(examples)
    let parts = prepared.pieces.map { model.outputs(for: $0.input, parameters: parameters).values }
    return Matrix(
      values: parts.flatMap { $0 }, rowCount: examples.count, columnCount: model.outputCount)
  }

  /// A named intermediate value for each example: `[examples, features]`.
  ///
  /// - Throws: ``TrainingError/unknownTap(_:known:)`` with the close names.
  public func activations(of tap: String, on examples: LabeledExamples) throws -> Matrix<Scalar> {
    guard model.tapNames.contains(tap) else {
      throw TrainingError.unknownTap(tap, known: model.tapNames)
    }
    let prepared = try prepared(examples)
    let collector = Collector<Scalar>(name: tap)
    for piece in prepared.pieces {
      _ = model.outputs(
        for: piece.input, parameters: parameters, taps: Taps { collector.see($0, $1) })
    }
    return Matrix(
      values: collector.values, rowCount: examples.count,
      columnCount: collector.values.count / examples.count)
  }

  /// The loss of the examples as one batch, and its gradient by θ: what a step on them computes.
  ///
  /// - Returns: The mean loss in this precision, and the gradient in the layout of the model.
  public func lossAndGradient(on examples: LabeledExamples) throws -> (
    loss: Scalar, gradient: [Scalar]
  ) {
    let batch = try prepared(examples).all
    return flushingDenormals {
      let (value, gradient) = valueAndGradient(at: parameters.vector) { vector in
        loss(
          model.outputs(
            for: batch.input, parameters: Parameters(vector, layout: parameters.layout)),
          batch)
      }
      return (value, gradient.values)
    }
  }

  func prepared(_ examples: LabeledExamples) throws -> PreparedExamples<Scalar> {
    let prepared = try PreparedExamples<Scalar>(
      examples, outputCount: model.outputCount, loss: loss, in: context)
    try model.check(prepared.all.input)
    return prepared
  }
}

/// Keeps the values that pass one tap, in the order of the pieces. Used from one thread.
private final class Collector<Scalar: RealScalar>: @unchecked Sendable {
  let name: String
  private(set) var values: [Scalar] = []

  init(name: String) { self.name = name }

  func see(_ name: String, _ value: Tensor<Scalar>) -> Tensor<Scalar> {
    if name == self.name { values += value.values }
    return value
  }
}

/// A measure that is taken at scheduled steps of a training.
struct Observer<Scalar: RealScalar>: Sendable {
  let schedule: Schedule
  let name: String
  let measure: @Sendable (Snapshot<Scalar>) throws -> Double
}

/// Whatever looks at the network at scheduled steps of a training without giving a number.
struct Viewer<Scalar: RealScalar>: Sendable {
  let schedule: Schedule
  let body: @Sendable (Snapshot<Scalar>) throws -> Void
}

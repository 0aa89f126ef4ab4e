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
  /// A factor on the loss where its gradient is taken.
  public let lossFactor: Double
  let context: ComputeContext

  /// The network in a stored checkpoint, or in any safetensors file that has its parameters by name.
  ///
  /// - Parameter step: Its number of updates, where the file does not say.
  /// - Throws: `ArchiveError` for a file that cannot be read, ``TrainingError/unsuitableCheckpoint(path:problem:)``
  ///   for one of another network or precision.
  public init(
    contentsOf path: String, step: Int? = nil, model: any Model, loss: Loss,
    lossFactor: Double = 1, context: ComputeContext = ComputeContext()
  ) throws {
    let archive = try Archive(contentsOf: path)
    let (stored, parameters): (Int?, Parameters<Scalar>) =
      try Checkpoint.parameters(in: archive, layout: model.layout, context: context)
    self.init(
      step: stored ?? step ?? 0, model: model, parameters: parameters, loss: loss,
      lossFactor: lossFactor, context: context)
  }

  init(
    step: Int, model: any Model, parameters: Parameters<Scalar>, loss: Loss, lossFactor: Double = 1,
    context: ComputeContext
  ) {
    self.step = step
    self.model = model
    self.parameters = parameters
    self.loss = loss
    self.lossFactor = lossFactor
    self.context = context
  }

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

  /// The outputs for each example, or for each of its positions: `[examples · positions, outputs]`.
  ///
  /// - Throws: ``ModelError/unsuitableInput(found:expected:)`` and others for examples that the network cannot take.
  public func outputs(on examples: LabeledExamples) throws -> Matrix<Scalar> {
    let prepared = try prepared(examples)
    let parts = prepared.pieces.map { model.outputs(for: $0.input, parameters: parameters).values }
    return Matrix(
      values: parts.flatMap { $0 }, rowCount: examples.count * model.positionCount,
      columnCount: model.outputCount)
  }

  /// The cross-entropy of every target: `[examples, positions]` in nats, not a number where a position has no
  /// target.
  ///
  /// Exponentials, sums and logarithms are in `Double`.
  ///
  /// - Throws: ``ModelError/unsuitableInput(found:expected:)`` and others for examples that the network cannot take.
  public func tokenLosses(on examples: LabeledExamples) throws -> Matrix<Double> {
    let values = try prepared(examples).pieces.flatMap { tokenLosses(of: $0) }
    return Matrix(values: values, rowCount: examples.count, columnCount: model.positionCount)
  }

  /// The cross-entropy of every target of a batch, with values looked at or replaced.
  func tokenLosses(of piece: Batch<Scalar>, taps: Taps<Scalar> = Taps()) -> [Double] {
    var values: [Double] = []
    let readout = model.readout(for: piece.input, parameters: parameters, pass: Pass(taps: taps))
    readout.forEachRun { rows, outputs in
      let labels = Array(piece.labels[rows])
      let losses = outputs.crossEntropyLosses(labels: labels).values
      values += zip(losses, labels).map { $1 == LabeledExamples.noTarget ? .nan : $0 }
    }
    return values
  }

  /// A named intermediate value for each example: `[examples, features]`.
  ///
  /// Positions, where a value has them, are columns too.
  ///
  /// - Throws: ``TrainingError/unknownTap(_:known:)`` with the close names.
  public func activations(of tap: String, on examples: LabeledExamples) throws -> Matrix<Scalar> {
    try activations(of: [tap], on: examples)[0]
  }

  /// Several named intermediate values for each example, in one pass: each `[examples, features]`, in the order
  /// of `taps`; a path with a `*`, as ``Model/tapNames(matching:)`` reads it, stands for all that it matches.
  ///
  /// - Throws: ``TrainingError/unknownTap(_:known:)`` with the close names.
  public func activations(of taps: [String], on examples: LabeledExamples) throws
    -> [Matrix<Scalar>]
  {
    let names = try taps.flatMap { path in
      let names = model.tapNames(matching: path)
      if names.isEmpty { throw TrainingError.unknownTap(path, known: model.tapNames) }
      return names
    }
    let prepared = try prepared(examples)
    let collector = Collector<Scalar>(names: names)
    for piece in prepared.pieces {
      _ = model.outputs(
        for: piece.input, parameters: parameters, taps: Taps(of: names) { collector.see($0, $1) })
    }
    return names.map { tap in
      let values = collector.take(tap)
      return Matrix(
        values: values, rowCount: examples.count, columnCount: values.count / examples.count)
    }
  }

  /// The loss of the examples as one batch, times ``lossFactor``, and its gradient by θ: what a step on them computes.
  ///
  /// - Returns: The mean loss times the factor in this precision, and its gradient in the layout of the model.
  /// - Throws: ``ModelError/unsuitableInput(found:expected:)`` and others for examples that the network cannot take.
  public func lossAndGradient(on examples: LabeledExamples) throws -> (
    loss: Scalar, gradient: [Scalar]
  ) {
    let batch = try prepared(examples).all
    return flushingDenormals {
      let (value, gradient) = valueAndGradient(at: parameters.vector) { vector in
        let value = loss(
          model.readout(
            for: batch.input, parameters: parameters.replacing(vector: vector), pass: Pass()),
          batch)
        return lossFactor == 1 ? value : value * Scalar(lossFactor)
      }
      return (value, gradient.values)
    }
  }

  func prepared(_ examples: LabeledExamples) throws -> PreparedExamples<Scalar> {
    try PreparedExamples(
      examples, for: model, loss: loss, notesZeros: false, in: context)
  }
}

/// Keeps the values that pass some taps, in the order of the pieces. Used from one thread.
private final class Collector<Scalar: RealScalar>: @unchecked Sendable {
  private var values: [String: [Scalar]] = [:]

  init(names: [String]) { for name in names { values[name] = [] } }

  func see(_ name: String, _ value: Tensor<Scalar>) -> Tensor<Scalar> {
    values[name]?.append(contentsOf: value.values)
    return value
  }

  func take(_ name: String) -> [Scalar] { values[name] ?? [] }
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

/// Whatever looks at the gradient of scheduled steps.
struct GradientViewer<Scalar: RealScalar>: Sendable {
  let schedule: Schedule
  let body: @Sendable (_ step: Int, _ gradient: Parameters<Scalar>) throws -> Void
}

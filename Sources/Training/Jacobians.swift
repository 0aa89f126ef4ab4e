import GrokTensor

// Jacobians of a network at one step, for measures of their spectra.

extension Snapshot {
  /// The derivative of every output of every example by that example's features.
  ///
  /// - Returns: `[examples · outputs, features]`: the rows of one example stand together.
  /// - Throws: `ModelError.unsuitableInput` for examples that are not vectors.
  /// - Complexity: One pass forward, and one backward for each output, over all examples.
  public func inputJacobian(on examples: LabeledExamples) throws -> Matrix<Scalar> {
    guard case .features(let features) = examples.inputs else {
      throw ModelError.unsuitableInput(
        found: "sequences of tokens", expected: "vectors, by which derivatives can be taken")
    }
    let (outputCount, featureCount) = (model.outputCount, features.columnCount)
    var rows = [Scalar](repeating: 0, count: examples.count * outputCount * featureCount)
    var start = 0
    for piece in try prepared(examples).pieces {
      guard case .features(let values) = piece.input else { continue }
      let tape = Tape<Scalar>()
      defer { tape.clear() }
      let variable = tape.watch(values)
      let outputs = model.outputs(for: .features(variable), parameters: parameters)
      for output in 0..<outputCount {
        // Examples do not mix, so the derivative of the sum over examples has a row for each.
        let summed = outputs.slice(axis: 1, output..<output + 1).sum()
        tape.gradient(of: summed, by: variable).withValues { gradient in
          for example in 0..<piece.exampleCount {
            let row = ((start + example) * outputCount + output) * featureCount
            for feature in 0..<featureCount {
              rows[row + feature] = gradient[example * featureCount + feature]
            }
          }
        }
      }
      start += piece.exampleCount
    }
    return Matrix(
      values: rows, rowCount: examples.count * outputCount, columnCount: featureCount)
  }

  /// The derivative of every output by θ, averaged over the examples; of one example, its Jacobian.
  ///
  /// - Returns: `[positions · outputs, parameters]` in the layout of the model.
  /// - Throws: ``ModelError/unsuitableInput(found:expected:)`` and others for examples that the network cannot take.
  /// - Complexity: One pass forward, and one backward for each output.
  public func meanJacobian(on examples: LabeledExamples) throws -> Matrix<Scalar> {
    let batch = try prepared(examples).all
    let tape = Tape<Scalar>()
    defer { tape.clear() }
    let vector = tape.watch(parameters.vector)
    let outputs = exampleOutputs(of: batch.input, at: vector)
    var rows: [Scalar] = []
    rows.reserveCapacity(exampleOutputCount * parameters.layout.count)
    for output in 0..<exampleOutputCount {
      let mean =
        outputs.slice(axis: 1, output..<output + 1).sum() / Scalar(examples.count)
      rows += tape.gradient(of: mean, by: vector).values
    }
    return Matrix(
      values: rows, rowCount: exampleOutputCount, columnCount: parameters.layout.count)
  }

  /// The number of outputs of an example, all positions together.
  var exampleOutputCount: Int { model.positionCount * model.outputCount }

  /// All outputs of each example in one row: `[examples, positions · outputs]`.
  func exampleOutputs(of input: ModelInput<Scalar>, at vector: Tensor<Scalar>) -> Tensor<Scalar> {
    model.outputs(for: input, parameters: parameters.replacing(vector: vector))
      .reshaped(to: Shape(input.exampleCount, exampleOutputCount))
  }
}

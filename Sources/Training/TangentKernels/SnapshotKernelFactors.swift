@_exported import GrokMeasures

extension Snapshot {
  /// What the tangent kernel of the network on these examples is made of: the inputs of every layer, and
  /// how each output depends on what the layer computes.
  ///
  /// One pass forward over all examples and one backward for each output, without gradients of weights;
  /// works for any network made of linear layers, look-ups and whatever operations between them that
  /// treat examples apart. Parameters that are used in another way are found by their Jacobian, one
  /// backward pass for each example and output: exact too, and slow.
  ///
  /// ```swift
  /// let factors = try snapshot.kernelFactors(on: data.test)
  /// let kernel = try tangentKernel(of: factors, form: .classTrace)
  /// ```
  ///
  /// - Parameter memoryBudget: how many bytes the factors may take.
  /// - Throws: `TrainingError` for unsuitable examples; `MeasureError.outOfRange` where the factors do not
  ///   fit the budget, `.nonFiniteInput` where the network computes what is not finite.
  /// - Complexity: C + 1 times the forward pass, and as much memory as the inputs of all layers and C
  ///   times their outputs.
  public func kernelFactors(
    on examples: LabeledExamples, memoryBudget: Int = defaultMemoryBudget
  ) throws -> KernelFactors<Scalar> {
    let input = try PreparedExamples<Scalar>(
      examples, outputCount: model.outputCount, loss: loss, in: context
    ).all.input
    try model.check(input)
    let collector = FactorCollector<Scalar>(
      exampleCount: input.exampleCount, outputCount: model.outputCount, memoryBudget: memoryBudget)
    for start in stride(from: 0, to: input.exampleCount, by: FactorCollector<Scalar>.pieceSize) {
      let range = start..<min(start + FactorCollector<Scalar>.pieceSize, input.exampleCount)
      collect(range, of: input, in: collector)
      try collector.requireMemory()
    }
    var layers = collector.layers(layout: parameters.layout)
    let known = Set(layers.flatMap(\.parameterNames))
    let plain = try layersThatDiffer(layers, on: input)
    layers.removeAll { layer in layer.parameterNames.contains { plain.contains($0) } }
    let others = parameters.layout.names.filter { !known.contains($0) || plain.contains($0) }
    layers += try jacobians(by: others, on: input, memoryBudget: memoryBudget)
    return try KernelFactors(
      exampleCount: input.exampleCount, outputCount: model.outputCount, layers: layers)
  }

  /// One pass forward and one backward for each output.
  private func collect(
    _ range: Range<Int>, of input: ModelInput<Scalar>, in collector: FactorCollector<Scalar>
  ) {
    let tape = Tape<Scalar>()
    defer { tape.clear() }
    let vector = tape.watch(parameters.vector)
    let outputs = model.outputs(
      for: input.examples(range), parameters: Parameters(vector, layout: parameters.layout))
    collector.begin(range)
    var upstream = Tensor<Scalar>(repeating: 0, shape: outputs.shape, in: context)
    for output in 0..<model.outputCount {
      upstream.withMutableValues { values in
        for example in 0..<range.count {
          for other in 0..<model.outputCount {
            values[example * model.outputCount + other] = other == output ? 1 : 0
          }
        }
      }
      collector.begin(output: output)
      tape.forEachFactor(of: outputs, upstream: upstream, by: vector) { collector.see($0) }
    }
    collector.end()
  }

  // MARK: Without structure

  /// The Jacobian by some parameters, from one backward pass for each example and output.
  private func jacobians(
    by names: [String], on input: ModelInput<Scalar>, memoryBudget: Int
  ) throws -> [LayerFactors<Scalar>] {
    if names.isEmpty { return [] }
    let entries = names.compactMap { parameters.layout[$0] }
    let rows = input.exampleCount * model.outputCount
    let bytes =
      entries.reduce(0) { $0 + $1.range.count } * rows * MemoryLayout<Scalar>.size
    guard bytes <= memoryBudget else {
      throw FactorCollector<Scalar>.memoryError(needed: bytes, budget: memoryBudget)
    }
    var values = entries.map { _ in [Scalar]() }
    for example in 0..<input.exampleCount {
      for output in 0..<model.outputCount {
        let gradient = gradient(
          ofOutputs: (0..<model.outputCount).map { $0 == output ? 1 : 0 },
          for: input.examples(example..<example + 1))
        for (index, entry) in entries.enumerated() { values[index] += gradient[entry.range] }
      }
    }
    return zip(entries, values).map { entry, values in
      LayerFactors(
        jacobian: Matrix(values: values, rowCount: rows, columnCount: entry.range.count),
        name: entry.name)
    }
  }

  /// ∂ Σ_c w_c f_c/∂θ over the examples.
  func gradient(ofOutputs weights: [Scalar], for input: ModelInput<Scalar>) -> [Scalar] {
    let weights = Tensor(weights, shape: [model.outputCount], in: context)
    return valueAndGradient(at: parameters.vector) { vector in
      let outputs = model.outputs(
        for: input, parameters: Parameters(vector, layout: parameters.layout))
      return (outputs * weights).sum()
    }.gradient.values
  }

  /// The parameters whose factors do not give the gradient of the last example: a network whose rows are
  /// not in the order of the examples, or that mixes examples.
  private func layersThatDiffer(
    _ layers: [LayerFactors<Scalar>], on input: ModelInput<Scalar>
  ) throws -> Set<String> {
    let last = input.exampleCount - 1
    let weights = (0..<model.outputCount).map { Scalar($0 + 1) / Scalar(model.outputCount) }
    let gradient = gradient(ofOutputs: weights, for: input.examples(last..<last + 1))
    let factors = try KernelFactors(
      exampleCount: input.exampleCount, outputCount: model.outputCount, layers: layers)
    var different = Set<String>()
    for layer in layers {
      for name in layer.parameterNames {
        guard let range = parameters.layout[name]?.range else { continue }
        let own = Array(gradient[range])
        let expected = dot(own, own)
        let kernel = try TangentKernel(of: factors, form: .full, parameters: [name])
          .block(examples: last..<last + 1, with: last..<last + 1)
        let found = dot(kernel.multiplied(by: weights), weights)
        // Squares of norms, as far as the precision of sums over many outputs goes.
        let tolerance = 4096 * Double(Scalar.ulpOfOne) * max(abs(found), expected)
        if abs(found - expected) > tolerance { different.formUnion(layer.parameterNames) }
      }
    }
    return different
  }
}

extension ModelInput {
  /// A run of examples that share no intermediate values.
  fileprivate func examples(_ range: Range<Int>) -> ModelInput {
    switch self {
    case .features(let features): .features(features.rows(range))
    case .tokens(let tokens):
      ModelInput.tokens(tokens.selecting(range.map { Int32($0) })).withoutSharedRows
    }
  }
}

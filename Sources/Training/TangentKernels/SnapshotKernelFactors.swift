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
    let input = try prepared(examples).all.input
    let collector = FactorCollector<Scalar>(
      exampleCount: input.exampleCount, outputCount: exampleOutputCount,
      layout: parameters.layout, memoryBudget: memoryBudget, workers: context.engine.workers)
    for start in stride(from: 0, to: input.exampleCount, by: FactorCollector<Scalar>.pieceSize) {
      let range = start..<min(start + FactorCollector<Scalar>.pieceSize, input.exampleCount)
      collect(range, of: input, in: collector)
      try collector.requireMemory()
    }
    var layers =
      collector.layers(layout: parameters.layout)
    let known = Set(layers.flatMap(\.parameterNames))
    let plain = try parametersThatDiffer(in: layers, on: input)
    layers.removeAll { layer in layer.parameterNames.contains { plain.contains($0) } }
    let others = parameters.layout.names.filter { !known.contains($0) || plain.contains($0) }
    layers += try jacobians(by: others, on: examples, memoryBudget: memoryBudget)
    return try KernelFactors(
      exampleCount: input.exampleCount, outputCount: exampleOutputCount, layers: layers)
  }

  /// One pass forward and one backward for each output.
  private func collect(
    _ range: Range<Int>, of input: ModelInput<Scalar>, in collector: FactorCollector<Scalar>
  ) {
    let tape = Tape<Scalar>()
    defer { tape.clear() }
    let vector = tape.watch(parameters.vector)
    let outputs = exampleOutputs(of: input.examples(range), at: vector)
    collector.begin(range)
    var upstream = Tensor<Scalar>(repeating: 0, shape: outputs.shape, in: context)
    let outputCount = exampleOutputCount
    for output in 0..<outputCount {
      upstream.withMutableValues { values in
        for place in stride(from: output, to: range.count * outputCount, by: outputCount) {
          if output > 0 { values[place - 1] = 0 }
          values[place] = 1
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
    by names: [String], on examples: LabeledExamples, memoryBudget: Int
  ) throws -> [LayerFactors<Scalar>] {
    if names.isEmpty { return [] }
    let entries = names.compactMap { parameters.layout[$0] }
    let rowCount = examples.count * exampleOutputCount
    let bytes =
      entries.reduce(0) { $0 + $1.range.count } * rowCount * MemoryLayout<Scalar>.size
    guard bytes <= memoryBudget else {
      throw FactorCollector<Scalar>.memoryError(needed: bytes, budget: memoryBudget)
    }
    var values = entries.map { _ in [Scalar]() }
    for example in 0..<examples.count {
      let jacobian = try meanJacobian(on: examples.selecting([example]))
      for output in 0..<exampleOutputCount {
        let start = output * jacobian.columnCount
        for (index, entry) in entries.enumerated() {
          values[index] +=
            jacobian.values[start + entry.range.lowerBound..<start + entry.range.upperBound]
        }
      }
    }
    return zip(entries, values).map { entry, values in
      LayerFactors(
        jacobian: Matrix(values: values, rowCount: rowCount, columnCount: entry.range.count),
        name: entry.name)
    }
  }

  /// The parameters whose factors do not give the gradient of the last example: of a network whose rows
  /// are not in the order of the examples.
  private func parametersThatDiffer(
    in layers: [LayerFactors<Scalar>], on input: ModelInput<Scalar>
  ) throws -> Set<String> {
    let last = input.exampleCount - 1
    let outputCount = exampleOutputCount
    // One number of all outputs, so that one pass is enough.
    let weights = (0..<outputCount).map { Scalar($0 + 1) / Scalar(outputCount) }
    let gradient = valueAndGradient(at: parameters.vector) { vector in
      let outputs = exampleOutputs(of: input.examples(last..<last + 1), at: vector)
      return (outputs * Tensor(weights, shape: [outputCount], in: context)).sum()
    }.gradient.values
    let whole = dot(gradient, gradient)
    var different = Set<String>()
    for layer in layers {
      let names = layer.parameterNames
      let factors = try KernelFactors(
        exampleCount: 1, outputCount: outputCount,
        layers: [layer.selecting(example: last, outputCount: outputCount)])
      for name in names {
        guard let range = parameters.layout[name]?.range else { continue }
        let own = Array(gradient[range])
        let kernel = try tangentKernel(of: factors, form: .full, parameters: [name])
        let (expected, found) = (dot(own, own), dot(kernel.multiplied(by: weights), weights))
        // As far as the precision of sums over many weights and outputs goes; gradients that are 0 but for
        // rounding, as those of the biases of keys, are judged by all.
        let precision = Double(Scalar.ulpOfOne)
        let tolerance = 4096 * precision * max(expected, abs(found), precision * whole)
        if abs(found - expected) > tolerance { different.formUnion(names) }
      }
    }
    return different
  }
}

extension LayerFactors {
  /// The factors of one example.
  fileprivate func selecting(example: Int, outputCount: Int) -> LayerFactors {
    let rows = example * positionCount..<(example + 1) * positionCount
    let sensitivityRows = rows.lowerBound * outputCount..<rows.upperBound * outputCount
    let sensitivities: Sensitivities =
      switch self.sensitivities {
      case .vectors(let all): .vectors(all.selectingRows(sensitivityRows))
      case .separable(let outputs, let examples):
        .separable(outputs: outputs, examples: examples?.selectingRows(rows))
      }
    if weight == nil, let bias, case .vectors(let jacobian) = sensitivities {
      return LayerFactors(jacobian: jacobian, name: bias)
    }
    let inputs: Inputs =
      switch self.inputs {
      case .vectors(let all)?: .vectors(all.selectingRows(rows))
      case .rows(let all)?: .rows(Array(all[rows]))
      case nil: .rows([])
      }
    return LayerFactors(
      weight: weight ?? "", bias: bias, inputs: inputs, sensitivities: sensitivities,
      positionCount: positionCount)
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

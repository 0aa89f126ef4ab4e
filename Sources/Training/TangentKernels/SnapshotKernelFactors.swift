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
    try factors(of: .outputs(of: self), on: prepared(examples).all, memoryBudget: memoryBudget)
  }

  /// What the gradients of the loss of single examples are made of: the same for one number an example, its loss, scaled
  /// so that the mean over the examples is the loss of all.
  ///
  /// - Parameter memoryBudget: how many bytes the factors may take.
  /// - Throws: As ``kernelFactors(on:memoryBudget:)``.
  /// - Complexity: One pass forward and one backward, and as much memory as the inputs and outputs of all layers.
  public func lossGradientFactors(
    on examples: LabeledExamples, memoryBudget: Int = defaultMemoryBudget
  ) throws -> KernelFactors<Scalar> {
    let batch = try prepared(examples).all
    return try factors(of: .loss(loss, of: batch), on: batch, memoryBudget: memoryBudget)
  }

  private func factors(
    of numbers: ExampleNumbers<Scalar>, on batch: Batch<Scalar>, memoryBudget: Int
  ) throws -> KernelFactors<Scalar> {
    let input = batch.input
    let collector = FactorCollector<Scalar>(
      exampleCount: input.exampleCount, outputCount: numbers.count,
      layout: parameters.layout, memoryBudget: memoryBudget, workers: context.engine.workers)
    for start in stride(from: 0, to: input.exampleCount, by: FactorCollector<Scalar>.pieceSize) {
      let range = start..<min(start + FactorCollector<Scalar>.pieceSize, input.exampleCount)
      collect(numbers, of: range, input, in: collector)
      try collector.requireMemory()
    }
    var layers =
      collector.layers(layout: parameters.layout)
    let known = Set(layers.flatMap(\.parameterNames))
    let plain = parametersThatDiffer(in: layers, numbers, on: input)
    layers.removeAll { layer in layer.parameterNames.contains { plain.contains($0) } }
    let others = parameters.layout.names.filter { !known.contains($0) || plain.contains($0) }
    layers += try jacobians(by: others, numbers, on: input, memoryBudget: memoryBudget)
    return try KernelFactors(
      exampleCount: input.exampleCount, outputCount: numbers.count, layers: layers)
  }

  /// One pass forward and one backward for each number.
  private func collect(
    _ numbers: ExampleNumbers<Scalar>, of range: Range<Int>, _ input: ModelInput<Scalar>,
    in collector: FactorCollector<Scalar>
  ) {
    let tape = Tape<Scalar>()
    defer { tape.clear() }
    let vector = tape.watch(parameters.vector)
    let outputs = exampleOutputs(of: input.examples(range), at: vector)
    collector.begin(range)
    var upstream = Tensor<Scalar>(repeating: 0, shape: outputs.shape, in: context)
    for number in 0..<numbers.count {
      numbers.slope(number, range, outputs.detached, &upstream)
      collector.begin(output: number)
      tape.forEachFactor(of: outputs, upstream: upstream, by: vector) { collector.see($0) }
    }
    collector.end()
  }

  // MARK: Without structure

  /// The Jacobian by some parameters, from one backward pass for each example and number.
  private func jacobians(
    by names: [String], _ numbers: ExampleNumbers<Scalar>, on input: ModelInput<Scalar>,
    memoryBudget: Int
  ) throws -> [LayerFactors<Scalar>] {
    if names.isEmpty { return [] }
    let entries = names.compactMap { parameters.layout[$0] }
    let rowCount = input.exampleCount * numbers.count
    let bytes =
      entries.reduce(0) { $0 + $1.range.count } * rowCount * MemoryLayout<Scalar>.size
    guard bytes <= memoryBudget else {
      throw FactorCollector<Scalar>.memoryError(needed: bytes, budget: memoryBudget)
    }
    var values = entries.map { _ in [Scalar]() }
    let gradient = unwrittenGradient
    for example in 0..<input.exampleCount {
      for number in 0..<numbers.count {
        var weights = [Scalar](repeating: 0, count: numbers.count)
        weights[number] = 1
        writeGradient(of: numbers, weights: weights, example, input, to: gradient)
        gradient.withValues { gradient in
          for (index, entry) in entries.enumerated() { values[index] += gradient[entry.range] }
        }
      }
    }
    return zip(entries, values).map { entry, values in
      LayerFactors(
        jacobian: Matrix(values: values, rowCount: rowCount, columnCount: entry.range.count),
        name: entry.name)
    }
  }

  /// Memory for a gradient.
  private var unwrittenGradient: Tensor<Scalar> {
    Tensor(uninitialized: parameters.vector.shape, in: context.engine)
  }

  /// Writes the gradient of a sum of the numbers of one example.
  private func writeGradient(
    of numbers: ExampleNumbers<Scalar>, weights: [Scalar], _ example: Int,
    _ input: ModelInput<Scalar>, to gradient: Tensor<Scalar>
  ) {
    let range = example..<example + 1
    let tape = Tape<Scalar>()
    let vector = tape.watch(parameters.vector)
    let outputs = exampleOutputs(of: input.examples(range), at: vector)
    var sum = Tensor<Scalar>(repeating: 0, shape: outputs.shape, in: context)
    var slope = sum
    for (number, weight) in weights.enumerated() where weight != 0 {
      numbers.slope(number, range, outputs.detached, &slope)
      sum = sum + slope.affine(scale: weight)
    }
    tape.writeGradient(of: (outputs * sum).sum(), by: vector, to: gradient)
  }

  /// The parameters whose factors do not give the gradient of the last example: of a network whose rows
  /// are not in the order of the examples.
  private func parametersThatDiffer(
    in layers: [LayerFactors<Scalar>], _ numbers: ExampleNumbers<Scalar>,
    on input: ModelInput<Scalar>
  ) -> Set<String> {
    let last = input.exampleCount - 1
    let outputCount = numbers.count
    // One number of all, so that one pass is enough.
    let weights = (0..<outputCount).map { Scalar($0 + 1) / Scalar(outputCount) }
    let gradient = unwrittenGradient
    writeGradient(of: numbers, weights: weights, last, input, to: gradient)
    func squaredNorm(_ range: Range<Int>) -> Double {
      gradient.withValues { values in
        guard let first = values.baseAddress else { return 0 }
        return BLAS.dot(first + range.lowerBound, first + range.lowerBound, count: range.count)
      }
    }
    let norms = parameters.layout.entries.map { (name: $0.name, squared: squaredNorm($0.range)) }
    let whole = norms.reduce(0) { $0 + $1.squared }
    let squaredNorms = Dictionary(uniqueKeysWithValues: norms.map { ($0.name, $0.squared) })
    var different = Set<String>()
    for layer in layers {
      let found = layer.squaredGradientNorms(example: last, weights: weights)
      for (name, found) in [(layer.weight, found.weight), (layer.bias, found.bias)] {
        guard let name, let expected = squaredNorms[name] else { continue }
        // As far as the precision of sums over many weights and outputs goes; gradients that are 0 but for
        // rounding, as those of the biases of keys, are judged by all.
        let precision = Double(Scalar.ulpOfOne)
        let tolerance = 4096 * precision * max(expected, found, precision * whole)
        if abs(found - expected) > tolerance { different.formUnion(layer.parameterNames) }
      }
    }
    return different
  }
}

extension LayerFactors {
  /// ‖Σ_c w_c ∂f_c/∂W‖² and the same by the bias, of one example: Σ_pq (a_p · a_q) (s_p · s_q) and ‖Σ_p s_p‖² with
  /// s_p = Σ_c w_c δ_cp.
  fileprivate func squaredGradientNorms(
    example: Int, weights: [Scalar]
  ) -> (weight: Double, bias: Double) {
    let rows = example * positionCount..<(example + 1) * positionCount
    let sums = summedSensitivities(example: example, weights: weights)
    let bias = sums.multiplied(
      by: [Scalar](repeating: 1, count: positionCount), transposingSelf: true)
    let products = sums.rowGram
    let weight =
      switch inputs {
      case .vectors(let all)?: dot(all.selectingRows(rows).rowGram.values, products.values)
      case .rows(let all)?:
        (0..<positionCount).reduce(0.0) { sum, p in
          (0..<positionCount).reduce(sum) { sum, q in
            let isSame = all[rows.lowerBound + p] == all[rows.lowerBound + q]
            return sum + (isSame ? Double(products[p, q]) : 0)
          }
        }
      case nil: 0.0
      }
    return (weight, dot(bias, bias))
  }

  /// s_p, `[positions, units]`.
  private func summedSensitivities(example: Int, weights: [Scalar]) -> Matrix<Scalar> {
    switch sensitivities {
    case .vectors(let all):
      let count = positionCount * weights.count
      let own = all.selectingRows(example * count..<(example + 1) * count)
      let units = own.columnCount
      // The outputs are rows of positions · units numbers.
      let sums = Matrix(
        values: own.values, rowCount: weights.count, columnCount: positionCount * units
      )
      .multiplied(by: weights, transposingSelf: true)
      return Matrix(values: sums, rowCount: positionCount, columnCount: units)
    case .separable(let outputs, let examples):
      let sum = outputs.multiplied(by: weights, transposingSelf: true)
      let start = example * positionCount
      return Matrix(rowCount: positionCount, columnCount: sum.count) { buffer in
        for p in 0..<positionCount {
          for (unit, value) in sum.enumerated() {
            buffer[p * sum.count + unit] = value * (examples?[start + p, unit] ?? 1)
          }
        }
      }
    }
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

/// Numbers that follow from the outputs of each example alone, by their slopes.
private struct ExampleNumbers<Scalar: RealScalar> {
  /// How many an example has.
  let count: Int
  /// Writes the derivative of a number by the outputs `[examples, positions · outputs]` of a run of examples, over that of
  /// the number before, or over zeros.
  let slope: (_ number: Int, Range<Int>, Tensor<Scalar>, inout Tensor<Scalar>) -> Void

  /// The outputs themselves.
  static func outputs(of snapshot: Snapshot<Scalar>) -> ExampleNumbers {
    let count = snapshot.exampleOutputCount
    return ExampleNumbers(count: count) { number, range, outputs, slope in
      slope.withMutableValues { values in
        for place in stride(from: number, to: values.count, by: count) {
          if number > 0 { values[place - 1] = 0 }
          values[place] = 1
        }
      }
    }
  }

  /// The loss of each example, whose mean over the batch is the loss of the batch.
  static func loss(_ loss: Loss, of batch: Batch<Scalar>) -> ExampleNumbers {
    ExampleNumbers(count: 1) { _, range, outputs, slope in
      let rows = range.count * batch.positionCount
      let part = batch.piece(range)
      let scale = Scalar(part.targetCount) * Scalar(batch.exampleCount) / Scalar(batch.targetCount)
      slope =
        valueAndGradient(at: outputs.reshaped(to: Shape(rows, outputs.count / max(1, rows)))) {
          loss($0, part)
        }.gradient.affine(scale: scale).reshaped(to: outputs.shape)
    }
  }
}

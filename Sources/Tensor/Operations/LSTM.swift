import GrokKernels

extension Tensor {
  /// A long short-term memory over whole sequences, from its gates' inputs.
  ///
  /// With gates (i, f, g, o) = inputs_t + W h_{t−1} + b: c_t = σ(f) c_{t−1} + σ(i) tanh(g) and
  /// h_t = σ(o) tanh(c_t), beginning with h = c = 0.
  ///
  /// - Shapes: This tensor, the gates' inputs, `[examples · context, 4 · units]` with the gates in the order above;
  ///   `recurrent` `[4 · units, units]`; `bias` `[4 · units]`; the result, h of every position,
  ///   `[examples · context, units]`.
  /// - Source: Hochreiter & Schmidhuber, Neural Computation 9, 1735 (1997), with the forget gate of Gers et al.
  ///   (2000), as PyTorch's `LSTM`.
  public func longShortTermMemory(recurrent: Tensor, bias: Tensor, context: Int) -> Tensor {
    let units = recurrent.shape[-1]
    precondition(
      shape.rank == 2 && shape[1] == 4 * units && recurrent.shape == Shape(4 * units, units)
        && bias.shape == Shape(4 * units) && shape[0] % context == 0,
      "longShortTermMemory: inputs \(shape), weights \(recurrent.shape), bias \(bias.shape), sequences of "
        + "\(context)")
    let states = MemoryStates(self, recurrent, bias, context: context)
    return states.hidden.recorded(
      LongShortTermMemory(context: context), from: self, recurrent, bias, saved: states.saved)
  }

  /// ``longShortTermMemory(recurrent:bias:context:)`` made of plain operations; the two agree.
  func plainLongShortTermMemory(recurrent: Tensor, bias: Tensor, context: Int) -> Tensor {
    let units = recurrent.shape[-1]
    let steps = MemorySteps(self, recurrent, bias, context: context)
    let rows = steps.hidden.map { $0.reshaped(to: [$0.shape[0], 1, units]) }
    return Tensor.concatenated(rows, axis: 1).reshaped(to: Shape(shape[0], units))
  }
}

private struct LongShortTermMemory<Scalar: RealScalar>: DifferentiableOperation, UncountedProduct {
  let context: Int

  func propagate(
    _ upstream: Tensor<Scalar>, through record: OperationRecord<Scalar>,
    to gradients: inout InputGradients<Scalar>
  ) {
    let (inputs, recurrent) = (record.first, record.second!)
    let units = recurrent.shape[1]
    let states = MemoryStates(
      saved: record.saved!, hidden: record.output, context: context, units: units)
    let slopes =
      gradients.isRecording
      ? plainSlopes(upstream, inputs, recurrent, record.third!)
      : states.slopes(upstream, recurrent: recurrent)
    gradients.add(slopes, to: 0)
    let before =
      gradients.isRecording
      ? record.output.shiftedByOnePosition(context: context) : states.hiddenBefore
    if let weight = gradients.listenedRange(of: 1), let bias = gradients.listenedRange(of: 2) {
      gradients.tell(
        .linear(
          LinearFactors(
            weight: weight, bias: bias, inputs: before, upstream: slopes, dz: slopes, slope: nil)))
      return
    }
    gradients.add(slopes.matmul(before, transposed: (true, false)), to: 1)
    gradients.add(slopes.sum(alongAxis: 0), to: 2)
  }

  /// The gradient by the gates' inputs, made of plain operations.
  private func plainSlopes(
    _ upstream: Tensor<Scalar>, _ inputs: Tensor<Scalar>, _ recurrent: Tensor<Scalar>,
    _ bias: Tensor<Scalar>
  ) -> Tensor<Scalar> {
    let units = recurrent.shape[1]
    let steps = MemorySteps(inputs, recurrent, bias, context: context)
    let examples = inputs.shape[0] / context
    let byPosition = upstream.reshaped(to: [examples, context, units])
    var (fromHidden, fromCell): (Tensor<Scalar>?, Tensor<Scalar>?)
    var slopes: [Tensor<Scalar>] = []
    for t in (0..<context).reversed() {
      let (input, forget, candidate, output) = steps.gates[t]
      let cell = steps.cells[t].activated(.tanh)
      var dh = byPosition.slice(axis: 1, t..<t + 1).reshaped(to: Shape(examples, units))
      if let fromHidden { dh = dh + fromHidden }
      var dc = dh * output * (1 - cell.squared())
      if let fromCell { dc = dc + fromCell }
      let earlier = t > 0 ? steps.cells[t - 1] : steps.cells[0] * 0
      let gates = Tensor.concatenated(
        [
          dc * candidate * (input * (1 - input)), dc * earlier * (forget * (1 - forget)),
          dc * input * (1 - candidate.squared()), dh * cell * (output * (1 - output)),
        ], axis: 1)
      fromHidden = gates.matmul(recurrent)
      fromCell = dc * forget
      slopes.append(gates.reshaped(to: [examples, 1, 4 * units]))
    }
    return Tensor.concatenated(slopes.reversed(), axis: 1).reshaped(to: inputs.shape)
  }
}

extension Tensor {
  /// Each row in the place of the next position of its example, zeros in that of the first.
  fileprivate func shiftedByOnePosition(context: Int) -> Tensor {
    let (examples, width) = (shape[0] / context, shape[1])
    if context == 1 { return self * 0 }
    return reshaped(to: [examples, context, width]).slice(axis: 1, 0..<context - 1)
      .padded(axis: 1, to: context, at: 1).reshaped(to: shape)
  }
}

/// The steps of a memory, each made of plain operations.
private struct MemorySteps<Scalar: RealScalar> {
  typealias Values = Tensor<Scalar>
  private(set) var gates: [(input: Values, forget: Values, candidate: Values, output: Values)] = []
  private(set) var cells: [Values] = []
  private(set) var hidden: [Values] = []

  init(_ inputs: Values, _ recurrent: Values, _ bias: Values, context: Int) {
    let units = recurrent.shape[-1]
    let examples = inputs.shape[0] / context
    let byPosition = inputs.reshaped(to: [examples, context, 4 * units])
    for t in 0..<context {
      var z = byPosition.slice(axis: 1, t..<t + 1).reshaped(to: Shape(examples, 4 * units)) + bias
      if let last = hidden.last { z = z + last.matmul(recurrent, transposed: (false, true)) }
      let part = { (gate: Int) in z.slice(axis: 1, gate * units..<(gate + 1) * units) }
      let (input, forget) = (part(0).activated(.sigmoid), part(1).activated(.sigmoid))
      let (candidate, output) = (part(2).activated(.tanh), part(3).activated(.sigmoid))
      let kept = cells.last.map { forget * $0 }
      let cell = kept.map { $0 + input * candidate } ?? input * candidate
      gates.append((input, forget, candidate, output))
      cells.append(cell)
      hidden.append(output * cell.activated(.tanh))
    }
  }
}

/// All gates, cells and outputs of a memory, computed in place.
private struct MemoryStates<Scalar: RealScalar> {
  let context, units: Int
  /// Gates `[rows, 4 · units]` after their functions, then cells `[rows, units]`.
  let saved: Tensor<Scalar>
  /// `[rows, units]`, the positions of an example together.
  let hidden: Tensor<Scalar>

  private var rows: Int { hidden.shape[0] }
  private var examples: Int { rows / context }
  private var gates: UnsafeMutablePointer<Scalar> { saved.mutablePointer }
  private var cells: UnsafeMutablePointer<Scalar> { saved.mutablePointer + rows * 4 * units }

  init(saved: Tensor<Scalar>, hidden: Tensor<Scalar>, context: Int, units: Int) {
    (self.saved, self.hidden, self.context, self.units) = (saved, hidden, context, units)
  }

  /// Computes the states, all examples a step at a time.
  init(_ inputs: Tensor<Scalar>, _ recurrent: Tensor<Scalar>, _ bias: Tensor<Scalar>, context: Int)
  {
    let engine = inputs.engine
    let units = recurrent.shape[1]
    self.init(
      saved: Tensor(uninitialized: Shape(inputs.shape[0] * 5 * units), in: engine),
      hidden: Tensor(uninitialized: Shape(inputs.shape[0], units), in: engine), context: context,
      units: units)
    Scalar.kernels.pointee.add_row(inputs.pointer, bias.pointer, gates, rows, 4 * units)
    let kernels = Scalar.kernels.pointee
    let recurrentGates = Tensor<Scalar>(uninitialized: Shape(examples, 4 * units), in: engine)
    let before = Tensor<Scalar>(uninitialized: Shape(examples, units), in: engine)
    let product = RowProduct(
      ProductDimensions(
        rows: examples, columns: 4 * units, inner: units, transposedLeft: false,
        transposedRight: true),
      left: before.pointer, right: recurrent.pointer, result: recurrentGates.mutablePointer,
      in: engine)
    for t in 0..<context {
      if t > 0 {
        gatherStep(t - 1, of: hidden.pointer, width: units, into: before.mutablePointer)
        engine.workers.run(product, blockCount: product.partition.blockCount)
        for example in 0..<examples {
          let row = gates + (example * context + t) * 4 * units
          kernels.add(row, recurrentGates.pointer + example * 4 * units, row, 4 * units)
        }
      }
      kernels.lstm_cell(
        gates + t * 4 * units, t > 0 ? cells + (t - 1) * units : nil, cells + t * units,
        hidden.mutablePointer + t * units, examples, units, context * units)
    }
  }

  /// The outputs of the position before, zeros at the first.
  var hiddenBefore: Tensor<Scalar> { hidden.detached.shiftedByOnePosition(context: context) }

  /// The gradient by the gates' inputs, from the last position back to the first.
  func slopes(_ upstream: Tensor<Scalar>, recurrent: Tensor<Scalar>) -> Tensor<Scalar> {
    let engine = hidden.engine
    let kernels = Scalar.kernels.pointee
    let result = Tensor<Scalar>(uninitialized: Shape(rows, 4 * units), in: engine)
    let cellSlopes = Tensor<Scalar>(repeating: 0, shape: Shape(examples, units), engine: engine)
    let (hiddenSlopes, passedBack) = (
      Tensor<Scalar>(uninitialized: Shape(examples, units), in: engine),
      Tensor<Scalar>(uninitialized: Shape(examples, units), in: engine)
    )
    let gateSlopes = Tensor<Scalar>(uninitialized: Shape(examples, 4 * units), in: engine)
    let product = RowProduct(
      ProductDimensions(
        rows: examples, columns: units, inner: 4 * units, transposedLeft: false,
        transposedRight: false),
      left: gateSlopes.pointer, right: recurrent.pointer, result: passedBack.mutablePointer,
      in: engine)
    for t in (0..<context).reversed() {
      gatherStep(t, of: upstream.pointer, width: units, into: hiddenSlopes.mutablePointer)
      if t < context - 1 {
        gatherStep(t + 1, of: result.pointer, width: 4 * units, into: gateSlopes.mutablePointer)
        engine.workers.run(product, blockCount: product.partition.blockCount)
        kernels.add(
          hiddenSlopes.pointer, passedBack.pointer, hiddenSlopes.mutablePointer, hiddenSlopes.count)
      }
      kernels.lstm_cell_gradient(
        gates + t * 4 * units, t > 0 ? cells + (t - 1) * units : nil, cells + t * units,
        hiddenSlopes.pointer, cellSlopes.mutablePointer, result.mutablePointer + t * 4 * units,
        examples, units, context * units)
    }
    return result
  }

  /// One position of every example, one after the other.
  private func gatherStep(
    _ t: Int, of rows: UnsafePointer<Scalar>, width: Int, into target: UnsafeMutablePointer<Scalar>
  ) {
    for example in 0..<examples {
      (target + example * width)
        .update(from: rows + (example * context + t) * width, count: width)
    }
  }
}

import GrokKernels

/// How a layer's weights are stored.
public enum WeightLayout: Sendable, Hashable {
  /// `[outputs, inputs]`, as PyTorch's `Linear`.
  case outputsByInputs
  /// `[inputs, outputs]`.
  case inputsByOutputs
}

extension Tensor {
  /// A layer of a network in one pass: `f(self · Wᵀ + b)`.
  ///
  /// - Shapes: This tensor `[…, inputs]`; `weight` `[outputs, inputs]`, or as `layout` says; `bias`
  ///   `[outputs]`; the result `[…, outputs]`.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  public func linear(
    weight: Tensor, bias: Tensor? = nil, activation: Activation = .identity,
    layout: WeightLayout = .outputsByInputs
  ) -> Tensor {
    let transposed = layout == .outputsByInputs
    let (outputs, inputs) =
      transposed ? (weight.shape[0], weight.shape[1]) : (weight.shape[1], weight.shape[0])
    precondition(
      weight.shape.rank == 2 && shape.rank >= 1 && shape[-1] == inputs,
      "linear: \(shape) meets weights \(weight.shape): \(inputs) inputs expected")
    precondition(
      bias.map { $0.shape == Shape(outputs) } ?? true,
      "linear: bias \(bias?.shape ?? []) for \(outputs) outputs")
    let engine = Engine.common(self, weight)
    let result = Tensor(uninitialized: shape.replacing(axis: -1, with: outputs), in: engine)
    let isRecorded = self.isRecorded || weight.isRecorded || bias?.isRecorded == true
    let before =
      isRecorded && activation.needsInput ? Tensor(uninitialized: result.shape, in: engine) : nil
    let dimensions = ProductDimensions(
      rows: shape.rowCount, columns: outputs, inner: inputs, transposedLeft: false,
      transposedRight: transposed)
    let job = LinearJob(
      product: RowProduct(
        dimensions, left: pointer, right: weight.pointer, result: result.mutablePointer,
        nonzeros: nonzeros, in: engine),
      activation: activation, bias: bias?.pointer, before: before?.mutablePointer,
      output: result.mutablePointer)
    engine.workers.run(job, blockCount: job.product.partition.blockCount)
    return result.recorded(
      Linear(activation: activation, layout: layout), from: self, weight, bias, saved: before)
  }

  /// ``linear(weight:bias:activation:layout:)`` made of plain operations; the two agree.
  func plainLinear(
    weight: Tensor, bias: Tensor? = nil, activation: Activation = .identity,
    layout: WeightLayout = .outputsByInputs
  ) -> Tensor {
    let product = matmul(weight, transposed: (false, layout == .outputsByInputs))
    return (bias.map { product + $0 } ?? product).activated(activation)
  }
}

private struct Linear<Scalar: RealScalar>: DifferentiableOperation, ProductOperation {
  let activation: Activation
  let layout: WeightLayout

  func multiplicationCount(first: Shape, second: Shape, output: Shape) -> Int {
    second.count * first.rowCount
  }

  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func propagate(
    _ upstream: Tensor<Scalar>, through record: OperationRecord<Scalar>,
    to gradients: inout InputGradients<Scalar>
  ) {
    if gradients.isRecording {
      propagatePlainly(upstream, through: record, to: &gradients)
    } else {
      propagateFused(upstream, through: record, to: &gradients)
    }
  }

  // z = x Wᵀ + b, y = f(z): dz = f′(z) dy, dx = dz W, dW = dzᵀ x, db = Σ dz
  private func propagatePlainly(
    _ upstream: Tensor<Scalar>, through record: OperationRecord<Scalar>,
    to gradients: inout InputGradients<Scalar>
  ) {
    let (x, weight) = (record.first, record.second!)
    var input = record.output  // not read unless the activation needs it
    if activation.needsInput {
      input = x.plainLinear(weight: weight, bias: record.third, layout: layout)
    }
    let dz = Tensor.activationGradient(
      activation, input: input, output: record.output, upstream: upstream)
    let flat = dz.reshaped(to: Shape(dz.shape.rowCount, dz.shape[-1]))
    let rows = x.reshaped(to: Shape(x.shape.rowCount, x.shape[-1]))
    let byOutputs = layout == .outputsByInputs
    gradients.add(dz.matmul(weight, transposed: (false, !byOutputs)), to: 0)
    gradients.add(
      byOutputs
        ? flat.matmul(rows, transposed: (true, false))
        : rows.matmul(flat, transposed: (true, false)), to: 1)
    gradients.add(flat.sum(alongAxis: 0), to: 2)
  }

  private func propagateFused(
    _ upstream: Tensor<Scalar>, through record: OperationRecord<Scalar>,
    to gradients: inout InputGradients<Scalar>
  ) {
    let (x, weight) = (record.first, record.second!)
    let engine = record.output.engine
    let byOutputs = layout == .outputsByInputs
    let rows = x.shape.rowCount
    let (inputs, outputs) = (x.shape[-1], upstream.shape[-1])
    let dz = activation == .identity ? upstream : Tensor(uninitialized: upstream.shape, in: engine)
    if activation != .identity {
      let job = ActivationGradientJob(
        activation: activation, before: record.saved?.pointer, output: record.output.pointer,
        upstream: upstream.pointer, dz: dz.mutablePointer, count: dz.count)
      engine.workers.run(job, blockCount: job.blockCount)
    }
    let isTold = gradients.isListening && tellFactors(dz, upstream, of: record, to: gradients)
    let dx = gradients.needs(0) ? Tensor<Scalar>(uninitialized: x.shape, in: engine) : nil
    let dWeight =
      gradients.needs(1) && !isTold
      ? gradients.destination(for: 1) ?? Tensor(uninitialized: weight.shape, in: engine) : nil
    let dBias =
      gradients.needs(2) && !isTold
      ? gradients.destination(for: 2) ?? Tensor(uninitialized: Shape(outputs), in: engine) : nil
    let dimensions = ProductDimensions(
      rows: byOutputs ? outputs : inputs, columns: byOutputs ? inputs : outputs, inner: rows,
      transposedLeft: true, transposedRight: false)
    let nonzeros = byOutputs && dimensions.hasTiles(of: Scalar.self) ? x.nonzeros : nil
    let job = LinearGradientJob(
      weight: nonzeros != nil
        ? nil
        : dWeight.map {
          RowProduct(
            dimensions,
            left: byOutputs ? dz.pointer : x.pointer, right: byOutputs ? x.pointer : dz.pointer,
            result: $0.mutablePointer, in: engine)
        },
      input: dx.map {
        RowProduct(
          ProductDimensions(
            rows: rows, columns: inputs, inner: outputs, transposedLeft: false,
            transposedRight: !byOutputs),
          left: dz.pointer, right: weight.pointer, result: $0.mutablePointer, in: engine)
      },
      sparseWeight: nonzeros.flatMap { nonzeros in
        dWeight.map {
          NonzeroGradientJob(
            x: nonzeros, dz: dz.pointer, result: $0.mutablePointer, rows: rows, outputs: outputs)
        }
      },
      dz: dz.pointer, dBias: dBias?.mutablePointer, rows: rows, outputs: outputs)
    engine.workers.run(job, blockCount: job.blockCount)
    withExtendedLifetime(dz) {}
    if let dx { gradients.add(dx, to: 0) }
    if let dWeight { gradients.add(dWeight, to: 1) }
    if let dBias { gradients.add(dBias, to: 2) }
  }

  /// Hands over what the gradients of weights and bias are made of; false where one of the two is not a
  /// parameter itself.
  private func tellFactors(
    _ dz: Tensor<Scalar>, _ upstream: Tensor<Scalar>, of record: OperationRecord<Scalar>,
    to gradients: InputGradients<Scalar>
  ) -> Bool {
    guard let weight = gradients.listenedRange(of: 1) else { return false }
    let bias = gradients.listenedRange(of: 2)
    if gradients.needs(2) && bias == nil { return false }
    let activation = activation
    let slope = {
      let ones = Tensor<Scalar>(repeating: 1, shape: dz.shape, engine: dz.engine)
      let result = Tensor<Scalar>(uninitialized: dz.shape, in: dz.engine)
      Scalar.kernels.pointee.activation_gradient(
        activation.code, activation.parameter, record.saved?.pointer, record.output.pointer,
        ones.pointer, result.mutablePointer, result.count)
      return result
    }
    gradients.tell(
      .linear(
        LinearFactors(
          weight: weight, bias: bias, inputs: record.first, upstream: upstream, dz: dz,
          slope: activation == .identity ? nil : slope)))
    return true
  }
}

// MARK: - Loops

/// Blocks of rows of a layer: the product, then bias and activation while the rows are in cache.
private struct LinearJob<Scalar: RealScalar>: BlockJob {
  let product: RowProduct<Scalar>
  let activation: Activation
  let bias: UnsafePointer<Scalar>?
  let before: UnsafeMutablePointer<Scalar>?
  let output: UnsafeMutablePointer<Scalar>

  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func run(block: Int) {
    let range = product.partition[block]
    product.multiply(rows: range)
    if bias == nil && activation == .identity { return }
    let columns = product.dimensions.columns
    let start = range.lowerBound * columns
    Scalar.kernels.pointee.bias_activate(
      activation.code, activation.parameter, output + start, bias, before.map { $0 + start },
      output + start, range.count, columns)
  }
}

/// Blocks of a layer's three gradients, which all follow from `dz`: one wait for all of them.
private struct LinearGradientJob<Scalar: RealScalar>: BlockJob {
  let weight, input: RowProduct<Scalar>?
  /// In place of `weight` where zeros are left out.
  let sparseWeight: NonzeroGradientJob<Scalar>?
  let dz: UnsafePointer<Scalar>
  let dBias: UnsafeMutablePointer<Scalar>?
  let rows, outputs: Int

  private var weightBlockCount: Int {
    sparseWeight?.blockCount ?? weight?.partition.blockCount ?? 0
  }
  private var inputBlockCount: Int { input?.partition.blockCount ?? 0 }
  var blockCount: Int { weightBlockCount + inputBlockCount + (dBias == nil ? 0 : 1) }

  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func run(block: Int) {
    if block < weightBlockCount {
      sparseWeight?.run(block: block)
      weight?.run(block: block)
    } else if block < weightBlockCount + inputBlockCount {
      input?.run(block: block - weightBlockCount)
    } else if let dBias {
      Scalar.kernels.pointee.column_sums(dz, outputs, dBias, rows, outputs)
    }
  }
}

import GrokKernels
@_exported import GrokMeasures

// The loss of a snapshot as measures of curvature read it. Examples pass in pieces, so that what is
// recorded for derivatives stays small however many there are; sums over pieces are in `Double`.

extension Snapshot {
  /// The Hessian of the mean loss by θ, as exact products with vectors.
  ///
  /// ```swift
  /// let hessian = try snapshot.hessian(on: data.train)
  /// let sharpness = try leadingEigenvalues(of: hessian, key: key).values[0]
  /// ```
  ///
  /// The operator holds θ and the examples; it stays that of this step. Where an activation has no second
  /// derivative (ReLU) it is that of the pieces, as everywhere.
  ///
  /// - Units: loss per squared unit of weight. Products are in the precision of the training; for
  ///   differences below 1e-6 of the largest eigenvalue train in `Double`.
  /// - Parameter memoryBudget: bytes that the recorded gradients of pieces of 1,000 examples may take. As
  ///   many as fit are kept from product to product, which halves its cost; the others are recorded
  ///   each time.
  /// - Throws: what ``outputs(on:)`` throws.
  /// - Complexity: about two gradients for each product of what is kept, four of what is not.
  /// - Source: Pearlmutter, Neural Computation 6, 147 (1994).
  public func hessian(
    on examples: LabeledExamples, memoryBudget: Int = defaultMemoryBudget
  ) throws -> SymmetricOperator {
    try curvatureOperator(on: examples, memoryBudget: memoryBudget) { batch in
      RecordedGradient(at: parameters.vector) { loss(outputs(of: batch, at: $0), batch) }
    }
  }

  /// The Gauss–Newton matrix of the mean loss by θ, (1/n) Σ_i J_iᵀ H_i J_i with J_i the Jacobian of the
  /// outputs and H_i the Hessian of the loss by them, as exact products with vectors.
  ///
  /// The Hessian without the curvature of the network itself: it has no negative eigenvalue, and for
  /// cross-entropy it is the Fisher information matrix.
  ///
  /// - Units, Throws: as ``hessian(on:)``.
  /// - Parameter memoryBudget: as there.
  /// - Complexity: about three gradients for each product of what is kept, five of what is not.
  /// - Source: Schraudolph, Neural Computation 14, 1723 (2002).
  public func gaussNewton(
    on examples: LabeledExamples, memoryBudget: Int = defaultMemoryBudget
  ) throws -> SymmetricOperator {
    try curvatureOperator(on: examples, memoryBudget: memoryBudget) { batch in
      RecordedPullback(
        at: parameters.vector, outputs: { outputs(of: batch, at: $0) }, loss: { loss($0, batch) },
        in: context)
    }
  }

  /// The mean loss and its gradient as functions of θ, for sampling and for sharpness.
  ///
  /// - Parameter batchSize: examples, drawn without repetition, whose gradient stands for that of all;
  ///   by default all.
  /// - Throws: what ``outputs(on:)`` throws, and `MeasureError.outOfRange` for a batch that is larger than
  ///   the set.
  public func lossSurface(on examples: LabeledExamples, batchSize: Int? = nil) throws -> LossSurface
  {
    let prepared = try prepared(examples)
    let count = examples.count
    let dimension = model.layout.count
    guard let batchSize, batchSize != count else {
      return LossSurface(
        dimension: dimension, exampleCount: count,
        loss: { self.loss(of: prepared.pieces, at: $0) },
        lossAndGradient: { self.lossAndGradient(of: prepared.pieces, at: $0) })
    }
    guard batchSize >= 1, batchSize < count else {
      throw MeasureError.outOfRange(
        measure: "lossSurface", what: "the batch size", value: Double(batchSize),
        expected: "1 to the \(count) examples")
    }
    return LossSurface(
      dimension: dimension, exampleCount: count,
      loss: { self.loss(of: prepared.pieces, at: $0) },
      batchGradient: { point, key in
        var batch = prepared.all
        prepared.select(key.choice(batchSize, of: count).map { Int32($0) }, into: &batch)
        return self.lossAndGradient(of: [batch], at: point)
      })
  }
}

extension ParameterLayout {
  /// Each parameter as a part of θ, for measures of weights.
  public var parts: [VectorPart] { entries.map { VectorPart($0.name, $0.range) } }
}

// MARK: - Products

extension Snapshot {
  /// The operator whose product is the mean over examples of the products of the recorded pieces.
  private func curvatureOperator<Recording: RecordedCurvature<Scalar>>(
    on examples: LabeledExamples, memoryBudget: Int,
    recording: @escaping @Sendable (Batch<Scalar>) -> Recording
  ) throws -> SymmetricOperator {
    let pieces = try prepared(examples).pieces
    let kept = KeptRecordings<Recording>(byteCount: memoryBudget)
    return SymmetricOperator(dimension: model.layout.count) { values in
      let vector = tensor(values)
      return flushingDenormals {
        mean(over: pieces) { index in
          kept.with(piece: index, recording: { recording(pieces[index]) }) {
            $0.product(with: vector)
          }
        }
      }
    }
  }

  private func outputs(of batch: Batch<Scalar>, at theta: Tensor<Scalar>) -> Tensor<Scalar> {
    model.outputs(for: batch.input, parameters: parameters.replacing(vector: theta))
  }

  private func lossAndGradient(
    of pieces: [Batch<Scalar>], at point: [Double]
  ) -> (loss: Double, gradient: [Double]) {
    let theta = tensor(point)
    var total = 0.0
    let gradient = flushingDenormals {
      mean(over: pieces) { index in
        let batch = pieces[index]
        let (value, gradient) = valueAndGradient(at: theta) {
          loss(outputs(of: batch, at: $0), batch)
        }
        total += Double(value) * Double(batch.targetCount)
        return gradient
      }
    }
    return (total / Double(pieces.reduce(0) { $0 + $1.targetCount }), gradient)
  }

  private func loss(of pieces: [Batch<Scalar>], at point: [Double]) -> Double {
    let theta = tensor(point)
    let sums = pieces.map { loss.total(outputs(of: $0, at: theta), $0) }
    return sums.reduce(0, +) / Double(pieces.reduce(0) { $0 + $1.targetCount })
  }

  /// Σ count/n · term over the numbers of the pieces, in `Double`.
  private func mean(
    over pieces: [Batch<Scalar>], of term: (Int) -> Tensor<Scalar>
  ) -> [Double] {
    let count = Double(pieces.reduce(0) { $0 + $1.targetCount })
    var sum = [Double](repeating: 0, count: model.layout.count)
    for (index, piece) in pieces.enumerated() {
      let values = term(index).converted(to: Double.self)
      Double.kernels.pointee.accumulate(
        Double(piece.targetCount) / count, values.pointer, &sum, sum.count)
    }
    return sum
  }

  /// A vector in the precision and context of the training.
  private func tensor(_ values: [Double]) -> Tensor<Scalar> {
    Tensor<Scalar>(
      Matrix<Double>(values: values, rowCount: 1, columnCount: values.count), in: context
    ).reshaped(to: Shape(values.count))
  }
}

/// Singular values of Jacobians, averaged over examples or batches.
public struct JacobianSpectrum: Sendable, Equatable, Codable {
  /// The mean of the k-th largest singular value over examples (or batches), k from 1.
  public var values: [Estimate]
  /// The same of Jacobians divided by their Frobenius norm: the shape of the spectrum without its size.
  public var normalizedValues: [Estimate]
  /// The mean of ‖J‖_F².
  public var squaredNorm: Estimate
}

/// The singular values of the Jacobian of every example, averaged over examples.
///
/// The Jacobian of one example, of its C outputs with respect to inputs or weights, is given as blocks
/// of columns, for example one a parameter tensor, so that it never stands as one matrix; its singular
/// values are the roots of the eigenvalues of Σ_b J_b J_bᵀ, or with fewer columns than rows in all of
/// JᵀJ.
///
/// ```swift
/// let spectrum = try perExampleJacobianSpectrum(exampleCount: 256) { example in
///   [try inputJacobian(of: example)]  // [outputs, inputs]
/// }
/// ```
///
/// - Shapes: each block is `[C, columns]`; examples have the same C and the same number of columns in
///   all.
/// - Units: output per unit of input or weight.
/// - Parameter jacobian: the blocks of an example, 0 to exampleCount − 1.
/// - Throws: `MeasureError.tooFewSamples` (2 examples), `.nonFiniteInput`, `.undefined` for shapes that
///   do not agree and for a Jacobian of zeros, and whatever `jacobian` throws.
/// - Complexity: O(C² columns + C³) time an example.
/// - Source: Jacot, Gabriel & Hongler, NeurIPS 2018: these are roots of the eigenvalues of the `[C, C]`
///   diagonal blocks of the tangent kernel.
public func perExampleJacobianSpectrum<Scalar: RealScalar>(
  exampleCount: Int, jacobian: (Int) throws -> [Matrix<Scalar>]
) throws -> JacobianSpectrum {
  let measure = "perExampleJacobianSpectrum"
  return try averagedSpectrum(count: exampleCount, measure: measure) { example in
    try jacobianValues(try jacobian(example), index: example, measure: measure)
  }
}

/// The singular values of `[C, C]` products JJᵀ of each example's Jacobian, averaged over examples: the
/// same as ``perExampleJacobianSpectrum(exampleCount:jacobian:)`` from the diagonal blocks of a tangent
/// kernel.
///
/// - Throws: as there, and `.numerics` for a product that is not symmetric.
public func perExampleJacobianSpectrum(
  exampleCount: Int, product: (Int) throws -> Matrix<Double>
) throws -> JacobianSpectrum {
  let measure = "perExampleJacobianSpectrum"
  return try averagedSpectrum(count: exampleCount, measure: measure) { example in
    try rootsOfEigenvalues(try product(example), measure: measure)
  }
}

/// The singular values of the mean Jacobian of every batch of consecutive examples, averaged over
/// batches.
///
/// Not to be pooled with the per-example form: parts of the Jacobians that differ between examples
/// cancel in the mean, so these values are smaller and say what the examples have in common.
///
/// - Shapes, Units: as `perExampleJacobianSpectrum(exampleCount:jacobian:)`, blocks of the same shapes
///   for all examples.
/// - Parameter batchSize: examples of a batch; a rest that does not fill one is refused.
/// - Throws: as `perExampleJacobianSpectrum(exampleCount:jacobian:)`, and `MeasureError.outOfRange` for
///   the batch size. At least two batches are needed.
/// - Complexity: O(C columns) time an example, O(C² columns + C³) a batch.
/// - Source: Zheng et al., UniReps 2024, whose published spectra are of this form.
/// - Differs from: theirs of weights, which are of the Jacobian of the batch's sum: `batchSize` times
///   as large.
public func batchAveragedJacobianSpectrum<Scalar: RealScalar>(
  exampleCount: Int, batchSize: Int, jacobian: (Int) throws -> [Matrix<Scalar>]
) throws -> JacobianSpectrum {
  let measure = "batchAveragedJacobianSpectrum"
  guard batchSize >= 1, exampleCount % batchSize == 0 else {
    throw MeasureError.outOfRange(
      measure: measure, what: "the batch size", value: Double(batchSize),
      expected: "a divisor of the \(exampleCount) examples")
  }
  return try averagedSpectrum(count: exampleCount / batchSize, measure: measure) { batch in
    var sums: [Matrix<Double>] = []
    for example in batch * batchSize..<(batch + 1) * batchSize {
      let blocks = try jacobian(example).map { Matrix<Double>($0) }
      if sums.isEmpty {
        sums = blocks
        continue
      }
      guard sums.map(\.shapeDescription) == blocks.map(\.shapeDescription) else {
        throw MeasureError.undefined(
          measure: measure,
          reason: "example \(example) has blocks \(blocks.map(\.shapeDescription)), others of its "
            + "batch \(sums.map(\.shapeDescription))")
      }
      for index in sums.indices {
        blocks[index].values.withUnsafeBufferPointer { terms in
          sums[index].withUnsafeMutableBufferPointer { sums in
            for index in terms.indices { sums[index] += terms[index] }
          }
        }
      }
    }
    let means = sums.map { $0.map { $0 / Double(batchSize) } }
    return try jacobianValues(means, index: batch, measure: measure)
  }
}

// MARK: - Helpers

private func jacobianValues<Scalar: RealScalar>(
  _ blocks: [Matrix<Scalar>], index: Int, measure: String
) throws(MeasureError) -> [Double] {
  let rows = blocks.first?.rowCount ?? 0
  guard rows > 0, blocks.allSatisfy({ $0.rowCount == rows }) else {
    throw .undefined(
      measure: measure,
      reason: "Jacobian \(index) has blocks \(blocks.map(\.shapeDescription)); all need the same "
        + "number of rows, one an output")
  }
  for block in blocks {
    if let element = block.values.firstIndex(where: { !$0.isFinite }) {
      throw .nonFiniteInput(measure: measure, array: "Jacobian \(index)", index: element)
    }
  }
  let columns = blocks.reduce(0) { $0 + $1.columnCount }
  if columns < rows {
    let whole = Matrix<Double>(rowCount: rows, columnCount: columns) { result in
      var first = 0
      for block in blocks {
        block.copy(
          rows: 0..<rows, columns: 0..<block.columnCount, to: result.baseAddress! + first,
          stride: columns)
        first += block.columnCount
      }
    }
    return try rootsOfEigenvalues(whole.columnGram, measure: measure)
  }
  var gram = Matrix<Double>(rowCount: rows, columnCount: rows)
  for block in blocks {
    let wide = Matrix<Double>(block)
    gram.addProduct(of: wide, transposed: false, and: wide, transposed: true)
  }
  return try rootsOfEigenvalues(gram, measure: measure)
}

private func averagedSpectrum(
  count: Int, measure: String, values: (Int) throws -> [Double]
) throws -> JacobianSpectrum {
  guard count >= 2 else {
    throw MeasureError.tooFewSamples(measure: measure, found: count, needed: 2)
  }
  var spectra: [[Double]] = []
  for index in 0..<count {
    let values = try values(index)
    guard values.count == spectra.first?.count ?? values.count else {
      throw MeasureError.undefined(
        measure: measure,
        reason: "Jacobian \(index) has \(values.count) singular values, those before it "
          + "\(spectra[0].count)")
    }
    guard let largest = values.first, largest > 0 else {
      throw MeasureError.undefined(measure: measure, reason: "Jacobian \(index) is 0")
    }
    spectra.append(values)
  }
  let squares = spectra.map { $0.reduce(0) { $0 + $1 * $1 } }
  let ranks = spectra[0].indices
  return JacobianSpectrum(
    values: try ranks.map { rank in
      try Estimate(meanOf: spectra.map { $0[rank] }, measure: measure)
    },
    normalizedValues: try ranks.map { rank in
      try Estimate(
        meanOf: zip(spectra, squares).map { $0[rank] / $1.squareRoot() }, measure: measure)
    },
    squaredNorm: try Estimate(meanOf: squares, measure: measure))
}

internal import Foundation

/// How much two kernels on the same rows differ: 1 − ⟨K, L⟩_F / (‖K‖_F ‖L‖_F).
///
/// 0 for kernels that are multiples of each other, so that an output scale cancels; at most 1 for
/// positive semi-definite ones. Not centred.
///
/// - Shapes: both `[n, n]`.
/// - Units: none.
/// - Throws: `MeasureError.undefined` for shapes that differ and for a kernel of zeros, `.numerics` for
///   what is not finite or not symmetric.
/// - Complexity: O(n²).
/// - Source: Fort et al., NeurIPS 2020: S(t, t′).
public func kernelDistance<Scalar: RealScalar>(
  between k: Matrix<Scalar>, and l: Matrix<Scalar>
) throws(MeasureError) -> Double {
  try kernelDistances(among: [k, l])[0, 1]
}

/// The distance of every pair of several kernels, for example of one network at many checkpoints.
///
/// - Returns: a symmetric matrix with zeros on its diagonal.
/// - Shapes: all `[n, n]`.
/// - Units, Throws: as `kernelDistance(between:and:)`.
/// - Complexity: O(n² T²) for T kernels.
public func kernelDistances<Scalar: RealScalar>(
  among kernels: [Matrix<Scalar>]
) throws(MeasureError) -> Matrix<Double> {
  try requireKernels(kernels, measure: kernelDistanceName)
  var products = Matrix<Double>(rowCount: kernels.count, columnCount: kernels.count)
  for a in kernels.indices {
    for b in a..<kernels.count {
      products[a, b] = dot(kernels[a].values, kernels[b].values)
      products[b, a] = products[a, b]
    }
  }
  return try distances(fromProducts: products)
}

/// The distances of the tangent kernels of one network at many checkpoints, without holding any kernel.
///
/// Tile by tile, every checkpoint's kernel is computed once and all products between checkpoints are
/// added up, in `Double`. The first of `checkpoints` should be the network's own initial state: a
/// network drawn anew is another network, and as far away at step 0 as any other.
///
/// ```swift
/// let distances = try kernelDistances(among: checkpoints, form: .full)
/// let drift = distances.row(0)  // from the initial state
/// ```
///
/// - Shapes: factors of the same examples for T checkpoints; the result is `[T, T]`.
/// - Units: none.
/// - Parameter memoryBudget: how many bytes may be held besides the factors.
/// - Throws: as `tangentKernel(of:form:)` and `kernelDistance(between:and:)`; `.rowCountMismatch`.
/// - Complexity: that of T kernels, and (n C)² T² / 4 multiply-adds; memory for T tiles a thread. The
///   same bits with any number of workers.
/// - Source: Fort et al., NeurIPS 2020.
/// - Differs from: published figures whose "epoch 0" is a network drawn anew, which mostly shows the
///   distance of two random networks.
public func kernelDistances<Scalar: RealScalar>(
  among checkpoints: [KernelFactors<Scalar>], form: TangentKernelForm,
  parameters: [String]? = nil, memoryBudget: Int = defaultMemoryBudget, workers: Workers? = nil
) throws(MeasureError) -> Matrix<Double> {
  var products = KernelProducts<Scalar>(
    form: form, parameters: parameters, memoryBudget: memoryBudget, workers: workers)
  try products.add(checkpoints)
  return try products.distances()
}

/// How fast a kernel moves: the distance between neighbouring checkpoints over the steps between them.
///
/// - Shapes: `distances` `[T, T]` of checkpoints in order, `steps` T, rising; the result has T − 1
///   elements, the first for steps[0] to steps[1].
/// - Units: distance a step.
/// - Throws: `MeasureError.rowCountMismatch`, `.tooFewSamples` (2), `.notIncreasing`.
/// - Source: Fort et al., NeurIPS 2020: S(t, t + δ)/δ.
public func kernelVelocities(
  of distances: Matrix<Double>, steps: [Int]
) throws(MeasureError) -> [Double] {
  let measure = "kernelVelocities"
  guard distances.rowCount == steps.count, distances.columnCount == steps.count else {
    throw .rowCountMismatch(measure: measure, first: distances.rowCount, second: steps.count)
  }
  guard steps.count >= 2 else {
    throw .tooFewSamples(measure: measure, found: steps.count, needed: 2)
  }
  var velocities = [Double]()
  for index in 1..<steps.count {
    guard steps[index] > steps[index - 1] else {
      throw .notIncreasing(measure: measure, array: "steps", index: index)
    }
    velocities.append(distances[index - 1, index] / Double(steps[index] - steps[index - 1]))
  }
  return velocities
}

let kernelDistanceName = "kernelDistance"

/// Throws unless all are finite, symmetric, and of one size.
func requireKernels<Scalar: RealScalar>(
  _ kernels: [Matrix<Scalar>], measure: String
) throws(MeasureError) {
  for kernel in kernels {
    try decomposing(measure) { () throws(NumericsError) in
      try kernel.requireFinite(measure)
      try kernel.requireSymmetric(measure)
    }
    if kernel.rowCount != kernels[0].rowCount {
      throw .rowCountMismatch(
        measure: measure, first: kernels[0].rowCount, second: kernel.rowCount)
    }
  }
  guard let first = kernels.first, first.rowCount >= 1 else {
    throw .tooFewSamples(measure: measure, found: 0, needed: 1)
  }
}

func distances(
  fromProducts products: Matrix<Double>
) throws(MeasureError) -> Matrix<Double> {
  let norms = products.diagonal.map { $0.squareRoot() }
  for (index, norm) in norms.enumerated() where !(norm > 0 && norm.isFinite) {
    throw .undefined(
      measure: kernelDistanceName,
      reason: norm == 0
        ? "kernel \(index + 1) of \(norms.count) is 0"
        : "kernel \(index + 1) of \(norms.count) is too large to square; scale the outputs down")
  }
  var result = Matrix<Double>(rowCount: norms.count, columnCount: norms.count)
  for a in norms.indices {
    for b in norms.indices.dropFirst(a + 1) {
      // Below 0 by rounding alone: no cosine is above 1.
      result[a, b] = max(0, 1 - products[a, b] / norms[a] / norms[b])
      result[b, a] = result[a, b]
    }
  }
  return result
}

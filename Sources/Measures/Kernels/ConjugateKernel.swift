/// The empirical conjugate kernel (NNGP kernel): products of the last hidden activations, and 1 for the
/// bias of the read-out.
///
/// The part of the tangent kernel that belongs to the read-out, of one output: what a network could do
/// by training that layer alone.
///
/// - Shapes: `activations` `[n, width]`; the result `[n, n]`.
/// - Units: activation².
/// - Parameter hasBias: adds 1 to every element, the default, as a bias with unit derivative does.
/// - Throws: `MeasureError.tooFewSamples`, `.nonFiniteInput`, `.outOfRange` where the memory budget is too
///   small.
/// - Complexity: O(n² width), in the precision of the activations.
/// - Source: Fan & Wang, NeurIPS 2020 (conjugate kernel); Lee et al., ICLR 2018 (NNGP).
/// - Differs from: theory, which divides by the width or folds it into the weights' variance; no distance
///   or alignment sees the factor, except through the bias.
public func conjugateKernel<Scalar: RealScalar>(
  of activations: Matrix<Scalar>, hasBias: Bool = true, memoryBudget: Int = defaultMemoryBudget
) throws(MeasureError) -> Matrix<Scalar> {
  let measure = "conjugateKernel"
  try requireRows([activations], atLeast: 1, measure: measure)
  try requireMemory(
    activations.rowCount * activations.rowCount * MemoryLayout<Scalar>.size,
    budget: memoryBudget, measure: measure)
  try requireFinite([activations], measure: measure)
  var kernel = activations.rowGram
  if hasBias { kernel = kernel.map { $0 + 1 } }
  return kernel
}

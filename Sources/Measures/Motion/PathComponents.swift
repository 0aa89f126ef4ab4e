internal import Foundation

/// The principal components of a path through weight space.
public struct PathComponents: Sendable, Equatable {
  /// The share of each component in the variance of the records, descending; they add up to 1.
  public var fractions: [Double]
  /// The place of each record along the leading components, `[records, components]`, in the unit of the weights.
  ///
  /// The sign of each column is such that the path ends on its positive side.
  public var scores: Matrix<Double>
  /// Σ ‖w_t − w̄‖², in squared units of the weights.
  public var totalVariation: Double

  /// (Σλ)²/Σλ², how many components share the variance.
  public var participationRatio: Double {
    1 / fractions.reduce(0) { $0 + $1 * $1 }
  }
}

/// The principal components of a path, from the Gram matrix of its centred records.
///
/// **A random walk in many dimensions has components too**: its scores are cosines cos(πk t/T), which look like arcs and
/// orbits when plotted against each other, with the fractions of ``randomWalkFraction(ofComponent:recordCount:)``, 0.61, 0.15, 0.07, …
/// and a participation ratio of 5/2. Compare with these before seeing a shape in a plot.
///
/// ```swift
/// let components = try pathComponents(of: path, count: 2)
/// for k in 0..<2 { print(components.fractions[k], randomWalkFraction(ofComponent: k + 1)) }
/// ```
///
/// - Shapes: `path` is `[T, n]`, T records.
/// - Parameter count: the number of components with scores; fewer where the path has fewer directions.
/// - Throws: `MeasureError.tooFewSamples` below two records, `.nonFiniteInput`, `.outOfRange`, `.undefined` where
///   nothing moves.
/// - Complexity: O(T n m + m³) time with m = min(T, n), O(T n) memory.
/// - Source: Antognini & Sohl-Dickstein, NeurIPS 2018 (PCA of high dimensional random walks with comparison to
///   neural network training).
public func pathComponents(
  of path: some SampleMatrix, count: Int = 10
) throws(MeasureError) -> PathComponents {
  let measure = "pathComponents"
  try requireCount(count, named: "count", measure: measure)
  let rows = try motionRows(of: path, atLeast: 2, measure: measure)
  return try components(of: rows, count: count, measure: measure).path
}

/// The share of a component of a random walk in many dimensions.
///
/// 6/(π²k²) for a walk of many records; for T records exactly 3/(T² − 1)/(1 − cos(πk/T)), and 0 from k = T on.
///
/// - Parameter component: k, from 1.
/// - Parameter recordCount: T; nil takes the limit.
/// - Source: Antognini & Sohl-Dickstein, NeurIPS 2018, Eq. 10 (the limit); that of T records is the spectrum
///   of the second difference with free ends, whose inverse is the covariance of a centred walk.
public func randomWalkFraction(ofComponent component: Int, recordCount: Int? = nil) -> Double {
  precondition(component >= 1, "randomWalkFraction: component \(component) is below 1")
  let k = Double(component)
  guard let recordCount else { return 6 / (Double.pi * Double.pi * k * k) }
  guard component < recordCount else { return 0 }
  let records = Double(recordCount)
  // 1 − cos x = 2 sin² x/2 keeps its digits.
  let sine = sin(Double.pi * k / (2 * records))
  return 3 / (records * records - 1) / (2 * sine * sine)
}

/// The components of a random walk in many dimensions that was recorded at given steps, its updates independent and alike.
///
/// What ``pathComponents(of:count:)`` of a path that is not recorded evenly is to be compared with: early records that are close in
/// time are close in the walk too, so that its scores are no cosines and its fractions not those of
/// ``randomWalkFraction(ofComponent:recordCount:)``, which they are where steps are evenly spaced. In the limit of many
/// dimensions, where ⟨w_s, w_t⟩ is the number of updates before the earlier record.
///
/// ```swift
/// let walk = try randomWalkComponents(atSteps: checkpoints.map(\.step), count: 2)
/// ```
///
/// - Parameter steps: increasing, at least two.
/// - Returns: scores and total variation of updates of length 1.
/// - Throws: `MeasureError.tooFewSamples`, `.notIncreasing`, `.outOfRange`.
/// - Complexity: O(T³).
/// - Source: Antognini & Sohl-Dickstein, NeurIPS 2018, for even steps.
public func randomWalkComponents(
  atSteps steps: [Int], count: Int = 10
) throws(MeasureError) -> PathComponents {
  let measure = "randomWalkComponents"
  guard let first = steps.first, steps.count >= 2 else {
    throw .tooFewSamples(measure: measure, found: steps.count, needed: 2)
  }
  for index in steps.indices.dropFirst() where steps[index] <= steps[index - 1] {
    throw .notIncreasing(measure: measure, array: "steps", index: index)
  }
  var products = Matrix<Double>(rowCount: steps.count, columnCount: steps.count)
  for row in steps.indices {
    for column in steps.indices {
      products[row, column] = Double(min(steps[row], steps[column]) - first)
    }
  }
  return try components(ofProducts: products, count: count, measure: measure)
}

/// The principal components of a path from the inner products of its records, of which any one may be 0.
///
/// The same as ``pathComponents(of:count:)`` where a path is too large to be held.
///
/// - Shapes: `products` is `[T, T]`, ⟨w_s − c, w_t − c⟩ for any c, such as those of
///   ``pathProducts(recordCount:blockLength:record:)``.
/// - Throws: `MeasureError.tooFewSamples`, `.rowCountMismatch`, `.nonFiniteInput`, `.outOfRange`, `.undefined` where nothing
///   moves.
/// - Complexity: O(T³).
public func pathComponents(
  ofProducts products: Matrix<Double>, count: Int = 10
) throws(MeasureError) -> PathComponents {
  let measure = "pathComponents"
  guard products.rowCount == products.columnCount else {
    throw .rowCountMismatch(
      measure: measure, first: products.rowCount, second: products.columnCount)
  }
  guard products.rowCount >= 2 else {
    throw .tooFewSamples(measure: measure, found: products.rowCount, needed: 2)
  }
  try requireFinite([products], measure: measure)
  return try components(ofProducts: products, count: count, measure: measure)
}

/// Components from inner products around any point.
private func components(
  ofProducts products: Matrix<Double>, count: Int, measure: String
) throws(MeasureError) -> PathComponents {
  try requireCount(count, named: "count", measure: measure)
  let records = products.rowCount
  let means = (0..<records).map { products.row($0).reduce(0, +) / Double(records) }
  let mean = means.reduce(0, +) / Double(records)
  var centered = products
  for row in 0..<records {
    for column in 0..<records { centered[row, column] += mean - means[row] - means[column] }
  }
  let total = (0..<records).reduce(0) { $0 + centered[$1, $1] }
  let size = (0..<records).reduce(0) { $0 + products[$1, $1] }
  guard total > 64 * .ulpOfOne * size else {
    throw .undefined(measure: measure, reason: "the path does not move")
  }
  let spectrum = try decomposing(measure) { () throws(NumericsError) in
    try SymmetricEigendecomposition(of: centered)
  }
  let values = spectrum.values.reversed().map { max(0, $0) }
  // What is below rounding of the largest is no direction.
  let kept = values.prefix(count).prefix { $0 > 1e-13 * values[0] }.count
  var scores = spectrum.vectors.selectingColumns((0..<kept).map { records - 1 - $0 })
  for component in 0..<kept {
    let length = values[component].squareRoot()
    let factor = scores[records - 1, component] < 0 ? -length : length
    for row in 0..<records { scores[row, component] *= factor }
  }
  let sum = values.reduce(0, +)
  return PathComponents(
    fractions: values.map { $0 / sum }, scores: scores, totalVariation: total)
}

// MARK: - For measures in the space of components

/// Components with what leads back to the weights.
struct PathSpace {
  let path: PathComponents
  let mean: [Double]
  /// Unit directions of the components with scores, `[components, n]`.
  let directions: Matrix<Double>
}

func components(
  of rows: Matrix<Double>, count: Int, measure: String
) throws(MeasureError) -> PathSpace {
  let (records, columns) = (rows.rowCount, rows.columnCount)
  var means = [Double](repeating: 0, count: columns)
  for row in 0..<records {
    for (column, value) in rows.row(row).enumerated() { means[column] += value / Double(records) }
  }
  var centered = rows
  centered.withUnsafeMutableBufferPointer { values in
    for index in values.indices { values[index] -= means[index % columns] }
  }
  let total = dot(centered.values, centered.values)
  guard total > 64 * .ulpOfOne * .ulpOfOne * dot(rows.values, rows.values) else {
    throw .undefined(measure: measure, reason: "the path does not move")
  }
  let isWide = columns > records
  let gram = isWide ? centered.rowGram : centered.columnGram
  let spectrum = try decomposing(measure) { () throws(NumericsError) in
    try SymmetricEigendecomposition(of: gram)
  }
  let values = spectrum.values.reversed().map { max(0, $0) }
  // What is below rounding of the largest is no direction.
  let kept = values.prefix(count).prefix { $0 > 1e-13 * values[0] }.count
  let size = gram.rowCount
  let vectors = spectrum.vectors.selectingColumns((0..<kept).map { size - 1 - $0 })
  var scores = isWide ? vectors : centered.multiplied(by: vectors)
  var directions =
    isWide ? vectors.multiplied(by: centered, transposingSelf: true) : vectors.transposed
  for component in 0..<kept {
    let scale = values[component].squareRoot()
    let end = scores[records - 1, component]
    let sign = end < 0 ? -1.0 : 1.0
    for row in 0..<records { scores[row, component] *= isWide ? sign * scale : sign }
    for column in 0..<columns { directions[component, column] *= isWide ? sign / scale : sign }
  }
  let sum = values.reduce(0, +)
  return PathSpace(
    path: PathComponents(
      fractions: values.map { $0 / sum }, scores: scores, totalVariation: total),
    mean: means, directions: directions)
}

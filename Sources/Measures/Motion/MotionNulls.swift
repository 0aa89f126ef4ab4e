/// A random walk from 0 with independent standard normal updates: what a path is compared with.
///
/// ```swift
/// let null = try nullValues(drawCount: 99, key: key) { key throws(MeasureError) in
///   let walk = randomWalk(stepCount: 200, dimension: 1000, key: key)
///   return try sharedSphere(of: walk).residualFraction
/// }
/// ```
///
/// - Shapes: `[stepCount + 1, dimension]`; row 0 is 0.
/// - Complexity: O(stepCount · dimension).
/// - Source: definition.
public func randomWalk(stepCount: Int, dimension: Int, key: RandomKey) -> Matrix<Double> {
  autoregressiveWalk(stepCount: stepCount, dimension: dimension, coefficient: 0, key: key)
}

/// A walk from 0 whose updates remember the last, d_t = φ d_{t−1} + √(1 − φ²) ε_t with standard normal ε: what momentum makes
/// of noise.
///
/// Every weight's updates have variance 1 at every step, the first included, and correlation φ^ℓ at lag ℓ.
///
/// - Shapes: `[stepCount + 1, dimension]`; row 0 is 0.
/// - Parameter coefficient: φ, the momentum; above −1 and below 1.
/// - Complexity: O(stepCount · dimension).
public func autoregressiveWalk(
  stepCount: Int, dimension: Int, coefficient: Double, key: RandomKey
) -> Matrix<Double> {
  precondition(
    stepCount >= 0 && dimension >= 0 && abs(coefficient) < 1,
    "walk: \(stepCount) steps, \(dimension) dimensions, coefficient \(coefficient)")
  var noise: [Double] = key.normal(count: stepCount * dimension)
  let share = (1 - coefficient * coefficient).squareRoot()
  for index in noise.indices.dropFirst(dimension) {
    noise[index] = coefficient * noise[index - dimension] + share * noise[index]
  }
  var path = Matrix<Double>(rowCount: stepCount + 1, columnCount: dimension)
  path.withUnsafeMutableBufferPointer { path in
    for index in noise.indices { path[index + dimension] = path[index] + noise[index] }
  }
  return path
}

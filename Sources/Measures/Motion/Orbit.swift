internal import Foundation

/// How a path turns in the plane of its two leading components.
///
/// With z = x + iy the place in that plane relative to the mean.
public struct Orbit: Sendable, Equatable, Codable {
  /// γ = |Σ z_t z̄_{t−1}|/√(Σ|z_t|² Σ|z_{t−1}|²) in 0...1; 1 where every step turns by one angle.
  ///
  /// Also near 1 for any slow path: never evidence by itself.
  public var coherence: Double
  /// A = ½ Σ (x_t y_{t+1} − x_{t+1} y_t), in squared units of the weights. Which sense is positive follows from
  /// signs of components and means nothing by itself.
  public var signedArea: Double
  /// Δφ = Σ arg(z_{t+1} z̄_t), in radians.
  public var phaseAdvance: Double
  /// The share of steps that turn in the sense of the whole.
  public var forwardFraction: Double
  /// 2|A|/(⟨|z|²⟩ |Δφ|): 1 on a circle, less on an ellipse; 0 where the phase does not advance.
  public var roundness: Double
  /// The share of the two components in the variance of the path.
  public var planeFraction: Double

  /// |Δφ|/2π.
  public var turns: Double { abs(phaseAdvance) / (2 * .pi) }

  /// Whether the phase advances at every step, by two turns or more in all, and the roundness is above 0.8.
  public var isOrbit: Bool { forwardFraction == 1 && turns >= 2 && roundness > 0.8 }
}

/// Whether a path goes around in circles, in the plane of the two leading components of what of it lies in a band of
/// frequencies.
///
/// A gradient flow in a potential at rest has no closed orbits: what keeps turning is out of equilibrium.
/// **Noise in a band turns too**, and in many dimensions the two leading components of a narrow band are a cosine and a sine by
/// construction: of random walks in 64 dimensions all count as orbits in a band of one frequency of 128 updates, and 0.11 in one of
/// nine; with momentum 0.9 that is 0.79. This describes a shape. That there is an orbit takes a peak of
/// ``spectralPeaks(of:windowLength:coefficient:level:surrogateCount:key:)`` in the band, and walks of
/// ``autoregressiveWalk(stepCount:dimension:coefficient:key:)`` that do not show it.
///
/// ```swift
/// let found = try orbit(of: sketch, frequencies: 0.02...0.06)
/// print(found.isOrbit, found.turns, found.roundness)
/// ```
///
/// - Shapes: `path` is `[T, n]`; with a band T is a power of two and one.
/// - Parameter frequencies: as ``bandPassed(_:frequencies:)`` has it; nil takes the path as it is.
/// - Throws: `MeasureError.tooFewSamples` below 5 records, `.nonFiniteInput`, `.outOfRange`, `.undefined` where
///   nothing moves in the band.
/// - Complexity: that of ``pathComponents(of:count:)``, and O(T n log T) with a band.
/// - Source: this package's.
/// - Differs from: nothing published; the coherence divides by both sums, so that a circle has exactly 1.
public func orbit(
  of path: some SampleMatrix, frequencies: ClosedRange<Double>? = nil
) throws(MeasureError) -> Orbit {
  let measure = "orbit"
  let rows: Matrix<Double>
  if let frequencies {
    rows = try bandPassed(path, frequencies: frequencies)
  } else {
    rows = try motionRows(of: path, atLeast: 5, measure: measure)
  }
  let components = try components(of: rows, count: 2, measure: measure).path
  let plane = components.scores
  let x = plane.column(0)
  let y = plane.columnCount > 1 ? plane.column(1) : x.map { _ in 0 }
  var (real, imaginary, area, phase) = (0.0, 0.0, 0.0, 0.0)
  var turns = [Double]()
  for t in 1..<x.count {
    let along = x[t] * x[t - 1] + y[t] * y[t - 1]
    let across = x[t - 1] * y[t] - x[t] * y[t - 1]
    real += along
    imaginary += across
    area += across / 2
    turns.append(along == 0 && across == 0 ? 0 : atan2(across, along))
    phase += turns[t - 1]
  }
  let squares = zip(x, y).map { $0 * $0 + $1 * $1 }
  let (later, earlier) = (
    squares.dropFirst().reduce(0, +), squares.dropLast().reduce(0, +)
  )
  let meanSquare = squares.reduce(0, +) / Double(squares.count)
  return Orbit(
    coherence: min(
      1, (real * real + imaginary * imaginary).squareRoot() / (later * earlier).squareRoot()),
    signedArea: area, phaseAdvance: phase,
    forwardFraction: Double(turns.count { $0 * phase > 0 }) / Double(turns.count),
    roundness: phase == 0 ? 0 : 2 * abs(area) / (meanSquare * abs(phase)),
    planeFraction: components.fractions.prefix(2).reduce(0, +))
}

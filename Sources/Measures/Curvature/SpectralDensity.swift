internal import Foundation

/// Where the eigenvalues of a symmetric operator lie, from random probes.
///
/// Each probe is a Gauss quadrature of the spectrum as seen from one random vector: the mean over probes
/// estimates sums over all eigenvalues, and the spread between probes is the error.
public struct SpectralDensity: Sendable, Equatable, Codable {
  /// A node of a quadrature.
  public struct Node: Sendable, Equatable, Codable {
    /// Where it lies.
    public var eigenvalue: Double
    /// The share of the spectrum that it stands for; those of a probe add up to 1.
    public var weight: Double
  }

  /// The nodes of each probe, by rising eigenvalue.
  public var probes: [[Node]]
  /// The number of eigenvalues that there are.
  public var dimension: Int

  /// The outermost nodes: close to the smallest and largest eigenvalue, and never beyond them but for
  /// rounding.
  public var range: ClosedRange<Double> {
    let values = probes.joined().map(\.eigenvalue)
    return (values.min() ?? 0)...(values.max() ?? 0)
  }

  /// (1/n) Σ f(λ) over all eigenvalues.
  ///
  /// Exact within the error of the probes for polynomials of degree below twice the number of steps;
  /// good for functions that are smooth over the distance between nodes.
  ///
  /// - Throws: `MeasureError.nonFiniteInput` where f is not finite at a node.
  public func average(of function: (Double) -> Double) throws(MeasureError) -> Estimate {
    try Estimate(
      meanOf: probes.map { nodes in
        nodes.reduce(0) { $0 + $1.weight * function($1.eigenvalue) }
      }, measure: "spectralDensity")
  }

  /// The density at x, each eigenvalue spread out as a normal distribution.
  ///
  /// - Units: share of the eigenvalues per unit of eigenvalue.
  /// - Parameter width: the standard deviation of the distribution; below the distance between nodes
  ///   the result shows the nodes, not the spectrum.
  /// - Throws: `MeasureError.outOfRange` for a width that is not positive, `.nonFiniteInput`.
  public func density(at x: Double, width: Double) throws(MeasureError) -> Estimate {
    guard width > 0 else {
      throw .outOfRange(
        measure: "spectralDensity", what: "the width", value: width, expected: "a positive number")
    }
    let height = 1 / (width * (2 * Double.pi).squareRoot())
    return try average { eigenvalue in
      let distance = (x - eigenvalue) / width
      return height * exp(-distance * distance / 2)
    }
  }

  /// The share of eigenvalues above x; of a Hessian, `fraction(above: 0)` is that of the directions that
  /// curve upwards.
  ///
  /// - Throws: `MeasureError.nonFiniteInput` where an eigenvalue is not finite.
  public func fraction(above x: Double) throws(MeasureError) -> Estimate {
    try average { $0 > x ? 1 : 0 }
  }

  /// The sum of all eigenvalues.
  ///
  /// - Units: those of the eigenvalues.
  /// - Throws: `MeasureError.nonFiniteInput` where an eigenvalue is not finite.
  public func trace() throws(MeasureError) -> Estimate {
    var result = try average { $0 }
    result.value *= Double(dimension)
    result.standardError *= Double(dimension)
    return result
  }
}

/// The density of the eigenvalues of a symmetric operator, by stochastic Lanczos quadrature.
///
/// For a random vector v of signs, Lanczos's tridiagonal matrix T from v has eigenvalues θ_i and unit
/// eigenvectors s_i, and Σ (s_i)₁² f(θ_i) estimates (1/n) tr f(A).
///
/// ```swift
/// let density = try spectralDensity(of: snapshot.hessian(on: data.train), key: key)
/// let curve = try (-50...50).map { try density.density(at: Double($0), width: 0.5).value }
/// ```
///
/// - Parameter stepCount: products for each probe, and so the number of nodes; 80 resolve the bulk and
///   separate the outliers of the Hessians of networks.
/// - Parameter probeCount: at least 2. The error falls with its root.
/// - Parameter memoryBudget: bytes that the bases may take: 8 × dimension × steps for each thread.
/// - Parameter workers: threads that share the probes; for operators that use one themselves.
/// - Throws: `MeasureError.outOfRange`, `.tooFewSamples`, and what the operator throws.
/// - Complexity: probes × steps products, and O(dimension × steps²) time a probe.
/// - Source: Golub & Meurant 1994; Ubaru, Chen & Saad, SIAM J. Matrix Anal. 38, 1075 (2017); for
///   networks, Ghorbani, Krishnan & Xiao, ICML 2019.
/// - Differs from: the last, who blur by a width of their own choice: widths are asked for afterwards
///   here, and quadratures of different probes are kept apart so that there is an error.
public func spectralDensity(
  of op: SymmetricOperator, stepCount: Int = 80, probeCount: Int = 10,
  memoryBudget: Int = defaultMemoryBudget, workers: Workers? = nil, key: RandomKey
) throws -> SpectralDensity {
  let measure = "spectralDensity"
  guard probeCount >= 2 else {
    throw MeasureError.tooFewSamples(measure: measure, found: probeCount, needed: 2)
  }
  guard stepCount >= 1 else {
    throw MeasureError.outOfRange(
      measure: measure, what: "the number of steps", value: Double(stepCount),
      expected: "at least 1")
  }
  let threads = min(probeCount, workers?.threadCount ?? 1)
  let steps = min(stepCount, op.dimension)
  try requireMemory(
    8 * op.dimension * (steps + 1) * threads, budget: memoryBudget, measure: measure)
  let probes = try mapped(count: probeCount, workers: workers) { probe in
    let key = key.fork(probe)
    var lanczos = Lanczos(
      dimension: op.dimension, capacity: steps, start: key.signs(count: op.dimension),
      key: key.fork("restarts"))
    // Within an invariant subspace the quadrature is exact.
    while lanczos.stepCount < steps && !lanczos.isInvariant { try lanczos.step(op) }
    let pairs = try lanczos.ritzPairs(measure: measure)
    return pairs.values.enumerated().map { index, value in
      let first = pairs.vectors[0, index]
      return SpectralDensity.Node(eigenvalue: value, weight: first * first)
    }
  }
  return SpectralDensity(probes: probes, dimension: op.dimension)
}

/// The geometry of manifolds that a linear read-out of all of them at once meets.
public struct GlueGeometry: Sendable, Equatable, Codable {
  /// α = P / ⟨a⟩.
  public var capacity: Estimate
  /// D = ⟨b⟩ / P.
  public var dimension: Estimate
  /// R = √(⟨c⟩ / ⟨b − c⟩).
  public var radius: Estimate
  /// Ψ = ⟨c⟩ / ⟨a⟩: the part of the read-out's work that the shapes of the manifolds explain.
  public var utility: Estimate
  /// How the centres of anchors, their means over draws, point in common directions.
  public var centerAlignment: Alignment
  /// How the axes of anchors, their deviations from the centres at a draw, do.
  public var axesAlignment: Alignment
  /// How the centres of some manifolds and the axes of others do.
  public var centerAxesAlignment: Alignment
  /// The mean number of points that carry weight.
  public var meanSupportCount: Double
  /// The share of draws whose dichotomy nothing but V = 0 solves. The weights of points, and with them the
  /// anchors, are then not unique: where the share is not small, only `capacity` is well defined.
  public var unsolvableFraction: Double
}

/// A mean over pairs of different manifolds, in each of the conventions that are in use.
public struct Alignment: Sendable, Equatable, Codable {
  /// The mean |cosine|, in 0...1.
  public var absoluteCosine: Estimate
  /// The mean |product|, in squared units of the features.
  public var absoluteProduct: Estimate
  /// The mean cosine, in −1...1.
  public var signedCosine: Estimate
}

/// Capacity, dimension, radius, utility and alignments of manifolds from one joint cone projection
/// per probe (GLUE).
///
/// A probe t of independent standard normal numbers and a dichotomy y are projected on the cone of all
/// points y_i z: V = argmin ‖V − t‖² with y_i V·z ≥ 0. The anchor s_i is the combination of the points of
/// manifold i in t − V, divided by the sum of its weights, or 0 where it has none. With S the P anchors in
/// rows, S₀ its mean over draws and S₁ = S − S₀:
/// a = (St)ᵀ(SSᵀ)†(St) = ‖t − V‖², b = (S₁t)ᵀ(S₁S₁ᵀ)†(S₁t), c = (S₁t)ᵀ(S₀S₀ᵀ + S₁S₁ᵀ)†(S₁t). Then
/// α = Ψ (1 + R⁻²) / D exactly.
///
/// - Shapes: P ≥ 2 manifolds in N features.
/// - Units: capacity in classes per dimension; dimension in dimensions; radius in units of the length of
///   anchor centres; utility without unit. Errors are of first order and take S₀ as known.
/// - Parameter isCentered: whether the mean of all points is taken out first; not by default.
/// - Parameter drawCount: 200 by default: errors of about 2, 1.3, 0.5 and 1.4 % of capacity, dimension,
///   radius and utility.
/// - Parameter key: probes and dichotomies depend on the key, the number of features and of manifolds alone,
///   so that layers of one width and checkpoints share them.
/// - Throws: `MeasureError.tooFewSamples` for fewer than 2 draws, `.undefined` where all probes solve their
///   dichotomies by themselves or anchors do not vary, `.numerics`.
/// - Complexity: O((ΣM)² N) once, then O(ΣM (N + support · steps) + P³) per draw. Products of points are
///   stored up to 4,096 points and computed as needed beyond.
/// - Source: Chou, Le, Wang & Chung, arXiv 2503.18114 (ICML 2025), appendix, algorithm 2.
/// - Differs from: the mean-field radius and dimension of ``ManifoldGeometry``, which are other quantities.
public func glueGeometry(
  of manifolds: Manifolds, dichotomies: Dichotomies = .random, isCentered: Bool = false,
  drawCount: Int = 200, workers: Workers? = nil, key: RandomKey
) throws(MeasureError) -> GlueGeometry {
  guard drawCount >= 2 else {
    throw .tooFewSamples(measure: "\(measure): drawCount", found: drawCount, needed: 2)
  }
  let joint = JointPoints(manifolds, isCentered: isCentered)
  let probes = GlueProbes(
    featureCount: manifolds.featureCount, manifoldCount: manifolds.count, drawCount: drawCount,
    dichotomies: dichotomies, key: key)
  let draws = try jointAnchors(joint, probes, workers: workers)
  let centers = anchorCenters(joint, draws)
  let blocks = try concurrentMap(count: probes.blockCount, workers: workers) {
    block throws(MeasureError) in
    let along = probes.probes(inBlock: block)
    return try decomposing(measure) { () throws(NumericsError) in
      try probes.draws(inBlock: block).enumerated().map { row, draw throws(NumericsError) in
        try GlueDraw(
          anchors: draws[draw].anchors(joint), centers: centers, probe: Array(along.row(row)),
          squaredDistance: draws[draw].squaredDistance)
      }
    }
  }
  return try summarized(blocks.flatMap { $0 }, draws, manifoldCount: manifolds.count)
}

private let measure = "glueGeometry"

// MARK: - Draws

/// The random numbers of all draws, in blocks that do not depend on threads.
private struct GlueProbes: Sendable {
  let featureCount: Int
  let manifoldCount: Int
  let drawCount: Int
  let dichotomies: Dichotomies
  let key: RandomKey

  var blockCount: Int { (drawCount + 15) / 16 }

  func draws(inBlock block: Int) -> Range<Int> { 16 * block..<min(drawCount, 16 * (block + 1)) }

  func probes(inBlock block: Int) -> Matrix<Double> {
    let draws = draws(inBlock: block)
    return Matrix(rowCount: draws.count, columnCount: featureCount) {
      key.fork("probes").fillNormal($0, startingAt: draws.lowerBound * featureCount)
    }
  }

  func signs(draw: Int) -> [Double] {
    dichotomies.signs(draw: draw, manifoldCount: manifoldCount, key: key.fork("dichotomies"))
  }
}

private func jointAnchors(
  _ joint: JointPoints, _ probes: GlueProbes, workers: Workers?
) throws(MeasureError) -> [JointAnchors] {
  let products = PointProducts(of: joint.points)
  return try concurrentMap(count: probes.blockCount, workers: workers) {
    block throws(MeasureError) in
    var solver = ActiveSetSolver(products)
    let along = probes.probes(inBlock: block).multiplied(by: joint.points, transposingOther: true)
    var result = [JointAnchors]()
    do throws(NumericsError) {
      for (row, draw) in probes.draws(inBlock: block).enumerated() {
        let sides = probes.signs(draw: draw)
        result.append(
          try JointAnchors(
            &solver, alongPoints: Array(along.row(row)), signs: joint.owners.map { sides[$0] },
            owners: joint.owners, manifoldCount: joint.ranges.count))
      }
    } catch {
      throw .numerics(measure: measure, error)
    }
    return result
  }.flatMap { $0 }
}

/// S₀, the mean anchor of each manifold.
private func anchorCenters(_ joint: JointPoints, _ draws: [JointAnchors]) -> Matrix<Double> {
  var shares = [Double](repeating: 0, count: joint.points.rowCount)
  for draw in draws {
    for (point, share) in zip(draw.support, draw.shares) {
      shares[point] += share / Double(draws.count)
    }
  }
  return Matrix(
    rows: joint.ranges.map { range in
      joint.points.selectingRows(range).multiplied(by: Array(shares[range]), transposingSelf: true)
    })
}

// MARK: - From draws to figures

private func summarized(
  _ draws: [GlueDraw], _ anchors: [JointAnchors], manifoldCount: Int
) throws(MeasureError) -> GlueGeometry {
  let count = Double(manifoldCount)
  let a = try Estimate(meanOf: draws.map(\.total), measure: measure)
  let b = try Estimate(meanOf: draws.map(\.axes), measure: measure)
  let c = try Estimate(meanOf: draws.map(\.shared), measure: measure)
  guard a.value > 0 else {
    throw .undefined(
      measure: measure, reason: "every probe solved its dichotomy by itself; ask for more draws")
  }
  guard b.value > 0, c.value > 0, b.value - c.value > 1e-14 * b.value else {
    throw .undefined(
      measure: measure, reason: "the anchors do not vary, so that they have no dimension or radius")
  }
  let radius = (c.value / (b.value - c.value)).squareRoot()
  // Errors of quotients of means: the relative deviations of both, draw by draw.
  let radiusError = try Estimate(
    meanOf: draws.map { $0.shared / c.value - ($0.axes - $0.shared) / (b.value - c.value) },
    measure: measure
  ).standardError
  let utilityError = try Estimate(
    meanOf: draws.map { $0.shared / c.value - $0.total / a.value }, measure: measure
  ).standardError
  let utility = c.value / a.value
  func estimate(_ value: Double, _ error: Double) -> Estimate {
    Estimate(value: value, standardError: error, sampleCount: draws.count)
  }
  return GlueGeometry(
    capacity: estimate(count / a.value, count * a.standardError / (a.value * a.value)),
    dimension: estimate(b.value / count, b.standardError / count),
    radius: estimate(radius, radius * radiusError / 2),
    utility: estimate(utility, utility * utilityError),
    centerAlignment: try Alignment(draws.map(\.centers)),
    axesAlignment: try Alignment(draws.map(\.axesPairs)),
    centerAxesAlignment: try Alignment(draws.map(\.centerAxes)),
    meanSupportCount: anchors.reduce(0) { $0 + Double($1.support.count) } / Double(anchors.count),
    unsolvableFraction: Double(draws.count { $0.isUnsolvable }) / Double(draws.count))
}

extension Alignment {
  fileprivate init(_ draws: [PairMeans]) throws(MeasureError) {
    absoluteCosine = try Estimate(meanOf: draws.map(\.absoluteCosine), measure: measure)
    absoluteProduct = try Estimate(meanOf: draws.map(\.absoluteProduct), measure: measure)
    signedCosine = try Estimate(meanOf: draws.map(\.signedCosine), measure: measure)
  }
}

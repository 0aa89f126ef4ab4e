/// How many classes per dimension a linear read-out can tell apart, and the size and dimension of the
/// clouds of points that decide it.
public struct ManifoldCapacity: Sendable, Equatable, Codable {
  /// α: dichotomies are solvable up to about P/N = α. The harmonic mean over manifolds.
  public var capacity: Estimate
  /// R: the spread of anchor points in units of the centre's length. The mean over manifolds.
  public var radius: Estimate
  /// D (mean cosine)²: the mean over manifolds. See ``ManifoldGeometry/meanCosineDimension``.
  public var meanCosineDimension: Estimate
  /// ⟨(t·ŝ)²⟩: the mean over manifolds. See ``ManifoldGeometry/anchorDimension``.
  public var anchorDimension: Estimate
  /// The mean over pairs of |cosine| between centres, before directions were taken out.
  public var centerCorrelation: Double
  /// The same after.
  public var residualCenterCorrelation: Double
  /// The number K of directions that were taken out.
  public var removedRank: Int
  /// The correlation for each K that was tried, from 0 on: how firm the choice of K is.
  public var removalSteps: [CenterRemovalStep]
  /// The manifolds one by one, in the order of their labels.
  public var manifolds: [ManifoldGeometry]
}

/// Capacity, radius and dimension of one manifold.
public struct ManifoldGeometry: Sendable, Equatable, Codable {
  /// The label of the manifold.
  public var label: Int
  /// The number of its points.
  public var pointCount: Int
  /// α of a task in which all manifolds are like this one.
  public var capacity: Estimate
  /// R = √⟨‖s̃ − ⟨s̃⟩‖²⟩ of the anchor points s̃, in units of the centre's length.
  public var radius: Estimate
  /// D ⟨t̂·ŝ⟩² with unit vectors in D = min(features, points) coordinates: the published implementation's.
  public var meanCosineDimension: Estimate
  /// ⟨(t·ŝ)²⟩ with t as drawn: the definition of 2018. The two agree where dimensions are high.
  public var anchorDimension: Estimate
  /// The distance of the manifold's centre from the mean of all points.
  public var centerLength: Double
  /// What the directions taken out left of it, as a fraction. Where it is small the unit of `radius` is
  /// small and all figures of this manifold are dominated by that: see ``isCenterWeak``.
  public var residualCenterFraction: Double
  /// The mean number of points that an anchor combines.
  public var meanSupportCount: Double

  /// Whether less than a twentieth is left of the centre.
  public var isCenterWeak: Bool { residualCenterFraction < weakCenterFraction }
}

/// The mean-field capacity, radius and dimension of manifolds.
///
/// Points are taken relative to the mean of all points; the K directions that the centres share are taken
/// out (see ``CenterRemoval``); each manifold is taken relative to its own centre c and divided by ‖c‖.
/// With points s extended by a last coordinate 1 and probes T of independent standard normal
/// numbers, 1/α = ⟨min ‖V − T‖²⟩ over V with s·V ≤ −κ for all points: with T' = T + κ in the last
/// coordinate, the squared length of T' projected on the cone of the points. The anchor s̃ of a probe is
/// that projection divided by its last coordinate; where the probe meets the conditions by itself, the
/// point with the largest projection.
///
/// - Shapes: P ≥ 2 manifolds in N features, each with its own number of points; N may be larger or
///   smaller than both.
/// - Units: capacity in classes per dimension (2 for points, less for larger manifolds); radius in
///   units of the centre's length; dimensions in dimensions. Errors are those of the finite number of
///   probes; that the points are a sample of the manifold is not in them.
/// - Parameter margin: κ. 0 by default: separation without a margin.
/// - Parameter centers: which directions are taken out; `.stable()` by default, which does not jump where
///   the data hardly change.
/// - Parameter drawCount: the number of probes per manifold. 300 by default: errors of 1.5 to 3 % for ten
///   manifolds.
/// - Parameter targetRelativeError: where given, probes are added until the standard error of capacity
///   is at most this times capacity, or `maximumDrawCount` is reached; `sampleCount` says how many.
/// - Parameter key: probes lie in the space of features and depend on the key, the label and the
///   number of features alone: checkpoints measured with one key share them, so that differences are more
///   precise than either (``capacityDifference(between:and:margin:centers:drawCount:workers:key:)``).
/// - Throws: `MeasureError.undefined` for a centre at the mean of all points, or of which the directions
///   taken out leave nothing; `.outOfRange` for options; `.numerics` where a projection fails.
/// - Complexity: per manifold O(M²N) once and O(MN + support · M + support²) per probe and step.
/// - Source: Chung, Lee & Sompolinsky, Phys. Rev. X 8, 031003 (2018); Cohen, Chung, Lee & Sompolinsky, Nat.
///   Commun. 11, 746 (2020), whose published code the options named after it follow.
/// - Differs from: that code, which draws probes within the span of each manifold (equal in
///   distribution), gives no errors, fails for P ≤ 6 and N < P − 1, and solves each projection as a general
///   quadratic program.
public func manifoldCapacity(
  of manifolds: Manifolds, margin: Double = 0, centers: CenterRemoval = .stable(),
  drawCount: Int = 300, targetRelativeError: Double? = nil, maximumDrawCount: Int = 20_000,
  workers: Workers? = nil, key: RandomKey
) throws(MeasureError) -> ManifoldCapacity {
  try checkOptions(margin, drawCount, targetRelativeError, maximumDrawCount)
  let clouds = try CenteredClouds(
    manifolds, removing: centers, workers: workers, key: key.fork("centers"))
  var drawCount = drawCount
  while true {
    let samples = try anchorSamples(
      clouds, margin: margin, drawCount: drawCount, workers: workers, key: key)
    let result = try capacity(clouds, samples)
    guard let target = targetRelativeError, drawCount < maximumDrawCount else { return result }
    let reached = result.capacity.standardError / result.capacity.value
    if reached <= target { return result }
    // The error falls with the root of the number of draws; 5 % more than that asks for.
    let needed = Double(drawCount) * (reached / target) * (reached / target) * 1.05
    drawCount = min(maximumDrawCount, max(drawCount + 1, Int(min(needed, 1e9).rounded(.up))))
  }
}

/// How much larger the capacity of `second` is than that of `first`, with the error of the difference.
///
/// Both are measured with the same probes, draw by draw; what the draws have in common cancels, and the
/// error is smaller than that of either.
///
/// - Shapes: both have the same labels and number of features.
/// - Units: classes per dimension.
/// - Throws: as ``manifoldCapacity(of:margin:centers:drawCount:targetRelativeError:maximumDrawCount:workers:key:)``
///   and `MeasureError.undefined` where labels or features differ.
/// - Source: common random numbers; Glasserman, Monte Carlo Methods in Financial Engineering (2003), 4.2.
public func capacityDifference(
  between first: Manifolds, and second: Manifolds, margin: Double = 0,
  centers: CenterRemoval = .stable(), drawCount: Int = 300, workers: Workers? = nil, key: RandomKey
) throws(MeasureError) -> Estimate {
  try checkOptions(margin, drawCount, nil, drawCount)
  guard first.labels == second.labels, first.featureCount == second.featureCount else {
    throw .undefined(
      measure: "capacityDifference",
      reason: "\(first.count) manifolds in \(first.featureCount) features and \(second.count) in "
        + "\(second.featureCount) share no probes; labels and features must be the same")
  }
  var (capacities, distances) = ([Double](), [[[Double]]]())
  for manifolds in [first, second] {
    let clouds = try CenteredClouds(
      manifolds, removing: centers, workers: workers, key: key.fork("centers"))
    let samples = try anchorSamples(
      clouds, margin: margin, drawCount: drawCount, workers: workers, key: key)
    capacities.append(try capacity(clouds, samples).capacity.value)
    distances.append(samples.map(\.squaredDistances))
  }
  // dα = −α² d(1/α), draw by draw.
  let squares = capacities.map { $0 * $0 }
  let errors = try zip(distances[0], distances[1]).map { first, second throws(MeasureError) in
    try Estimate(
      meanOf: zip(first, second).map { squares[0] * $0 - squares[1] * $1 },
      measure: "capacityDifference"
    ).standardError
  }
  return Estimate(
    value: capacities[1] - capacities[0], standardError: errorOfMean(errors),
    sampleCount: drawCount)
}

// MARK: - From draws to figures

private let measure = "manifoldCapacity"

private func checkOptions(
  _ margin: Double, _ drawCount: Int, _ target: Double?, _ maximum: Int
) throws(MeasureError) {
  guard margin.isFinite, margin >= 0 else {
    throw .outOfRange(
      measure: measure, what: "margin", value: margin, expected: "a number of at least 0")
  }
  guard drawCount >= 2 else {
    throw .tooFewSamples(measure: "\(measure): drawCount", found: drawCount, needed: 2)
  }
  if let target, !(target > 0) {
    throw .outOfRange(
      measure: measure, what: "targetRelativeError", value: target, expected: "above 0")
  }
  guard maximum >= drawCount else {
    throw .outOfRange(
      measure: measure, what: "maximumDrawCount", value: Double(maximum),
      expected: "at least drawCount, \(drawCount)")
  }
}

private func anchorSamples(
  _ clouds: CenteredClouds, margin: Double, drawCount: Int, workers: Workers?, key: RandomKey
) throws(MeasureError) -> [AnchorSample] {
  let probes = key.fork("probes")
  return try concurrentMap(count: clouds.manifolds.count, workers: workers) {
    manifold throws(MeasureError) in
    try AnchorSample(
      of: clouds.extendedPoints(of: manifold), margin: margin, drawCount: drawCount,
      key: probes.fork(clouds.manifolds.labels[manifold]))
  }
}

private func capacity(
  _ clouds: CenteredClouds, _ samples: [AnchorSample]
) throws(MeasureError) -> ManifoldCapacity {
  var manifolds = [ManifoldGeometry]()
  var inverses = [Estimate]()
  for (index, sample) in samples.enumerated() {
    let inverse = try Estimate(meanOf: sample.squaredDistances, measure: measure)
    guard inverse.value > 0 else {
      throw .undefined(
        measure: measure,
        reason: "no probe of manifold \(clouds.manifolds.labels[index]) met it; ask for more draws")
    }
    inverses.append(inverse)
    manifolds.append(try geometry(clouds, index, sample, inverse))
  }
  let inverse = mean(inverses)
  let before = clouds.steps[0].meanCorrelation
  return ManifoldCapacity(
    capacity: inverted(inverse), radius: mean(manifolds.map(\.radius)),
    meanCosineDimension: mean(manifolds.map(\.meanCosineDimension)),
    anchorDimension: mean(manifolds.map(\.anchorDimension)), centerCorrelation: before,
    residualCenterCorrelation: clouds.steps[clouds.removedRank].meanCorrelation,
    removedRank: clouds.removedRank, removalSteps: clouds.steps, manifolds: manifolds)
}

private func geometry(
  _ clouds: CenteredClouds, _ index: Int, _ sample: AnchorSample, _ inverse: Estimate
) throws(MeasureError) -> ManifoldGeometry {
  let squaredRadius = try Estimate(meanOf: sample.squaredDeviations, measure: measure)
  let radius = squaredRadius.value.squareRoot()
  let cosine = try Estimate(meanOf: sample.cosines, measure: measure)
  let coordinateCount = Double(sample.coordinateCount)
  return ManifoldGeometry(
    label: clouds.manifolds.labels[index], pointCount: clouds.manifolds.pointCounts[index],
    capacity: inverted(inverse),
    radius: Estimate(
      value: radius, standardError: radius > 0 ? squaredRadius.standardError / (2 * radius) : 0,
      sampleCount: squaredRadius.sampleCount),
    meanCosineDimension: Estimate(
      value: coordinateCount * cosine.value * cosine.value,
      standardError: 2 * coordinateCount * abs(cosine.value) * cosine.standardError,
      sampleCount: cosine.sampleCount),
    anchorDimension: try Estimate(meanOf: sample.squaredProjections, measure: measure),
    centerLength: clouds.centerLengths[index],
    residualCenterFraction: clouds.residualLengths[index] / clouds.centerLengths[index],
    meanSupportCount: sample.meanSupportCount)
}

/// 1/x with the error of first order.
private func inverted(_ estimate: Estimate) -> Estimate {
  Estimate(
    value: 1 / estimate.value,
    standardError: estimate.standardError / (estimate.value * estimate.value),
    sampleCount: estimate.sampleCount)
}

/// The mean of independent estimates.
private func mean(_ estimates: [Estimate]) -> Estimate {
  Estimate(
    value: estimates.reduce(0) { $0 + $1.value } / Double(estimates.count),
    standardError: errorOfMean(estimates.map(\.standardError)),
    sampleCount: estimates[0].sampleCount)
}

private func errorOfMean(_ errors: [Double]) -> Double {
  errors.reduce(0) { $0 + $1 * $1 }.squareRoot() / Double(errors.count)
}

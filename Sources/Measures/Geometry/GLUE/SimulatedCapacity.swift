/// The capacity of manifolds as it is found by trying.
public struct SimulatedCapacity: Sendable, Equatable, Codable {
  /// P / n*.
  public var capacity: Estimate
  /// n*: the number of random dimensions in which half of the dichotomies are separable.
  public var dimension: Estimate
  /// For each trial the smallest number of dimensions in which its dichotomy is separable; nil where all
  /// features together do not separate it.
  public var smallestDimensions: [Int?]

  /// The share of trials that are separable in `dimensionCount` random dimensions.
  public func separableFraction(in dimensionCount: Int) -> Double {
    let count = smallestDimensions.count { $0.map { $0 <= dimensionCount } ?? false }
    return Double(count) / Double(smallestDimensions.count)
  }
}

/// The number of manifolds per dimension of a random projection in which half of the dichotomies can be
/// told apart by a hyperplane through the origin.
///
/// Each trial draws a dichotomy and one sequence of random directions, and finds by bisection how many of
/// the directions it needs: who can separate in n of them can in n + 1. So p(n), the share of
/// trials that need at most n, rises by itself, and n* is where it crosses ½, on the straight line between
/// whole numbers.
///
/// - Shapes: P ≥ 2 manifolds in N features.
/// - Units: capacity in classes per dimension; the error is the binomial one of p carried over to n*.
/// - Parameter trialCount: 100 by default: p is known to 5 %.
/// - Throws: `MeasureError.tooFewSamples` for fewer than 4 trials, `.undefined` where fewer than half of the
///   dichotomies are separable with all features, `.numerics`.
/// - Complexity: per trial about 2 log₂ n* tests of O((ΣM)² n) each.
/// - Source: Cover, IEEE Trans. Electron. Comput. EC-14, 326 (1965); algorithm 1 of Chou et al., arXiv
///   2503.18114.
/// - Differs from: published simulators, which draw new projections at every n, so that p(n) is noisy and
///   bisection may go astray, and which fit a support vector machine with a bias.
public func simulatedCapacity(
  of manifolds: Manifolds, dichotomies: Dichotomies = .random, isCentered: Bool = false,
  trialCount: Int = 100, workers: Workers? = nil, key: RandomKey
) throws(MeasureError) -> SimulatedCapacity {
  guard trialCount >= 4 else {
    throw .tooFewSamples(measure: "\(measure): trialCount", found: trialCount, needed: 4)
  }
  let joint = JointPoints(manifolds, isCentered: isCentered)
  let smallest = try concurrentMap(count: trialCount, workers: workers) {
    trial throws(MeasureError) in
    let sides = dichotomies.signs(
      draw: trial, manifoldCount: manifolds.count, key: key.fork("dichotomies"))
    do throws(NumericsError) {
      return try smallestDimension(
        joint, signs: joint.owners.map { sides[$0] }, key: key.fork("directions").fork(trial))
    } catch {
      throw .numerics(measure: measure, error)
    }
  }
  let separable = smallest.count { $0 != nil }
  guard 2 * separable >= trialCount else {
    throw .undefined(
      measure: measure,
      reason: "only \(separable) of \(trialCount) dichotomies are separable with all "
        + "\(manifolds.featureCount) features")
  }
  let threshold = crossing(0.5, smallest)
  let uncertainty = 0.5 / Double(trialCount).squareRoot()
  let error = (crossing(0.5 + uncertainty, smallest) - crossing(0.5 - uncertainty, smallest)) / 2
  let count = Double(manifolds.count)
  return SimulatedCapacity(
    capacity: Estimate(
      value: count / threshold, standardError: count * error / (threshold * threshold),
      sampleCount: trialCount),
    dimension: Estimate(value: threshold, standardError: error, sampleCount: trialCount),
    smallestDimensions: smallest)
}

private let measure = "simulatedCapacity"

/// How many of a sequence of random directions are needed to separate the signed points; nil where as many
/// as there are features do not.
private func smallestDimension(
  _ joint: JointPoints, signs: [Double], key: RandomKey
) throws(NumericsError) -> Int? {
  let featureCount = joint.points.columnCount
  var (below, size) = (0, 1)
  var coordinates = projected(joint.points, count: size, key: key)
  while try !isLinearlySeparable(coordinates, signs: signs) {
    guard size < featureCount else { return nil }
    (below, size) = (size, min(2 * size, featureCount))
    coordinates = projected(joint.points, count: size, key: key)
  }
  var enough = size
  while enough - below > 1 {
    let middle = (below + enough) / 2
    let isSeparable = try isLinearlySeparable(
      coordinates.selectingColumns(0..<middle), signs: signs)
    if isSeparable { enough = middle } else { below = middle }
  }
  return enough
}

/// The products of the points with the first `count` random directions of a key.
private func projected(_ points: Matrix<Double>, count: Int, key: RandomKey) -> Matrix<Double> {
  points.multiplied(
    by: key.normalMatrix(rowCount: count, columnCount: points.columnCount), transposingOther: true)
}

/// The n at which the share of trials that need at most n reaches `share`.
private func crossing(_ share: Double, _ smallest: [Int?]) -> Double {
  let sorted = smallest.compactMap { $0 }.sorted()
  let needed = share * Double(smallest.count)
  var before = 0
  while before < sorted.count {
    let value = sorted[before]
    let through = sorted.lastIndex(of: value).map { $0 + 1 } ?? before + 1
    if Double(through) >= needed {
      let part = (needed - Double(before)) / Double(through - before)
      return Double(value - 1) + max(0, part)
    }
    before = through
  }
  return Double(sorted.last ?? 0)
}

/// Which directions that the centres of manifolds share are taken out before capacity is measured.
///
/// Mean-field capacity assumes that centres point in independent directions. Those of real manifolds do
/// not; the K directions without which the centres correlate least are taken out of all points first.
/// K is where implementations differ most: see each case.
public enum CenterRemoval: Sendable, Equatable {
  /// Nothing is taken out.
  case none
  /// The best K directions for a given K, of at most P − 2 and one less than the centres span.
  ///
  /// For comparing layers and checkpoints: a K that changes makes capacity jump.
  case fixedRank(Int, restartCount: Int = 8)
  /// The smallest K, 0 included, with which the mean |cosine| between centres comes within `tolerance` of
  /// the least that any K reaches, as a fraction of what that takes away.
  ///
  /// By default a tenth: the curve against K is flat near its least value, and its place there is noise.
  /// Of the restarts for each K those of least Σ cos² are kept, and of these the one that leaves the
  /// largest part of the centre that loses most; where K comes near P many directions do equally well.
  /// Directions that leave less than a twentieth of some centre are not taken.
  case stable(tolerance: Double = 0.1, restartCount: Int = 8)
  /// The rule of the published implementation: K of 1 or more with the least mean |cosine|, and of
  /// the restarts for each K the one that leaves the largest part of the centre that loses most.
  ///
  /// For comparison with published numbers. K flips between neighbours where the curve is flat.
  case referenceCompatible(restartCount: Int = 10)
}

/// How the centres of manifolds correlate with K directions taken out.
///
/// - Source: Cohen, Chung, Lee & Sompolinsky, Nat. Commun. 11, 746 (2020), the removal of shared directions.
public struct CenterRemovalStep: Sendable, Equatable, Codable {
  /// The number of directions K.
  public var rank: Int
  /// The mean over pairs of |cosine| between the centres that are left.
  public var meanCorrelation: Double
  /// The smallest part that is left of a centre's length, in 0...1.
  public var smallestResidualFraction: Double
  /// How many restarts ended within a thousandth of the least Σ cos² of those that leave at least a
  /// twentieth of every centre.
  public var agreeingRestartCount: Int
}

/// The directions to take out, and what was tried.
struct RemovedDirections: Sendable {
  /// Orthonormal columns, `[coordinates, K]`.
  var columns: Matrix<Double>
  /// One per K from 0 on.
  var steps: [CenterRemovalStep]
}

extension CenterRemoval {
  /// The directions that this rule takes out of centres around their mean.
  ///
  /// - Parameter centers: `[manifolds, coordinates]` with the variance in the first coordinate largest,
  ///   of full column rank.
  /// - Parameter variances: the variance in each coordinate.
  func directions(
    for centers: Matrix<Double>, variances: [Double], workers: Workers?, key: RandomKey
  ) throws(MeasureError) -> RemovedDirections {
    let search = RankSearch(
      correlation: CenterCorrelation(centers), rule: self, workers: workers, key: key)
    let none = search.nothingRemoved
    // With P − 1 directions out nothing is left of centres around their mean.
    let largestRank = max(0, min(centers.rowCount - 2, centers.columnCount - 1))
    switch self {
    case .none:
      return RemovedDirections(columns: none.columns, steps: [none.step])
    case .fixedRank(let rank, _):
      guard (0...largestRank).contains(rank) else {
        throw .outOfRange(
          measure: measure, what: "rank", value: Double(rank),
          expected: "0 to \(largestRank) for \(centers.rowCount) centres that span "
            + "\(centers.columnCount) dimensions")
      }
      let path = try search.path(to: rank, stopsEarly: false)
      return RemovedDirections(columns: path[rank].columns, steps: path.map(\.step))
    case .stable(let tolerance, _):
      guard tolerance >= 0, tolerance <= 1 else {
        throw .outOfRange(
          measure: measure, what: "tolerance", value: tolerance, expected: "0 to 1")
      }
      let path = try search.path(
        to: min(largestRank, rankLimit(variances)), stopsEarly: true)
      let costs = path.map {
        $0.step.smallestResidualFraction < weakCenterFraction ? 1 : $0.step.meanCorrelation
      }
      let least = costs.min() ?? 0
      let rank = costs.firstIndex { $0 <= least + tolerance * (costs[0] - least) } ?? 0
      return RemovedDirections(columns: path[rank].columns, steps: path.map(\.step))
    case .referenceCompatible:
      let path = try search.path(
        to: min(largestRank, rankLimit(variances)), stopsEarly: true)
      let best = path.dropFirst().min { $0.step.meanCorrelation < $1.step.meanCorrelation }
      return RemovedDirections(columns: (best ?? none).columns, steps: path.map(\.step))
    }
  }

  /// Ten more than the directions that explain 95 % of the variance of the centres.
  private func rankLimit(_ variances: [Double]) -> Int {
    let total = variances.reduce(0, +)
    var (sum, last) = (0.0, 0)
    for (index, variance) in variances.enumerated() {
      sum += variance
      if sum / total < 0.95 { last = index }
    }
    return last + 11
  }

  fileprivate var restartCount: Int {
    switch self {
    case .none: 0
    case .fixedRank(_, let count), .stable(_, let count), .referenceCompatible(let count): count
    }
  }
}

private let measure = "manifoldCapacity"

/// What must be left of a centre's length for its direction to mean something.
let weakCenterFraction = 0.05

/// How far restarts are carried before they are compared, as a part of Σ cos².
private let comparisonTolerance = 1e-4

// MARK: - From one number of directions to the next

/// The best directions for K = 0, 1, 2, …, each search starting from the directions before.
private struct RankSearch: Sendable {
  let correlation: CenterCorrelation
  let rule: CenterRemoval
  let workers: Workers?
  let key: RandomKey

  struct Rank: Sendable {
    var columns: Matrix<Double>
    var step: CenterRemovalStep
  }

  var nothingRemoved: Rank {
    let empty = Matrix<Double>(rowCount: correlation.centers.columnCount, columnCount: 0)
    return Rank(
      columns: empty,
      step: CenterRemovalStep(
        rank: 0, meanCorrelation: correlation.meanMagnitude(without: empty),
        smallestResidualFraction: 1, agreeingRestartCount: 0))
  }

  /// One element per K from 0 to `largestRank`, or to where the mean correlation has risen three times
  /// in a row.
  func path(to largestRank: Int, stopsEarly: Bool) throws(MeasureError) -> [Rank] {
    guard rule.restartCount >= 1 else {
      throw .outOfRange(
        measure: measure, what: "restartCount", value: Double(rule.restartCount),
        expected: "at least 1")
    }
    var path = [nothingRemoved]
    for rank in 1..<max(largestRank + 1, 1) {
      path.append(try best(rank: rank, after: path[rank - 1].columns))
      let costs = path.dropFirst().suffix(4).map(\.step.meanCorrelation)
      if stopsEarly, rank > 4, zip(costs, costs.dropFirst()).allSatisfy(<) { break }
    }
    return path
  }

  /// The best directions of several searches, of which the chosen one is carried to its end.
  private func best(rank: Int, after columns: Matrix<Double>) throws(MeasureError) -> Rank {
    let ends = try concurrentMap(count: rule.restartCount, workers: workers) {
      restart throws(MeasureError) in
      try descent(
        from: start(columns, key: key.fork(rank).fork(restart)), tolerance: comparisonTolerance)
    }
    let smallest = ends.map { correlation.residualFractions($0.columns).min() ?? 0 }
    // Taking one centre out altogether can be the cheapest way to end its correlations.
    let sound = ends.indices.filter { smallest[$0] >= weakCenterFraction }
    let least = sound.map { ends[$0].value }.min() ?? 0
    let agreeing = sound.filter { ends[$0].value <= least * (1 + 10 * comparisonTolerance) }
    // Many directions often do equally well: then, as the reference always does, take those that spare the
    // centres most. Rounding must not decide.
    var candidates = agreeing
    if case .referenceCompatible = rule { candidates = [] }
    if candidates.isEmpty { candidates = Array(ends.indices) }
    let chosen = candidates.max { smallest[$0] < smallest[$1] } ?? 0
    let columns = try descent(from: ends[chosen].columns, tolerance: 1e-8).columns
    return Rank(
      columns: columns,
      step: CenterRemovalStep(
        rank: rank, meanCorrelation: correlation.meanMagnitude(without: columns),
        smallestResidualFraction: correlation.residualFractions(columns).min() ?? 0,
        agreeingRestartCount: agreeing.count))
  }

  private func descent(
    from start: Matrix<Double>, tolerance: Double
  ) throws(MeasureError) -> GrassmannDescent.Result {
    do throws(NumericsError) {
      return try GrassmannDescent(tolerance: tolerance)
        .minimize(from: start, evaluate: correlation.cost)
    } catch {
      throw .numerics(measure: measure, error)
    }
  }

  /// The directions before and a random combination of the centres.
  private func start(_ columns: Matrix<Double>, key: RandomKey) -> Matrix<Double> {
    let centers = correlation.centers
    let random = centers.multiplied(
      by: key.normal(count: centers.rowCount), transposingSelf: true)
    return Matrix(
      rows: (0..<centers.columnCount).map { Array(columns.row($0)) + [random[$0]] })
  }
}

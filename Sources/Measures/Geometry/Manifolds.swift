/// Clouds of points in one feature space, one cloud per class: what capacity is measured of.
///
/// Clouds may differ in size, and there may be more features than points or fewer than clouds.
public struct Manifolds: Sendable {
  /// The number of features N.
  public let featureCount: Int
  /// The label of each manifold; positions where the manifolds came as a list of matrices.
  public let labels: [Int]
  private let source: Source
  /// For each manifold the matrix of `source` that holds it and its rows there.
  private let members: [(matrix: Int, rows: [Int])]

  private enum Source: Sendable {
    case float([Matrix<Float>])
    case double([Matrix<Double>])
  }

  /// One manifold per label, in the order of the labels.
  ///
  /// A `Matrix<Float>` or `Matrix<Double>` is kept without a copy.
  ///
  /// - Shapes: `activations` is `[examples, features]`; `labels` has one element per row.
  /// - Throws: `MeasureError.rowCountMismatch`, `.numerics` for an element that is not finite,
  ///   `.tooFewSamples` for fewer than two labels, `.undefined` where there are no features.
  public init(_ activations: some SampleMatrix, labels: [Int]) throws(MeasureError) {
    guard activations.rowCount == labels.count else {
      throw .rowCountMismatch(
        measure: measure, first: activations.rowCount, second: labels.count)
    }
    var rows = [Int: [Int]]()
    for (row, label) in labels.enumerated() { rows[label, default: []].append(row) }
    let present = rows.keys.sorted()
    try self.init(
      Self.source([activations]), labels: present,
      members: present.map { (0, rows[$0] ?? []) }, featureCount: activations.columnCount)
  }

  /// One manifold per matrix, labelled 0, 1, ….
  ///
  /// - Shapes: each is `[points, features]` with its own number of points, at least 1.
  /// - Throws: `MeasureError.numerics` for an element that is not finite, `.tooFewSamples` for fewer
  ///   than two matrices or an empty one, `.undefined` where their features differ in number or there are none.
  public init(_ clouds: [some SampleMatrix]) throws(MeasureError) {
    let featureCount = clouds.first?.columnCount ?? 0
    for (index, cloud) in clouds.enumerated() {
      guard cloud.columnCount == featureCount else {
        throw .undefined(
          measure: measure,
          reason: "manifold \(index) has \(cloud.columnCount) features, manifold 0 has "
            + "\(featureCount); all must lie in one space")
      }
      guard cloud.rowCount > 0 else {
        throw .tooFewSamples(measure: "manifold \(index)", found: 0, needed: 1)
      }
    }
    try self.init(
      Self.source(clouds), labels: Array(clouds.indices),
      members: clouds.enumerated().map { ($0, Array(0..<$1.rowCount)) },
      featureCount: featureCount)
  }

  private init(
    _ source: Source, labels: [Int], members: [(matrix: Int, rows: [Int])], featureCount: Int
  ) throws(MeasureError) {
    guard labels.count >= 2 else {
      throw .tooFewSamples(measure: measure, found: labels.count, needed: 2)
    }
    guard featureCount > 0 else {
      throw .undefined(measure: measure, reason: "the points have no features")
    }
    (self.source, self.labels, self.members) = (source, labels, members)
    self.featureCount = featureCount
    try requireFinite()
  }

  private static func source(_ matrices: [some SampleMatrix]) -> Source {
    if let floats = matrices as? [Matrix<Float>] { return .float(floats) }
    return .double(matrices.map { Matrix<Double>($0) })
  }

  private func requireFinite() throws(MeasureError) {
    switch source {
    case .float(let matrices): try GrokMeasures.requireFinite(matrices)
    case .double(let matrices): try GrokMeasures.requireFinite(matrices)
    }
  }
}

// MARK: - What is in it

extension Manifolds {
  /// The number of manifolds P.
  public var count: Int { labels.count }

  /// The number of points of each manifold.
  public var pointCounts: [Int] { members.map(\.rows.count) }

  /// The points of one manifold, `[points, features]`.
  public func points(of manifold: Int) -> Matrix<Double> {
    let (matrix, rows) = members[manifold]
    return switch source {
    case .float(let matrices): Matrix<Double>(matrices[matrix].selectingRows(rows))
    case .double(let matrices): matrices[matrix].selectingRows(rows)
    }
  }

  /// The manifolds with at most `pointCount` points each, chosen at random where there are more.
  ///
  /// The choice for a manifold depends on the key, its label and its number of points alone, so that
  /// the same examples are kept of every layer and checkpoint.
  ///
  /// - Precondition: `pointCount >= 1`.
  public func limited(toPointCount pointCount: Int, key: RandomKey) -> Manifolds {
    precondition(pointCount >= 1, "Manifolds: \(pointCount) points; at least 1 is needed")
    let chosen = zip(labels, members).map { label, member in
      guard member.rows.count > pointCount else { return member }
      let choice = key.fork(label).choice(pointCount, of: member.rows.count).sorted()
      return (member.matrix, choice.map { member.rows[$0] })
    }
    return Manifolds(keeping: chosen, of: self)
  }

  private init(keeping members: [(matrix: Int, rows: [Int])], of other: Manifolds) {
    (source, labels, featureCount) = (other.source, other.labels, other.featureCount)
    self.members = members
  }
}

// MARK: - Helpers

private let measure = "manifolds"

private func requireFinite<Scalar: RealScalar>(_ matrices: [Matrix<Scalar>]) throws(MeasureError) {
  for (index, matrix) in matrices.enumerated() {
    do {
      try matrix.requireFinite(matrices.count == 1 ? "activations" : "manifold \(index)")
    } catch {
      throw .numerics(measure: measure, error)
    }
  }
}

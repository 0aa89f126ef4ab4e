#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// Clouds of points with a chosen radius, dimension and correlation: what measures of manifold geometry are tried on.
///
/// Manifold μ has a center u₀ and axes u₁ … u_D. A point is u₀ + R ŝ · (u₁ … u_D) + 0.01 v, scaled so that the part
/// without R, the center, has length 1 on average; ŝ is a random direction, and all of u, v are Gaussian with mean
/// square 1 in all of the features together.
///
/// - Source: Chou, Le, Wang & Chung, ICML 2025, arXiv 2503.18114, App. D.1.1.
/// - Differs from: that source in nothing but the order of random numbers.
public struct SyntheticManifolds: Sendable, Equatable {
  /// The number of manifolds.
  public let manifoldCount: Int
  /// The number of features, N.
  public let featureCount: Int
  /// D, the number of axes of each.
  public let dimension: Int
  /// R.
  public let radius: Double
  /// The correlation of neighboring centers; that of centers i and j is its power |i − j|.
  public let centerCorrelation: Double
  /// The same for each axis over manifolds.
  public let axesCorrelation: Double
  /// ψ: centers are longer along their first axis by 1 + ψ q with q Gaussian, which correlates centers with axes.
  public let centerAxesCorrelation: Double

  /// Manifolds with the given geometry.
  ///
  /// - Throws: `DatasetError.invalidSetting` for counts below 1, a negative radius, or correlations not in 0..<1.
  public init(
    manifoldCount: Int, featureCount: Int, dimension: Int, radius: Double,
    centerCorrelation: Double = 0, axesCorrelation: Double = 0, centerAxesCorrelation: Double = 0
  ) throws(DatasetError) {
    let counts = [
      ("number of manifolds", manifoldCount), ("number of features", featureCount),
      ("dimension", dimension),
    ]
    for (name, value) in counts where value < 1 {
      throw .invalidSetting(name: name, value: "\(value)", expected: "at least 1")
    }
    guard radius >= 0, radius.isFinite else {
      throw .invalidSetting(name: "radius", value: "\(radius)", expected: "0 or more")
    }
    for (name, value) in [("center", centerCorrelation), ("axes", axesCorrelation)]
    where !(0..<1).contains(value) {
      throw .invalidSetting(
        name: "\(name) correlation", value: "\(value)", expected: "0 or more, below 1")
    }
    guard centerAxesCorrelation >= 0, centerAxesCorrelation.isFinite else {
      throw .invalidSetting(
        name: "center-axes correlation", value: "\(centerAxesCorrelation)", expected: "0 or more")
    }
    self.manifoldCount = manifoldCount
    self.featureCount = featureCount
    self.dimension = dimension
    self.radius = radius
    self.centerCorrelation = centerCorrelation
    self.axesCorrelation = axesCorrelation
    self.centerAxesCorrelation = centerAxesCorrelation
  }

  /// Points of all manifolds, `pointCount` of each, manifold after manifold, with the manifold as the class.
  ///
  /// - Shapes: features are `[manifoldCount · pointCount, featureCount]`.
  public func examples(pointCount: Int, key: RandomKey) -> LabeledExamples {
    let centers = vectors(correlation: centerCorrelation, key: key.fork("center"))
    let axes = (0..<dimension).map { index in
      vectors(correlation: axesCorrelation, key: key.fork("axis").fork(index))
    }
    let stretch: [Double] = key.fork("stretch").normal(count: manifoldCount)
    var features = Matrix<Float>(rowCount: manifoldCount * pointCount, columnCount: featureCount)
    var labels: [Int32] = []
    for manifold in 0..<manifoldCount {
      for point in 0..<pointCount {
        let row = manifold * pointCount + point
        let key = key.fork("point").fork(row)
        let normal: [Double] = key.fork("direction").normal(count: dimension)
        let length = normal.reduce(0) { $0 + $1 * $1 }.squareRoot()
        let noise: [Double] = key.fork("noise").normal(
          count: featureCount, mean: 0,
          standardDeviation: 0.01 / Double(featureCount).squareRoot())
        let scale = 1 + centerAxesCorrelation * stretch[manifold]
        for feature in 0..<featureCount {
          var value = scale * centers[manifold, feature] + noise[feature]
          for axis in 0..<dimension {
            value += radius * normal[axis] / length * axes[axis][manifold, feature]
          }
          features[row, feature] = Float(value)
        }
        labels.append(Int32(manifold))
      }
    }
    return LabeledExamples(
      checkedInputs: .features(features), labels: labels, classCount: manifoldCount)
  }

  /// A Gaussian vector for each manifold, of length 1 on average, correlated as powers of the distance of numbers:
  /// the chain that the Cholesky factor of such a matrix is.
  private func vectors(correlation: Double, key: RandomKey) -> Matrix<Double> {
    var result: Matrix<Double> = key.normalMatrix(
      rowCount: manifoldCount, columnCount: featureCount)
    let (length, rest) = (
      1 / Double(featureCount).squareRoot(), (1 - correlation * correlation).squareRoot()
    )
    for manifold in 0..<manifoldCount {
      for feature in 0..<featureCount {
        let fresh = length * result[manifold, feature]
        result[manifold, feature] =
          manifold == 0 ? fresh : correlation * result[manifold - 1, feature] + rest * fresh
      }
    }
    return result
  }
}

internal import Foundation

/// How well classes can be told apart from a few examples of each.
public struct FewShotSignal: Sendable, Equatable, Codable {
  /// The examples of each class that its prototype is the mean of.
  public var shotCount: Int
  /// All ordered pairs of classes.
  public var pairs: [Pair]
  /// The mean over pairs of the expected error.
  public var meanError: Double {
    pairs.reduce(0) { $0 + $1.expectedError } / Double(pairs.count)
  }

  /// New examples of one class, to be told from another.
  public struct Pair: Sendable, Equatable, Codable {
    /// The class that examples come from.
    public var label: Int
    /// The class that they could be mistaken for.
    public var otherLabel: Int
    /// Signal over noise: the mean of the difference of squared distances to the two prototypes over its
    /// standard deviation.
    public var signalToNoise: Double

    /// The share of new examples that lie nearer to the prototype of the other class, were the difference
    /// normally distributed: H(SNR), the upper tail of the normal distribution.
    public var expectedError: Double { erfc(signalToNoise / 2.0.squareRoot()) / 2 }
  }
}

/// The terms of the noise in `fewShotSignal(of:labels:shotCount:)`.
public enum FewShotNoise: String, Sendable, Codable, CaseIterable {
  /// All terms: exact for normally distributed classes.
  case complete
  /// Those of the published formula, without the overlap of the two classes' spreads and without what
  /// falls off as 1/m².
  case published
}

/// The signal-to-noise ratio of telling classes apart by the nearer of two prototypes, means of m
/// examples each.
///
/// For class a against b, with δ = μ_a − μ_b, h = ‖x − x̄_b‖² − ‖x − x̄_a‖² for a new example x of a has
/// the mean ‖δ‖² + (tr Σ_b − tr Σ_a)/m and, for normally distributed classes, the variance
/// 4 [δᵀΣ_aδ + δᵀΣ_bδ/m + tr Σ_a²/m + tr Σ_aΣ_b/m + (tr Σ_a² + tr Σ_b²)/2m²]; their quotient mean/√variance
/// is the ratio. `.published` leaves out the last two terms. Divided by tr Σ_a, what is left is the formula
/// of the paper with R_a² = tr Σ_a, D_a = (tr Σ_a)²/tr Σ_a².
///
/// - Shapes: `samples` is `[n, features]`; `labels` has one element per row.
/// - Units: none.
/// - Parameter shotCount: m, at least 1.
/// - Parameter noise: which terms the noise has.
/// - Throws: `MeasureError.rowCountMismatch`, `.nonFiniteInput`, `.tooFewSamples` for a class of fewer
///   than 2, `.outOfRange`, `.undefined` for one class or where neither class of a pair has any spread.
/// - Complexity: O(n features min(n, features)) time; for n above the features C features² numbers of
///   memory, else n². All in `Double`.
/// - Source: Sorscher, Ganguli & Sompolinsky, PNAS 119, e2200800119 (2022), Eq. 1; re-derived here.
/// - Differs from: the paper in the terms of `.complete`. Covariances divide by the number of samples, as
///   there; with few samples for the dimension tr Σ² is too large.
public func fewShotSignal(
  of samples: some SampleMatrix, labels: [Int], shotCount: Int = 5,
  noise: FewShotNoise = .complete, memoryBudget: Int = defaultMemoryBudget,
  workers: Workers? = nil
) throws(MeasureError) -> FewShotSignal {
  guard shotCount >= 1 else {
    throw .outOfRange(
      measure: measure, what: "the number of shots", value: Double(shotCount),
      expected: "at least 1")
  }
  let classes = try LabeledRows(
    labels, rowCount: samples.rowCount, measure: measure, minimumOfEach: 2)
  try requireFinite([samples], measure: measure)
  let spreads = try ClassSpreads(
    samples, ClassMeans(of: samples, classes: classes, workers: workers),
    memoryBudget: memoryBudget, workers: workers)
  let m = Double(shotCount)
  var pairs: [FewShotSignal.Pair] = []
  for a in 0..<classes.classCount {
    for b in 0..<classes.classCount where a != b {
      let distance = spreads.squaredDistances[a, b]
      let signal = distance + (spreads.products.trace[b] - spreads.products.trace[a]) / m
      var variance =
        spreads.alongDifference[a, b] + spreads.alongDifference[b, a] / m
        + spreads.products.product[a, a] / m
      if noise == .complete {
        variance += spreads.products.product[a, b] / m
        variance +=
          (spreads.products.product[a, a] + spreads.products.product[b, b]) / (2 * m * m)
      }
      guard variance > 0 else {
        throw .undefined(
          measure: measure,
          reason: "labels \(classes.labels[a]) and \(classes.labels[b]) have no spread: all their "
            + "samples are the same")
      }
      pairs.append(
        FewShotSignal.Pair(
          label: classes.labels[a], otherLabel: classes.labels[b],
          signalToNoise: signal / (2 * variance.squareRoot())))
    }
  }
  return FewShotSignal(shotCount: shotCount, pairs: pairs)
}

private let measure = "fewShotSignal"

// MARK: - What the formula is made of

/// Products of the covariances of classes with each other and with differences of means.
private struct ClassSpreads {
  /// ‖μ_a − μ_b‖².
  let squaredDistances: Matrix<Double>
  /// δᵀΣ_aδ for the class a of the row, δ being the difference to the mean of that of the column.
  let alongDifference: Matrix<Double>
  let products: CovarianceProducts

  init(
    _ samples: some SampleMatrix, _ centers: ClassMeans, memoryBudget: Int, workers: Workers?
  ) throws(MeasureError) {
    let count = centers.classes.classCount
    var distances = Matrix<Double>(rowCount: count, columnCount: count)
    var along = distances
    for a in 0..<count {
      let differences = centers.means.subtracting(Array(centers.means.row(a)))
      for (b, square) in squaredNorms(differences).enumerated() { distances[a, b] = square }
      let rows = centers.classes.rows(of: a)
      let own = SampleBlocks<Double>(RowSelection(samples, rows), isShifted: false)
      let zero = [Double](repeating: 0, count: count)
      let offsets = centers.means.row(a).map { -$0 }
      let lanes = foldRows(of: own, workers: workers, from: zero) { sums, rows, block in
        for offset in 0..<rows.count {
          for (column, value) in offsets.enumerated() {
            block[offset * offsets.count + column] += value
          }
        }
        let projected = product(block, rowCount: rows.count, with: differences)
        for row in 0..<rows.count {
          for b in 0..<count { sums[b] += projected[row, b] * projected[row, b] }
        }
      }
      for lane in lanes { for b in 0..<count { along[a, b] += lane[b] / Double(rows.count) } }
    }
    (squaredDistances, alongDifference) = (distances, along)
    products = try CovarianceProducts(
      samples, centers, memoryBudget: memoryBudget, workers: workers)
  }
}

/// tr Σ_a and tr Σ_aΣ_b of all classes.
private struct CovarianceProducts {
  var trace: [Double]
  var product: Matrix<Double>

  init(
    _ samples: some SampleMatrix, _ centers: ClassMeans, memoryBudget: Int, workers: Workers?
  ) throws(MeasureError) {
    let classes = centers.classes
    let (n, d, count) = (samples.rowCount, samples.columnCount, classes.classCount)
    trace = Array(repeating: 0, count: count)
    product = Matrix(rowCount: count, columnCount: count)
    if d <= n {
      try requireMemory(8 * d * d * (count + 2), budget: memoryBudget, measure: measure)
      var covariances: [Matrix<Double>] = []
      for a in 0..<count {
        let moments = try CenteredMoments(
          of: [RowSelection(samples, classes.rows(of: a))], measure: measure, inDouble: true,
          memoryBudget: memoryBudget, workers: workers)
        let scale = 1 / Double(classes.counts[a])
        covariances.append(moments.product.map { $0 * scale })
        trace[a] = moments.trace(0) * scale
      }
      for a in 0..<count {
        for b in 0...a {
          product[a, b] = dot(covariances[a].values, covariances[b].values)
          product[b, a] = product[a, b]
        }
      }
    } else {
      let gram = try smallerGram(
        of: LessClassMeans(samples, centers), isCentered: false, measure: measure,
        memoryBudget: memoryBudget, workers: workers)
      for i in 0..<n {
        let a = classes.classes[i]
        trace[a] += gram[i, i] / Double(classes.counts[a])
        for j in 0..<n {
          let b = classes.classes[j]
          let scale = Double(classes.counts[a]) * Double(classes.counts[b])
          product[a, b] += gram[i, j] * gram[i, j] / scale
        }
      }
    }
  }
}

/// Samples less the means of their classes.
private struct LessClassMeans: SampleMatrix {
  private let samples: any SampleMatrix
  private let centers: ClassMeans

  init(_ samples: any SampleMatrix, _ centers: ClassMeans) {
    (self.samples, self.centers) = (samples, centers)
  }

  var rowCount: Int { samples.rowCount }
  var columnCount: Int { samples.columnCount }
  subscript(row: Int, column: Int) -> Double {
    samples[row, column] - centers.means[centers.classes.classes[row], column]
  }

  func copy<Scalar: RealScalar>(
    rows: Range<Int>, columns: Range<Int>, to destination: UnsafeMutablePointer<Scalar>,
    stride: Int
  ) {
    samples.copy(rows: rows, columns: columns, to: destination, stride: stride)
    for (index, row) in rows.enumerated() {
      let start = centers.classes.classes[row] * columnCount
      for (offset, column) in columns.enumerated() {
        destination[index * stride + offset] -= Scalar(centers.means.values[start + column])
      }
    }
  }
}

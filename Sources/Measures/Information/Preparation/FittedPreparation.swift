internal import Foundation

/// A preparation with the numbers that it needs, taken from one set of samples, ready for this and other sets.
public struct FittedPreparation: Sendable {
  /// What is done.
  public let preparation: Preparation
  /// The number of columns that it reads.
  public let inputCount: Int
  /// How many columns were constant in the samples it was fitted to, and are left out.
  public let constantColumnCount: Int
  /// The principal components that are kept, where there are such.
  public let components: PrincipalComponents?
  private let stages: [Stage]

  private enum Stage: Sendable {
    case columns([Int])
    case affine(means: [Double], scales: [Double])
    case scores([GaussianScores])
    case components(PrincipalComponents, isWhitened: Bool)
    case noise(deviations: [Double], RandomKey)
  }
}

extension Preparation {
  /// The preparation with the numbers that it needs taken from samples.
  ///
  /// Columns that are constant are left out before anything is made of them. Where all are, the prepared samples have no
  /// column: a constant has no information on anything.
  ///
  /// - Shapes: `samples` is `[n, d]`.
  /// - Throws: `MeasureError.tooFewSamples` (2), `.nonFiniteInput`, `.outOfRange`.
  /// - Complexity: O(n d) for each step; principal components O(n d² + d³), scores by rank O(n d log n).
  public func fitted(
    to samples: some SampleMatrix, workers: Workers? = nil
  ) throws(MeasureError) -> FittedPreparation {
    for step in steps { try step.check() }
    try requireRows([samples], atLeast: 2, measure: "preparation")
    try requireFinite([samples], measure: "preparation")
    return try FittedPreparation(self, Matrix<Double>(samples), workers)
  }
}

// MARK: - Fitting

extension FittedPreparation {
  fileprivate init(
    _ preparation: Preparation, _ samples: Matrix<Double>, _ workers: Workers?
  ) throws(MeasureError) {
    self.preparation = preparation
    inputCount = samples.columnCount
    var (stages, current) = ([Stage](), samples)
    var (constantCount, components) = (0, PrincipalComponents?.none)
    func leaveOutConstants() {
      let varying = current.varyingColumns
      guard varying.count < current.columnCount else { return }
      constantCount += current.columnCount - varying.count
      stages.append(.columns(varying))
      current = current.selectingColumns(varying)
    }
    for (index, step) in preparation.steps.enumerated() {
      var stage: Stage?
      var isNeeded = index + 1 < preparation.steps.count
      if case .firstCoordinates(let count) = step {
        stage = .columns(Array(0..<min(count, current.columnCount)))
        isNeeded = true
      } else {
        leaveOutConstants()
      }
      guard current.columnCount > 0 else { continue }
      switch step {
      case .firstCoordinates: break  // as chosen above
      case .standardized:
        let (means, deviations) = current.meansAndDeviations
        stage = .affine(means: means, scales: deviations.map { 1 / $0 })
      case .robustlyScaled:
        let (medians, ranges) = current.mediansAndRanges
        stage = .affine(means: medians, scales: ranges.map { 1 / $0 })
      case .gaussianScores:
        let columns = current.transposed
        let maps = try concurrentMap(count: columns.rowCount, workers: workers) {
          GaussianScores(Array(columns.row($0)))
        }
        stage = .scores(maps)
      case .principalComponents(let count, let isWhitened, let threshold):
        let found = try PrincipalComponents(
          of: current, count: count, threshold: threshold, workers: workers)
        components = found
        stage = .components(found, isWhitened: isWhitened)
      case .jitter(let size, let key):
        stage = .noise(deviations: current.meansAndDeviations.deviations.map { size * $0 }, key)
      }
      if let stage {
        stages.append(stage)
        if isNeeded { current = try Self.apply(stage, to: current) }
      }
    }
    leaveOutConstants()
    self.stages = stages
    self.components = components
    constantColumnCount = constantCount
  }
}

// MARK: - Applying

extension FittedPreparation {
  /// The prepared samples, with a record of what was done.
  ///
  /// - Shapes: `[n, d]` with the d columns that were fitted gives `[n, kept]`.
  /// - Parameter name: what records call the variable: `x`, `layer 1`.
  /// - Throws: `MeasureError.nonFiniteInput`, `.outOfRange` for another number of columns than fitted.
  /// - Complexity: O(n d) for each step, O(n d kept) for components.
  public func applied(
    to samples: some SampleMatrix, named name: String = "x"
  ) throws(MeasureError) -> PreparedSamples {
    guard samples.columnCount == inputCount else {
      throw .outOfRange(
        measure: "preparation", what: "the number of columns", value: Double(samples.columnCount),
        expected: "\(inputCount), as fitted")
    }
    try requireFinite([samples], measure: "preparation")
    var values = Matrix<Double>(samples)
    for stage in stages { values = try Self.apply(stage, to: values) }
    return PreparedSamples(
      name: name, values: values, record: record(named: name),
      constantColumnCount: constantColumnCount)
  }

  private func record(named name: String) -> [String] {
    preparation.steps.map { step in
      var line = "\(name): \(step.description)"
      if case .principalComponents(let count, _, _) = step, let components {
        if components.keptCount < count {
          line += ", \(components.keptCount) of them above rounding"
        }
        let share = (1000 * components.keptFraction).rounded() / 10
        line += ", \(share) % of the variance"
        if !components.unresolved.isEmpty {
          let numbers = components.unresolved.map { "\($0 + 1)" }.joined(separator: ", ")
          line += ", eigenvalue \(numbers) hardly above the next"
        }
      }
      return line
    }
  }

  private static func apply(
    _ stage: Stage, to samples: Matrix<Double>
  ) throws(MeasureError) -> Matrix<Double> {
    switch stage {
    case .columns(let columns): return samples.selectingColumns(columns)
    case .components(let components, let isWhitened):
      return try components.coordinates(of: samples, isWhitened: isWhitened)
    case .affine(let means, let scales):
      return samples.mappingRows { row in
        for column in row.indices { row[column] = (row[column] - means[column]) * scales[column] }
      }
    case .scores(let maps):
      return samples.mappingRows { row in
        for column in row.indices { row[column] = maps[column](row[column]) }
      }
    case .noise(let deviations, let key):
      let noise: Matrix<Double> = key.normalMatrix(
        rowCount: samples.rowCount, columnCount: samples.columnCount)
      var result = samples
      for row in 0..<samples.rowCount {
        for column in 0..<samples.columnCount {
          result[row, column] += deviations[column] * noise[row, column]
        }
      }
      return result
    }
  }
}

// MARK: - Columns

extension Matrix<Double> {
  /// The columns in which not all elements are equal.
  var varyingColumns: [Int] {
    guard rowCount > 0 else { return [] }
    var varies = [Bool](repeating: false, count: columnCount)
    for row in 1..<Swift.max(1, rowCount) {
      for column in 0..<columnCount where self[row, column] != self[0, column] {
        varies[column] = true
      }
    }
    return varies.indices.filter { varies[$0] }
  }

  /// The mean and the standard deviation, with n − 1, of every column.
  var meansAndDeviations: (means: [Double], deviations: [Double]) {
    var (means, squares) = (
      [Double](repeating: 0, count: columnCount), [Double](repeating: 0, count: columnCount)
    )
    for row in 0..<rowCount {
      for column in 0..<columnCount { means[column] += self[row, column] / Double(rowCount) }
    }
    for row in 0..<rowCount {
      for column in 0..<columnCount {
        let difference = self[row, column] - means[column]
        squares[column] += difference * difference
      }
    }
    let scale = 1 / Double(Swift.max(1, rowCount - 1))
    return (means, squares.map { ($0 * scale).squareRoot() })
  }

  /// The median of every column and the range of its middle half, or its standard deviation where that is 0.
  fileprivate var mediansAndRanges: (medians: [Double], ranges: [Double]) {
    let deviations = meansAndDeviations.deviations
    var (medians, ranges) = ([Double](), [Double]())
    let columns = transposed
    for index in 0..<columnCount {
      let sorted = columns.row(index).sorted()
      let quartiles = [0.25, 0.5, 0.75].map { quantile($0, of: sorted, roundingUp: false) }
      let range = quartiles[2] - quartiles[0]
      medians.append(quartiles[1])
      ranges.append(range > 0 ? range : deviations[index])
    }
    return (medians, ranges)
  }

  fileprivate func mappingRows(
    _ body: (UnsafeMutableBufferPointer<Double>) -> Void
  ) -> Matrix<Double> {
    var result = self
    let (rowCount, columnCount) = (rowCount, columnCount)
    result.withUnsafeMutableBufferPointer { values in
      for row in 0..<rowCount {
        body(.init(rebasing: values[row * columnCount..<(row + 1) * columnCount]))
      }
    }
    return result
  }
}

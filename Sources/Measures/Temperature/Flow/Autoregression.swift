internal import Foundation

/// Vector autoregressions of any of some series, all from one matrix of products.
struct Autoregression {
  private let names: [String]
  private let largestOrder: Int
  /// Rows that are predicted: those with `largestOrder` before them.
  private let rowCount: Int
  /// Products of centred columns: lag 0 of all series, then lag 1, …
  private let products: Matrix<Double>
  private let measure: String

  /// - Parameter group: how many series are regressed on each other at a time.
  init(
    _ series: HeatTable, largestOrder: Int, group: Int, measure: String
  ) throws(MeasureError) {
    guard largestOrder >= 1 else {
      throw .outOfRange(
        measure: measure, what: "largestOrder", value: Double(largestOrder),
        expected: "at least 1")
    }
    let count = series.componentCount
    let needed = largestOrder + 10 * (group * largestOrder + 1)
    guard series.recordCount >= needed else {
      throw .tooFewSamples(measure: measure, found: series.recordCount, needed: needed)
    }
    let n = series.recordCount - largestOrder
    var columns = Matrix<Double>(rowCount: n, columnCount: count * (largestOrder + 1))
    for lag in 0...largestOrder {
      for component in 0..<count {
        let values = (0..<n).map { series.values[$0 + largestOrder - lag, component] }
        let mean = values.reduce(0, +) / Double(n)
        let deviation = (varianceOf(values)).squareRoot()
        guard deviation > 1e-13 * abs(mean), deviation > 0 else {
          throw .undefined(
            measure: measure, reason: "'\(series.names[component])' does not change")
        }
        // Series of one size: the products are as well conditioned as the correlations.
        for row in 0..<n {
          columns[row, lag * count + component] = (values[row] - mean) / deviation
        }
      }
    }
    names = series.names
    self.largestOrder = largestOrder
    rowCount = n
    products = columns.columnGram
    self.measure = measure
  }

  /// The order with the least Bayesian information criterion.
  func bestOrder(of members: [Int]) throws(MeasureError) -> Int {
    let n = Double(rowCount)
    var best = (order: 1, criterion: Double.infinity)
    for order in 1...largestOrder {
      let fit = try fit(members, order: order)
      let coefficients = Double(members.count * (members.count * order + 1))
      let criterion =
        n * (try logDeterminant(fit.residuals, members)) + coefficients * log(n)
      if criterion < best.criterion { best = (order, criterion) }
    }
    return best.order
  }

  /// The least-squares fit of each member to the past of all of them.
  func fit(_ members: [Int], order: Int) throws(MeasureError) -> Fit {
    let count = names.count
    let past = (1...order).flatMap { lag in members.map { lag * count + $0 } }
    let gram = block(past, past)
    let shared = block(past, members)
    guard let factor = try? CholeskyFactor(of: gram),
      conditioned(factor.lower.diagonal)
    else { throw dependent(members) }
    let coefficients = factor.solve(shared)
    var residuals = block(members, members)
    let explained = shared.multiplied(by: coefficients, transposingSelf: true)
    for row in members.indices {
      for column in members.indices { residuals[row, column] -= explained[row, column] }
    }
    return Fit(
      order: order, memberCount: members.count, freedom: rowCount - past.count - 1,
      coefficients: coefficients, inverse: factor.solve(.identity(size: past.count)),
      residuals: residuals)
  }

  private func block(_ rows: [Int], _ columns: [Int]) -> Matrix<Double> {
    var result = Matrix<Double>(rowCount: rows.count, columnCount: columns.count)
    for (row, from) in rows.enumerated() {
      for (column, to) in columns.enumerated() { result[row, column] = products[from, to] }
    }
    return result
  }

  private func logDeterminant(
    _ residuals: Matrix<Double>, _ members: [Int]
  ) throws(MeasureError) -> Double {
    guard let factor = try? CholeskyFactor(of: residuals.map { $0 / Double(rowCount) }) else {
      throw dependent(members)
    }
    return factor.logDeterminant
  }

  /// Whether no column is told by those before it to within rounding.
  private func conditioned(_ diagonal: [Double]) -> Bool {
    diagonal.allSatisfy { $0 * $0 > 1e-10 * Double(rowCount) }
  }

  private func dependent(_ members: [Int]) -> MeasureError {
    .undefined(
      measure: measure,
      reason: members.count == 2
        ? "'\(names[members[0]])' and '\(names[members[1]])' tell each other exactly"
        : "one of the \(members.count) series is told by the others exactly; leave it out")
  }

  /// A fitted vector autoregression.
  struct Fit {
    let order: Int
    let memberCount: Int
    let freedom: Int
    /// `[lag × member, equation]`.
    let coefficients: Matrix<Double>
    /// The inverse of the products of the past, `[lag × member, lag × member]`.
    let inverse: Matrix<Double>
    /// Σ of products of residuals, `[member, member]`.
    let residuals: Matrix<Double>

    /// F of the coefficients of a source in a target's equation.
    ///
    /// bᵀ (S_bb)⁻¹ b, S the inverse of the products, is how much their leaving out adds to the residuals.
    func test(from source: Int, to target: Int) -> GrangerTest {
      let places = (0..<order).map { $0 * memberCount + source }
      let b = Matrix(
        values: places.map { coefficients[$0, target] }, rowCount: order, columnCount: 1)
      let block = inverse.selectingRows(places).selectingColumns(places)
      // A principal block of the inverse of a positive definite matrix is one too.
      let added = (try? CholeskyFactor(of: block).solve(b)).map { dot($0.values, b.values) } ?? 0
      let residual = residuals[target, target]
      let statistic = max(0, added) / Double(order) / (residual / Double(freedom))
      return GrangerTest(
        order: order, statistic: statistic, numeratorFreedom: order,
        denominatorFreedom: freedom,
        pValue: BetaFunctions.fisherTail(
          beyond: statistic, numeratorFreedom: Double(order),
          denominatorFreedom: Double(freedom)))
    }
  }
}

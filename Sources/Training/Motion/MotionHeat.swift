import GrokMeasures

// Recorded motion as measures of temperature and heat read it.

extension MotionTable {
  /// A quantity of components at all recorded steps: `[records, components]`.
  ///
  /// - Throws: What reading throws; `MeasureError.nonFiniteInput` for a quantity that is undefined at some step.
  public func heatTable(
    _ quantity: MotionQuantity, of components: [MotionComponent]
  ) throws -> HeatTable {
    let places = components.compactMap { columns.component(named: $0.name) }
    let series = try series(quantity, of: places)
    return try HeatTable(
      steps: steps(), names: components.map(\.name),
      values: Matrix(values: series.flatMap(\.self), rowCount: series.count, columnCount: rowCount)
        .transposed)
  }

  /// What each parameter's update took off the loss at each step, to second order where steps were compared: see
  /// ``lossRates(gradient:gradientAfter:update:parts:)``.
  ///
  /// With comparisons it is the trapezoid −½⟨g + g⁺, d⟩, g⁺ the gradient that the step after found, so the last record
  /// has none; without them −⟨g, d⟩, to first order.
  ///
  /// - Units: those of the loss.
  /// - Throws: What reading throws; `MeasureError.tooFewSamples` below two records.
  public func lossRates() throws -> HeatTable {
    let parameters = columns.components.filter { $0.head == nil }
    let now = try heatTable(.gradientAlongUpdate, of: parameters)
    guard now.recordCount >= 2 else {
      throw MeasureError.tooFewSamples(measure: "lossRates", found: now.recordCount, needed: 2)
    }
    let isCompared = columns.availableQuantities.contains(.gradientAlongPreviousUpdate)
    let places = parameters.compactMap { columns.component(named: $0.name) }
    let after = isCompared ? try series(.gradientAlongPreviousUpdate, of: places) : []
    let rows = now.recordCount - 1
    var rates = Matrix<Double>(rowCount: rows, columnCount: parameters.count)
    for row in 0..<rows {
      let isNext = now.steps[row + 1] == now.steps[row] + 1
      for column in parameters.indices {
        let other = isCompared && isNext ? after[column][row + 1] : now.values[row, column]
        rates[row, column] = -(now.values[row, column] + other) / 2
      }
    }
    return try HeatTable(
      steps: Array(now.steps.dropLast()), names: now.names, values: rates)
  }

  /// What each parameter contributed to the fall of the loss from the first record to the last: see
  /// ``heatBudget(of:lossBefore:lossAfter:)``. It closes where every step was recorded, of full batches.
  ///
  /// - Units: those of the loss.
  /// - Throws: ``RunError/unreadable(path:problem:)``, and `MeasureError` for records that are too few or not finite.
  public func heatBudget() throws -> HeatBudget {
    let losses = try losses()
    return try GrokMeasures.heatBudget(
      of: lossRates(), lossBefore: losses.first ?? .nan, lossAfter: losses.last ?? .nan)
  }
}

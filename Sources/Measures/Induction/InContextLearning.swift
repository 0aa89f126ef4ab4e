internal import Foundation

/// How much better a network predicts late in a sequence than early: the mean over examples of the loss at one index less that
/// at an earlier one.
///
/// Column i of the losses is that of predicting token i + 1 from tokens 0 … i. The published pair, "the 500th token less the 50th",
/// is read as columns 500 and 50, as the published notebook has it.
///
/// - Shapes: `losses` is `[examples, positions]`; what has no target is not a number and must not be one of the two columns.
/// - Units: nats; negative where there is learning in context.
/// - Throws: `MeasureError.outOfRange`, `.tooFewSamples` for fewer than two examples, `.nonFiniteInput`.
/// - Complexity: O(examples).
/// - Source: Olsson et al., In-context Learning and Induction Heads (2022).
public func inContextLearningScore(
  of losses: Matrix<Double>, late: Int = 500, early: Int = 50
) throws(MeasureError) -> Estimate {
  let measure = "inContextLearningScore"
  for (name, index) in [("the late index", late), ("the early index", early)]
  where !(0..<losses.columnCount).contains(index) {
    throw .outOfRange(
      measure: measure, what: name, value: Double(index),
      expected: "0 to \(losses.columnCount - 1), the positions")
  }
  guard early < late else {
    throw .outOfRange(
      measure: measure, what: "the early index", value: Double(early),
      expected: "less than the late one, \(late)")
  }
  return try Estimate(
    meanOf: (0..<losses.rowCount).map { losses[$0, late] - losses[$0, early] }, measure: measure)
}

/// The slope of the loss in the logarithm of the index, over one stretch of indices.
public struct LossSlope: Sendable, Equatable, Codable {
  /// The first index.
  public var early: Int
  /// The last.
  public var late: Int
  /// (loss at `late` less loss at `early`) / ln((late + 1)/(early + 1)), over examples.
  public var slope: Estimate
}

/// ∂loss/∂ln(index) between indices that are about evenly spaced in their logarithm: a row of the map of training by index.
///
/// - Shapes: `losses` is `[examples, positions]`; trailing columns in which no example has a target are left out.
/// - Units: nats for each factor e of the index, which counts from 1.
/// - Parameter perDecade: stretches for each factor 10 of the index.
/// - Throws: `MeasureError.outOfRange`, `.tooFewSamples`, `.nonFiniteInput`.
/// - Complexity: O(examples positions).
/// - Source: Olsson et al. (2022), as a check of the choice of the two indices.
public func lossSlopes(
  of losses: Matrix<Double>, perDecade: Int = 5
) throws(MeasureError) -> [LossSlope] {
  let measure = "lossSlopes"
  guard perDecade >= 1 else {
    throw .outOfRange(
      measure: measure, what: "perDecade", value: Double(perDecade), expected: "at least 1")
  }
  var count = losses.columnCount
  while count > 0, (0..<losses.rowCount).allSatisfy({ losses[$0, count - 1].isNaN }) { count -= 1 }
  guard count >= 2 else { throw .tooFewSamples(measure: measure, found: count, needed: 2) }
  var indices: [Int] = []
  var exponent = 0.0
  while pow(10, exponent) <= Double(count) {
    let index = Int(pow(10, exponent).rounded()) - 1
    if indices.last != index { indices.append(index) }
    exponent += 1 / Double(perDecade)
  }
  if indices.last != count - 1 { indices.append(count - 1) }
  var slopes: [LossSlope] = []
  for (early, late) in zip(indices, indices.dropFirst()) {
    let span = log(Double(late + 1) / Double(early + 1))
    slopes.append(
      LossSlope(
        early: early, late: late,
        slope: try Estimate(
          meanOf: (0..<losses.rowCount).map { (losses[$0, late] - losses[$0, early]) / span },
          measure: measure)))
  }
  return slopes
}

/// What taking a head away does to the losses.
public struct AblationEffect: Sendable, Equatable, Codable {
  /// The change of the mean loss over all targets; positive where the head helped.
  public var loss: Estimate
  /// The change of the in-context-learning score; positive where the head made it.
  public var inContextLearning: Estimate

  /// The effect from the losses without and with the head.
  ///
  /// Differences are taken example by example, so that what examples have in common does not count as error.
  ///
  /// - Shapes: both `[examples, positions]`; what has no target is not a number in both.
  /// - Throws: `MeasureError.rowCountMismatch`, `.outOfRange`, `.tooFewSamples`, `.nonFiniteInput`.
  public init(
    ablated: Matrix<Double>, intact: Matrix<Double>, late: Int, early: Int
  ) throws(MeasureError) {
    let measure = "AblationEffect"
    guard ablated.rowCount == intact.rowCount, ablated.columnCount == intact.columnCount else {
      throw .rowCountMismatch(measure: measure, first: ablated.count, second: intact.count)
    }
    let changes = Matrix(
      values: zip(ablated.values, intact.values).map { $0 - $1 }, rowCount: ablated.rowCount,
      columnCount: ablated.columnCount)
    loss = try Estimate(
      meanOf: (0..<changes.rowCount).map { row in
        let values = changes.row(row).filter { !$0.isNaN }
        return values.reduce(0, +) / Double(values.count)
      }, measure: measure)
    inContextLearning = try inContextLearningScore(of: changes, late: late, early: early)
  }
}

/// How far weights have moved and turned from a reference, usually their initial values.
public struct WeightChange: Sendable, Equatable, Codable {
  /// The change of a vector or of a part of it.
  public struct Part: Sendable, Equatable, Codable {
    /// The path; empty for the whole vector.
    public var name: String
    /// ‖θ − θ₀‖.
    public var distance: Double
    /// ‖θ − θ₀‖/‖θ₀‖; nil where the reference is 0, as biases often are at first.
    public var relativeDistance: Double?
    /// 1 − cos(θ, θ₀), the layer rotation: 0 where only the length has changed, 1 where the two are
    /// orthogonal, 2 where they are opposite; nil where one of the two is 0.
    public var rotation: Double?
    /// The share of the elements that were not 0 whose sign is another now, 0 among them; nil where all
    /// were 0.
    public var signChangeFraction: Double?

    /// cos(θ, θ₀); for small changes ``rotation`` has more digits.
    public var cosine: Double? { rotation.map { 1 - $0 } }
  }

  /// The change of the whole vector.
  public var total: Part
  /// The change of each part, in the order given.
  public var parts: [Part]
}

/// The change of a weight vector, as a whole and parameter by parameter.
///
/// The rotation is computed as (‖θ − θ₀‖² − (‖θ‖ − ‖θ₀‖)²)/(2 ‖θ‖ ‖θ₀‖), which keeps its digits where
/// the two are nearly parallel and 1 − cos would be lost to rounding.
///
/// ```swift
/// let change = try weightChange(from: initial, to: snapshot.parameterVector, parts: layout.parts)
/// for part in change.parts { print(part.name, part.rotation ?? 0) }
/// ```
///
/// - Parameter initial: θ₀.
/// - Units: distances are in the unit of the weights, all else is without.
/// - Throws: `MeasureError.rowCountMismatch` for vectors of two lengths, `.nonFiniteInput`,
///   `.undefined` for a part outside of the vectors.
/// - Complexity: O(n), one pass for the whole and one for the parts.
/// - Source: Carbonnelle & De Vleeschouwer, arXiv 1806.01603 (layer rotation, of the weights of
///   each layer without biases); Chizat, Oyallon & Bach, NeurIPS 2019 (relative distance).
public func weightChange<Scalar: RealScalar>(
  from initial: [Scalar], to final: [Scalar], parts: [VectorPart]
) throws(MeasureError) -> WeightChange {
  let measure = "weightChange"
  guard initial.count == final.count else {
    throw .rowCountMismatch(measure: measure, first: initial.count, second: final.count)
  }
  try requireParts(parts, within: initial.count, measure: measure)
  for (vector, name) in [(initial, "the initial vector"), (final, "the final vector")] {
    if let index = vector.firstIndex(where: { !$0.isFinite }) {
      throw .nonFiniteInput(measure: measure, array: name, index: index)
    }
  }
  func change(_ part: VectorPart) -> WeightChange.Part {
    WeightChange.Part(name: part.name, sums: changeSums(initial, final, part.range))
  }
  return WeightChange(
    total: change(VectorPart("", 0..<initial.count)), parts: parts.map { change($0) })
}

extension WeightChange.Part {
  fileprivate init(name: String, sums: ChangeSums) {
    let (before, after) = (sums.squareBefore.squareRoot(), sums.squareAfter.squareRoot())
    self.name = name
    distance = sums.squaredDistance.squareRoot()
    relativeDistance = before > 0 ? distance / before : nil
    let gap = after - before
    // Rounding can carry it past its ends by a unit in the last place.
    rotation =
      before > 0 && after > 0
      ? max(0, min(2, (sums.squaredDistance - gap * gap) / 2 / before / after)) : nil
    signChangeFraction =
      sums.nonzeroCount > 0 ? Double(sums.signChangeCount) / Double(sums.nonzeroCount) : nil
  }
}

// MARK: - Loops

private struct ChangeSums {
  var squareBefore = 0.0
  var squareAfter = 0.0
  var squaredDistance = 0.0
  /// Elements that were not 0 before.
  var nonzeroCount = 0
  var signChangeCount = 0
}

@specialized(where Scalar == Float)
@specialized(where Scalar == Double)
private func changeSums<Scalar: RealScalar>(
  _ before: [Scalar], _ after: [Scalar], _ range: Range<Int>
) -> ChangeSums {
  var sums = ChangeSums()
  for index in range {
    let (x, y) = (Double(before[index]), Double(after[index]))
    sums.squareBefore += x * x
    sums.squareAfter += y * y
    sums.squaredDistance += (x - y) * (x - y)
    if x != 0 {
      sums.nonzeroCount += 1
      if y == 0 || (x < 0) != (y < 0) { sums.signChangeCount += 1 }
    }
  }
  return sums
}

/// p-values adjusted so that those up to q hold at most a share q of false discoveries, on average.
///
/// With p₍₁₎ ≤ … ≤ p₍ₘ₎ the adjusted value of the i-th is min over j ≥ i of m p₍ⱼ₎/j, at most 1. Rejecting all
/// with an adjusted value up to q is the step-up procedure at level q; it keeps its promise for independent
/// tests and for those that depend positively.
///
/// - Returns: one for each p-value, in the order given.
/// - Throws: `MeasureError.outOfRange` for a number outside of 0...1.
/// - Complexity: O(m log m).
/// - Source: Benjamini & Hochberg, J. R. Stat. Soc. B 57, 289 (1995).
public func falseDiscoveryRates(of pValues: [Double]) throws(MeasureError) -> [Double] {
  for (index, value) in pValues.enumerated() where !(value >= 0 && value <= 1) {
    throw .outOfRange(
      measure: "falseDiscoveryRates", what: "p-value \(index)", value: value, expected: "0 to 1")
  }
  var adjusted = [Double](repeating: 1, count: pValues.count)
  var least = 1.0
  let order = pValues.indices.sorted { pValues[$0] < pValues[$1] }
  for place in order.indices.reversed() {
    least = min(least, pValues[order[place]] * Double(pValues.count) / Double(place + 1))
    adjusted[order[place]] = least
  }
  return adjusted
}

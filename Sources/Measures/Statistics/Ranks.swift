/// The ranks 1, 2, … of values, equal ones sharing the mean of theirs, and how many are equal.
///
/// Infinite values are ranked too: the largest of all, equal to each other.
struct Ranks {
  /// The rank of each value.
  var values: [Double]
  /// The sizes of groups of equal values, those of one value left out.
  var tieCounts: [Int]

  /// - Precondition: no value is not-a-number.
  init(of numbers: [Double]) {
    values = [Double](repeating: 0, count: numbers.count)
    tieCounts = []
    let order = numbers.indices.sorted { numbers[$0] < numbers[$1] }
    var start = 0
    while start < order.count {
      var end = start + 1
      while end < order.count, numbers[order[end]] == numbers[order[start]] { end += 1 }
      for place in start..<end { values[order[place]] = Double(start + end + 1) / 2 }
      if end - start > 1 { tieCounts.append(end - start) }
      start = end
    }
  }

  /// Σ f(t) over groups of t equal values.
  func tieSum(_ term: (Double) -> Double) -> Double {
    tieCounts.reduce(0) { $0 + term(Double($1)) }
  }
}

/// Throws for the first value that is not a number, or where `allowingInfinity` is false not finite.
func requireOrdered(
  _ values: [Double], _ name: String, allowingInfinity: Bool = false, measure: String
) throws(MeasureError) {
  let index = values.firstIndex { allowingInfinity ? $0.isNaN : !$0.isFinite }
  if let index { throw .nonFiniteInput(measure: measure, array: name, index: index) }
}

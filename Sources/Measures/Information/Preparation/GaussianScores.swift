/// The map of one column that makes its values normal by their ranks: strictly increasing and piecewise linear.
struct GaussianScores: Sendable, Equatable {
  /// The different values of the column, ascending.
  let values: [Double]
  /// Φ⁻¹((r − ½)/n) of each, r being the mean of the ranks of the equal ones.
  let scores: [Double]

  init(_ column: [Double]) {
    let sorted = column.sorted()
    let n = Double(sorted.count)
    var (values, scores) = ([Double](), [Double]())
    var first = 0
    while first < sorted.count {
      var end = first + 1
      while end < sorted.count, sorted[end] == sorted[first] { end += 1 }
      values.append(sorted[first])
      // Ranks first + 1 … end have the mean (first + 1 + end)/2.
      scores.append(NormalDistribution.quantile(Double(first + end) / 2 / n))
      first = end
    }
    self.values = values
    self.scores = scores
  }

  /// The score of a value, linear between those fitted and, beyond them, on along the last piece.
  ///
  /// - Precondition: there are two different values at least.
  func callAsFunction(_ value: Double) -> Double {
    var (low, high) = (0, values.count - 1)
    while low < high {
      let middle = (low + high) / 2
      if values[middle] < value { low = middle + 1 } else { high = middle }
    }
    if values[low] == value { return scores[low] }
    let right = min(max(1, low), values.count - 1)
    let slope = (scores[right] - scores[right - 1]) / (values[right] - values[right - 1])
    return scores[right - 1] + (value - values[right - 1]) * slope
  }
}

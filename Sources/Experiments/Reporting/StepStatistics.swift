import GrokReports

/// Steps at which something happened in several runs, in some of them perhaps never. Those count as later
/// than all others: leaving them out would make settings look quicker the more often they fail.
struct StepStatistics: Sendable, Equatable {
  /// The steps, rising; `nil`s at the end.
  private let sorted: [Int?]

  init(_ steps: [Int?]) {
    sorted = steps.sorted { ($0 ?? .max) < ($1 ?? .max) }
  }

  /// How many runs got there.
  var reachedCount: Int { sorted.count { $0 != nil } }

  /// The median, halfway between the middle two where their number is even; `nil` where half or more of
  /// the runs never got there.
  var median: Double? {
    guard !sorted.isEmpty else { return nil }
    let half = sorted.count / 2
    let (low, high) = sorted.count % 2 == 1 ? (half, half) : (half - 1, half)
    guard let first = sorted[low], let second = sorted[high] else { return nil }
    return (Double(first) + Double(second)) / 2
  }

  /// `5,200 (4,800–never)`: the median and the range; empty for no runs.
  var text: String {
    guard let first = sorted.first, let last = sorted.last else { return "" }
    func word(_ step: Int?) -> String { step.map(Readable.count) ?? "never" }
    let middle = median.map { Readable.count(Int($0.rounded())) } ?? "never"
    return sorted.count == 1 || first == last
      ? word(first) : "\(middle) (\(word(first))–\(word(last)))"
  }
}

/// The median and range of numbers as text: `0.998 (0.991–1)`; empty for none.
func rangeText(_ values: [Double]) -> String {
  let finite = values.filter(\.isFinite)
  guard let low = finite.min(), let high = finite.max() else { return "" }
  let middle = BandKind.range.summary(of: finite, isLogarithmic: false).middle
  func text(_ value: Double) -> String { Readable.number(value, significantDigits: 3) }
  return low == high ? text(low) : "\(text(middle)) (\(text(low))–\(text(high)))"
}

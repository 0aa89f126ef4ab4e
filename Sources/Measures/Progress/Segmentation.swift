internal import Foundation

/// What is fitted to the records between two change points, in logarithmic time.
public enum SegmentModel: String, Sendable, Equatable, Codable, CaseIterable {
  /// A mean.
  case constant
  /// A straight line in log₁₀ of the step; lines of neighboring segments need not meet.
  case linear

  /// The number of coefficients of a segment.
  var coefficientCount: Int { self == .constant ? 1 : 2 }
}

/// The squared error of the best fit to any stretch of records, each in O(1).
struct SegmentCosts: Sendable {
  let model: SegmentModel
  let count: Int
  /// Sums over the records before each index, of values and times less their means.
  private var y = [0.0]
  private var yy = [0.0]
  private var x = [0.0]
  private var xx = [0.0]
  private var xy = [0.0]

  init(_ series: RecordedSeries, model: SegmentModel) {
    self.model = model
    count = series.count
    let times = series.steps.map { decades(ofStep: $0) }
    let meanTime = times.reduce(0, +) / Double(max(1, count))
    let meanValue = series.values.reduce(0, +) / Double(max(1, count))
    for index in 0..<count {
      let (time, value) = (times[index] - meanTime, series.values[index] - meanValue)
      y.append(y[index] + value)
      yy.append(yy[index] + value * value)
      x.append(x[index] + time)
      xx.append(xx[index] + time * time)
      xy.append(xy[index] + time * value)
    }
  }

  /// The squared error over the records `start ..< end`.
  func callAsFunction(_ start: Int, _ end: Int) -> Double {
    let n = Double(end - start)
    let sum = y[end] - y[start]
    let total = yy[end] - yy[start] - sum * sum / n
    guard model == .linear else { return max(0, total) }
    let time = x[end] - x[start]
    let spread = xx[end] - xx[start] - time * time / n
    guard spread > 0 else { return max(0, total) }
    let shared = xy[end] - xy[start] - time * sum / n
    return max(0, total - shared * shared / spread)
  }
}

// MARK: - Exact searches

/// The first records of all segments but the first, for every number of change points from 0 on, such
/// that the squared error is the least possible; ends where no further segment fits in.
///
/// - Complexity: O(`largestCount` n²) time.
/// - Source: segment neighborhoods, Auger & Lawrence, Bull. Math. Biol. 51, 39 (1989).
func bestSegmentations(
  _ costs: SegmentCosts, largestCount: Int, shortest: Int
) -> [[Int]] {
  let n = costs.count
  guard n >= shortest else { return [] }
  var best = (0...n).map { $0 >= shortest ? costs(0, $0) : .infinity }
  var starts = [[Int]]()  // starts[k][end]: the first record of the last of k + 2 segments.
  var results: [[Int]] = [[]]
  for count in stride(from: 1, through: largestCount, by: 1) where (count + 1) * shortest <= n {
    var next = [Double](repeating: .infinity, count: n + 1)
    var start = [Int](repeating: 0, count: n + 1)
    for end in (count + 1) * shortest...n {
      for middle in count * shortest...end - shortest {
        let cost = best[middle] + costs(middle, end)
        if cost < next[end] { (next[end], start[end]) = (cost, middle) }
      }
    }
    best = next
    starts.append(start)
    var (segmentation, end) = ([Int](), n)
    for start in starts.reversed() {
      end = start[end]
      segmentation.append(end)
    }
    results.append(segmentation.reversed())
  }
  return results
}

/// The first records of all segments but the first, such that squared error + `penalty` × change points is
/// the least possible.
///
/// - Complexity: O(n) time where changes are spread over the records, O(n²) where there are none.
/// - Source: PELT, Killick, Fearnhead & Eckley, J. Am. Stat. Assoc. 107, 1590 (2012).
func penalizedSegmentation(_ costs: SegmentCosts, penalty: Double, shortest: Int) -> [Int] {
  let n = costs.count
  guard n >= 2 * shortest else { return [] }
  var best = [Double](repeating: .infinity, count: n + 1)
  best[0] = -penalty
  var start = [Int](repeating: 0, count: n + 1)
  // A start that has lost at some end loses at all ends at which a segment can start there instead.
  var candidates: [(start: Int, lastEnd: Int)] = []
  for end in shortest...n {
    let newest = end - shortest
    if best[newest].isFinite { candidates.append((newest, Int.max)) }
    candidates.removeAll { $0.lastEnd < end }
    for candidate in candidates {
      let cost = best[candidate.start] + costs(candidate.start, end) + penalty
      if cost < best[end] { (best[end], start[end]) = (cost, candidate.start) }
    }
    for index in candidates.indices where candidates[index].lastEnd == .max {
      let candidate = candidates[index].start
      if best[candidate] + costs(candidate, end) > best[end] {
        candidates[index].lastEnd = end + shortest - 1
      }
    }
  }
  var (segmentation, end) = ([Int](), n)
  while start[end] > 0 {
    end = start[end]
    segmentation.append(end)
  }
  return segmentation.reversed()
}

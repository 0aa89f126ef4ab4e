import GrokMeasures
import GrokReports

extension PhaseChange {
  /// The phase change that the records of a run show; `nil` where there is none, or too few checkpoints to tell.
  ///
  /// - Parameter set: The examples: `test`.
  /// - Parameter matching: The names of the records of prefix matching, one for each head.
  /// - Parameter readsLoss: Whether the test loss has to fall fastest at that time too. Where there is much to learn before copying,
  ///   it does not.
  /// - Parameter points: The records of a name.
  static func recorded(
    of set: String, matching: [String], readsLoss: Bool = true, points: (String) -> [Plot.Point]
  ) -> PhaseChange? {
    guard let score = series(points("\(set)/inContextLearning")) else { return nil }
    let heads = matching.map(points)
    var largest: [Plot.Point] = []
    for place in heads.first?.indices ?? 0..<0 {
      let values = heads.compactMap { $0.indices.contains(place) ? $0[place].y : nil }
      largest.append(Plot.Point(x: heads[0][place].x, y: values.max() ?? .nan))
    }
    return try? phaseChange(
      inContextLearning: score, loss: readsLoss ? series(points("test/loss")) : nil,
      prefixMatching: series(largest))
  }

  /// A curve that is long enough for a change to be found in it.
  static func series(_ points: [Plot.Point]) -> RecordedSeries? {
    let known = points.filter { $0.y.isFinite }
    guard known.count >= 5 else { return nil }
    return try? RecordedSeries(steps: known.map { Int($0.x) }, values: known.map(\.y))
  }
}

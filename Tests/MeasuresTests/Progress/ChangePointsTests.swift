import Foundation
import Testing
import TestSupport

@testable import GrokMeasures

@Suite struct ChangePointsTests {
  /// A series of which record `i` was made at step `steps(i)`.
  private func series(_ values: [Double], at steps: (Int) -> Int = { $0 + 1 }) throws
    -> RecordedSeries
  {
    try RecordedSeries(steps: values.indices.map(steps), values: values)
  }

  @Test(.tags(.law), arguments: SegmentModel.allCases)
  func exactPiecesAreFoundWhereTheyAre(model: SegmentModel) throws {
    // In log time: 3 + 2 t, then −1 + t, then 5; as means 1, 4, 2.
    let steps = (0..<40).map { Int(pow(10, 1 + Double($0) / 10).rounded()) }
    let values = steps.enumerated().map { index, step in
      let t = log10(Double(step))
      switch model {
      case .constant: return index < 13 ? 1.0 : index < 29 ? 4 : 2
      case .linear: return index < 13 ? 3 + 2 * t : index < 29 ? -1 + t : 5
      }
    }
    let found = try changePoints(
      of: RecordedSeries(steps: steps, values: values), model: model)
    #expect(found.points.map(\.index) == [13, 29])
    #expect(found.points.map(\.step) == [steps[13], steps[29]])
    #expect(found.points.map(\.previousStep) == [steps[12], steps[28]])
    // Without noise nothing but the spacing of the records is unknown.
    #expect(found.points.map(\.earliestStep) == [steps[12], steps[28]])
    #expect(found.points.map(\.latestStep) == [steps[13], steps[29]])
    // Differences of sums of squares around 100.
    #expect(found.residualSumOfSquares < 1e-11)
    if model == .constant { #expect(found.points.map(\.jump) == [3, -2]) }
  }

  @Test(.tags(.law)) func shiftScaleAndUnitOfTimeChangeNothing() throws {
    let data = try OnsetFixture.series("lines")
    let moved = try RecordedSeries(
      steps: data.steps.map { $0 * 7 }, values: data.values.map { -30 * $0 + 1000 })
    let (a, b) = (
      try changePoints(of: data, model: .linear), try changePoints(of: moved, model: .linear)
    )
    #expect(a.points.map(\.index) == b.points.map(\.index))
    #expect(a.points.count == 2)
    #expect(abs(b.noise - 30 * a.noise) < 1e-9)
  }

  @Test(.tags(.golden), arguments: ["constant", "linear"])
  func equalsRuptures(model: String) throws {
    let data = try OnsetFixture.series(model == "constant" ? "levels" : "lines")
    for count in 1...4 {
      let expected = OnsetFixture.value("changes", model, "\(count)")
      let found = try changePoints(
        of: data, model: #require(SegmentModel(rawValue: model)), count: .exactly(count))
      #expect(found.points.map { Double($0.index) } == numbers(expected, "starts"))
      let residual = number(expected, "residual")
      #expect(abs(found.residualSumOfSquares - residual) < 1e-9 * residual)
    }
  }

  @Test(.tags(.golden)) func equalsRupturesWithAPenalty() throws {
    let data = try OnsetFixture.series("levels")
    for expected in OnsetFixture.value("changes", "penalty")?.array ?? [] {
      let found = try changePoints(of: data, count: .penalty(number(expected, "penalty")))
      #expect(found.points.map { Double($0.index) } == numbers(expected, "starts"))
    }
  }

  @Test(.tags(.oracle), arguments: 0..<60) func equalsTryingEverything(seed: Int) throws {
    let key = RandomKey(seed: 3).fork(seed)
    let n = key.integer(at: 0, in: 6..<11)
    let values: [Double] = key.fork("values").normal(count: n)
    let data = try series(values) { 3 * $0 }
    let model = SegmentModel.allCases[seed % 2]
    let shortest = 2 + seed % 3 / 2
    let costs = SegmentCosts(data, model: model)
    let penalty = 0.2 + 0.1 * Double(seed % 5)
    var best = [Int: Double]()
    for mask in 0..<(1 << (n - 1)) {
      let edges = [0] + (1..<n).filter { mask >> ($0 - 1) & 1 == 1 } + [n]
      let lengths = zip(edges, edges.dropFirst()).map { $1 - $0 }
      guard lengths.allSatisfy({ $0 >= shortest }) else { continue }
      let cost = zip(edges, edges.dropFirst()).reduce(0) { $0 + costs($1.0, $1.1) }
      best[edges.count - 2] = min(best[edges.count - 2] ?? .infinity, cost)
    }
    let all = bestSegmentations(costs, largestCount: n, shortest: shortest)
    #expect(all.count == best.count, "seed \(seed)")
    func cost(_ starts: [Int]) -> Double {
      zip([0] + starts, starts + [n]).reduce(0) { $0 + costs($1.0, $1.1) }
    }
    for (count, starts) in all.enumerated() {
      #expect(abs(cost(starts) - (best[count] ?? .nan)) < 1e-12, "seed \(seed)")
    }
    let penalized = penalizedSegmentation(costs, penalty: penalty, shortest: shortest)
    let least = best.map { $0.value + penalty * Double($0.key) }.min() ?? .nan
    #expect(
      abs(cost(penalized) + penalty * Double(penalized.count) - least) < 1e-12, "seed \(seed)")
  }

  @Test(.tags(.oracle)) func costsAreThoseOfTheFit() throws {
    let data = try OnsetFixture.series("lines")
    let costs = SegmentCosts(data, model: .linear)
    // What is left of the values outside of the span of 1 and t.
    for (start, end) in [(0, 3), (5, 40), (0, data.count), (70, 72)] {
      let times = data.steps[start..<end].map { decades(ofStep: $0) }
      let a = Matrix<Double>(rows: times.map { [1, $0] })
      let q = try QRFactors(of: a).orthogonal
      let values = Array(data.values[start..<end])
      let fitted = q.multiplied(by: q.multiplied(by: values, transposingSelf: true))
      let expected = zip(values, fitted).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
      #expect(abs(costs(start, end) - expected) < 1e-12)
    }
  }

  @Test(.tags(.statistical)) func intervalsHoldTheChangeAsOftenAsTheySay() throws {
    // 400 series of 60 records, one jump of 1.2 standard deviations after record 25.
    var (heldCount, foundCount) = (0, 0)
    for seed in 0..<400 {
      let key = RandomKey(seed: 8).fork(seed)
      let noise: [Double] = key.normal(count: 60)
      let one = try changePoints(
        of: series(noise.enumerated().map { $1 + ($0 < 25 ? 0 : 1.2) }),
        count: .exactly(1), confidence: 0.9)
      // Record 25 is at step 26.
      if let point = one.points.first {
        if point.earliestStep < 26, point.latestStep >= 26 { heldCount += 1 }
      }
      foundCount += try changePoints(of: series(noise)).points.isEmpty ? 0 : 1
    }
    // Hansen's limit is for small jumps; for others it holds more. Standard error 1.5 %.
    #expect(heldCount >= 346, "\(heldCount) of 400")
    // The criterion cuts pure noise about once in 30 times; standard error 0.9 %.
    #expect((4...24).contains(foundCount), "\(foundCount) of 400")
  }

  @Test func aFlatSeriesHasNoChange() throws {
    let flat = try series([Double](repeating: 0.25, count: 30))
    #expect(try changePoints(of: flat).points.isEmpty)
    #expect(try changePoints(of: flat, model: .linear).points.isEmpty)
    #expect(try changePoints(of: flat, count: .exactly(2)).points.count == 2)
    #expect(try changePoints(of: flat, count: .penalty(1)).points.isEmpty)
  }

  @Test func step0HasAPlace() throws {
    let data = try RecordedSeries(steps: [0, 1, 2, 4, 8, 16], values: [0, 0, 0, 5, 5, 5])
    #expect(decades(ofStep: 0) == log10(0.5))
    #expect(try changePoints(of: data).points.map(\.step) == [4])
  }

  @Test(arguments: [
    (ChangePointCount.exactly(3), "changePoints: 5 samples; at least 8 are needed"),
    (.exactly(-1), "changePoints: the number of points is -1.0; expected at least 0"),
    (.penalty(0), "changePoints: penalty is 0.0; expected above 0 and finite"),
    (.criterion(largest: -1), "changePoints: largest is -1.0; expected at least 0"),
    (
      .criterion(resolution: -1.0),
      "changePoints: resolution is -1.0; expected at least 0 and finite"
    ),
  ])
  func refusals(count: ChangePointCount, message: String) throws {
    let data = try series([1, 2, 3, 4, 5])
    let error = #expect(throws: MeasureError.self) { try changePoints(of: data, count: count) }
    #expect(error?.description == message)
  }

  @Test func whatIsNoSeriesIsRefused() throws {
    #expect(throws: MeasureError.rowCountMismatch(measure: "RecordedSeries", first: 1, second: 2)) {
      try RecordedSeries(steps: [1], values: [1, 2])
    }
    #expect(throws: MeasureError.notIncreasing(measure: "RecordedSeries", array: "steps", index: 1))
    {
      try RecordedSeries(steps: [1, 1], values: [1, 2])
    }
    #expect(
      throws: MeasureError.nonFiniteInput(
        measure: "RecordedSeries", array: "the values", index: 1)
    ) { try RecordedSeries(steps: [1, 2], values: [1, .nan]) }
    #expect(throws: MeasureError.self) { try RecordedSeries(steps: [-1, 2], values: [1, 2]) }
    let data = try series([1, 2, 3, 4])
    #expect(throws: MeasureError.self) { try changePoints(of: data, confidence: 1) }
    #expect(throws: MeasureError.self) {
      try changePoints(of: data, model: .linear, shortestSegment: 1)
    }
  }
}

import GrokNumerics
import GrokReports

/// Plots for tests: hard ones by name, and random ones.
enum SamplePlots {
  static let hard: [(name: String, plot: Plot)] = {
    let steps = (0...60).map { Double($0 * $0) }
    let letters = "a < b & \"c\" 'd' > é 漢字 \u{0} \u{FFFE} 🙂"
    return [
      ("no series", Plot("", x: .linear(""), y: .linear(""))),
      ("empty series", plot([], [])), ("one point", plot([0], [4.7])),
      ("constant", plot([0, 1, 2], [0.25, 0.25, 0.25])), ("zero", plot([0, 1], [0, 0])),
      ("nothing finite", plot([0, 1, 2], [.nan, .infinity, -.infinity])),
      ("x not finite", plot([.nan, .infinity], [1, 2])),
      ("huge", plot([0, 1, 2], [-1.7e308, 0, 1.7e308])),
      ("tiny", plot([0, 1, 2], [.leastNonzeroMagnitude, 0, 2 * .leastNonzeroMagnitude])),
      ("same x", plot([3, 3, 3], [1, 2, 3])),
      ("next to 1", plot([0, 1, 2], [1, 1 + 1e-9, 1 - 1e-9])),
      (
        "escapes",
        Plot(
          letters, x: .linear(letters), y: .linear(letters),
          series: [
            Plot.Series(letters, x: [1, 2], y: [1, 2]),
            Plot.Series(letters, x: [1, 2], y: [1, 2]),
          ], markers: [Plot.Marker(at: 1, letters)],
          references: [Plot.ReferenceLine(at: 1, letters)],
          spans: [Plot.Span(from: 1, to: 2, letters)], summary: letters)
      ),
      (
        "intervals",
        Plot(
          "Intervals", x: .logarithmicWithZero("Step"), y: .logarithmic("Loss"),
          series: Plot.Style.allCases.flatMap { style in
            Plot.Intervals.allCases.map { intervals in
              Plot.Series(
                "\(style)",
                points: steps.map { Plot.Point(x: $0, y: $0 + 1, error: $0 == 9 ? nil : 3) },
                style: style, intervals: intervals)
            }
          })
      ),
      (
        "outside its axes",
        Plot(
          "Outside", x: .logarithmicWithZero("Step", range: 0...100), y: .linear("y", range: 2...3),
          series: [
            Plot.Series("a", x: steps, y: steps, error: steps),
            Plot.Series("b", x: steps, y: steps.map { -$0 * 1e200 }, style: .lineAndMarkers),
          ], markers: [Plot.Marker(at: 1e9, "far"), Plot.Marker(at: -1, "never")],
          references: [Plot.ReferenceLine(at: 50, "off")],
          spans: [
            Plot.Span(from: -1, to: 1e300, "all", color: .gold),
            Plot.Span(from: 1e9, to: .infinity, "far"), Plot.Span(from: .nan, to: 3, "never"),
            Plot.Span(from: 9, to: 4, "backwards"),
          ])
      ),
      (
        "forty names",
        Plot(
          "Forty", x: .linear("x"), y: .linear("y"),
          series: (0..<40).map {
            Plot.Series("series number \($0)", x: [0, 1], y: [0, Double($0)])
          })
      ),
      (
        "long texts",
        Plot(
          String(repeating: "long title ", count: 30),
          x: .linear(String(repeating: "label ", count: 60)),
          y: .linear(String(repeating: "label ", count: 60)),
          series: [
            Plot.Series(String(repeating: "name ", count: 60), x: [0, 1], y: [0, 1]),
            Plot.Series(String(repeating: "name ", count: 60), x: [0, 1], y: [1, 0]),
          ], markers: [Plot.Marker(at: 0.5, String(repeating: "event ", count: 60))],
          references: [Plot.ReferenceLine(at: 0.5, String(repeating: "level ", count: 60))],
          spans: [
            Plot.Span(from: 0.2, to: 0.4, String(repeating: "span ", count: 60))
          ])
      ),
    ]
  }()

  private static func plot(_ x: [Double], _ y: [Double]) -> Plot {
    Plot(
      "Hard", x: .linear("x"), y: .linear("y"),
      series: [Plot.Series("a", x: x, y: y), Plot.Series("b", x: x, y: y, style: .stairs)])
  }

  /// A plot of the usual kind with everything chosen at random.
  static func random(_ index: Int) -> Plot {
    let key = RandomKey(seed: 25).fork(index)
    func pick(_ name: String, _ count: Int) -> Int { key.fork(name).integer(at: 0, in: 0..<count) }
    func unit(_ name: String, _ position: Int = 0) -> Double {
      Double(key.fork(name).bits(at: position) >> 11) * 0x1p-53
    }
    func power(_ exponent: Double) -> Double {
      Double("1e\(Int(exponent.rounded()))") ?? 1
    }
    let last = power(unit("length") * 7 + 1)
    let unitOfY = power(unit("unit") * 16 - 8)
    let sizes = [Plot.Size.standard, .half, .third]
    return Plot(
      "Random \(index)", x: Plot.Axis("Step", scale: Plot.Scale.allCases[pick("x", 3)]),
      y: Plot.Axis("Value (nats)", scale: Plot.Scale.allCases[pick("y", 3)]),
      series: (0..<pick("series", 7)).map { series in
        let key = key.fork("series").fork(series)
        let length = key.integer(at: 0, in: 0..<120)
        return Plot.Series(
          "layer \(series)", x: (0..<length).map { last * Double($0) / Double(length) },
          y: (0..<length).map { unitOfY * Double(key.integer(at: $0 + 1, in: 0..<1000) - 20) },
          error: key.integer(at: 200, in: 0..<2) == 0
            ? nil : (0..<length).map { unitOfY * Double(key.integer(at: $0 + 300, in: 0..<90)) },
          style: Plot.Style.allCases[key.integer(at: 999, in: 0..<4)])
      },
      markers: (0..<pick("markers", 4)).map {
        Plot.Marker(
          at: last * unit("marker", $0), ["fit 140", "generalized 13,200", "cleanup"][$0])
      },
      references: (0..<pick("references", 4)).map {
        Plot.ReferenceLine(
          at: 1000 * unitOfY * unit("level", $0), ["chance", "0.99", "ln 113"][$0])
      }, size: sizes[pick("size", 3)])
  }
}

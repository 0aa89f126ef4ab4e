import Foundation
import GrokReports

/// Made-up figures of the kinds that the package draws, for looking at.
enum Samples {
  /// Steps as a logarithmic schedule records them, 0 first.
  static let steps: [Double] = {
    var steps: Set = [0]
    for i in 0...120 { steps.insert(Int(pow(10, Double(i) / 120 * log10(50_000)).rounded())) }
    return steps.sorted().map(Double.init)
  }()

  /// A repeatable number between −1 and 1.
  static func noise(_ index: Int, _ stream: Int = 0) -> Double {
    var z = UInt64(truncatingIfNeeded: index &* 7919 &+ stream &* 104_729) &+ 0x9E37_79B9_7F4A_7C15
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return Double((z ^ (z >> 31)) >> 11) / Double(1 << 52) - 1
  }

  static func rise(_ step: Double, at middle: Double, width: Double) -> Double {
    1 / (1 + exp(-(log10(max(step, 0.5)) - log10(middle)) / width))
  }

  static let train = steps.map { 0.009 + 0.991 * rise($0, at: 70, width: 0.09) }
  static let test = steps.enumerated().map { i, s in
    min(1, 0.009 + 0.991 * rise(s, at: 8000, width: 0.07) + 0.006 * noise(i))
  }

  static let accuracy = Plot(
    "Accuracy", x: .logarithmicWithZero("Step"), y: .linear("Accuracy"),
    series: [Plot.Series("train", x: steps, y: train), Plot.Series("test", x: steps, y: test)],
    markers: [Plot.Marker(at: 140, "fit 140"), Plot.Marker(at: 13_200, "generalized 13,200")],
    references: [
      Plot.ReferenceLine(at: 0.99, "0.99"), Plot.ReferenceLine(at: 1.0 / 113, "chance"),
    ])

  static let loss = Plot(
    "Loss", x: .logarithmicWithZero("Step"), y: .logarithmic("Cross-entropy (nats)"),
    series: [
      Plot.Series(
        "train", x: steps,
        y: steps.map { 4.73 * exp(-18 * rise($0, at: 300, width: 0.3)) + 2e-8 }),
      Plot.Series(
        "test", x: steps,
        y: steps.map {
          (4.73 + 14 * rise($0, at: 100, width: 0.3)) * exp(-20 * rise($0, at: 9000, width: 0.1))
            + 1e-7
        }),
    ],
    markers: [Plot.Marker(at: 140, "fit 140"), Plot.Marker(at: 13_200, "generalized 13,200")],
    references: [Plot.ReferenceLine(at: log(113), "ln 113")])

  static let norm = Plot(
    "Weight norm", x: .logarithmicWithZero("Step"), y: .linear("‖θ‖"),
    series: [
      Plot.Series(
        "‖θ‖", x: steps,
        y: steps.map {
          31 + 22 * rise($0, at: 60, width: 0.2) - 24 * rise($0, at: 6000, width: 0.15)
        })
    ])

  static let linearSteps = Plot(
    "Accuracy, steps in proportion", x: .linear("Step"), y: .linear("Accuracy", range: 0...1),
    series: accuracy.series)

  static let bands = Plot(
    "Manifold capacity over five seeds", x: .logarithmicWithZero("Step"),
    y: .linear("Capacity"),
    series: [
      Plot.Series(
        "layers.1", x: steps, y: steps.map { 0.06 + 0.3 * rise($0, at: 6000, width: 0.2) },
        error: steps.map { 0.012 + 0.03 * rise($0, at: 6000, width: 0.2) }),
      Plot.Series(
        "layers.2", x: steps, y: steps.map { 0.05 + 0.12 * rise($0, at: 9000, width: 0.2) },
        error: steps.map { _ in 0.014 }),
      Plot.Series(
        "null model", x: [0, 10, 100, 1000, 10_000, 50_000],
        y: [0.04, 0.041, 0.04, 0.039, 0.041, 0.04],
        error: [0.01, 0.01, 0.01, 0.01, 0.01, 0.01], style: .lineAndMarkers, color: .gray,
        isDashed: true),
    ])

  static let styles = Plot(
    "Styles", x: .linear("Width"), y: .linear("Value"),
    series: [
      Plot.Series("line", x: xs, y: xs.map { sin($0) }),
      Plot.Series("dashed", x: xs, y: xs.map { sin($0 + 0.6) }, isDashed: true),
      Plot.Series("markers", x: xs, y: xs.map { sin($0 + 1.2) }, style: .markers),
      Plot.Series("both", x: xs, y: xs.map { sin($0 + 1.8) }, style: .lineAndMarkers),
      Plot.Series("step", x: xs, y: xs.map { sin($0 + 2.4) }, style: .stairs),
      Plot.Series(
        "bars", x: xs, y: xs.map { sin($0 + 3.0) }, error: xs.map { _ in 0.12 }, style: .markers),
      Plot.Series("seventh", x: xs, y: xs.map { 0.5 * sin($0 + 3.6) }),
    ])
  static let xs = (0...20).map { Double($0) / 3 }

  static let many = Plot(
    "Twelve seeds", x: .logarithmic("Step"), y: .linear("Test accuracy"),
    series: (0..<12).map { seed in
      Plot.Series(
        "seed \(seed)", x: steps,
        y: steps.map { rise($0, at: 3000 + 800 * Double(seed), width: 0.08) })
    })

  static let ramp = Plot(
    "Weight decay", x: .logarithmicWithZero("Step"), y: .linear("Test accuracy"),
    series: [0.0, 0.03, 0.1, 0.3, 1, 3].enumerated().map { i, decay in
      Plot.Series(
        "λ = \(Readable.number(decay))", x: steps,
        y: steps.map { rise($0, at: 40_000 / pow(2.4, Double(i)), width: 0.08) },
        color: .ramp(Double(i) / 5))
    })

  static let dense = Plot(
    "200,000 points with two spikes", x: .linear("Step"), y: .linear("Loss", range: -1...6),
    series: [
      Plot.Series(
        "loss", x: (0..<200_000).map(Double.init),
        y: (0..<200_000).map { $0 == 77_777 ? 5.5 : $0 == 150_001 ? -0.8 : 1 + 0.4 * noise($0) })
    ])

  static let plane = Plot(
    "Information plane", x: .linear("I(X; T) (nats)"), y: .linear("I(Y; T) (nats)"),
    series: (0..<3).map { layer in
      let depth = Double(layer)
      return Plot.Series(
        "layer \(layer + 1)",
        x: (0..<60).map { epoch -> Double in
          8 - depth * (1 + 0.04 * Double(epoch)) + 0.05 * noise(epoch, layer)
        },
        y: (0..<60).map { epoch -> Double in 0.68 * (1 - exp(-Double(epoch) / 12)) - 0.05 * depth },
        style: .lineAndMarkers)
    })

  static let ugly: [(String, Plot)] = [
    ("empty", Plot("Nothing recorded yet", x: .linear("Step"), y: .linear("Loss"))),
    (
      "empty-log",
      Plot(
        "Nothing on logarithmic axes", x: .logarithmicWithZero("Step"), y: .logarithmic("Loss"),
        series: [Plot.Series("a", x: [], y: []), Plot.Series("b", x: [.nan], y: [.nan])])
    ),
    (
      "single",
      Plot(
        "One point", x: .logarithmicWithZero("Step"), y: .logarithmic("Loss"),
        series: [Plot.Series("a", x: [0], y: [4.7])])
    ),
    (
      "constant",
      Plot(
        "Constant", x: .linear("Step"), y: .linear("Loss"),
        series: [Plot.Series("a", x: [0, 1, 2], y: [0.25, 0.25, 0.25])])
    ),
    (
      "huge",
      Plot(
        "Huge", x: .linear("Step"), y: .linear("Energy (J)"),
        series: [Plot.Series("a", x: [0, 1e6, 2e6], y: [-1.7e308, 0, 1.7e308])])
    ),
    (
      "tiny",
      Plot(
        "Tiny", x: .linear("Step"), y: .linear("Gradient noise"),
        series: [Plot.Series("a", x: [0, 1e-5, 2e-5], y: [1e-9, 3e-9, 2.2e-9])])
    ),
    (
      "offset",
      Plot(
        "Large offset", x: .linear("Step"), y: .linear("Value"),
        series: [Plot.Series("a", x: [100_000, 100_001, 100_002], y: [1, 1.0000001, 1.00000005])])
    ),
    (
      "gaps",
      Plot(
        "Gaps & <escapes> \"quoted\"", x: .linear("Step"), y: .logarithmic("Loss"),
        series: [
          Plot.Series(
            "a < b & c", x: (0..<12).map(Double.init),
            y: [1, 0.5, .nan, 0.3, .infinity, 0.1, 0.08, 0, 0.05, -1, 0.02, 0.01])
        ])
    ),
    (
      "crowded",
      Plot(
        "A title that is much too long to fit above a figure of this width, so it must be shortened somewhere",
        x: .logarithmicWithZero(
          "A label of the horizontal axis that is far too long for the axis that it is on"),
        y: .linear("A vertical label that is far too long for its axis as well"),
        series: [
          Plot.Series("a name of a series that goes on and on and on and on", x: steps, y: test),
          Plot.Series(
            "another one of them that goes on for ever", x: steps, y: test.map { 1 - $0 }),
          Plot.Series("middle", x: steps, y: test.map { _ in 0.5 }),
          Plot.Series("noise", x: steps, y: steps.indices.map { 0.5 + 0.5 * noise($0) }),
        ],
        markers: [
          Plot.Marker(at: 100, "fit 100"), Plot.Marker(at: 120, "memorized 120"),
          Plot.Marker(at: 140, "circuits form 140", color: .green),
          Plot.Marker(at: 45_000, "generalized 45,000"),
          Plot.Marker(at: 0, "start"), Plot.Marker(at: 30_000, "cleanup 30,000"),
        ],
        references: [
          Plot.ReferenceLine(at: 0.99, "0.99"), Plot.ReferenceLine(at: 1, "perfect"),
          Plot.ReferenceLine(at: 0.5, "coin", color: .vermilion),
          Plot.ReferenceLine(at: 0.009, "chance 1/113"),
          Plot.ReferenceLine(at: 0.0, "zero"),
        ], size: .half)
    ),
    (
      "narrow-log",
      Plot(
        "Less than a decade", x: .logarithmic("Width"), y: .logarithmic("Loss"),
        series: [
          Plot.Series(
            "a", x: [64, 128, 256, 512], y: [0.31, 0.29, 0.275, 0.27], style: .lineAndMarkers)
        ])
    ),
    (
      "wide-log",
      Plot(
        "Six hundred decades", x: .logarithmic("Width"), y: .logarithmic("Loss"),
        series: [
          Plot.Series("a", x: [1e-300, 1, 1e300], y: [1e-20, 1e-5, 1e10], style: .lineAndMarkers)
        ])
    ),
    (
      "spans",
      Plot(
        "Phases", x: .logarithmicWithZero("Step"), y: .linear("Accuracy", range: 0...1.2),
        series: [Plot.Series("train", x: steps, y: train), Plot.Series("test", x: steps, y: test)],
        spans: [
          Plot.Span(from: 0, to: 900, "memorisation", color: .blue),
          Plot.Span(from: 900, to: 6_000, "circuit formation", color: .gold),
          Plot.Span(from: 6_000, to: 13_200, "cleanup", color: .green),
        ], legend: .above)
    ),
    (
      "scatter",
      Plot(
        "100,000 dots", x: .linear("u"), y: .linear("v"),
        series: [
          Plot.Series(
            "sum", x: (0..<100_000).map { noise($0, 1) + noise($0, 2) + noise($0, 3) },
            y: (0..<100_000).map { noise($0, 4) + noise($0, 5) + noise($0, 6) }, style: .markers)
        ])
    ),
    (
      "small",
      Plot(
        "Smallest", x: .linear("Step"), y: .linear("Loss"),
        series: [Plot.Series("a", x: [0, 50_000], y: [0, 4])],
        size: Plot.Size(width: 160, height: 120))
    ),
  ]
}

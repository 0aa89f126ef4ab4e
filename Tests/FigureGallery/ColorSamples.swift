import Foundation
import GrokReports

/// Made-up figures in which colors stand for numbers, and histograms.
enum ColorSamples {
  private static func noise(_ index: Int, _ stream: Int) -> Double { Samples.noise(index, stream) }

  /// A number that is spread as a bell.
  private static func bell(_ index: Int, _ stream: Int) -> Double {
    (0..<6).reduce(0) { $0 + noise(index, stream * 6 + $1) } / 2.0.squareRoot()
  }

  static let all: [(String, Plot)] = [
    ("heat-sweep", sweep), ("heat-kernel", kernel), ("heat-small", confusion),
    ("heat-correlation", correlation), ("heat-time", spectrum), ("heat-gaps", gaps),
    ("colored-plane", plane), ("colored-diverging", signed), ("histogram", histogram),
    ("histograms", histograms), ("histogram-log", logHistogram), ("heat-empty", empty),
  ]

  static let sweep = Plot(
    "Test accuracy at the end", x: .logarithmic("Weight decay"), y: .logarithmic("Initial scale"),
    heatMap: Plot.HeatMap(
      (0..<7).map { row in
        (0..<6).map { column in
          1 / (1 + exp(Double(row) - 1.3 * Double(column) + 0.4 * noise(row, column)))
        }
      },
      x: .numbers([0.01, 0.03, 0.1, 0.3, 1, 3]), y: .numbers([0.25, 0.5, 1, 2, 4, 8, 16])),
    colorScale: .sequential("Test accuracy", range: 0...1), size: .half)

  static let kernel = Plot(
    "Tangent kernel of 300 examples", x: .linear("Example"), y: .linear("Example"),
    heatMap: Plot.HeatMap(
      (0..<300).map { row in
        (0..<300).map { column in
          let same = row / 60 == column / 60 ? 0.6 : 0.1
          return same + 0.25 * exp(-abs(Double(row - column)) / 9) + 0.05 * noise(row + column, 3)
            + 0.05 * noise(row * column, 5)
        }
      }), colorScale: .sequential("Kernel, normalized"), size: Plot.Size(width: 520, height: 430))

  static let confusion = Plot(
    "Confusion", x: .linear("Predicted"), y: .linear("True"),
    heatMap: Plot.HeatMap(
      [[970, 2, 8], [14, 1001, 120], [5, 77, 903]], x: .names(["cat", "dog", "wolf"]),
      y: .names(["cat", "dog", "wolf"])),
    colorScale: .logarithmic("Examples"), size: .third)

  static let correlation = Plot(
    "Correlation of the updates", x: .linear(""), y: .linear(""),
    heatMap: Plot.HeatMap(
      (0..<12).map { row in
        (0..<12).map { column in row == column ? 1 : 0.9 * noise(row * column + row + column, 8) }
      },
      x: .names((0..<12).map { "layer \($0)" }),
      y: .names((0..<12).map { "blocks.\($0).mlp.weight" })),
    colorScale: .diverging("Correlation", range: -1...1))

  static let spectrum = Plot(
    "Power of frequencies", x: .logarithmicWithZero("Step"), y: .linear("Frequency"),
    markers: [Plot.Marker(at: 140, "fit 140"), Plot.Marker(at: 13_200, "generalized 13,200")],
    references: [Plot.ReferenceLine(at: 35, "key")],
    heatMap: Plot.HeatMap(
      (0..<56).map { frequency in
        Samples.steps.enumerated().map { index, step in
          let isKey = [4, 17, 35, 41].contains(frequency)
          return 1e-5 + 1e-3 * abs(noise(index, frequency))
            + (isKey ? Samples.rise(step, at: 5000, width: 0.2) : 0)
        }
      }, x: .numbers(Samples.steps), y: .numbers((1...56).map(Double.init))),
    colorScale: .logarithmic("Power"))

  static let gaps = Plot(
    "Not every job is done", x: .linear("Seed"), y: .logarithmic("Width"),
    heatMap: Plot.HeatMap(
      (0..<6).map { row in
        (0..<10).map { column in
          (row * 7 + column * 3) % 11 < 3 ? .nan : 2e-7 * (1 + abs(noise(row, column)))
        }
      }, x: .indices, y: .numbers([16, 32, 64, 128, 256, 512])),
    colorScale: .sequential("Final loss (nats)"), size: .half)

  static let plane = Plot(
    "Information plane", x: .linear("I(X; T) (nats)"), y: .linear("I(Y; T) (nats)"),
    series: (0..<3).map { layer in
      let depth = Double(layer)
      let epochs = Samples.steps.filter { $0 > 0 }
      return Plot.Series(
        "layer \(layer + 1)",
        x: epochs.map { 8 - depth * (1 + 0.3 * log10($0)) },
        y: epochs.enumerated().map { index, epoch in
          0.68 * Samples.rise(epoch, at: 300, width: 0.3) - 0.05 * depth + 0.004 * noise(index, 2)
        },
        coloredBy: epochs, style: .lineAndMarkers)
    }, colorScale: .logarithmic("Step"), legend: .none)

  static let signed = Plot(
    "Change of the margin", x: .linear("Margin before"), y: .linear("Margin after"),
    series: [
      Plot.Series(
        "examples", x: (0..<900).map { bell($0, 1) },
        y: (0..<900).map { bell($0, 1) + bell($0, 2) },
        coloredBy: (0..<900).map { bell($0, 2) })
    ], colorScale: .diverging("Difference"), size: .half)

  static let histogram = Plot(
    "Weights of layer 1", x: .linear("Weight"), y: .linear("Count"),
    series: [.histogram("weights", of: (0..<4000).map { 0.03 * bell($0, 4) })], size: .half)

  static let histograms = Plot(
    "Weights over training", x: .linear("Weight"), y: .linear("Count"),
    series: Plot.Series.histograms(of: [
      "step 0": (0..<3000).map { 0.05 * bell($0, 5) },
      "step 1,000": (0..<3000).map { 0.03 * bell($0, 6) + 0.02 },
      "step 50,000": (0..<3000).map { 0.012 * bell($0, 7) + ($0 % 3 == 0 ? 0.09 : 0) },
    ]))

  static let logHistogram = Plot(
    "Eigenvalues", x: .linear("Eigenvalue"), y: .logarithmic("Count"),
    series: [
      .histogram(
        "Hessian", of: (0..<5000).map { 0.2 * bell($0, 9) } + [7, 8.5, 8.7, 12], bins: .count(60))
    ], size: .half)

  static let empty = Plot(
    "Nothing yet", x: .linear("Seed"), y: .linear("Width"),
    heatMap: Plot.HeatMap([[.nan, .nan], [.nan, .nan]]), colorScale: .logarithmic("Loss"),
    size: .third)

  static let grids: [(String, PlotGrid)] = [
    (
      "multiples",
      PlotGrid(
        "Test accuracy by weight decay",
        plots: [0, 0.01, 0.1, 0.3, 1].map { decay in
          Plot(
            "weight decay \(decay)", x: .logarithmicWithZero("Step"), y: .linear("Accuracy"),
            series: ["train", "test"].enumerated().map { part, name in
              let middle = part == 0 ? 70 : 300_000 / (1 + 40 * decay)
              let curve = Samples.steps.map { Samples.rise($0, at: middle, width: 0.1) }
              return Plot.Series(
                name, x: Samples.steps, y: curve, error: curve.map { 0.1 * $0 * (1.05 - $0) })
            }, size: .third)
        }, columnCount: 3, isLettered: false, sharesAxes: true)
    ),
    (
      "multiples-maps",
      PlotGrid(
        plots: (0..<4).map { width in
          Plot(
            "width \(64 << width)", x: .logarithmic("Weight decay"),
            y: .logarithmic("Initial scale"),
            heatMap: Plot.HeatMap(
              (0..<5).map { row in
                (0..<5).map { exp(-Double($0 + row) / Double(1 + width)) + 0.001 }
              }, x: .numbers([0.01, 0.1, 1, 10, 100]), y: .numbers([1, 2, 4, 8, 16])),
            colorScale: .logarithmic("Loss (nats)"), size: .third)
        }, columnCount: 2, isLettered: true, sharesAxes: true)
    ),
  ]
}

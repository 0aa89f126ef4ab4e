import GrokNumerics
import GrokReports
import GrokTraining
import TestSupport
import Testing

@testable import GrokExperiments

/// Figures of several quantities together: phases of progress, heads, paths.
@Suite struct StudyFiguresTests {
  /// A run's arrays with curves that are given by name.
  private func arrays(_ archive: Archive) throws -> MeasuredArrays {
    try withTemporaryFolder { folder in
      try SyntheticMeasures.write(archive, measure: "some", in: folder)
      return MeasuredArrays(folder: folder)
    }
  }

  private static let steps = [0, 1, 10, 100, 1_000, 10_000]

  private func points(_ values: [Double]) -> [Plot.Point] {
    zip(Self.steps, values).map { Plot.Point(x: Double($0), y: $1) }
  }

  // MARK: Progress

  private func progress(_ phases: [Double]) throws -> ReportFigure? {
    var archive = Archive()
    archive.set("progressPhases", phases)
    let curves = [
      "train/loss": points([4, 4, 2, 0.1, 1e-4, 0]), "test/loss": points([4, 4, 5, 6, 6, 0.01]),
      "all/restrictedLoss": points([4, 4, 4, 3, 2, 1e-3]),
      "train/excludedLoss": points([4, 4, 2, 0.5, 2, 5]),
    ]
    return try ProgressFigures(arrays: arrays(archive)) { curves[$0] ?? [] }.figures.first
  }

  @Test func lossesStandInTheirPhases() throws {
    let figure = try #require(try progress([100, 1_000, 9_000]))
    let plot = figure.grid.plots[0]
    #expect(
      plot.series.map(\.name) == [
        "train", "test", "restricted, all pairs", "excluded, training pairs",
      ])
    #expect(
      plot.spans == [
        .init(from: 0, to: 100, "memorisation", color: .blue),
        .init(from: 100, to: 1_000, "circuit formation", color: .gold),
        .init(from: 1_000, to: 9_000, "cleanup", color: .green),
      ])
    // A loss of 0 has no place on the axis.
    #expect(plot.series[0].points.count == 5)
    #expect(figure.caption.contains("Memorisation ends at step 100"))
    #expect(figure.caption.contains("Cleanup begins at step 1,000, where"))
    #expect(figure.caption.contains("and ends at step 9,000, where"))
  }

  @Test func phasesThatNeverCameAreNotDrawn() throws {
    #expect(try #require(try progress([.nan, .nan, .nan])).grid.plots[0].spans.isEmpty)
    let unfinished = try #require(try progress([100, .nan, .nan]))
    #expect(
      unfinished.grid.plots[0].spans.map(\.end) == [100, 10_000]
        && unfinished.caption.contains("there is no cleanup here"))
    let none = try ProgressFigures(arrays: arrays(Archive())) {
      $0 == "train/loss" ? points([4, 3, 2, 1, 1, 1]) : []
    }
    #expect(none.figures.isEmpty)
  }

  // MARK: Induction

  private static let rising = [0.1, 0.1, 0.1, 0.1, 0.9, 0.9]
  private static let falling = [0, 0, 0, 0, -3, -3.0]

  private func induction(
    _ archive: Archive = Archive(), score: [Double] = falling, matching: [Double] = rising
  ) throws
    -> [ReportFigure]
  {
    var curves = ["test/inContextLearning": points(score)]
    curves["test/loss"] = points([4, 4, 4, 4, 1, 1])
    for name in ["prefixMatching", "previousToken", "copying"] {
      for head in ["0.0", "0.1", "1.0", "1.1"] {
        curves["test/\(name)/\(head)"] = points(
          name == "prefixMatching" && head == "1.1" ? matching : [0, 0, 0, 0, 0, 0])
      }
    }
    return try InductionFigures(
      arrays: arrays(archive), quantities: MeasuredQuantities(curves.keys.sorted())
    ) { curves[$0] ?? [] }.figures
  }

  @Test func headsAreSmallMultiplesOfLayerAndScore() throws {
    let figures = try induction()
    #expect(figures.map(\.name) == ["phase-change", "head-scores"])
    let plots = figures[1].grid.plots
    #expect(
      plots.map(\.title) == [
        "Layer 0, prefix matching", "Layer 0, attention to the token before", "Layer 0, copying",
        "Layer 1, prefix matching", "Layer 1, attention to the token before", "Layer 1, copying",
      ])
    #expect(figures[1].grid.columnCount == 3)
    #expect(plots.allSatisfy { $0.series.map(\.name) == ["head 0", "head 1"] })
    #expect(plots[3].series[1].points.map(\.y) == Self.rising)
    #expect(plots[2].y.range == -1...1)
  }

  @Test func thePhaseChangeIsTinted() throws {
    let figure = try #require(induction().first)
    #expect(
      figure.grid.plots.map(\.title) == ["In-context learning, test examples", "Loss of a token"])
    for plot in figure.grid.plots {
      #expect(plot.spans.map(\.label) == ["phase change"] && plot.spans[0].end >= 1_000)
    }
    #expect(figure.caption.contains("steepest at step 1,000"))
    #expect(figure.caption.contains("together, a phase change as where induction heads form"))
    // A score that falls without a head that matches, as in one layer.
    let control = try #require(induction(matching: [0, 0, 0, 0, 0.1, 0.1]).first)
    #expect(control.grid.plots.allSatisfy { $0.spans.map(\.label) == ["fall of the score"] })
    #expect(control.caption.contains("no sign of induction heads"))
    let none = try #require(induction(score: [0, 0, 0, 0, 0.1, 0]).first)
    #expect(none.grid.plots.allSatisfy { $0.spans.isEmpty })
    #expect(none.caption.hasSuffix("It does not fall by 0.2 nats: there is no phase change."))
  }

  @Test func lossesOfTokensMakeAPathAndAMap() throws {
    var archive = Archive()
    archive.set("test/lossTrajectory/step", Self.steps)
    archive.set(
      "test/lossTrajectory/value", (0..<12).map { Double($0) }, shape: [6, 2])
    archive.set("test/lossTrajectoryExplained", [0.9, 0.06])
    archive.set("test/positionLoss/step", Self.steps)
    archive.set("test/positionLoss/value", (0..<18).map { Double($0) }, shape: [6, 3])
    let figure = try #require(induction(archive).first { $0.name == "loss-trajectory" })
    let (path, map) = (figure.grid.plots[0], figure.grid.plots[1])
    #expect(path.x.label == "Direction 1, nats (90 %)")
    #expect(path.series[0].points.map(\.x) == [0, 2, 4, 6, 8, 10])
    #expect(path.series[0].points.map(\.colorValue) == [0.5, 1, 10, 100, 1_000, 10_000])
    // All of the change is at one step.
    #expect(path.series.dropFirst().flatMap(\.points).allSatisfy { $0.x >= 8 })
    #expect(map.heatMap?.rowCount == 3 && map.heatMap?[2, 1] == 5)
  }

  @Test(arguments: [
    ("0.3", "layer 0, head 3"), ("11.0", "layer 11, head 0"), ("hidden.0", "hidden.0"),
    ("1", "1"), ("blocks.0.1", "blocks.0.1"), ("", ""),
  ])
  func headsAreNamed(name: String, words: String) { #expect(LayerName(name).words == words) }

  // MARK: Paths

  @Test func thePathStandsBesideAWalk() throws {
    var archive = Archive()
    for (name, factor) in [("pathComponents", 1.0), ("walkComponents", 2.0)] {
      archive.set("\(name)/step", Self.steps)
      archive.set("\(name)/value", (0..<12).map { factor * Double($0) }, shape: [6, 2])
    }
    archive.set("pathFractions", [0.8, 0.15, 0.03, 0.02, 0])
    archive.set("walkFractions", [0.6, 0.3, 0.05, 0.03, 0.02])
    archive.set("walkLikeness", [0.98, -0.4])
    let curves = [
      "distanceToStart": points([0, 1, 2, 3, 4, 5]),
      "pathStraightness": points([1, 1, 0.9, 0.7, 0.5, 0.25]),
    ]
    let figures = try PathFigures(
      arrays: arrays(archive),
      markers: [
        .init(at: 50, "fit 50"), .init(at: 90, "generalized 90"), .init(at: 1_000, "relapse"),
      ]
    ) { curves[$0] ?? [] }.figures
    let figure = try #require(figures.first)
    let plots = figure.grid.plots
    #expect(
      plots.map(\.title) == [
        "Path of the weights", "Random walk with the same records", "Shares of the components",
        "Distances",
      ])
    // What happened before a record is marked there, together.
    #expect(plots[0].series.map(\.name) == ["path", "fit 50, generalized 90", "relapse"])
    #expect(plots[0].series[1].points.map(\.x) == [6])
    #expect(plots[0].x.label == "Component 1 (80 %)" && plots[0].x.range == plots[1].x.range)
    #expect(plots[1].series[0].points.map(\.y) == [2, 6, 10, 14, 18, 22])
    #expect(plots[3].series.map(\.name) == ["to the start"])
    #expect(figure.caption.contains("cosines of 0.98 and −0.4"))
    #expect(figure.caption.contains("from the start to the end is 0.25 of the length"))
  }

  // MARK: Heat

  @Test func flowsAreMapsOfKinds() throws {
    var archive = Archive()
    archive.set("heatFlowCorrelation", [0, 0.8, 0.3, 0.8, 0, -0.2, 0.3, -0.2, 0], shape: [3, 3])
    archive.set("heatFlowLead", [0, 5, 0, -5, 0, 1, 0, -1, 0.0], shape: [3, 3])
    let nan = Double.nan
    archive.set("heatFlowRate", [nan, 0.01, 0.2, 0.01, nan, 0.04, 0.2, 0.04, nan], shape: [3, 3])
    archive.set("heatFlowCauseRate", [nan, 0, 0.5, 1, nan, 0.01, 1, 1, nan], shape: [3, 3])
    for (place, kind) in ["embedding", "attentionQuery", "unembedding"].enumerated() {
      archive.set("heatFlowPlace/\(kind)", [Double(place)])
    }
    let figure = try #require(FlowFigures(arrays: arrays(archive)).figures.first)
    let plots = figure.grid.plots
    #expect(
      plots.map(\.title) == [
        "Warm together", "The row is ahead of the column", "The row helps to predict the column",
      ])
    #expect(plots[0].heatMap?.x == .names(["Embedding", "Queries", "Unembedding"]))
    #expect(plots[0].colorScale == .diverging("Largest lagged correlation", range: -1...1))
    // What chance could have made, and a kind with itself, is left out.
    let cells = try #require(plots[0].heatMap)
    #expect(cells[0, 1] == 0.8 && cells[2, 1] == -0.2)
    #expect(cells[0, 2].isNaN && cells[0, 0].isNaN)
    #expect(plots[1].heatMap?[0, 1] == 5 && plots[1].heatMap?[1, 0] == -5)
    // A rate too small for a number has a color too.
    #expect(plots[2].heatMap?[0, 1] == 1e-12 && plots[2].heatMap?[1, 0].isNaN == true)
    // Without names there is nothing to read.
    var nameless = Archive()
    nameless.set("heatFlowCorrelation", [0, 1, 1, 0.0], shape: [2, 2])
    nameless.set("heatFlowLead", [0, 1, 1, 0.0], shape: [2, 2])
    nameless.set("heatFlowRate", [0, 1, 1, 0.0], shape: [2, 2])
    #expect(try FlowFigures(arrays: arrays(nameless)).figures.isEmpty)
  }

  @Test func spectraStandBesideNoise() throws {
    var archive = Archive()
    let rows: [Double] = [
      0.125, 0.25, 0.375, 0.5, /**/ 4, 9, 1, 9, /**/ 1, 1, 1, 1, /**/ 3, 3, 3, 3,
    ]
    archive.set("heatSpectrum/unembedding", rows, shape: [4, 4])
    archive.set("heatSpectrumMemory/unembedding", [0.25])
    archive.set(
      "heatSpectrum/embedding", rows.map { $0 >= 4 ? 2 : $0 }, shape: [4, 4])
    let figure = try #require(HeatSpectrumFigures(arrays: arrays(archive)).figures.first)
    #expect(figure.grid.plots.map(\.title) == ["Embedding", "Unembedding"])
    let plot = figure.grid.plots[1]
    #expect(plot.series.map(\.name) == ["temperature", "AR(1)", "its 95 % line"])
    #expect(plot.series[0].points.map(\.x) == [0.125, 0.25, 0.375, 0.5])
    // Neighbours above the line are one peak; the highest frequency is not tested.
    #expect(
      figure.table?.rows == [
        ["Embedding", "", "none", "", ""], ["Unembedding", "0.25", "0.25", "4", "9"],
      ])
    #expect(figure.contents.count == 2)
  }

  // MARK: Frequencies

  @Test func frequenciesAreMaps() throws {
    var archive = Archive()
    archive.set("progressPhases", [90, .nan, .nan])
    archive.set("keyFrequencies", [2.0, 5])
    archive.set("embeddingFrequencies/step", Self.steps)
    archive.set("embeddingFrequencies/value", (0..<30).map { Double($0) }, shape: [6, 5])
    archive.set("logitSpectrum/step", Self.steps)
    archive.set("logitSpectrum/value", (0..<54).map { Double($0) }, shape: [6, 3, 3])
    let figures = try FourierMapFigures(arrays: arrays(archive)).figures
    #expect(figures.map(\.name) == ["frequencies", "logit-spectrum"])
    let map = try #require(figures[0].grid.plots.first)
    #expect(map.title == "Embedding" && figures[0].grid.plots.count == 1)
    #expect(map.heatMap?[3, 2] == 13 && map.heatMap?.y == .numbers([1, 2, 3, 4, 5]))
    #expect(map.markers.map(\.position) == [90])
    #expect(figures[0].caption.contains("Key frequencies of the last checkpoint: 2, 5."))
    let grids = figures[1].grid.plots
    #expect(grids.map(\.title) == ["Step 0", "Step 100", "Step 10,000"])
    #expect(
      grids[1].heatMap?[1, 2] == 32 && grids[1].colorScale == .logarithmic("Norm of the logits"))
    #expect(figures[1].caption.contains("nearest to the end of memorisation, and at the end"))
  }
}

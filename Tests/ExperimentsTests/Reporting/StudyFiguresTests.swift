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
    #expect(figure.caption.contains("cleanup begins at step 1,000"))
  }

  @Test func phasesThatNeverCameAreNotDrawn() throws {
    #expect(try #require(try progress([.nan, .nan, .nan])).grid.plots[0].spans.isEmpty)
    let unfinished = try #require(try progress([100, .nan, .nan]))
    #expect(
      unfinished.grid.plots[0].spans.map(\.end) == [100, 10_000]
        && unfinished.caption.contains("cleanup begins at no step"))
    let none = try ProgressFigures(arrays: arrays(Archive())) {
      $0 == "train/loss" ? points([4, 3, 2, 1, 1, 1]) : []
    }
    #expect(none.figures.isEmpty)
  }

  // MARK: Induction

  private static let rising = [0.1, 0.1, 0.1, 0.1, 0.9, 0.9]
  private static let falling = [0, 0, 0, 0, -3, -3.0]

  private func induction(_ archive: Archive = Archive(), score: [Double] = falling) throws
    -> [ReportFigure]
  {
    var curves = ["test/inContextLearning": points(score)]
    curves["test/loss"] = points([4, 4, 4, 4, 1, 1])
    for name in ["prefixMatching", "previousToken", "copying"] {
      for head in ["0.0", "0.1", "1.0", "1.1"] {
        curves["test/\(name)/\(head)"] = points(
          name == "prefixMatching" && head == "1.1" ? Self.rising : [0, 0, 0, 0, 0, 0])
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
    #expect(figure.caption.contains("together, as where induction heads form"))
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
    archive.set("pathFractions", [0.8, 0.15, 0.05])
    archive.set("walkFractions", [0.6, 0.3, 0.1])
    archive.set("walkLikeness", [0.98, -0.4])
    let curves = ["distanceToStart": points([0, 1, 2, 3, 4, 5])]
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
  }
}

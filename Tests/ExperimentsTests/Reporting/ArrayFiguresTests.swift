import GrokNumerics
import GrokReports
import TestSupport
import Testing

@testable import GrokExperiments

@Suite struct ArrayFiguresTests {
  private func figures(_ archive: Archive, fitStep: Int? = nil) throws -> ArrayFigures {
    try withTemporaryFolder { folder in
      try SyntheticMeasures.write(archive, measure: "some", in: folder)
      return ArrayFigures(
        arrays: MeasuredArrays(folder: folder), layers: ["input", "hidden.0", "output"],
        fitStep: fitStep)
    }
  }

  @Test func distancesBetweenStepsAreAMap() throws {
    var archive = Archive()
    archive.set("test/kernelDistanceMatrixSteps", [0, 1, 10, 100])
    let values = (0..<16).map { Double(abs($0 / 4 - $0 % 4)) / 4 }
    archive.set("test/kernelDistanceMatrix", values, shape: [4, 4])
    let figure = try #require(
      figures(archive).figures(
        of: "kernelDistanceMatrix",
        .init("array: 1 − cos of kernels", title: "Kernel distance", drawing: .distances)
      ).first)
    let plot = figure.grid.plots[0]
    #expect(plot.title == "Kernel distance, test examples")
    #expect(plot.heatMap?[1, 3] == 0.5)
    #expect(plot.heatMap?.x == .numbers([0, 1, 10, 100]))
    #expect(plot.x == .logarithmicWithZero("Step") && plot.y == plot.x)
    #expect(plot.colorScale == .sequential("Kernel distance", range: 0...0.75))
    #expect(figure.caption == "Kernel distance: 1 − cos of kernels.")
  }

  @Test func spectraAreLinesOverRanks() throws {
    var archive = Archive()
    let steps = Array(0..<20)
    for layer in ["output", "hidden.0"] {
      archive.set("test/spectrum/\(layer)/step", steps)
      // Step s has the values (s + 1) / rank, the last of them nothing but rounding.
      let values = steps.flatMap { step in
        (1...300).map { $0 == 300 ? 1e-12 : Double(step + 1) / Double($0) }
      }
      archive.set("test/spectrum/\(layer)/value", values, shape: [20, 300])
    }
    let figure = try #require(
      figures(archive).figures(
        of: "spectrum",
        .init("array: singular values", title: "Singular values", drawing: .spectrum)
      ).first)
    #expect(
      figure.grid.plots.map(\.title) == [
        "Singular values, test examples, hidden.0", "Singular values, test examples, output",
      ])
    let series = figure.grid.plots[0].series
    #expect(series.count == 8 && series.first?.name == "step 0" && series.last?.name == "step 19")
    #expect(series.first?.color == .ramp(0) && series.last?.color == .ramp(1))
    let points = try #require(series.last?.points)
    #expect(points.count <= 60 && points[0].y == 20)
    #expect(points.allSatisfy { abs($0.y - 20 / $0.x) < 1e-12 && $0.x < 300 })
  }

  @Test func confusionIsShownBeforeAndAfter() throws {
    var archive = Archive()
    archive.set("test/confusion/step", [0, 10, 100, 1_000])
    // At step 100 half of class 0 is taken for class 1; class 2 has no examples.
    var values = [Double](repeating: 0, count: 4 * 9)
    values[2 * 9] = 5
    values[2 * 9 + 1] = 5
    values[2 * 9 + 4] = 8
    values[3 * 9] = 10
    values[3 * 9 + 4] = 8
    archive.set("test/confusion/value", values, shape: [4, 3, 3])
    let result = MeasuredResult("array: counts", title: "Confusion", drawing: .confusion)
    let plots = try #require(
      figures(archive, fitStep: 150).figures(of: "confusion", result).first
    ).grid.plots
    #expect(
      plots.map(\.title) == [
        "Confusion, test examples, step 100", "Confusion, test examples, step 1,000",
      ])
    #expect(plots[0].heatMap?[0, 1] == 0.5 && plots[1].heatMap?[0, 1] == 0)
    #expect(plots[0].heatMap?[1, 1] == 1 && plots[0].heatMap?[2, 2].isNaN == true)
    let unfit = try #require(figures(archive).figures(of: "confusion", result).first)
    #expect(unfit.grid.plots[0].title == "Confusion, test examples, step 0")
    #expect(unfit.caption.contains("At the first and the last checkpoint."))
  }

  @Test func classesAreRowsOverSteps() throws {
    var archive = Archive()
    archive.set("test/classAccuracy/step", [0, 10, 100])
    archive.set("test/classAccuracy/value", [0, 0.1, 0.2, 0.3, 0.4, 0.5], shape: [3, 2])
    let plot = try #require(
      figures(archive).figures(
        of: "classAccuracy",
        .init("array: share of each class", title: "Accuracy", drawing: .classes)
      ).first?.grid.plots.first)
    #expect(plot.heatMap?.rowCount == 2 && plot.heatMap?[1, 2] == 0.5)
    #expect(plot.heatMap?.x == .numbers([0, 10, 100]))
  }

  /// A file that is no archive, or steps that do not fit, are left out rather than stop a report.
  @Test func whatCannotBeReadIsLeftOut() throws {
    var archive = Archive()
    archive.set("test/confusion/step", [0, 10])
    archive.set("test/confusion/value", [1.0, 2, 3, 4], shape: [1, 2, 2])
    archive.set("test/kernelDistanceMatrixSteps", [0, 1, 1])
    archive.set("test/kernelDistanceMatrix", [Double](repeating: 0, count: 9), shape: [3, 3])
    let figures = try figures(archive)
    #expect(figures.figures(of: "confusion", .init("array", drawing: .confusion)).isEmpty)
    #expect(
      figures.figures(of: "kernelDistanceMatrix", .init("array", drawing: .distances)).isEmpty)
  }
}

import GrokReports

/// The outcomes of a comparison over the two numeric settings that take most values.
struct ComparisonMaps {
  /// What the section on delays shows beside curves; empty where fewer than two numeric settings vary.
  private(set) var contents: [HTMLReport.Content] = []

  /// As many values of a setting as a map shows.
  private static let valueLimit = 200

  private let comparison: RunComparison
  private let groups: RunGroups

  init(comparison: RunComparison, groups: RunGroups) {
    self.comparison = comparison
    self.groups = groups
    let numeric = groups.paths.indices.compactMap { path in
      groups.numbers(of: path).map { (path: path, numbers: $0) }
    }.filter { (2...Self.valueLimit).contains($0.numbers.count) }
    let chosen = numeric.sorted { $0.numbers.count > $1.numbers.count }.prefix(2)
      .sorted { $0.path < $1.path }
    guard chosen.count == 2, chosen.contains(where: { $0.numbers.count > 2 }) else { return }
    contents = [maps(chosen[0], chosen[1])]
  }

  private func maps(
    _ first: (path: Int, numbers: [Double]), _ second: (path: Int, numbers: [Double])
  ) -> HTMLReport.Content {
    // Values that differ as texts may be one number, such as 1 and 1.0.
    let (columns, rows) = (Self.distinct(first.numbers), Self.distinct(second.numbers))
    var runs = [[[RunComparison.Entry]]](
      repeating: [[RunComparison.Entry]](repeating: [], count: columns.count), count: rows.count)
    for group in groups.groups {
      guard let column = Double(group.values[first.path]).flatMap(columns.firstIndex),
        let row = Double(group.values[second.path]).flatMap(rows.firstIndex)
      else { continue }
      runs[row][column] += group.runs.map { comparison.runs[$0] }.filter { $0.state == .done }
    }
    let outcomes = runs.map { row in row.map { cell in cell.compactMap(\.outcome) } }
    let delays = outcomes.map { row in
      row.map { StepStatistics($0.map(\.delay)).median ?? .nan }
    }
    let shares = outcomes.map { row in
      row.map { cell in
        Double(cell.count { $0.generalizationStep != nil }) / Double(cell.count)
      }
    }
    let found = delays.joined().filter(\.isFinite)
    let isLogarithmic = !found.isEmpty && found.allSatisfy { $0 > 0 }
    let name = "Delay (steps)"
    func plot(_ title: String, _ values: [[Double]], _ scale: Plot.ColorScale) -> Plot {
      Plot(
        title, x: .setting(groups.paths[first.path], columns),
        y: .setting(groups.paths[second.path], rows),
        heatMap: Plot.HeatMap(values, x: .numbers(columns), y: .numbers(rows)), colorScale: scale,
        size: .half)
    }
    var plots = [
      plot("Delay", delays, isLogarithmic ? .logarithmic(name) : .sequential(name)),
      plot("Generalized", shares, .sequential("Share of runs that are done", range: 0...1)),
    ]
    var caption = """
      Median delay, and share of the runs that generalized, over all runs of a cell that are done. Hatched: no \
      such run, or half or more of them never generalized.
      """
    if runs.joined().joined().count <= comparison.curveLimit {
      let best = runs.map { row in row.map { $0.compactMap(BestRecords.init) } }
      guard best.joined().contains(where: { !$0.isEmpty }) else {
        return .figure(PlotGrid(plots: plots, isLettered: false), caption: caption)
      }
      func median(_ value: KeyPath<BestRecords, Double>) -> [[Double]] {
        best.map { row in row.map { cell in Self.median(of: cell.map { $0[keyPath: value] }) } }
      }
      plots += [
        plot("Lowest training loss", median(\.trainLoss), .logarithmic("Loss")),
        plot("Lowest test loss", median(\.testLoss), .logarithmic("Loss")),
        plot(
          "Highest test accuracy", median(\.testAccuracy), .sequential("Accuracy", range: 0...1)),
      ]
      caption +=
        " Below: the best that any record of a run has, the median over the runs of a cell."
    }
    return .figure(
      PlotGrid(plots: plots, columnCount: 2, isLettered: false), caption: caption)
  }

  /// Not a number where there is none.
  private static func median(of values: [Double]) -> Double {
    let sorted = values.filter(\.isFinite).sorted()
    guard !sorted.isEmpty else { return .nan }
    return (sorted[sorted.count / 2] + sorted[(sorted.count - 1) / 2]) / 2
  }

  private static func distinct(_ numbers: [Double]) -> [Double] {
    Set(numbers).sorted()
  }
}

/// The best that the records of a run have.
private struct BestRecords {
  let trainLoss: Double
  let testLoss: Double
  let testAccuracy: Double

  /// `nil` where the folder of the run is gone.
  init?(_ run: RunComparison.Entry) {
    guard let curves = run.folder.flatMap({ try? RunCurves(folder: $0) }) else { return nil }
    func finite(_ name: String) -> [Double] { (curves[name]?.values ?? []).filter(\.isFinite) }
    trainLoss = finite("train/loss").min() ?? .nan
    testLoss = finite("test/loss").min() ?? .nan
    testAccuracy = finite("test/accuracy").max() ?? .nan
  }
}

extension Plot.Axis {
  /// The axis of a setting with these values, rising: logarithmic where they span more than a factor of
  /// twenty.
  static func setting(_ label: String, _ values: [Double]) -> Plot.Axis {
    let positive = values.filter { $0 > 0 }
    guard let low = positive.first, let high = positive.last, high / low >= 20,
      values.allSatisfy({ $0 >= 0 })
    else { return .linear(label) }
    return positive.count < values.count ? .logarithmicWithZero(label) : .logarithmic(label)
  }
}

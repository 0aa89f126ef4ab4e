import GrokReports

/// The delay of a comparison's runs against each numeric setting that varies.
struct ComparisonDelays {
  /// What the section on delays shows; empty where no numeric setting varies or no run generalized.
  private(set) var contents: [HTMLReport.Content] = []

  private let comparison: RunComparison
  private let groups: RunGroups

  init(comparison: RunComparison, groups: RunGroups) {
    self.comparison = comparison
    self.groups = groups
    guard comparison.runs.contains(where: { $0.outcome?.delay != nil }) else { return }
    contents = groups.paths.indices.prefix(6).compactMap { path in
      groups.numbers(of: path).flatMap { figure(of: path, numbers: $0) }
    }
    contents += ComparisonMaps(comparison: comparison, groups: groups).contents
  }

  /// The runs of one line: equal in all settings but one.
  private struct Line {
    var name: String
    /// The finished runs by the number of the setting, rising.
    var points: [(x: Double, outcomes: [ComparedRun.Outcome])]
  }

  private func figure(of path: Int, numbers: [Double]) -> HTMLReport.Content? {
    let (lines, isPooled) = lines(of: path)
    let x = Plot.Axis.setting(groups.paths[path], numbers)
    var delays: [Plot.Series] = []
    var shares: [Plot.Series] = []
    let reached = lines.flatMap(\.points).flatMap { $0.outcomes.compactMap(\.delay) }
    guard !reached.isEmpty else { return nil }
    let isLogarithmic = reached.allSatisfy { $0 > 0 }
    for (index, line) in lines.enumerated() {
      let color = PlotColor.palette[index % PlotColor.palette.count]
      // Bars of many values would cover each other; a band does not.
      let style: Plot.Style = line.points.count > 30 ? .line : .lineAndMarkers
      let single = line.points.flatMap { point in
        point.outcomes.compactMap(\.delay).map { Plot.Point(x: point.x, y: Double($0)) }
      }
      if reached.count <= 500 && single.count > line.points.count {
        delays.append(Plot.Series("", points: single, style: .markers, color: color.faint))
      }
      let middles = line.points.compactMap { point -> Plot.Point? in
        let values = point.outcomes.compactMap(\.delay).map(Double.init)
        guard !values.isEmpty else { return nil }
        let summary = comparison.band.summary(of: values, isLogarithmic: isLogarithmic)
        guard let lower = summary.lower, let upper = summary.upper else {
          return Plot.Point(x: point.x, y: summary.middle)
        }
        return Plot.Point(x: point.x, y: summary.middle, lower: lower, upper: upper)
      }
      delays.append(
        Plot.Series(
          lines.count == 1 ? "" : line.name, points: middles, style: style, color: color))
      shares.append(
        Plot.Series(
          lines.count == 1 ? "" : line.name,
          points: line.points.map { point in
            let count = point.outcomes.count { $0.generalizationStep != nil }
            return Plot.Point(x: point.x, y: Double(count) / Double(point.outcomes.count))
          }, style: style, color: color))
    }
    let name = "Delay (steps)"
    let plots = [
      Plot(
        "Delay", x: x, y: isLogarithmic ? .logarithmic(name) : .linear(name), series: delays,
        legend: lines.count > 1 ? .above : .none, size: .half),
      Plot(
        "Generalized", x: x, y: .linear("Share of runs that are done", range: 0...1),
        series: shares, legend: .none, size: .half),
    ]
    return .figure(
      PlotGrid(plots: plots, isLettered: false), caption: caption(isLogarithmic, isPooled: isPooled)
    )
  }

  private func caption(_ isLogarithmic: Bool, isPooled: Bool) -> String {
    "Steps from fitting to generalizing: \(comparison.band.words)"
      + (isLogarithmic && comparison.band != .range ? " of the logarithms" : "")
      + ", over the runs that generalized. Which share of the runs that is, the second plot shows."
      + (isPooled ? " All values of the other settings are taken together." : "")
  }

  /// One line for each combination of the other settings, or one for all where those are too many.
  private func lines(of path: Int) -> (lines: [Line], isPooled: Bool) {
    let others = groups.paths.indices.filter { $0 != path }
    let combinations = Set(groups.groups.map { group in others.map { group.values[$0] } })
    let isPooled = combinations.count > PlotColor.palette.count
    var positions: [[String]: Int] = [:]
    var lines: [Line] = []
    // Groups are sorted by their values, though not by this one first.
    let sorted = groups.groups.sorted { number($0, path) < number($1, path) }
    for group in sorted {
      let outcomes = group.runs.map { comparison.runs[$0] }.filter { $0.state == .done }
        .compactMap(\.outcome)
      guard !outcomes.isEmpty else { continue }
      let key = isPooled ? [] : others.map { group.values[$0] }
      let position = positions[key] ?? lines.count
      if position == lines.count {
        positions[key] = position
        let words = others.map { "\(groups.shortName(of: $0)) = \(group.values[$0])" }
        lines.append(Line(name: isPooled ? "" : words.joined(separator: ", "), points: []))
      }
      let x = number(group, path)
      if let last = lines[position].points.indices.last, lines[position].points[last].x == x {
        lines[position].points[last].outcomes += outcomes
      } else {
        lines[position].points.append((x, outcomes))
      }
    }
    return (lines.sorted { SettingColumns.sorted([$0.name, $1.name])[0] == $0.name }, isPooled)
  }

  private func number(_ group: RunGroups.Group, _ path: Int) -> Double {
    Double(group.values[path]) ?? .nan
  }
}

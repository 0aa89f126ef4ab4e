import GrokReports

/// The curves of a comparison: one line and band for each group of runs.
struct ComparisonCurves {
  /// What the section on curves shows; empty where nothing has been recorded.
  private(set) var contents: [HTMLReport.Content] = []
  /// What measures on checkpoints have found, when it changes first.
  private(set) var measuredSections: [HTMLReport.Section] = []

  /// As many runs of one figure as are drawn one by one behind their band.
  static let singleRunLimit = 12
  /// Records of a run, to each factor of ten of steps.
  static let recordsPerDecade = 500

  private let comparison: RunComparison
  private var readCount = 0
  private var unreadableCount = 0
  private var unsharedStepCount = 0
  private var omittedCount = 0
  /// Lines by the name of the quantity and the panel.
  private var series: [String: [[Plot.Series]]] = [:]
  /// Lines of test accuracy against operations by the panel.
  private var arithmetic: [[Plot.Series]] = []
  private var names: [String] = []
  private var measuredNames: [String] = []
  private var measuredGroups: [MeasuredGroup] = []

  /// Reads the curves of evenly chosen runs, group by group.
  init(comparison: RunComparison, groups: RunGroups) throws {
    self.comparison = comparison
    let colors = ComparisonColors(groups, panelLimit: 4, colorLimit: 8)
    let groupCount = colors.panels.reduce(0) { $0 + $1.members.count }
    let perGroup = max(1, comparison.curveLimit / max(1, groupCount))
    let runCount = groups.groups.reduce(0) { $0 + $1.runs.count }
    arithmetic = [[Plot.Series]](repeating: [], count: colors.panels.count)
    for (index, panel) in colors.panels.enumerated() {
      let chosen = panel.members.map { member in
        evenly(perGroup, of: member.group.runs.filter { comparison.runs[$0].folder != nil })
      }
      let areSingleRunsDrawn = chosen.reduce(0, { $0 + $1.count }) <= Self.singleRunLimit
      for (member, runs) in zip(panel.members, chosen) {
        let curves = runs.compactMap { run in read(run: run).map { (run, $0) } }
        addMeasured(curves, of: member, panel: index)
        add(
          curves.map(\.1), of: member, isNamed: groups.groups.count > 1,
          areSingleRunsDrawn: areSingleRunsDrawn, panel: index, panelCount: colors.panels.count)
      }
    }
    let titles = colors.panels.map(\.title)
    let changes = ComparisonChanges(
      groups: measuredGroups, panelTitles: titles, layers: MeasuredQuantities(measuredNames).layers
    ).contents
    if !changes.isEmpty { measuredSections = [.init("What changes when", changes)] }
    measuredSections +=
      ComparisonLayers(
        groups: measuredGroups, names: measuredNames, panelTitles: titles, band: comparison.band
      ).sections
    guard !names.isEmpty else { return }
    let figures = grids(titles: titles, isNamed: groups.groups.count > 1)
    contents = [.text(words(runCount: runCount, omission: colors.omission))] + figures
  }

  private mutating func read(run: Int) -> RunCurves? {
    guard let folder = comparison.runs[run].folder,
      let curves = try? RunCurves(
        folder: folder, thinning: StepThinning(perDecade: Self.recordsPerDecade)),
      !curves.names.isEmpty
    else {
      unreadableCount += 1
      return nil
    }
    readCount += 1
    return curves
  }

  private mutating func add(
    _ runs: [RunCurves], of member: ComparisonColors.Member, isNamed: Bool,
    areSingleRunsDrawn: Bool, panel: Int, panelCount: Int
  ) {
    for name in runs.flatMap(\.names) where !names.contains(name) && !measuredNames.contains(name) {
      names.append(name)
      series[name] = [[Plot.Series]](repeating: [], count: panelCount)
    }
    for name in names {
      let curves = runs.compactMap { $0[name] }
      guard !curves.isEmpty else { continue }
      let band = CurveBand(
        curves, kind: comparison.band, isLogarithmic: Quantity(named: name).isLogarithmic)
      unsharedStepCount += band.unsharedStepCount
      omittedCount += band.omittedCount
      var lines: [Plot.Series] = []
      if areSingleRunsDrawn && curves.count > 1 {
        lines = curves.map { curve in
          Plot.Series(
            "", x: curve.steps.map(Double.init), y: curve.values, color: member.color.faint)
        }
      }
      let count = curves.count == 1 ? "1 run" : "\(curves.count) runs"
      lines.append(
        Plot.Series(
          isNamed ? "\(member.name) (\(count))" : count, points: band.points,
          color: member.color))
      series[name]?[panel] += lines
    }
    let line = Self.arithmetic(
      of: runs, named: isNamed ? member.name : "", color: member.color, band: comparison.band)
    if let line { arithmetic[panel].append(line) }
  }

  /// Keeps what measures have found in the runs of a group.
  private mutating func addMeasured(
    _ runs: [(run: Int, curves: RunCurves)], of member: ComparisonColors.Member, panel: Int
  ) {
    var group = MeasuredGroup(member: member, panel: panel)
    for (run, curves) in runs {
      let quantities = MeasuredQuantities(curves.names)
      let found = quantities.quantities.flatMap { $0.members.map(\.name) }
      guard !found.isEmpty else { continue }
      for name in curves.names where found.contains(name) {
        if !measuredNames.contains(name) { measuredNames.append(name) }
        group.curves[name, default: []] += curves[name].map { [$0] } ?? []
      }
      let threshold = comparison.settings.value("train.accuracyThreshold", ofRun: run)
      group.changes.append(
        QuantityChanges(
          curves, quantities: quantities,
          threshold: threshold.flatMap(Double.init) ?? Settings().train.accuracyThreshold))
    }
    if !group.changes.isEmpty { measuredGroups.append(group) }
  }

  // MARK: Figures

  private func grids(titles: [String], isNamed: Bool) -> [HTMLReport.Content] {
    let unit = Quantity.lossUnit(comparison.settings.common("train.loss"))
    var figures: [HTMLReport.Content] = []
    for family in Quantity.families(names) {
      // What is tested comes first, as what a comparison is about.
      let members = family.members.sorted()
      var plots: [Plot] = []
      for (panel, title) in titles.enumerated() {
        for member in members {
          let quantity = Quantity(named: member, lossUnit: unit)
          let lines = series[member]?[panel] ?? []
          guard !lines.isEmpty else { continue }
          plots.append(
            Plot(
              title.isEmpty ? quantity.title : "\(quantity.title), \(title)",
              x: .logarithmicWithZero("Step"), y: quantity.axis, series: lines,
              legend: plots.isEmpty && isNamed ? .above : .none,
              size: .half))
        }
      }
      let caption = members.first.map { Quantity(named: $0).meaning } ?? ""
      if !plots.isEmpty {
        figures.append(.figure(PlotGrid(plots: plots, isLettered: false), caption: caption))
      }
      guard family.name == "accuracy" else { continue }
      figures += [Self.arithmeticFigure(arithmetic, titles: titles, isNamed: isNamed)].compactMap {
        $0
      }
    }
    return figures
  }

  private func words(runCount: Int, omission: String) -> String {
    var sentences: [String] = []
    let isRepeated = series.values.contains {
      $0.contains { $0.contains { $0.points.contains { $0.lower != nil } } }
    }
    if isRepeated {
      sentences.append("Lines and bands are \(comparison.band.words) over the runs of a setting.")
      if comparison.band != .range {
        sentences.append("On logarithmic axes they are those of the logarithms.")
      }
      sentences.append(
        "They are drawn at the steps that every run of a setting recorded that got that far; where runs "
          + "ended earlier, the rest remain.")
    }
    if !omission.isEmpty { sentences.append(omission) }
    if readCount + unreadableCount < runCount {
      sentences.append(
        "The curves are those of \(readCount) of \(Readable.count(runCount)) runs, evenly chosen.")
    }
    if unreadableCount > 0 {
      sentences.append(
        unreadableCount == 1
          ? "1 run has no records." : "\(unreadableCount) runs have no records.")
    }
    if unsharedStepCount > 0 {
      sentences.append(
        "\(Readable.count(unsharedStepCount)) records at steps that other runs of the setting passed "
          + "without one are not shown.")
    }
    if omittedCount > 0 {
      sentences.append(
        "\(Readable.count(omittedCount)) numbers that a logarithmic axis cannot show, or that were not "
          + "finite, are left out.")
    }
    return sentences.joined(separator: " ")
  }
}

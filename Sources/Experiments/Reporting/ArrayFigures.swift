import GrokReports

/// The figures of arrays that measures on checkpoints have left: distances between steps, spectra, confusion.
struct ArrayFigures {
  let arrays: MeasuredArrays
  /// From the input to the outputs; those that are missing come last.
  var layers: [String] = []
  var markers: [Plot.Marker] = []
  var fitStep: Int?

  /// The most lines of a spectrum.
  private static let lineLimit = 8
  /// The most points of a line.
  private static let pointLimit = 60

  /// The figures of an array by its name in the table of measures.
  func figures(of name: String, _ result: MeasuredResult) -> [ReportFigure] {
    switch result.drawing {
    case .distances: distances(name, result)
    case .spectrum: spectra(name, result)
    case .confusion: confusion(name, result)
    case .classes: classes(name, result)
    case nil: []
    }
  }

  // MARK: Pairs of steps

  private func distances(_ name: String, _ result: MeasuredResult) -> [ReportFigure] {
    let all = arrays.stepMatrices(of: name)
    guard !all.isEmpty else { return [] }
    let highest = all.flatMap(\.matrix.values).filter(\.isFinite).max() ?? 1
    let label = result.label(of: name)
    let plots = all.map { examples, steps, matrix in
      let numbers = Plot.HeatMap.Coordinates.numbers(steps.map(Double.init))
      return Plot(
        title(result, name, examples), x: .logarithmicWithZero("Step"),
        y: .logarithmicWithZero("Step"), markers: markers,
        heatMap: Plot.HeatMap(matrix, x: numbers, y: numbers),
        colorScale: .sequential(label, range: 0...max(highest, 1e-300)),
        size: Plot.Size(width: 500, height: 430))
    }
    return [
      ReportFigure(
        name: fileName(of: name),
        grid: PlotGrid(plots: plots, isLettered: false, sharesAxes: plots.count > 1),
        caption: meaning(result, name))
    ]
  }

  // MARK: Spectra

  private func spectra(_ name: String, _ result: MeasuredResult) -> [ReportFigure] {
    let all = arrays.stacks(of: name).filter { $0.shape.count == 1 && $0.shape[0] > 1 }
    return distinct(all.map(\.examples)).map { examples in
      let stacks = inOrder(all.filter { $0.examples == examples })
      let plots = stacks.enumerated().map { place, stack in
        Plot(
          [title(result, name, examples), stack.layer].filter { !$0.isEmpty }
            .joined(separator: ", "),
          x: .logarithmic("Rank"), y: .logarithmic(result.label(of: name)),
          series: lines(of: stack), legend: place == 0 ? .above : .none, size: .half)
      }
      return ReportFigure(
        name: fileName(of: examples.isEmpty ? name : "\(name)-\(examples)"),
        grid: PlotGrid(plots: plots, isLettered: false),
        caption: meaning(result, name)
          + " Lines are checkpoints, evenly chosen, from indigo at the first to gold at the last.")
    }
  }

  private func lines(of stack: MeasuredArrays.Stack) -> [Plot.Series] {
    let places = evenly(Self.lineLimit, of: Array(stack.steps.indices))
    let ranks = Self.ranks(upTo: stack.shape[0])
    return places.enumerated().map { order, place in
      let values = stack[place]
      // What rounding has left of zeros would stretch the axis over many powers of ten.
      let least = (values.max() ?? 0) * 1e-6
      let shown = ranks.filter { values[values.startIndex + $0 - 1] > least }
      return Plot.Series(
        "step \(Readable.count(stack.steps[place]))", x: shown.map(Double.init),
        y: shown.map { values[values.startIndex + $0 - 1] },
        color: .ramp(places.count == 1 ? 0 : Double(order) / Double(places.count - 1)))
    }
  }

  /// All ranks, or so many that are evenly chosen on a logarithmic axis.
  private static func ranks(upTo count: Int) -> [Int] {
    guard count > pointLimit else { return Array(1...count) }
    let last = logarithm10(Double(count))
    return distinct(
      (0..<pointLimit).map { place in
        Int(power10(last * Double(place) / Double(pointLimit - 1)).rounded())
      })
  }

  // MARK: Classes

  private func confusion(_ name: String, _ result: MeasuredResult) -> [ReportFigure] {
    arrays.stacks(of: name).filter { $0.shape.count == 2 && $0.shape[0] == $0.shape[1] }.map {
      stack in
      let last = stack.steps.count - 1
      let first = fitStep.flatMap(stack.place(nearest:)) ?? 0
      let plots = distinct([first, last]).map { place in
        Plot(
          "\(title(result, name, stack.examples)), step \(Readable.count(stack.steps[place]))",
          x: .linear("Class of the largest output"), y: .linear("Class"),
          heatMap: Plot.HeatMap(Self.shares(stack[place], count: stack.shape[0])),
          colorScale: .sequential("Share of the examples of a class", range: 0...1),
          size: Plot.Size(width: 500, height: 430))
      }
      let which =
        fitStep == nil
        ? "At the first and the last checkpoint."
        : "At the checkpoint nearest to fitting, and at the last one."
      return ReportFigure(
        name: fileName(of: "\(name)-\(stack.examples)"),
        grid: PlotGrid(plots: plots, isLettered: false, sharesAxes: plots.count > 1),
        caption: "\(meaning(result, name)) \(which) Shares are of the examples of a row.")
    }
  }

  /// Each row over its sum; no numbers for a class without examples.
  private static func shares(_ values: ArraySlice<Double>, count: Int) -> Matrix<Double> {
    var shares = Array(values)
    for row in 0..<count {
      let cells = row * count..<(row + 1) * count
      let sum = shares[cells].reduce(0, +)
      for index in cells { shares[index] = sum > 0 ? shares[index] / sum : .nan }
    }
    return Matrix(values: shares, rowCount: count, columnCount: count)
  }

  private func classes(_ name: String, _ result: MeasuredResult) -> [ReportFigure] {
    let stacks = arrays.stacks(of: name).filter { $0.shape.count == 1 }
    guard !stacks.isEmpty else { return [] }
    let plots = stacks.map { stack in
      let byStep = Matrix<Double>(
        values: stack.values, rowCount: stack.steps.count, columnCount: stack.shape[0])
      return Plot(
        title(result, name, stack.examples), x: .logarithmicWithZero("Step"),
        y: .linear("Class"), markers: markers,
        heatMap: Plot.HeatMap(
          byStep.transposed, x: .numbers(stack.steps.map(Double.init)), y: .indices),
        colorScale: .sequential(result.label(of: name), range: 0...1), size: .half)
    }
    return [
      ReportFigure(
        name: fileName(of: name),
        grid: PlotGrid(plots: plots, isLettered: false, sharesAxes: plots.count > 1),
        caption: meaning(result, name))
    ]
  }

  // MARK: Words

  private func title(_ result: MeasuredResult, _ name: String, _ examples: String) -> String {
    [result.title(of: name), ExampleSet(examples).words].filter { !$0.isEmpty }
      .joined(separator: ", ")
  }

  private func meaning(_ result: MeasuredResult, _ name: String) -> String {
    let words = result.meaning.trimmingPrefix("array: ")
    return "\(result.title(of: name)): \(words)."
  }

  private func inOrder(_ stacks: [MeasuredArrays.Stack]) -> [MeasuredArrays.Stack] {
    func place(_ stack: MeasuredArrays.Stack) -> Int { layers.firstIndex(of: stack.layer) ?? .max }
    return stacks.enumerated().sorted {
      (place($0.element), $0.offset) < (place($1.element), $1.offset)
    }.map(\.element)
  }
}

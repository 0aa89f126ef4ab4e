import GrokReports

/// Maps of the frequencies that a network computes with: over the training, and of both numbers of a pair.
struct FourierMapFigures {
  let arrays: MeasuredArrays

  /// All figures in the order of a page.
  var figures: [ReportFigure] { [frequencies, grids].compactMap(\.self) }

  /// End of memorisation and beginning of cleanup, as far as they are known.
  private var boundaries: [(name: String, step: Double)] {
    zip(
      ["end of memorisation", "beginning of cleanup"], arrays.vector(named: "progressPhases") ?? []
    )
    .filter { $1.isFinite }.map { (name: $0, step: $1) }
  }

  // MARK: Over the training

  private static let spectra: [(array: String, title: String, label: String)] = [
    ("embeddingFrequencies", "Embedding", "Norm"),
    ("outputFrequencies", "Output weights W_L", "Norm"),
    ("logitFrequencies", "Logits", "Share of the variance"),
  ]

  private var frequencies: ReportFigure? {
    let plots = Self.spectra.compactMap { spectrum -> Plot? in
      guard let stack = arrays.stacks(of: spectrum.array).first, stack.shape.count == 1,
        stack.shape[0] > 1
      else { return nil }
      let byStep = Matrix<Double>(
        values: stack.values, rowCount: stack.steps.count, columnCount: stack.shape[0])
      return Plot(
        spectrum.title, x: .logarithmicWithZero("Step"), y: .linear("Frequency"),
        markers: boundaries.map { Plot.Marker(at: $0.step, "") },
        heatMap: Plot.HeatMap(
          byStep.transposed, x: .numbers(stack.steps.map(Double.init)),
          y: .numbers((1...stack.shape[0]).map(Double.init))),
        colorScale: .sequential(spectrum.label), size: .half)
    }
    guard !plots.isEmpty else { return nil }
    let key = (arrays.vector(named: "keyFrequencies") ?? []).map { Readable.number($0) }
    let lines =
      boundaries.isEmpty
      ? "" : " Lines: " + boundaries.map(\.name).joined(separator: ", ") + "."
    return ReportFigure(
      name: "frequencies", grid: PlotGrid(plots: plots, isLettered: false),
      caption:
        "How much of the embedding, of the weights from neurons to logits, and of the logits of all pairs is at each frequency, cosine and sine together. "
        + (key.isEmpty
          ? "" : "Key frequencies of the last checkpoint: \(key.joined(separator: ", ")).")
        + lines
        + " A frequency of the weights may be without effect on the logits.")
  }

  // MARK: Of both numbers

  private var grids: ReportFigure? {
    guard let stack = arrays.stacks(of: "logitSpectrum").first, stack.shape.count == 2,
      stack.shape[0] == stack.shape[1]
    else { return nil }
    let last = stack.steps.count - 1
    let between = boundaries.compactMap { stack.place(nearest: Int($0.step)) }
    let size = stack.shape[0]
    let plots = distinct([0] + between + [last]).map { place in
      let coordinates = Plot.HeatMap.Coordinates.numbers((0..<size).map(Double.init))
      return Plot(
        "Step \(Readable.count(stack.steps[place]))", x: .linear("Frequency of b"),
        y: .linear("Frequency of a"),
        heatMap: Plot.HeatMap(
          Matrix(values: Array(stack[place]), rowCount: size, columnCount: size), x: coordinates,
          y: coordinates),
        colorScale: .logarithmic("Norm of the logits"), size: Plot.Size(width: 420, height: 370))
    }
    return ReportFigure(
      name: "logit-spectrum",
      grid: PlotGrid(plots: plots, isLettered: false, sharesAxes: plots.count > 1),
      caption:
        "The logits of all pairs as products of frequencies of a and of b (of × and ÷, of their logarithms), 0 being the constant, norms over all answers: at the start"
        + (between.isEmpty
          ? "" : ", nearest to the " + boundaries.map(\.name).joined(separator: " and the "))
        + ", and at the end. A network that adds by frequencies has its logits on the diagonal; what it has memorised is spread over all cells."
    )
  }
}

import GrokMeasures
import GrokReports

/// Power spectra of the temperatures of kinds of parameters, with the noise that they are compared with.
struct HeatSpectrumFigures {
  let arrays: MeasuredArrays

  /// The most peaks of a kind that the table lists.
  private static let peakLimit = 5

  /// The spectrum of a kind.
  private struct Spectrum {
    let title: String
    /// Rows: frequencies, power, null, and the line above which there is more than noise.
    let rows: Matrix<Double>
    let memory: Double?

    /// How many times the null there is at a bin.
    func ratio(_ bin: Int) -> Double { rows[1, bin] / rows[2, bin] }

    /// The highest bin of each stretch above the line; the last bin, of which the test says nothing, is left out.
    var peaks: [Int] {
      var peaks: [Int] = []
      var isAbove = false
      for bin in 0..<max(0, rows.columnCount - 1) {
        let wasAbove = isAbove
        isAbove = rows[1, bin] > rows[3, bin]
        guard isAbove else { continue }
        if !wasAbove {
          peaks.append(bin)
        } else if ratio(bin) > ratio(peaks[peaks.count - 1]) {
          peaks[peaks.count - 1] = bin
        }
      }
      return peaks
    }
  }

  /// All figures in the order of a page.
  var figures: [ReportFigure] {
    let spectra = spectra
    guard !spectra.isEmpty else { return [] }
    return [
      ReportFigure(
        name: "heat-spectra",
        grid: PlotGrid(
          plots: spectra.enumerated().map { plot($1, isFirst: $0 == 0) }, columnCount: 3,
          isLettered: false, sharesAxes: spectra.count > 1),
        caption:
          "The power of the fluctuations of the temperature of each kind of parameter, ln ‖g‖² less its moving average, over the whole "
          + "training. Dashed: noise with the same correlation of successive records (AR(1)), and what such noise exceeds at any frequency with "
          + "probability 0.05. Below a hundredth of a cycle per record the moving average has taken the slow part away, so that a lack of power there means nothing; a "
          + "fluctuation that changes over the training is spread over many frequencies. A peak at the lowest frequency is a slow change "
          + "rather than a period.",
        table: table(spectra))
    ]
  }

  private var spectra: [Spectrum] {
    let names = arrays.parts(of: "heatSpectrum")
    let known = ComponentKind.allCases.map(\.rawValue)
    let sorted = known.filter(names.contains) + names.filter { !known.contains($0) }
    return sorted.compactMap { name in
      guard let rows = arrays.matrix("heatSpectrum/\(name)"), rows.rowCount == 4 else { return nil }
      return Spectrum(
        title: ComponentKind(rawValue: name)?.title ?? name, rows: rows,
        memory: arrays.vector(named: "heatSpectrumMemory/\(name)")?.first)
    }
  }

  private func plot(_ spectrum: Spectrum, isFirst: Bool) -> Plot {
    func series(_ name: String, _ row: Int, _ color: PlotColor, isDashed: Bool) -> Plot.Series {
      Plot.Series(
        name, x: Array(spectrum.rows.row(0)), y: Array(spectrum.rows.row(row)), color: color,
        isDashed: isDashed)
    }
    return Plot(
      spectrum.title, x: .logarithmic("Cycles per step"), y: .logarithmic("Power"),
      series: [
        series("temperature", 1, .blue, isDashed: false), series("AR(1)", 2, .gray, isDashed: true),
        series("its 95 % line", 3, .vermilion, isDashed: true),
      ], legend: isFirst ? .above : .none, size: Plot.Size(width: 340, height: 280))
  }

  private func table(_ spectra: [Spectrum]) -> HTMLReport.Table {
    let rows = spectra.flatMap { spectrum -> [[String]] in
      let rows = spectrum.rows
      let memory = spectrum.memory.map { Readable.number($0, significantDigits: 2) } ?? ""
      let strongest = spectrum.peaks
        .sorted { spectrum.ratio($0) > spectrum.ratio($1) }
        .prefix(Self.peakLimit).sorted()
      if strongest.isEmpty { return [[spectrum.title, memory, "none", "", ""]] }
      return strongest.map { bin in
        [
          spectrum.title, memory, Readable.number(rows[0, bin], significantDigits: 3),
          Readable.number(1 / rows[0, bin], significantDigits: 3),
          Readable.number(spectrum.ratio(bin), significantDigits: 2),
        ]
      }
    }
    return HTMLReport.Table(
      columns: [
        "Kind", "Memory φ", "Peak (cycles per step)", "Period (steps)", "Power over that of noise",
      ], rows: rows)
  }
}

import GrokMeasures
import GrokTraining

// How often the temperatures of a training come and go.

extension NamedMeasure {
  static let heatSpectra = [
    NamedMeasure(
      name: "heatSpectrum",
      summary: "power spectra of the temperatures of kinds of parameters, beside noise with memory",
      results: [
        "heatSpectrum/N": .init(
          "array: rows of frequency in cycles per step, power of ln ‖g‖² less its moving average, that of AR(1) noise, and what such noise "
            + "exceeds at any frequency with probability 0.05"),
        "heatSpectrumMemory/N":
          "array: one number, the correlation φ of successive records that the noise has",
      ],
      options: ["seed"],
      source: "Welch (1967); AR(1) surrogates of the residuals, Bose, Ann. Stat. 16, 1709 (1988)",
      body: .training(HeatSpectrumMeasure()))
  ]
}

/// Of evenly recorded temperatures, the last of long trainings.
private struct HeatSpectrumMeasure: TrainingMeasure {
  var readsExamples: Bool { false }

  private static let recordLimit = 1 << 15
  private static let level = 0.05
  private static let surrogateCount = 99

  func findings<Scalar>(
    of training: MeasuredTraining<Scalar>, on examples: LabeledExamples, _ context: MeasureContext
  ) throws -> (steps: [Int: Findings], all: Findings) {
    let measure = "heatSpectrum"
    let (norms, parts) = try MotionTable.of(training, measure: measure).warmTemperatures()
    let heat = try norms.squared().summed(by: parts.map(\.component.kind.rawValue))
    let spacing = try spacing(of: heat.steps, measure: measure)
    let series = try detrendedLogHeat(of: heat)
    let count = min(series.recordCount, Self.recordLimit)
    var length = 256
    while length > 32, 4 * length > count { length /= 2 }
    let windowLength = length
    var all = Findings()
    for (component, name) in series.names.enumerated() {
      let values = Array(series.values.column(component).suffix(count))
      let column = Matrix(values: values, rowCount: count, columnCount: 1)
      let spectrum = try updateSpectrum(of: column, windowLength: windowLength)
      let ratios = try spectrum.ratioToNull().dropFirst().map { $0 ?? .nan }
      let peaks = try spectralPeaks(
        of: column, windowLength: windowLength, level: Self.level,
        surrogateCount: Self.surrogateCount, key: context.key.fork(name))
      let frequencies = spectrum.frequencies.dropFirst().map { $0 / Double(spacing) }
      let power = Array(spectrum.power.dropFirst())
      let null = zip(power, ratios).map { $0 / $1 }
      let line = null.map { $0 * peaks.threshold }
      all.add("heatSpectrum/\(name)", Matrix(rows: [frequencies, power, null, line]))
      all.add("heatSpectrumMemory/\(name)", values: [peaks.coefficient])
    }
    return ([:], all)
  }

  /// The steps from one record to the next.
  private func spacing(of steps: [Int], measure: String) throws -> Int {
    let gaps = zip(steps.dropFirst(), steps).map { $0 - $1 }
    guard let first = gaps.first, let other = gaps.first(where: { $0 != first }) else {
      return gaps.first ?? 1
    }
    throw MeasureError.undefined(
      measure: measure,
      reason: "records are \(first) and \(other) steps apart; a spectrum needs even spacing")
  }
}

import GrokMeasures
import GrokReports

/// What runs say of the nine claims about how networks cool, from what the measure `cooling` has left in their folders.
struct ClaimTable {
  /// A statistic and a verdict for each run in which the claim could be asked.
  private struct Answer {
    var claim: CoolingClaim
    var statistics: [Double]
    var verdicts: [Double]
  }

  private let answers: [Answer]
  /// Of the claims about rebounds, the statistics of ‖g‖ ‖w‖.
  private let scaleFree: [CoolingClaim: [Double]]
  private let runCount: Int

  /// - Parameter runs: The arrays of each run.
  init(_ runs: [MeasuredArrays]) {
    func numbers(_ name: String) -> [Double] { runs.compactMap { $0.vector(named: name)?.first } }
    answers = CoolingClaim.allCases.compactMap { claim in
      let verdicts = numbers("coolingVerdict/\(claim.rawValue)")
      guard !verdicts.isEmpty else { return nil }
      return Answer(
        claim: claim, statistics: numbers("cooling/\(claim.rawValue)"), verdicts: verdicts)
    }
    scaleFree = Dictionary(
      uniqueKeysWithValues: CoolingClaim.allCases.map {
        ($0, numbers("coolingScaleFree/\($0.rawValue)"))
      })
    runCount = runs.count { run in
      CoolingClaim.allCases.contains { run.vector(named: "coolingVerdict/\($0.rawValue)") != nil }
    }
  }

  /// A table with what it is; empty where nothing was asked.
  var contents: [HTMLReport.Content] {
    guard !answers.isEmpty else { return [] }
    let words =
      runCount == 1
      ? "What this run says of nine claims about how networks cool."
      : "What \(runCount) runs say of nine claims about how networks cool: a claim is confirmed where it holds in all "
        + "of them, not confirmed where in none. Statistics are medians, with the range in brackets."
        + (runCount < 3 ? " Fewer than three runs decide little." : "")
    return [
      .text(
        words
          + " Claims that a network has no parts for, or for which nothing is defined, such as a time after "
          + "a half that is never reached, are not in the table."),
      .table(.init(columns: columns, rows: answers.map(row))),
    ]
  }

  private var hasScaleFree: Bool { scaleFree.values.contains { !$0.isEmpty } }

  private var columns: [String] {
    ["", "Claim", "Statistic", "Value"] + (hasScaleFree ? ["Of ‖g‖ ‖w‖"] : [])
      + (runCount == 1 ? [] : ["Holds in"]) + ["Verdict"]
  }

  private func row(_ answer: Answer) -> [String] {
    let count = answer.verdicts.count
    let holding = answer.verdicts.count { $0 == 1 }
    // Over several runs as the library's `verdict(over:)`; a single one may hold of some parts.
    let isPartial = holding == 0 ? count == 1 && answer.verdicts[0] > 0 : holding < count
    let verdict = isPartial ? "depends" : holding > 0 ? "confirmed" : "not confirmed"
    let place = CoolingClaim.allCases.firstIndex(of: answer.claim) ?? 0
    return [
      "C\(place + 1)", answer.claim.words, answer.claim.statistic, rangeText(answer.statistics),
    ]
      + (hasScaleFree ? [rangeText(scaleFree[answer.claim] ?? [])] : [])
      + (runCount == 1 ? [] : ["\(holding) of \(count)"]) + [verdict]
  }
}

extension CoolingClaim {
  /// The claim in words.
  fileprivate var words: String {
    switch self {
    case .exponential: "Cooling is exponential"
    case .quickConvolutions: "At least three convolutions halve within an epoch"
    case .mostlyNoise: "After that, mostly noise"
    case .batchNormRebound: "Batch norms get warmer again"
    case .downsampleRebound: "So do shortcuts"
    case .noisyBiases: "Biases are noisier than their weights"
    case .laterIsLater: "Later layers come down later"
    case .lastIsSlowest: "The last layer is slowest, or second slowest"
    case .dipsAndRebounds: "Dips are followed by rebounds"
    }
  }

  /// What decides it.
  fileprivate var statistic: String {
    switch self {
    case .exponential, .batchNormRebound, .downsampleRebound, .dipsAndRebounds:
      "share of the parts"
    case .mostlyNoise: "share of the parts that halved"
    case .quickConvolutions: "convolutions"
    case .noisyBiases: "median difference, nats"
    case .laterIsLater: "Spearman's correlation"
    case .lastIsSlowest: "rank"
    }
  }
}

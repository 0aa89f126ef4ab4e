import GrokDatasets
import GrokMeasures
import GrokTraining

extension NamedMeasure {
  /// Whether a network copies by content: at periods that it was never trained on.
  static let inductionTransfer = NamedMeasure(
    name: "inductionTransfer",
    summary:
      "whether a network that copies what came before does so at periods it was never trained on",
    results: [
      "repeatLoss": .init(
        "loss where the next token can be copied, at trained and at untrained periods",
        title: "Loss of what can be copied", unit: "nats"),
      "repeatPrefixMatching": .init(
        "largest prefix matching of a head there", title: "Largest prefix matching", range: 0...1),
    ],
    options: ["seed"],
    source: "this package; detectors of Olsson et al. (2022)",
    body: .training(InductionTransferMeasure()))
}

/// Sequences that segments fill, of the trained lengths and of longer ones.
private struct InductionTransferMeasure: TrainingMeasure {
  var readsExamples: Bool { false }

  private static let sequenceCount = 64

  func findings<Scalar>(
    of training: MeasuredTraining<Scalar>, on examples: LabeledExamples, _ context: MeasureContext
  ) throws -> (steps: [Int: Findings], all: Findings) {
    let options = training.experiment.settings.data
    guard options.name == .repeatedTokens else {
      throw MeasureError.undefined(
        measure: "inductionTransfer",
        reason: "the data has no periods; it asks for data.name=repeated-tokens")
    }
    let trained = try RepeatedTokens(
      vocabularySize: options.vocabularySize, contextLength: options.context,
      periods: options.periods)
    let (first, last) = (
      trained.periods.upperBound + 1, min(2 * options.context / 3, options.vocabularySize)
    )
    guard first <= last else {
      throw MeasureError.undefined(
        measure: "inductionTransfer",
        reason:
          "no untrained period is left between the longest of \(first - 1) and two thirds of the context of "
          + "\(options.context) or the vocabulary of \(options.vocabularySize)")
    }
    let untrained = try RepeatedTokens(
      vocabularySize: options.vocabularySize, contextLength: options.context,
      periods: first...last)
    let key = context.key.fork("transfer")
    var steps: [Int: Findings] = [:]
    for checkpoint in training.checkpoints {
      let snapshot = try training.snapshot(of: checkpoint)
      var findings = Findings()
      for (name, task) in [("trained", trained), ("untrained", untrained)] {
        let key = key.fork(name)
        let sequences = task.examples(count: Self.sequenceCount, key: key)
        let losses = try snapshot.tokenLosses(on: sequences)
        let isKnown = task.isPredictable(count: Self.sequenceCount, key: key)
        let means = (0..<Self.sequenceCount).map { sequence -> Double in
          let known = (0..<options.context).filter { isKnown[sequence * options.context + $0] }
          return known.reduce(0) { $0 + losses[sequence, $1] } / Double(known.count)
        }
        findings.add(
          "repeatLoss/\(name)", try Estimate(meanOf: means, measure: "inductionTransfer"))
        let attended = try snapshot.attendedSequences(on: sequences)
        if let largest = attended.prefixMatching(from: task.periods.upperBound).means.compactMap(
          \.self
        ).max() {
          findings.add("repeatPrefixMatching/\(name)", largest)
        }
      }
      steps[checkpoint.step] = findings
    }
    return (steps, Findings())
  }
}

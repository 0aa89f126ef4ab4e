import GrokMeasures
import GrokTraining

// How a network that computes on a cycle comes to do so by frequencies.

extension NamedMeasure {
  static let progress = [
    NamedMeasure(
      name: "fourierProgress",
      summary:
        "losses of a modular task with the key frequencies of the last checkpoint alone, and without them",
      results: [
        "restrictedLoss": .init(
          "of the key frequencies and the mean of the logits, of all pairs, those trained on, and the others",
          title: "Restricted loss", unit: "nats"),
        "excludedLoss": .init(
          "of the logits without the key frequencies", title: "Excluded loss", unit: "nats"),
        "excludedLoss/frequency/N": .init(
          "of the logits without one key frequency",
          title: "Excluded loss without frequency N", unit: "nats", isMinor: true),
        "excludedCosineLoss": .init(
          "of the logits without one direction cos w(a + b − c) a key frequency",
          title: "Excluded loss, one direction a frequency", unit: "nats", isMinor: true),
        "blockLoss": .init(
          "of the products of constant, cosine and sine of the key frequencies",
          title: "Loss of the blocks of frequencies", unit: "nats", isMinor: true),
        "restrictedAccuracy": .init(
          "share of right answers of the key frequencies", title: "Restricted accuracy",
          range: 0...1),
        "testToRestrictedLoss": .init(
          "loss of the test pairs over restricted loss on them", title: "Loss over restricted loss",
          isMinor: true),
        "embeddingSparsity": .init(
          "Gini coefficient of the frequencies of the embedding, 0 for even shares",
          title: "Sparsity of the embedding", range: 0...1),
        "outputSparsity": .init(
          "Gini coefficient of the frequencies of W_L", title: "Sparsity of the output weights",
          range: 0...1),
        "embeddingComponentSparsity": .init(
          "the same with cosine and sine apart", title: "Sparsity of the embedding by component",
          range: 0...1, isMinor: true),
        "outputComponentSparsity": .init(
          "the same with cosine and sine apart",
          title: "Sparsity of the output weights by component",
          range: 0...1, isMinor: true),
        "keyShareOfLogits": .init(
          "share of the variance of the logits in the key frequencies",
          title: "Key frequencies' share of the logits", range: 0...1),
        "cosineShareOfLogits": .init(
          "share of the variance of all logits in cos w(a + b − c) of the key frequencies",
          title: "Cosines' share of the logits", range: 0...1, isMinor: true),
        "clusteredNeurons": .init(
          "share of the neurons of which one frequency explains at least 0.85",
          title: "Neurons with one frequency", range: 0...1),
        "outputResidual": .init(
          "share of the norm of W_L outside of the key frequencies",
          title: "Residual of the output weights", range: 0...1, isMinor: true),
        "attentionExplained/N": .init(
          "share of the variance of a head's attention to a that one frequency explains",
          title: "Attention of head N in one frequency", range: 0...1, isMinor: true),
        "squaredWeights": .init(
          "sum of the squares of all parameters", title: "Sum of squared weights"),
        "keyFrequencies": "array: the frequencies of the last checkpoint",
        "keyFrequencyRule":
          "array: one number, what tells the frequencies: 0 clusters of neurons, 1 the logits, 2 any neuron, 3 a part of the embedding, 4 its norm, 5 that of W_L",
        "progressPhases":
          "array: end of memorisation, beginning and end of cleanup in steps; not a number for never",
        "embeddingFrequencies": "array: norm of the embedding at each frequency from 1",
        "outputFrequencies": "array: norm of W_L at each frequency",
        "logitFrequencies": "array: share of the variance of the logits at each frequency",
        "neuronFrequencies": "array: number of neurons of which it explains at least 0.85",
        "logitSpectrum":
          "array: norm of the logits at each frequency of a (rows) and of b (columns), from the constant at 0",
        "excludedByFrequency": "array: loss of the training pairs without each frequency, in nats",
        "cosineCoefficients": "array: of cos w(a + b − c) of norm 1 in the logits",
        "attentionFrequencies": "array: share of each frequency in the scores of each head",
      ],
      options: ["keyFrequencies", "keyFrequencyShare"],
      source: "Nanda, Chan, Lieberum, Smith & Steinhardt, arXiv 2301.05217, §4–5",
      body: .training(FourierProgressMeasure()))
  ]
}

extension Settings.Measuring {
  /// The rule that is asked for; nil for the library's own choice.
  fileprivate var keyFrequencyRule: KeyFrequencyRule? {
    func share(_ usual: Double) -> Double { keyFrequencyShare == 0 ? usual : keyFrequencyShare }
    switch keyFrequencies {
    case .automatic: return nil
    case .logits: return .logits(share: share(0.01))
    case .neuronClusters: return .neuronClusters(leastVariance: share(0.85))
    case .anyNeuron: return .anyNeuron
    case .embeddingComponent: return .embeddingComponent(share: share(0.25))
    case .embeddingNorm: return .embeddingNorm(share: share(0.25))
    case .outputNorm: return .outputNorm(share: share(0.25))
    }
  }
}

extension KeyFrequencyRule {
  /// As it is recorded.
  fileprivate var number: Double {
    switch self {
    case .neuronClusters: 0
    case .logits: 1
    case .anyNeuron: 2
    case .embeddingComponent: 3
    case .embeddingNorm: 4
    case .outputNorm: 5
    }
  }
}

/// Key frequencies are those of the last checkpoint, so all checkpoints are needed.
private struct FourierProgressMeasure: TrainingMeasure {
  var readsExamples: Bool { false }

  func findings<Scalar>(
    of training: MeasuredTraining<Scalar>, on examples: LabeledExamples, _ context: MeasureContext
  ) throws -> (steps: [Int: Findings], all: Findings) {
    let experiment = training.experiment
    guard let task = experiment.modularTask else {
      throw MeasureError.undefined(
        measure: "fourierProgress", reason: "the examples are no modular arithmetic")
    }
    let cyclic = try task.cyclicTask()
    let encoding: PairEncoding = experiment.settings.model.kind.readsTokens ? .tokens : .oneHot
    func progress(
      _ checkpoint: StoredTraining.Checkpoint, _ known: KeyFrequencies?, _ rule: KeyFrequencyRule?
    ) throws -> (progress: FourierProgress, spectrum: Matrix<Double>, now: Snapshot<Scalar>) {
      let snapshot = try training.snapshot(of: checkpoint)
      let seen = try snapshot.cyclicObservations(of: task, encoding: encoding)
      let progress = try fourierProgress(
        of: seen, task: cyclic, trainedPairs: experiment.data.trainIndices, keyFrequencies: known,
        rule: rule, workers: context.workers)
      let logits = try CyclicLogits(seen.logits, task: cyclic, workers: context.workers)
      return (progress, logits.gridSpectrum(), snapshot)
    }
    let last = training.checkpoints[training.checkpoints.count - 1]
    var key = try progress(last, nil, nil).progress.keyFrequencies
    if key.frequencies.isEmpty { key = try progress(last, nil, .logits()).progress.keyFrequencies }

    var steps: [Int: Findings] = [:]
    var losses: [(step: Int, excluded: Double, test: Double)] = []
    for checkpoint in training.checkpoints {
      let (found, spectrum, snapshot) = try progress(checkpoint, key, nil)
      var findings = try findings(found, snapshot)
      findings.add("logitSpectrum", spectrum)
      steps[checkpoint.step] = findings
      if let excluded = found.losses.excluded.train, let test = found.losses.full.test {
        losses.append((checkpoint.step, excluded, test))
      }
    }
    var all = Findings()
    all.add("keyFrequencies", values: key.frequencies.map(Double.init))
    all.add("keyFrequencyRule", values: [key.rule.number])
    if let phases = try phases(losses) { all.add("progressPhases", values: phases) }
    return (steps, all)
  }

  /// The boundaries; nil where checkpoints are too few, or a loss is 0, for any.
  private func phases(
    _ losses: [(step: Int, excluded: Double, test: Double)]
  ) throws -> [Double]? {
    guard losses.count >= 8, losses.allSatisfy({ $0.excluded > 0 && $0.test > 0 }) else {
      return nil
    }
    let recorded = losses.map(\.step)
    let phases = try progressPhases(
      excludedTrainLoss: RecordedSeries(steps: recorded, values: losses.map(\.excluded)),
      testLoss: RecordedSeries(steps: recorded, values: losses.map(\.test)))
    return [phases.memorizationEnd, phases.cleanupStart, phases.cleanupEnd].map {
      $0.map(Double.init) ?? .nan
    }
  }

  private func findings<Scalar>(
    _ found: FourierProgress, _ snapshot: Snapshot<Scalar>
  ) throws -> Findings {
    var findings = Findings()
    func add(_ name: String, _ values: SplitValues) {
      findings.add("all/" + name, values.all)
      if let value = values.train { findings.add("train/" + name, value) }
      if let value = values.test { findings.add("test/" + name, value) }
    }
    let (losses, key) = (found.losses, found.keyFrequencies.frequencies)
    add("restrictedLoss", losses.restricted)
    add("excludedLoss", losses.excluded)
    for frequency in key {
      add("excludedLoss/frequency/\(frequency)", losses.excludedByFrequency[frequency - 1])
    }
    add("excludedCosineLoss", losses.excludedCosines)
    add("blockLoss", losses.blocks)
    add("restrictedAccuracy", losses.restrictedAccuracy)
    if let ratio = losses.testToRestricted { findings.add("test/testToRestrictedLoss", ratio) }
    findings.add(
      "excludedByFrequency", values: losses.excludedByFrequency.map { $0.train ?? $0.all })
    for (name, spectrum) in [("embedding", found.embedding), ("output", found.output)] {
      guard let spectrum else { continue }
      if let value = spectrum.frequencySparsity { findings.add(name + "Sparsity", value) }
      if let value = spectrum.componentSparsity { findings.add(name + "ComponentSparsity", value) }
      findings.add(name + "Frequencies", values: spectrum.frequencyNorms)
    }
    if let logits = found.logits {
      findings.add("keyShareOfLogits", key.reduce(0) { $0 + logits.explained[$1 - 1] })
      findings.add("cosineShareOfLogits", key.reduce(0) { $0 + logits.cosineExplained[$1 - 1] })
      findings.add("logitFrequencies", values: logits.explained)
      findings.add("cosineCoefficients", values: logits.cosineCoefficients)
    }
    if let neurons = found.neurons {
      let clusters = NeuronClusters(of: neurons)
      findings.add("clusteredNeurons", clusters.clusteredShare)
      findings.add(
        "neuronFrequencies",
        values: losses.excludedByFrequency.indices.map {
          Double(clusters.neurons[$0 + 1]?.count ?? 0)
        })
    }
    if let directions = found.directions { findings.add("outputResidual", directions.residual) }
    for (head, attention) in (found.attention ?? []).enumerated() {
      if let attention {
        findings.add("attentionExplained/\(head)", attention.explainedVariance)
      }
    }
    if let heads = found.scores {
      findings.add(
        "attentionFrequencies",
        Matrix(
          rows: heads.map { head in
            head.shares ?? losses.excludedByFrequency.map { _ in .nan }
          }))
    }
    findings.add("squaredWeights", try norms(of: snapshot.parameterVector).sumOfSquares)
    return findings
  }
}

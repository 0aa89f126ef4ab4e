import GrokMeasures
import GrokTraining

// What can be read out of layers, and what the outputs say.

extension NamedMeasure {
  static let readout = [
    NamedMeasure(
      name: "linearProbe",
      summary: "accuracy of a held-out regularized linear classifier on a layer",
      results: [
        "probe/accuracy": .init(
          "share of held-out examples, a quarter of all", title: "Accuracy of a linear probe",
          range: 0...1),
        "probe/trainAccuracy": .init(
          "share of the examples it was fitted on", title: "Linear probe, fitted examples",
          range: 0...1, isMinor: true),
      ],
      options: ["seed"],
      source: "Alain & Bengio, arXiv 1610.01644; multinomial logistic, penalty by validation",
      body: .layer { layer, context in
        let probe = try linearProbe(
          of: layer.activations, labels: layer.labels, workers: context.workers, key: context.key)
        var findings = Findings()
        findings.add("probe/accuracy", probe.accuracy.estimate)
        findings.add("probe/trainAccuracy", probe.trainAccuracy.estimate)
        return findings
      }),
    NamedMeasure(
      name: "ridgeProbe", summary: "the same by ridge regression on the labels: faster",
      results: [
        "ridgeProbe/accuracy": .init(
          "share of held-out examples, a quarter of all", title: "Accuracy of a ridge probe",
          range: 0...1)
      ],
      options: ["seed"], source: "Alain & Bengio, arXiv 1610.01644; Hoerl & Kennard (1970)",
      body: .layer { layer, context in
        let probe = try linearProbe(
          of: layer.activations, labels: layer.labels, method: .ridge(), workers: context.workers,
          key: context.key)
        var findings = Findings()
        findings.add("ridgeProbe/accuracy", probe.accuracy.estimate)
        return findings
      }),
    NamedMeasure(
      name: "nearestCenter",
      summary: "accuracy of the nearest class center in a layer, leaving each out",
      results: [
        "nearestCenter/accuracy": .init(
          "share of examples", title: "Accuracy of the nearest center", range: 0...1)
      ], options: [],
      source: "Papyan, Han & Donoho, PNAS 117, 24652 (2020)",
      body: .layer { layer, context in
        var findings = Findings()
        findings.add(
          "nearestCenter/accuracy",
          try nearestCenterClassification(
            of: layer.activations, labels: layer.labels, workers: context.workers
          ).accuracy.estimate)
        return findings
      }),
    NamedMeasure(
      name: "neighborClassification",
      summary: "accuracy of the nearest neighbors in a layer, leaving each out",
      results: [
        "neighbors/accuracy": .init(
          "share of examples", title: "Accuracy of the nearest neighbors", range: 0...1)
      ], options: ["neighborCount"],
      source: "Cover & Hart, IEEE Trans. Inf. Theory 13, 21 (1967)",
      body: .layer { layer, context in
        let count = context.options.neighborCount
        var findings = Findings()
        findings.add(
          "neighbors/accuracy",
          try neighborClassification(
            of: layer.activations, labels: layer.labels, neighborCount: count == 0 ? 5 : count,
            workers: context.workers
          ).accuracy.estimate)
        return findings
      }),
    NamedMeasure(
      name: "classSeparation", summary: "variance between and within the classes in a layer",
      results: [
        "fisherRatio": "between over within", "explainedShare": "between over all, from 0 to 1",
      ],
      options: [], source: "Fisher, Ann. Eugenics 7, 179 (1936)",
      body: .layer { layer, context in
        let separation = try classSeparation(
          of: layer.activations, labels: layer.labels, workers: context.workers)
        var findings = Findings()
        findings.add("fisherRatio", separation.fisherRatio)
        findings.add("explainedShare", separation.explainedShare)
        return findings
      }),
    NamedMeasure(
      name: "silhouette",
      summary: "how much nearer examples are to their own class than to the next",
      results: ["silhouette": "from −1 to 1"], options: [],
      source: "Rousseeuw, J. Comput. Appl. Math. 20, 53 (1987)",
      body: .layer { layer, context in
        var findings = Findings()
        findings.add(
          "silhouette",
          try silhouette(of: layer.activations, labels: layer.labels, workers: context.workers)
            .mean)
        return findings
      }),
    NamedMeasure(
      name: "fewShotSignal",
      summary: "expected error of telling two classes apart from five examples",
      results: ["fewShotError": "mean over pairs of classes, from 0 to ½"], options: [],
      source: "Sorscher, Ganguli & Sompolinsky, PNAS 119, e2200800119 (2022)",
      body: .layer { layer, context in
        var findings = Findings()
        findings.add(
          "fewShotError",
          try fewShotSignal(of: layer.activations, labels: layer.labels, workers: context.workers)
            .meanError)
        return findings
      }),
    NamedMeasure(
      name: "outputStatistics",
      summary: "margins, confidence, entropy, energy and calibration of the outputs",
      results: [
        "margin": "of the label's output over the largest other, mean",
        "confidence": "largest probability, mean", "entropy": .init("nats, mean", unit: "nats"),
        "energy": "−log Σ exp of the outputs, mean",
        "calibrationError": "expected |accuracy − confidence|",
        "confidenceDiscrimination": "area under the ROC of confidence for being right",
        "marginQuantiles": "array: at 0, 5, 25, 50, 75, 95, 100 %",
      ],
      options: [],
      source: "Guo et al., ICML 2017; Hendrycks & Gimpel, ICLR 2017; Liu et al., NeurIPS 2020",
      body: .outputs { layer, _ in
        let result = try outputStatistics(of: layer.activations, labels: layer.labels)
        var findings = Findings()
        findings.add("margin", result.margin.mean)
        findings.add("confidence", result.confidence.mean)
        findings.add("entropy", result.entropy.mean)
        findings.add("energy", result.energy.mean)
        findings.add("calibrationError", result.calibration.expectedError)
        if let discrimination = result.confidenceDiscrimination {
          findings.add("confidenceDiscrimination", discrimination)
        }
        findings.add("marginQuantiles", values: result.margin.quantiles)
        return findings
      }),
    NamedMeasure(
      name: "confusion", summary: "confusion matrix of the outputs, and the accuracy of each class",
      results: [
        "balancedAccuracy": "mean over classes of the share that is right",
        "confusion": .init("array: examples by class, then by what is said", drawing: .confusion),
        "classAccuracy": .init(
          "array: share that is right in each class", title: "Accuracy by class",
          drawing: .classes),
      ],
      options: [], source: "Zheng et al., UniReps 2024, notes",
      body: .outputs { layer, _ in
        let result = try outputClassification(of: layer.activations, labels: layer.labels).confusion
        let count = max(layer.classCount, layer.activations.columnCount)
        var matrix = Matrix<Double>(rowCount: count, columnCount: count)
        for (row, actual) in result.labels.enumerated() {
          for (column, found) in result.labels.enumerated() {
            matrix[actual, found] = Double(result.counts[row][column])
          }
        }
        var findings = Findings()
        findings.add("balancedAccuracy", result.balancedAccuracy)
        findings.add("confusion", matrix)
        findings.add(
          "classAccuracy",
          values: (0..<count).map { label in
            let row = matrix.row(label)
            let sum = row.reduce(0, +)
            return sum > 0 ? matrix[label, label] / sum : .nan
          })
        return findings
      }),
    NamedMeasure(
      name: "neuralCollapse",
      summary: "neural collapse NC1 to NC4 of the last hidden layer and the output weights",
      results: [
        "collapse/withinClass": .init("tr(Σ_W Σ_B†)/C", title: "NC1, variation within classes"),
        "collapse/meanNorms": .init(
          "relative deviation of the norms of centered class means",
          title: "NC2, norms of class means"),
        "collapse/meanAngles": .init(
          "mean deviation of their cosines from −1/(C − 1)", title: "NC2, angles of class means"),
        "collapse/selfDuality": .init(
          "distance of normalized weights and means", title: "NC3, self-duality"),
        "collapse/disagreement": .init(
          "share of examples in which the nearest center says otherwise",
          title: "NC4, disagreement with the nearest center"),
      ],
      options: [], source: "Papyan, Han & Donoho, PNAS 117, 24652 (2020)",
      body: .network(NeuralCollapseMeasure())),
    NamedMeasure(
      name: "readoutSplit",
      summary:
        "accuracy of the network's own outputs against the best head on its last hidden layer",
      results: [
        "readout/head": .init(
          "test accuracy of the network", title: "Accuracy of the network's head"),
        "readout/best": .init(
          "test accuracy of the best linear head, fitted on the training examples",
          title: "Accuracy of the best head"),
        "readout/gap": .init("the best head's less the network's", title: "Gap of the head"),
      ],
      options: ["seed"], source: "Chou et al., arXiv 2605.27078",
      body: .network(ReadoutSplitMeasure())),
    NamedMeasure(
      name: "outOfDistribution",
      summary:
        "accuracy on turned, moved, noisy and blurred pictures, directly and by a probe on the outputs",
      results: [
        "distorted/rotation": .init(
          "turned by 30°", title: "Accuracy on turned pictures", range: 0...1),
        "distorted/translation": .init(
          "moved by 2 pixels", title: "Accuracy on moved pictures", range: 0...1),
        "distorted/noise": .init(
          "noise of 0.2", title: "Accuracy on noisy pictures", range: 0...1),
        "distorted/blur": .init(
          "blurred by 1 pixel", title: "Accuracy on blurred pictures", range: 0...1),
        "distortedProbe/rotation": .init(
          "held-out accuracy of a ridge probe on the outputs", title: "Probe on turned pictures",
          range: 0...1, isMinor: true),
        "distortedProbe/translation": .init(
          "the same", title: "Probe on moved pictures", range: 0...1, isMinor: true),
        "distortedProbe/noise": .init(
          "the same", title: "Probe on noisy pictures", range: 0...1, isMinor: true),
        "distortedProbe/blur": .init(
          "the same", title: "Probe on blurred pictures", range: 0...1, isMinor: true),
      ],
      options: ["seed"], source: "Hendrycks & Dietterich, ICLR 2019; Zheng et al., UniReps 2024",
      body: .network(OutOfDistributionMeasure())),
  ]
}

// MARK: - Measures on networks

/// Where the outputs are read: the last hidden layer and the weights on it.
private struct Head {
  let tap: String
  let readout: LinearReadout

  /// - Throws: `MeasureError.undefined` for a network that does not end in a linear layer.
  init<Scalar>(of snapshot: Snapshot<Scalar>, features: (String) throws -> Int) throws {
    let taps = snapshot.model.tapNames
    let outputCount = snapshot.model.outputCount
    guard taps.count >= 2 else {
      throw MeasureError.undefined(measure: "read-out", reason: "the network has no hidden layer")
    }
    tap = taps[taps.count - 2]
    let width = try features(tap)
    let entries = snapshot.parameters.layout.entries
    guard
      let weight = entries.last(where: {
        $0.shape.dimensions == [outputCount, width] || $0.shape.dimensions == [width, outputCount]
      })
    else {
      throw MeasureError.undefined(
        measure: "read-out", reason: "the network does not end in a linear layer on \(tap)")
    }
    var weights = Matrix<Double>(try snapshot.parameter(weight.name))
    if weights.rowCount != outputCount { weights = weights.transposed }
    let bias = entries.last { $0.shape.dimensions == [outputCount] }
    let biases = bias.map { entry in
      snapshot.parameterVector[entry.range].map { Double($0) }
    }
    readout = try LinearReadout(weights: weights, biases: biases)
  }
}

private struct NeuralCollapseMeasure: NetworkMeasure {
  func findings<Scalar>(
    of network: MeasuredNetwork<Scalar>, _ context: MeasureContext
  ) throws -> Findings {
    let (now, examples) = (network.now, network.examples)
    let head = try Head(of: now) { tap in
      try now.activations(of: tap, on: examples.prefix(1)).columnCount
    }
    let result = try neuralCollapse(
      of: now.activations(of: head.tap, on: examples), labels: examples.labels.map(Int.init),
      readout: head.readout, workers: context.workers)
    var findings = Findings()
    findings.add("collapse/withinClass", result.withinClassVariation)
    findings.add("collapse/meanNorms", result.means.normVariation)
    findings.add("collapse/meanAngles", result.means.cosineDeviation)
    if let value = result.selfDuality { findings.add("collapse/selfDuality", value) }
    if let value = result.nearestCenterDisagreement {
      findings.add("collapse/disagreement", value.estimate)
    }
    return findings
  }
}

private struct ReadoutSplitMeasure: NetworkMeasure {
  func findings<Scalar>(
    of network: MeasuredNetwork<Scalar>, _ context: MeasureContext
  ) throws -> Findings {
    let (now, test) = (network.now, network.examples)
    let count = context.options.exampleCount
    let train = count == 0 ? network.data.train : network.data.train.prefix(count)
    let taps = now.model.tapNames
    guard taps.count >= 2 else {
      throw MeasureError.undefined(measure: "read-out", reason: "the network has no hidden layer")
    }
    let tap = taps[taps.count - 2]
    let split = try readoutSplit(
      of: now.activations(of: tap, on: train), logits: now.outputs(on: train),
      labels: train.labels.map(Int.init), testFeatures: now.activations(of: tap, on: test),
      testLogits: now.outputs(on: test), testLabels: test.labels.map(Int.init),
      workers: context.workers, key: context.key)
    var findings = Findings()
    findings.add("readout/head", split.headTestAccuracy.estimate)
    findings.add("readout/best", split.best.accuracy.estimate)
    findings.add("readout/gap", split.readoutGap)
    return findings
  }
}

private struct OutOfDistributionMeasure: NetworkMeasure {
  private static let distortions: [(name: String, distortion: PictureDistortion)] = [
    ("rotation", .rotation(degrees: 30)), ("translation", .translation(rows: 2, columns: 2)),
    ("noise", .noise(standardDeviation: 0.2)), ("blur", .blur(standardDeviation: 1)),
  ]

  func findings<Scalar>(
    of network: MeasuredNetwork<Scalar>, _ context: MeasureContext
  ) throws -> Findings {
    var findings = Findings()
    for (name, distortion) in Self.distortions {
      let examples = try network.examples.distorted(by: distortion, key: context.key.fork(name))
      let logits = try network.now.outputs(on: examples)
      let result = try outOfDistributionEvaluation(
        ofLogits: logits, features: logits, labels: examples.labels.map(Int.init),
        method: .ridge(), workers: context.workers, key: context.key.fork(name))
      findings.add("distorted/\(name)", result.direct.accuracy.estimate)
      findings.add("distortedProbe/\(name)", result.probe.accuracy.estimate)
    }
    return findings
  }
}

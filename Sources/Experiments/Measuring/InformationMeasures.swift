import GrokMeasures
import GrokTraining

// The information plane: what layers know of the examples and of their labels.

extension NamedMeasure {
  static let information = [
    NamedMeasure(
      name: "neighborInformation",
      summary: "mutual information of a layer with the examples and with their labels, by nearest "
        + "neighbors after compression",
      results: [
        "informationWithInput": .init(
          "I(X; L) of compressed examples and compressed layer", title: "Information on the input",
          unit: "nats"),
        "informationWithLabels": .init(
          "I(L; Y) of the compressed layer", title: "Information on the labels", unit: "nats"),
        "informationCeiling": .init(
          "the largest I(X; L) that so many examples and neighbors can show: where the estimate is "
            + "close, the truth may be anything above", title: "Ceiling of the information",
          unit: "nats", isMinor: true),
        "compressionLossBound": .init(
          "what the components left out may hold of I(X; L) at most, given the noise of the network",
          title: "Information that compression may lose", unit: "nats", isMinor: true),
        "keptVariance": .init(
          "share of the layer's variance in the components kept", range: 0...1, isMinor: true),
        "duplicates": .init(
          "examples whose compressed values equal those of others, which no density has",
          isMinor: true),
      ],
      options: [
        "neighborCount", "compression", "inputCompression", "codeCount", "whitened", "standardized",
        "labels", "encoderEpochs", "encoderExamples", "sliceCount", "errors",
      ],
      source: "Kraskov, Stögbauer & Grassberger (2004); Ross (2014); Butakov et al., ICLR 2024",
      body: .network(NeighborInformationMeasure())),
    NamedMeasure(
      name: "mutualInformation",
      summary:
        "mutual information of two variables by nearest neighbors; of a layer and itself at the "
        + "reference",
      results: [
        "mutualInformation": .init(
          "I(x; y) by the first estimator of Kraskov et al., not clipped, with its naive standard error",
          unit: "nats"),
        "mutualInformation/ceiling": .init(
          "the largest value that so many samples and neighbors can show",
          title: "Ceiling of the mutual information", unit: "nats", isMinor: true),
      ],
      options: ["neighborCount", "standardized"],
      source: "Kraskov, Stögbauer & Grassberger, Phys. Rev. E 69, 066138 (2004)",
      body: .pair { pair, context in
        let preparation: Preparation = context.options.standardized ? .standardized : .none
        func prepared(_ samples: any SampleMatrix, _ name: String) throws -> PreparedSamples {
          try preparation.fitted(to: samples).applied(to: samples, named: name)
        }
        let count = context.options.neighborCount
        let estimate = try preparedInformation(
          between: prepared(pair.first, "x"), and: prepared(pair.second, "y")
        ) { x, y throws(MeasureError) in
          try GrokMeasures.mutualInformation(
            between: x, and: y, neighborCount: count == 0 ? 3 : count, workers: context.workers)
        }
        var findings = Findings()
        findings.add("mutualInformation", estimate)
        if let ceiling = estimate.ceiling { findings.add("mutualInformation/ceiling", ceiling) }
        return findings
      }),
    NamedMeasure(
      name: "binnedInformation",
      summary: "mutual information of a layer with the examples and with their labels, its values "
        + "sorted into bins",
      results: [
        "binnedInformationWithInput": .init(
          "H(T), the entropy of the binned layer, all examples being different",
          title: "Binned information on the input", unit: "nats"),
        "binnedInformationWithLabels": .init(
          "H(T) − H(T|Y)", title: "Binned information on the labels", unit: "nats"),
      ],
      options: ["binning"],
      source: "Shwartz-Ziv & Tishby, arXiv 1703.00810; Saxe et al., ICLR 2018",
      body: .layer { layer, context in
        let binned = try BinnedLayer(layer.activations, binning: context.options.binning.binning)
        var findings = Findings()
        findings.add("binnedInformationWithInput", binned.inputInformation().value)
        findings.add(
          "binnedInformationWithLabels", try binned.information(about: layer.labels).value)
        return findings
      }),
    NamedMeasure(
      name: "pairwiseInformation",
      summary:
        "bounds of a layer's information, by adding normal noise and the distances of all pairs",
      results: [
        "pairwiseInformation/upper": .init(
          "I(X; T) is at most this", title: "Information on the input, upper bound", unit: "nats"),
        "pairwiseInformation/lower": .init(
          "I(X; T) is at least this", title: "Information on the input, lower bound", unit: "nats"),
        "pairwiseInformation/labels": .init(
          "I(T; Y) from upper forms, as published", title: "Information on the labels, pairwise",
          unit: "nats"),
      ],
      options: ["pairwiseNoise"], source: "Kolchinsky & Tracey (2017); Saxe et al., ICLR 2018",
      body: .layer { layer, context in
        let deviation = context.options.pairwiseNoise
        let bounds = try pairwiseBounds(
          of: layer.activations, noiseVariances: [deviation * deviation], labels: layer.labels,
          workers: context.workers)[0]
        var findings = Findings()
        findings.add("pairwiseInformation/upper", bounds.inputUpper.value)
        findings.add("pairwiseInformation/lower", bounds.inputLower.value)
        if let output = bounds.output {
          findings.add("pairwiseInformation/labels", output.fromUpper.value)
        }
        return findings
      }),
    NamedMeasure(
      name: "unitActivity",
      summary:
        "units that are the same for all examples, and mean and variance of a layer's values",
      results: [
        "deadUnits": .init("units with one value for all examples", title: "Dead units"),
        "activity/mean": .init("of all values", title: "Mean of the values"),
        "activity/variance": .init("of all values", title: "Variance of the values"),
      ],
      options: [], source: "this package",
      body: .features { activations, _ in
        let activity = try unitActivity(of: activations)
        var findings = Findings()
        findings.add("deadUnits", Double(activity.deadUnitCount))
        findings.add("activity/mean", activity.mean)
        findings.add("activity/variance", activity.variance)
        return findings
      }),
  ]
}

/// Information by nearest neighbors between compressed examples, compressed layers and labels.
private struct NeighborInformationMeasure: NetworkMeasure {
  func findings<Scalar>(
    of network: MeasuredNetwork<Scalar>, _ context: MeasureContext
  ) throws -> Findings {
    let options = context.options
    let labels = network.examples.labels.map(Int.init)
    guard network.examples.positionCount == 1, network.examples.numbers == nil else {
      throw MeasureError.undefined(
        measure: "neighborInformation", reason: "the examples have no label each")
    }
    let layers = network.layers.filter { $0 != inputLayer }
    let activations = try network.now.activations(of: layers, on: network.examples)
    let input = try context.kept("input of \(network.set)") {
      try CompressedInput(network, context)
    }
    var findings = Findings()
    for (layer, values) in zip(layers, activations) {
      var found = Findings()
      if options.compression == .sliced {
        try addSliced(to: &found, input.raw, values, labels, context)
      } else {
        try add(
          to: &found, input, compressed(values, context, network.set + layer, network.now.step),
          labels, context)
      }
      findings.add(found, behind: "/" + layer)
    }
    return findings
  }

  private func add(
    to findings: inout Findings, _ input: CompressedInput, _ layer: CompressedLayer,
    _ labels: [Int], _ context: MeasureContext
  ) throws {
    let options = context.options
    let count = options.neighborCount == 0 ? 3 : options.neighborCount
    let workers = context.workers
    guard layer.samples.values.columnCount > 0 else {
      // A constant layer knows nothing.
      findings.add("informationWithInput", 0)
      findings.add("informationWithLabels", 0)
      return
    }
    let structure = try NeighborStructure(layer.samples.values, workers: workers)
    /// With the error of parts, where it is asked for.
    func withError(
      _ estimate: InformationEstimate, _ name: String,
      _ ofRows: @Sendable ([Int]) throws(MeasureError) -> Double
    ) throws(MeasureError) -> InformationEstimate {
      guard options.errors == .subsampled else { return estimate }
      var estimate = estimate
      estimate.subsampledError = try partEstimates(
        sampleCount: estimate.sampleCount, key: context.key.fork("parts").fork(name), ofRows
      ).standardError
      return estimate
    }
    let withInput = try mutualInformation(
      between: input.structure, and: structure, neighborCount: count, workers: workers)
    findings.add(
      "informationWithInput",
      try withError(withInput, "input") { rows throws(MeasureError) in
        try mutualInformation(
          between: input.samples.values.selectingRows(rows),
          and: layer.samples.values.selectingRows(rows), neighborCount: count, workers: workers
        ).value
      })
    @Sendable func information(_ rows: [Int]?) throws(MeasureError) -> InformationEstimate {
      let own = rows.map { layer.samples.values.selectingRows($0) }
      let labels = rows.map { $0.map { labels[$0] } } ?? labels
      let arranged = try own.map { own throws(MeasureError) in
        try NeighborStructure(own, workers: workers)
      }
      switch options.labels {
      case .names:
        return try mutualInformation(
          between: arranged ?? structure, andLabels: labels, neighborCount: count, workers: workers)
      case .numbers:
        let numbers = Matrix(
          values: labels.map(Double.init), rowCount: labels.count, columnCount: 1)
        return try mutualInformation(
          between: arranged ?? structure, and: NeighborStructure(numbers, workers: workers),
          neighborCount: count, workers: workers)
      }
    }
    findings.add(
      "informationWithLabels",
      try withError(try information(nil), "labels") { rows throws(MeasureError) in
        try information(rows).value
      })
    if let ceiling = withInput.ceiling { findings.add("informationCeiling", ceiling) }
    if let bound = layer.lossBound { findings.add("compressionLossBound", bound) }
    if let share = layer.keptVariance { findings.add("keptVariance", share) }
    findings.add("duplicates", Double(try duplicateCount(of: layer.samples.values)))
  }

  private func addSliced(
    to findings: inout Findings, _ input: Matrix<Double>, _ values: some SampleMatrix,
    _ labels: [Int], _ context: MeasureContext
  ) throws {
    let count = context.options.neighborCount == 0 ? 3 : context.options.neighborCount
    let (workers, key) = (context.workers, context.key.fork("slices"))
    let sliceCount = context.options.sliceCount
    findings.add(
      "informationWithInput",
      try slicedMutualInformation(
        between: input, and: values, sliceCount: sliceCount, neighborCount: count,
        workers: workers, key: key))
    switch context.options.labels {
    case .names:
      findings.add(
        "informationWithLabels",
        try slicedMutualInformation(
          between: values, andLabels: labels, sliceCount: sliceCount, neighborCount: count,
          workers: workers, key: key))
    case .numbers:
      let numbers = Matrix(
        values: labels.map(Double.init), rowCount: labels.count, columnCount: 1)
      findings.add(
        "informationWithLabels",
        try slicedMutualInformation(
          between: values, and: numbers, sliceCount: sliceCount, neighborCount: count,
          workers: workers, key: key))
    }
  }

  /// A layer's activations with as many columns as the settings ask for.
  private func compressed<Scalar>(
    _ values: Matrix<Scalar>, _ context: MeasureContext, _ name: String, _ step: Int
  ) throws -> CompressedLayer {
    let options = context.options
    var steps: [Preparation.Step] = []
    switch options.compression {
    case .none, .sliced: break
    case .principalComponents:
      steps.append(.principalComponents(options.codeCount, isWhitened: options.whitened))
    case .firstCoordinates: steps.append(.firstCoordinates(count: options.codeCount))
    case .autoencoder:
      let samples = Matrix<Float>(values)
      let encoder = try TrainedEncoder(
        of: samples,
        recipe: .layer(codeCount: options.codeCount, epochCount: options.encoderEpochs),
        context: ComputeContext(threadCount: context.workers.threadCount),
        key: context.key.fork("encoder").fork(name).fork(step))
      return CompressedLayer(
        samples: try encoder.prepared(
          samples, by: options.standardized ? .standardized : .none, named: "layer"))
    }
    if options.standardized { steps.append(.standardized) }
    let fitted = try Preparation(steps).fitted(to: values, workers: context.workers)
    var result = CompressedLayer(samples: try fitted.applied(to: values, named: "layer"))
    if let components = fitted.components {
      result.keptVariance = components.keptFraction
      if context.noise > 0 {
        result.lossBound = try compressionLossBound(
          eigenvalues: components.eigenvalues, keptCount: components.keptCount,
          noiseVariance: context.noise * context.noise)
      }
    }
    return result
  }
}

/// A layer as it is measured.
private struct CompressedLayer: Sendable {
  var samples: PreparedSamples
  var lossBound: Double?
  var keptVariance: Double?
}

/// The examples as they are measured: compressed and arranged once for all layers and checkpoints.
private struct CompressedInput: Sendable {
  let raw: Matrix<Double>
  let samples: PreparedSamples
  let structure: NeighborStructure

  init<Scalar>(_ network: MeasuredNetwork<Scalar>, _ context: MeasureContext) throws {
    guard case .features(let features) = network.examples.inputs else {
      throw MeasureError.undefined(
        measure: "neighborInformation", reason: "the examples are no vectors")
    }
    let options = context.options
    raw = Matrix<Double>(features)
    let last: [Preparation.Step] = options.standardized ? [.standardized] : []
    if options.compression == .sliced {
      samples = try Preparation.none.fitted(to: raw).applied(to: raw)
    } else {
      switch options.inputCompression {
      case .none, .sliced:
        samples = try Preparation(last).fitted(to: raw).applied(to: raw)
      case .principalComponents:
        let steps =
          [.principalComponents(options.codeCount, isWhitened: options.whitened)] + last
        samples = try Preparation(steps).fitted(to: raw, workers: context.workers).applied(to: raw)
      case .firstCoordinates:
        samples = try Preparation([.firstCoordinates(count: options.codeCount)] + last)
          .fitted(to: raw).applied(to: raw)
      case .autoencoder:
        samples = try network.experiment.inputEncoder(context).prepared(
          Matrix<Float>(features), by: Preparation(last),
          context: ComputeContext(threadCount: context.workers.threadCount))
      }
    }
    structure = try NeighborStructure(samples.values, workers: context.workers)
  }
}

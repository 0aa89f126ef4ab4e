import GrokMeasures
import GrokTraining

// The weights themselves, and the curvature of the loss around them.

extension NamedMeasure {
  static let weights = [
    NamedMeasure(
      name: "weightNorms", summary: "the norm of each parameter, and the sum of norms",
      results: [
        "weights/norm/N": .init("Euclidean, of each parameter", title: "Norms of parameters"),
        "weights/sumOfNorms": .init("over parameters", title: "Sum of norms"),
      ],
      options: [], source: "Liu, Michaud & Tegmark, arXiv 2210.01117",
      body: .weights(WeightNormsMeasure())),
    NamedMeasure(
      name: "weightChange",
      summary: "how far the weights have moved and turned from where they began",
      results: [
        "displacement": "‖θ − θ₀‖",
        "displacement/relative": .init(
          "‖θ − θ₀‖/‖θ₀‖", title: "Relative displacement", isMinor: true),
        "rotation": "1 − cos(θ, θ₀)", "signChanges": "share of the weights with another sign",
        "rotation/N": .init("of each parameter", title: "Rotation of parameters"),
      ],
      options: [],
      source: "Chizat et al., NeurIPS 2019; Carbonnelle & De Vleeschouwer, arXiv 1806.01603",
      body: .weights(WeightChangeMeasure())),
    NamedMeasure(
      name: "complexity",
      summary: "path norm, product of spectral norms and spectral complexity of a perceptron",
      results: [
        "pathNorm": "ℓ2 over paths, without biases", "lipschitzBound": "Π ‖Wᵢ‖₂",
        "spectralComplexity": "with the weights at the start as reference",
        "normalizedMargin": "lowest margin of the training examples over the Lipschitz bound",
      ],
      options: [],
      source: "Neyshabur, Tomioka & Srebro, COLT 2015; Bartlett, Foster & Telgarsky, NeurIPS 2017",
      body: .weights(ComplexityMeasure())),
    NamedMeasure(
      name: "hessianSpectrum",
      summary: "largest and smallest eigenvalue and trace of the Hessian of the loss",
      results: [
        "hessian/largest": .init(
          "loss for each unit of weight²", title: "Largest Hessian eigenvalue"),
        "hessian/smallest": .init("the same", title: "Smallest Hessian eigenvalue"),
        "hessian/trace": .init("by Hutch++ with 30 products", title: "Hessian trace"),
        "gaussNewton/largest": .init(
          "of the Gauss–Newton matrix", title: "Largest Gauss–Newton eigenvalue"),
      ],
      options: ["kernelExampleCount", "seed"],
      source: "Pearlmutter (1994); Lanczos (1950); Meyer et al., SOSA 2021",
      body: .network(HessianMeasure())),
    NamedMeasure(
      name: "sharpness",
      summary: "rise of the loss by one step of ascent, and on average around the weights",
      results: [
        "sharpness/ascent": "loss, at a distance of 0.05",
        "sharpness/average": "loss, for noise of 0.01 a weight, 20 pairs",
      ],
      options: ["kernelExampleCount", "seed"],
      source: "Foret et al., ICLR 2021; Keskar et al., ICLR 2017",
      body: .network(SharpnessMeasure())),
    NamedMeasure(
      name: "localLearningCoefficient",
      summary: "effective number of parameters near the weights, by sampling",
      results: [
        "learningCoefficient": "λ̂, half of the parameters for a regular minimum",
        "learningCoefficient/rHat": .init(
          "potential scale reduction of the chains; near 1 where they agree",
          title: "R̂ of the chains", isMinor: true),
        "learningCoefficient/acceptance": .init(
          "mean acceptance; near 1 for small enough steps", title: "Acceptance of the chains",
          isMinor: true),
      ],
      options: ["kernelExampleCount", "langevinStep", "drawCount", "seed"],
      source: "Lau et al., arXiv 2308.12108", body: .network(LearningCoefficientMeasure())),
  ]
}

private struct WeightNormsMeasure: NetworkMeasure {
  func findings<Scalar>(
    of network: MeasuredNetwork<Scalar>, _ context: MeasureContext
  ) throws -> Findings {
    let norms = try weightNorms(
      of: network.now.parameterVector, parts: network.now.parameters.layout.parts)
    var findings = Findings()
    for part in norms.parts { findings.add("weights/norm/\(part.name)", part.norms.euclidean) }
    findings.add("weights/sumOfNorms", norms.sumOfNorms)
    return findings
  }
}

private struct WeightChangeMeasure: NetworkMeasure {
  func findings<Scalar>(
    of network: MeasuredNetwork<Scalar>, _ context: MeasureContext
  ) throws -> Findings {
    let change = try weightChange(
      from: network.initial.parameterVector, to: network.now.parameterVector,
      parts: network.now.parameters.layout.parts)
    var findings = Findings()
    findings.add("displacement", change.total.distance)
    if let value = change.total.relativeDistance { findings.add("displacement/relative", value) }
    if let value = change.total.rotation { findings.add("rotation", value) }
    if let value = change.total.signChangeFraction { findings.add("signChanges", value) }
    for part in change.parts {
      if let value = part.rotation { findings.add("rotation/\(part.name)", value) }
    }
    return findings
  }
}

private struct ComplexityMeasure: NetworkMeasure {
  func findings<Scalar>(
    of network: MeasuredNetwork<Scalar>, _ context: MeasureContext
  ) throws -> Findings {
    guard network.now.model is MLP else {
      throw MeasureError.undefined(
        measure: "complexity", reason: "defined for perceptrons, which this network is not")
    }
    func layers(_ snapshot: Snapshot<Scalar>) throws -> [Matrix<Scalar>] {
      try snapshot.parameters.layout.names.filter { $0.hasSuffix(".weight") }
        .map { try snapshot.parameter($0) }
    }
    let now = try layers(network.now)
    let complexity = try spectralComplexity(
      of: now, references: layers(network.initial), workers: context.workers)
    let train = network.data.train.prefix(1_000)
    let logits = try network.now.outputs(on: train)
    let margins = try outputScores(of: logits, labels: train.labels.map(Int.init)).margins
    var findings = Findings()
    findings.add("pathNorm", try pathNorm(of: now))
    findings.add("lipschitzBound", complexity.lipschitzBound)
    findings.add("spectralComplexity", complexity.value)
    findings.add(
      "normalizedMargin",
      try normalizedMargins(
        margins, inputs: logits, complexity: complexity, scale: .lipschitzBound
      ).smallest)
    return findings
  }
}

private struct HessianMeasure: NetworkMeasure {
  func findings<Scalar>(
    of network: MeasuredNetwork<Scalar>, _ context: MeasureContext
  ) throws -> Findings {
    let examples = network.examples.prefix(context.options.kernelExampleCount)
    let hessian = try network.now.hessian(on: examples)
    var findings = Findings()
    for (name, end) in [("largest", SpectrumEnd.largest), ("smallest", .smallest)] {
      let found = try leadingEigenvalues(
        of: hessian, end: end, tolerance: 1e-3, maximumProductCount: 200,
        key: context.key.fork(name))
      findings.add("hessian/\(name)", found.values[0])
    }
    findings.add("hessian/trace", try trace(of: hessian, key: context.key.fork("trace")))
    let gaussNewton = try network.now.gaussNewton(on: examples)
    findings.add(
      "gaussNewton/largest",
      try leadingEigenvalues(
        of: gaussNewton, tolerance: 1e-3, maximumProductCount: 200,
        key: context.key.fork("gaussNewton")
      ).values[0])
    return findings
  }
}

private struct SharpnessMeasure: NetworkMeasure {
  func findings<Scalar>(
    of network: MeasuredNetwork<Scalar>, _ context: MeasureContext
  ) throws -> Findings {
    let examples = network.examples.prefix(context.options.kernelExampleCount)
    let surface = try network.now.lossSurface(on: examples)
    let point = network.now.parameterVector.map { Double($0) }
    var findings = Findings()
    findings.add(
      "sharpness/ascent",
      try ascentSharpness(of: surface, at: point, key: context.key.fork("ascent")))
    findings.add(
      "sharpness/average",
      try averageSharpness(
        of: surface, at: point, standardDeviation: 0.01, key: context.key.fork("average")))
    return findings
  }
}

private struct LearningCoefficientMeasure: NetworkMeasure {
  func findings<Scalar>(
    of network: MeasuredNetwork<Scalar>, _ context: MeasureContext
  ) throws -> Findings {
    let examples = network.examples.prefix(context.options.kernelExampleCount)
    let count = max(context.options.drawCount, 8)
    let result = try localLearningCoefficient(
      of: network.now.lossSurface(on: examples),
      at: network.now.parameterVector.map { Double($0) },
      sampling: LangevinSampling(
        stepSize: context.options.langevinStep, burnInCount: count, drawCount: count),
      key: context.key)
    var findings = Findings()
    findings.add("learningCoefficient", result.value)
    findings.add("learningCoefficient/rHat", result.diagnostics.potentialScaleReduction)
    findings.add("learningCoefficient/acceptance", result.acceptance)
    return findings
  }
}

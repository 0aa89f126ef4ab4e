import GrokMeasures
import GrokTraining

// Tangent kernels.

extension NamedMeasure {
  static let kernels = [
    NamedMeasure(
      name: "kernelDistance",
      summary:
        "distances of the full tangent kernels of all checkpoints, from the run's own reference",
      results: [
        "kernelDistance": "1 − cosine of the kernel and that of the reference checkpoint",
        "kernelVelocity": "distance from the checkpoint before for each step between them",
        "kernelDistanceMatrix": .init(
          "array: distances of all checkpoints from each other",
          title: "Kernel distance between checkpoints", drawing: .distances),
        "kernelDistanceMatrixSteps": "array: their steps",
      ],
      options: ["kernelExampleCount", "reference"],
      source: "Fort et al., NeurIPS 2020; kernels by structure: Novak et al., ICML 2022",
      body: .training(KernelDistanceMeasure())),
    NamedMeasure(
      name: "tangentKernel",
      summary: "spectrum, label alignment and rotation of the class-trace tangent kernel",
      results: [
        "kernel/trace": .init(
          "mean of the diagonal, output² for each unit of parameter²", title: "Kernel trace"),
        "kernel/effectiveRank": .init(
          "exp of the entropy of the eigenvalues", title: "Effective rank of the kernel"),
        "kernel/participationRatio": .init(
          "(Σλ)² / Σλ²", title: "Participation ratio of the kernel", isMinor: true),
        "kernel/labelAlignment": .init(
          "cosine of the kernel and that of the labels, uncentered",
          title: "Kernel's alignment with the labels"),
        "kernel/centeredLabelAlignment": .init(
          "the same of centered kernels, from 0 to 1",
          title: "Kernel's alignment with the labels, centered"),
        "kernel/overlap": .init(
          "share of the leading eigenspace in that of the start, as many as classes",
          title: "Kernel's overlap with the start", range: 0...1),
        "kernel/spectrum": .init(
          "array: eigenvalues, falling", title: "Kernel eigenvalues", drawing: .spectrum),
      ],
      options: ["kernelExampleCount"],
      source: "Jacot, Gabriel & Hongler, NeurIPS 2018; Cristianini et al. (2001); Cortes, Mohri & "
        + "Rostamizadeh, JMLR 13, 795 (2012)",
      body: .network(TangentKernelMeasure())),
    NamedMeasure(
      name: "kernelRegression",
      summary:
        "accuracy of ridge regression with the class-trace tangent kernel of the network as it is",
      results: [
        "kernelRegression/accuracy": .init(
          "share of examples; trained on as many training examples",
          title: "Accuracy of kernel regression", range: 0...1)
      ],
      options: ["kernelExampleCount"],
      source: "Jacot, Gabriel & Hongler, NeurIPS 2018; ridge 1e-6 of the mean eigenvalue",
      body: .network(KernelRegressionMeasure())),
  ]
}

private struct KernelDistanceMeasure: KernelPairMeasure {
  func findings<Scalar>(
    of training: MeasuredTraining<Scalar>, on examples: LabeledExamples, _ context: MeasureContext
  ) throws -> (steps: [Int: Findings], all: Findings) {
    let examples = examples.prefix(context.options.kernelExampleCount)
    let reference = try training.stored.reference(context.options.reference)
    var checkpoints = training.checkpoints
    // Beside the others where it is not one of them.
    if !checkpoints.contains(where: { $0.step == reference.step }) { checkpoints.append(reference) }
    let all = try distances(
      among: checkpoints.map { try training.snapshot(of: $0) }, on: examples, context)
    let from = checkpoints.firstIndex { $0.step == reference.step } ?? 0
    let steps = training.checkpoints.map(\.step)
    let distances = Matrix(rowCount: steps.count, columnCount: steps.count) { values in
      for row in steps.indices {
        for column in steps.indices { values[row * steps.count + column] = all[row, column] }
      }
    }
    let velocities = steps.count < 2 ? [] : try kernelVelocities(of: distances, steps: steps)
    var result: [Int: Findings] = [:]
    for (index, step) in steps.enumerated() {
      var findings = Findings()
      findings.add("kernelDistance", all[from, index])
      if index > 0 { findings.add("kernelVelocity", velocities[index - 1]) }
      result[step] = findings
    }
    var matrix = Findings()
    matrix.add("kernelDistanceMatrix", distances)
    matrix.add("kernelDistanceMatrixSteps", values: steps.map(Double.init))
    return (result, matrix)
  }

  func findings(of first: Matrix<Double>, and second: Matrix<Double>) throws -> Findings {
    var findings = Findings()
    findings.add("kernelDistance", try GrokMeasures.kernelDistance(between: first, and: second))
    return findings
  }

  /// The distances on all examples, in groups where the factors of all checkpoints would not fit into memory.
  private func distances<Scalar>(
    among snapshots: [Snapshot<Scalar>], on examples: LabeledExamples, _ context: MeasureContext
  ) throws -> Matrix<Double> {
    let one = try snapshots[0].kernelFactors(on: examples.prefix(1)).byteCount
    // Two groups at a time.
    let size = max(1, defaultMemoryBudget / (2 * one * snapshots.count))
    func factors(_ group: Int) throws -> [KernelFactors<Scalar>] {
      let range = group * size..<min((group + 1) * size, examples.count)
      let some = examples.selecting(Array(range))
      return try snapshots.map { try $0.kernelFactors(on: some) }
    }
    let count = (examples.count + size - 1) / size
    var products = KernelProducts<Scalar>(form: .full, workers: context.workers)
    for row in 0..<count {
      let rows = try factors(row)
      try products.add(rows)
      for column in row + 1..<max(row + 1, count) {
        try products.add(between: rows, and: factors(column))
      }
    }
    return try products.distances()
  }
}

private struct TangentKernelMeasure: NetworkMeasure {
  func findings<Scalar>(
    of network: MeasuredNetwork<Scalar>, _ context: MeasureContext
  ) throws -> Findings {
    let examples = network.examples.prefix(context.options.kernelExampleCount)
    let labels = examples.labels.map(Int.init)
    func kernel(_ snapshot: Snapshot<Scalar>) throws -> Matrix<Scalar> {
      try tangentKernel(
        of: snapshot.kernelFactors(on: examples), form: .classTrace, workers: context.workers)
    }
    let now = try kernel(network.now)
    let spectrum = try kernelSpectrum(of: now)
    var findings = Findings()
    findings.add("kernel/trace", spectrum.trace / Double(spectrum.rowCount))
    findings.add("kernel/effectiveRank", spectrum.effectiveRank)
    findings.add("kernel/participationRatio", spectrum.participationRatio)
    findings.add("kernel/labelAlignment", try kernelAlignment(ofKernel: now, withLabels: labels))
    findings.add(
      "kernel/centeredLabelAlignment",
      try centeredKernelAlignment(ofKernel: now, withLabels: labels))
    let dimensions = min(examples.classCount, examples.count - 1)
    findings.add(
      "kernel/overlap",
      try kernelRotation(between: kernel(network.initial), and: now, dimensionCount: dimensions)
        .overlap)
    findings.add("kernel/spectrum", values: spectrum.values)
    return findings
  }
}

private struct KernelRegressionMeasure: NetworkMeasure {
  func findings<Scalar>(
    of network: MeasuredNetwork<Scalar>, _ context: MeasureContext
  ) throws -> Findings {
    let count = context.options.kernelExampleCount
    let (known, asked) = (network.data.train.prefix(count), network.examples.prefix(count))
    let factors = try network.now.kernelFactors(on: known)
    let kernel = try tangentKernel(of: factors, form: .classTrace, workers: context.workers)
    var targets = Matrix<Scalar>(rowCount: known.count, columnCount: known.classCount)
    let chance = 1 / Scalar(known.classCount)
    for (row, label) in known.labels.enumerated() {
      for column in 0..<known.classCount { targets[row, column] = -chance }
      targets[row, Int(label)] += 1
    }
    let mean = kernel.diagonal.reduce(0) { $0 + Double($1) } / Double(known.count)
    let regression = try KernelRegression(kernel: kernel, targets: targets, ridge: 1e-6 * mean)
    let between = try tangentKernel(
      between: network.now.kernelFactors(on: asked), and: factors, form: .classTrace,
      workers: context.workers)
    let outputs = try regression.predictions(kernel: between)
    var findings = Findings()
    findings.add(
      "kernelRegression/accuracy",
      try outputClassification(of: outputs, labels: asked.labels.map(Int.init)).accuracy.estimate)
    return findings
  }
}

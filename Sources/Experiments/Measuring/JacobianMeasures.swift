import GrokMeasures
import GrokTraining

// Spectra of the derivatives of the outputs.

extension NamedMeasure {
  static let jacobians = [
    NamedMeasure(
      name: "inputJacobianSpectrum",
      summary: "singular values of the derivatives of the outputs by the features of each example",
      results: JacobianSpectrum.results("inputJacobian"), options: ["kernelExampleCount"],
      source:
        "Zheng et al., UniReps 2024; here per example, and averaged over all examples by name",
      body: .network(InputJacobianMeasure())),
    NamedMeasure(
      name: "weightJacobianSpectrum",
      summary: "singular values of the derivatives of the outputs by the weights",
      results: JacobianSpectrum.results("weightJacobian"), options: ["kernelExampleCount"],
      source: "Zheng et al., UniReps 2024; Jacot, Gabriel & Hongler, NeurIPS 2018",
      body: .network(WeightJacobianMeasure())),
  ]
}

extension JacobianSpectrum {
  fileprivate static func results(_ name: String) -> NamedMeasure.Results {
    [
      "\(name)/largest": "largest singular value, mean over examples",
      "\(name)/norm": "Frobenius norm, root of the mean square over examples",
      "\(name)/averaged": "largest singular value of the Jacobian averaged over batches of 128",
      "\(name)/values": .init(
        "array: mean singular values over examples, falling", drawing: .spectrum),
      "\(name)/averagedValues": "array: those of the averaged Jacobians",
    ]
  }

  fileprivate func add(to findings: inout Findings, as name: String) {
    findings.add("\(name)/largest", values[0])
    findings.add("\(name)/norm", squaredNorm.value.squareRoot())
    findings.add("\(name)/values", values: values.map(\.value))
  }
}

/// The number of examples of a batch in the original's batch-averaged spectra.
private let batchSize = 128

private struct InputJacobianMeasure: NetworkMeasure {
  func findings<Scalar>(
    of network: MeasuredNetwork<Scalar>, _ context: MeasureContext
  ) throws -> Findings {
    let examples = network.examples.prefix(context.options.kernelExampleCount)
    let rows = try network.now.inputJacobian(on: examples)
    let outputCount = network.now.model.outputCount
    func jacobian(_ example: Int) -> [Matrix<Scalar>] {
      [rows.selectingRows(example * outputCount..<(example + 1) * outputCount)]
    }
    var findings = Findings()
    try perExampleJacobianSpectrum(exampleCount: examples.count, jacobian: jacobian)
      .add(to: &findings, as: "inputJacobian")
    if let count = wholeBatches(examples.count) {
      let averaged = try batchAveragedJacobianSpectrum(
        exampleCount: count, batchSize: batchSize, jacobian: jacobian)
      findings.add("inputJacobian/averaged", averaged.values[0])
      findings.add("inputJacobian/averagedValues", values: averaged.values.map(\.value))
    }
    return findings
  }
}

private struct WeightJacobianMeasure: NetworkMeasure {
  func findings<Scalar>(
    of network: MeasuredNetwork<Scalar>, _ context: MeasureContext
  ) throws -> Findings {
    let examples = network.examples.prefix(context.options.kernelExampleCount)
    var findings = Findings()
    try perExampleJacobianSpectrum(exampleCount: examples.count) { example in
      [try network.now.meanJacobian(on: examples.selecting([example]))]
    }.add(to: &findings, as: "weightJacobian")
    if let count = wholeBatches(examples.count) {
      // The Jacobian of a batch's mean is one "example" of a batch of one.
      let averaged = try perExampleJacobianSpectrum(exampleCount: count / batchSize) { batch in
        [
          try network.now.meanJacobian(
            on: examples.selecting(batch * batchSize..<(batch + 1) * batchSize))
        ]
      }
      findings.add("weightJacobian/averaged", averaged.values[0])
      findings.add("weightJacobian/averagedValues", values: averaged.values.map(\.value))
    }
    return findings
  }
}

/// The largest number of examples that fill at least two batches; `nil` where there are fewer.
private func wholeBatches(_ count: Int) -> Int? {
  count < 2 * batchSize ? nil : count / batchSize * batchSize
}

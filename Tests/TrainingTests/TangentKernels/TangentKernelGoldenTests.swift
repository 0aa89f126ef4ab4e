import TestSupport
import Testing

@testable import GrokTraining

/// Kernels of a perceptron and measures on them, as torch.func, scipy and scikit-learn give them.
@Suite struct TangentKernelGoldenTests {
  private struct Golden: Decodable {
    let examples: [[Double]]
    let labels: [Int]
    let parameters: [[String: [Double]]]
    let full, classTrace, firstLayer, cross, predictions: [[Double]]
    let fullDistance, traceDistance, alignment, centeredAlignment, effectiveRank: Double
    let angles, classAlignments, eigenvalues: [Double]
  }

  private let golden: Golden
  /// Of the two networks: on training and on test examples.
  private let train, test: [KernelFactors<Double>]

  init() throws {
    let golden = try fixture("tangent-kernel/expected.json", as: Golden.self)
    let rows = Matrix<Float>(Matrix<Double>(rows: golden.examples))
    let count = golden.labels.count
    func factors(_ range: Range<Int>) throws -> [KernelFactors<Double>] {
      let model = MLP(
        inputs: 5, hidden: [6, 4], outputs: 3, activation: .tanh, outputScale: 0.5)
      let examples = try LabeledExamples(
        inputs: .features(rows.selectingRows(range)),
        labels: range.map { Int32($0 % 3) }, classCount: 3)
      return try golden.parameters.map { parameters in
        let values = model.layout.names.flatMap { parameters[$0] ?? [] }
        let snapshot = Snapshot<Double>(
          step: 0, model: model,
          parameters: Parameters(
            Tensor(values, shape: [values.count]), layout: model.layout),
          loss: .meanSquaredError, context: ComputeContext())
        return try snapshot.kernelFactors(on: examples)
      }
    }
    train = try factors(0..<count)
    test = try factors(count..<golden.examples.count)
    self.golden = golden
  }

  private func expect(
    _ found: Matrix<Double>, _ expected: [[Double]],
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let expected = Matrix(rows: expected)
    #expect(found.shapeDescription == expected.shapeDescription, sourceLocation: sourceLocation)
    for (a, b) in zip(found.values, expected.values) {
      #expect(abs(a - b) < 1e-12, sourceLocation: sourceLocation)
    }
  }

  private func expect(
    _ found: [Double], _ expected: [Double], sourceLocation: SourceLocation = #_sourceLocation
  ) { expect(Matrix(rows: [found]), [expected], sourceLocation: sourceLocation) }

  @Test(.tags(.golden)) func kernels() throws {
    expect(try tangentKernel(of: train[0], form: .full), golden.full)
    expect(try tangentKernel(of: train[0], form: .classTrace), golden.classTrace)
    expect(
      try tangentKernel(
        of: train[0], form: .full, parameters: ["hidden.0.weight", "hidden.0.bias"]),
      golden.firstLayer)
    expect(
      try tangentKernel(between: test[0], and: train[0], form: .classTrace), golden.cross)
  }

  @Test(.tags(.golden)) func measuresOnThem() throws {
    let kernels = try train.map { try tangentKernel(of: $0, form: .classTrace) }
    expect(
      [
        try kernelDistances(among: train, form: .full)[0, 1],
        try kernelDistances(among: train, form: .classTrace)[0, 1],
        try kernelAlignment(ofKernel: kernels[0], withLabels: golden.labels),
        try centeredKernelAlignment(ofKernel: kernels[0], withLabels: golden.labels),
      ],
      [
        golden.fullDistance, golden.traceDistance, golden.alignment, golden.centeredAlignment,
      ])
    expect(
      try kernelRotation(between: kernels[0], and: kernels[1], dimensionCount: 3).principalAngles,
      golden.angles)
    expect(
      try classAlignments(ofKernel: kernels[0], labels: golden.labels), golden.classAlignments)
    let spectrum = try kernelSpectrum(of: kernels[0])
    expect(spectrum.values, golden.eigenvalues)
    expect([spectrum.effectiveRank], [golden.effectiveRank])
    let targets = Matrix<Double>(
      rows: golden.labels.map { label in (0..<3).map { $0 == label ? 1 : 0 } })
    let fit = try KernelRegression(kernel: kernels[0], targets: targets, ridge: 0.1)
    expect(
      try fit.predictions(
        kernel: try tangentKernel(between: test[0], and: train[0], form: .classTrace)),
      golden.predictions)
  }
}

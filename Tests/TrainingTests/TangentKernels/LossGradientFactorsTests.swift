import TestSupport
import Testing

@testable import GrokTraining

/// The gradients of single examples, by factors and one after the other.
@Suite struct LossGradientFactorsTests {
  private typealias Support = SnapshotKernelFactorsTests

  /// The gradients of single examples, whose mean is that of the batch: `[examples, parameters]`.
  private func gradients(
    _ snapshot: Snapshot<Double>, _ examples: LabeledExamples
  ) throws -> Matrix<Double> {
    func targets(_ examples: LabeledExamples) -> Double {
      Double(examples.labels.count { $0 != LabeledExamples.noTarget })
    }
    return Matrix(
      rows: try (0..<examples.count).map { index in
        let one = examples.selecting([index])
        let scale = targets(one) * Double(examples.count) / targets(examples)
        return try snapshot.lossAndGradient(on: one).gradient.map { scale * $0 }
      })
  }

  @Test(.tags(.oracle), arguments: SequenceKernelFactorsTests.networks)
  func productsAreThoseOfALoop(network: SequenceKernelFactorsTests.Network) throws {
    let snapshot: Snapshot<Double> = Support.snapshot(network.model)
    let examples = try SequenceKernelFactorsTests.examples(network.model, count: 7)
    let factors = try snapshot.lossGradientFactors(on: examples)
    #expect(factors.outputCount == 1)
    let loop = try gradients(snapshot, examples)
    let products = try tangentKernel(of: factors, form: .full)
    #expect(Support.difference(products, loop.rowGram) < 1e-12)
    // Their mean is the gradient of the batch.
    let whole = try snapshot.lossAndGradient(on: examples).gradient
    for (column, value) in whole.enumerated() {
      let mean = (0..<examples.count).reduce(0) { $0 + loop[$1, column] } / 7
      #expect(abs(mean - value) < 1e-12)
    }
  }

  @Test(
    .tags(.oracle), arguments: [Loss.crossEntropy, .meanSquaredError, .stableMax], [3, 300])
  func aPerceptronHasTheGradientsOfALoop(loss: Loss, count: Int) throws {
    let model = MLP(inputs: 6, hidden: [9, 7], outputs: 4, activation: .relu)
    let plain: Snapshot<Double> = Support.snapshot(model)
    let snapshot = Snapshot(
      step: 0, model: model, parameters: plain.parameters, loss: loss, context: ComputeContext())
    let key = RandomKey(seed: 5)
    let examples = try LabeledExamples(
      inputs: .features(key.normalMatrix(rowCount: count, columnCount: 6)),
      labels: key.fork("labels").integers(count: count, in: 0..<4).map { Int32($0) }, classCount: 4)
    let products = try tangentKernel(of: snapshot.lossGradientFactors(on: examples), form: .full)
    #expect(Support.difference(products, try gradients(snapshot, examples).rowGram) < 1e-12)
  }

  /// Of sequences that have targets at some positions only, an example counts by its targets.
  @Test func examplesCountByTheirTargets() throws {
    let network = SequenceKernelFactorsTests.networks[0]
    let all = try SequenceKernelFactorsTests.examples(network.model, count: 4)
    guard case .tokens(let tokens) = all.inputs else { return }
    var targets = all.labels
    for place in [0, 1, 2, 4, 9] { targets[place] = LabeledExamples.noTarget }
    let examples = try LabeledExamples(
      sequences: tokens, targets: targets, classCount: network.model.outputCount)
    let snapshot: Snapshot<Double> = Support.snapshot(network.model)
    let products = try tangentKernel(of: snapshot.lossGradientFactors(on: examples), form: .full)
    #expect(Support.difference(products, try gradients(snapshot, examples).rowGram) < 1e-12)
  }

  @Test(.tags(.oracle)) func momentsAreThoseOfTheGradientsThemselves() throws {
    let network = SequenceKernelFactorsTests.networks[1]
    let snapshot: Snapshot<Double> = Support.snapshot(network.model)
    let examples = try SequenceKernelFactorsTests.examples(network.model, count: 6)
    let found = try snapshot.gradientMoments(on: examples)
    let expected = try GradientMoments(of: gradients(snapshot, examples))
    func isClose(_ value: KeyPath<GradientMoments, Double>) -> Bool {
      abs(found[keyPath: value] / expected[keyPath: value] - 1) < 1e-10
    }
    #expect(isClose(\.squaredMeanNorm) && isClose(\.squaredNormSum))
    #expect(isClose(\.squaredProjectionSum) && isClose(\.covarianceTrace))
    #expect(found.weightCount == network.model.layout.count)
  }
}

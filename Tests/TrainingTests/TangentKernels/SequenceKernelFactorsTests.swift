import TestSupport
import Testing

@testable import GrokTraining

/// Networks of sequences, whose weights are shared by all positions, against products of Jacobians and differences
/// of gradients.
@Suite struct SequenceKernelFactorsTests {
  struct Network: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let model: any Model
    /// Parameters whose part is a Jacobian: what acts element by element, and what is used in several ways.
    var withoutFactors: Set<String> = []
  }

  private static func transformer(
    _ form: TransformerForm = TransformerForm(), perceptronWidth: Int = 0,
    reading: Transformer.Reading = .everyPosition
  ) -> Transformer {
    Transformer(
      vocabularySize: 4, context: 4, width: 6, depth: 2, headCount: 2,
      perceptronWidth: perceptronWidth, activation: .gelu, form: form, reading: reading)
  }

  private static let norms: Set<String> = Set(
    (0..<2).flatMap { block in
      ["ln1.w", "ln1.b", "ln2.w", "ln2.b"].map { "blocks.\(block).\($0)" }
    } + ["ln_final.w", "ln_final.b"])

  static let networks: [Network] = {
    var full = TransformerForm()
    full.normalization = .before
    full.hasAttentionBiases = true
    full.smearsKeys = true
    full.isTied = true
    var short = TransformerForm()
    short.normalization = .after
    short.positions = .queriesAndKeys
    short.isCausal = false
    return [
      Network(testDescription: "attention only", model: transformer()),
      Network(
        testDescription: "all choices", model: transformer(full, perceptronWidth: 5),
        withoutFactors: norms.union([
          "embed.W_E", "blocks.0.attn.smear", "blocks.1.attn.smear",
        ])),
      Network(
        testDescription: "positions in queries and keys, last position",
        model: transformer(short, perceptronWidth: 5, reading: .lastPosition),
        withoutFactors: norms),
      Network(
        testDescription: "memory of numbers",
        model: LSTMClassifier(steps: .features(width: 3), context: 4, units: [5], outputs: 3)),
      Network(
        testDescription: "memory of tokens, two layers",
        model: LSTMClassifier(
          steps: .tokens(vocabularySize: 4, width: 3), context: 4, units: [5, 4], outputs: 3)),
    ]
  }()

  static func examples(_ model: any Model, count: Int) throws -> LabeledExamples {
    let key = RandomKey(seed: 9)
    let labels = key.fork("labels").integers(
      count: count * model.positionCount, in: 0..<model.outputCount
    ).map { Int32($0) }
    if let memory = model as? LSTMClassifier, case .features(let width) = memory.steps {
      return try LabeledExamples(
        inputs: .features(key.normalMatrix(rowCount: count, columnCount: 4 * width)),
        labels: labels, classCount: model.outputCount)
    }
    let tokens = try TokenMatrix(
      values: key.integers(count: count * 4, in: 0..<4).map { Int32($0) }, exampleCount: count,
      contextLength: 4, vocabularySize: 4)
    return model.positionCount == 1
      ? try LabeledExamples(inputs: .tokens(tokens), labels: labels, classCount: model.outputCount)
      : try LabeledExamples(sequences: tokens, targets: labels, classCount: model.outputCount)
  }

  private typealias Support = SnapshotKernelFactorsTests

  @Test(.tags(.oracle), arguments: networks)
  func factorsEqualProductsOfJacobians(network: Network) throws {
    let snapshot: Snapshot<Double> = Support.snapshot(network.model)
    let examples = try Self.examples(network.model, count: 5)
    let factors = try snapshot.kernelFactors(on: examples)
    let jacobian = try Support.jacobian(snapshot, examples)
    #expect(
      Support.difference(try tangentKernel(of: factors, form: .full), jacobian.rowGram) < 1e-10)
    #expect(factors.parameterNames.sorted() == network.model.layout.names.sorted())
    for entry in network.model.layout.entries {
      let part = try tangentKernel(of: factors, form: .full, parameters: [entry.name])
      let own = jacobian.selectingColumns(entry.range).rowGram
      // The bias of keys moves every score of a query alike, and so nothing.
      if entry.name.hasSuffix("b_K") {
        #expect(part.values.allSatisfy { abs($0) < 1e-20 })
      } else {
        #expect(Support.difference(part, own) < 1e-10, "\(entry.name)")
      }
    }
    let plain = factors.layers.filter { $0.inputs == nil }.flatMap(\.parameterNames)
    #expect(
      Set(plain).subtracting(["blocks.0.attn.b_K", "blocks.1.attn.b_K"])
        .isSubset(of: network.withoutFactors), "\(plain)")
  }

  @Test(.tags(.gradient), arguments: networks)
  func hessianProductsAreDifferencesOfGradients(network: Network) throws {
    let snapshot: Snapshot<Double> = Support.snapshot(network.model)
    let examples = try Self.examples(network.model, count: 6)
    let count = network.model.layout.count
    let direction: [Double] = RandomKey(seed: 12).normal(count: count)
    let product = try snapshot.hessian(on: examples).product(with: direction)
    let step = 1e-5
    func gradient(_ sign: Double) throws -> [Double] {
      let moved = zip(snapshot.parameterVector, direction).map { $0 + sign * step * $1 }
      return try Snapshot(
        step: 0, model: network.model,
        parameters: Parameters(
          Tensor(moved, shape: Shape(count)), layout: network.model.layout),
        loss: .crossEntropy, context: ComputeContext()
      ).lossAndGradient(on: examples).gradient
    }
    let (ahead, behind) = (try gradient(1), try gradient(-1))
    let scale = 1 + product.map(abs).max()!
    for (index, found) in product.enumerated() {
      let expected = (ahead[index] - behind[index]) / (2 * step)
      #expect(abs(found - expected) < 1e-6 * scale)
    }
  }
}

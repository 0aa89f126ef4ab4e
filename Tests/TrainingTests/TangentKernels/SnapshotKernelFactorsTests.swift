import TestSupport
import Testing

@testable import GrokTraining

@Suite struct SnapshotKernelFactorsTests {
  private static let key = RandomKey(seed: 77)

  private static func pictures(
    _ count: Int, width: Int, classes: Int
  ) throws -> LabeledExamples {
    let features: Matrix<Float> = key.fork("x").normalMatrix(rowCount: count, columnCount: width)
    return try LabeledExamples(
      inputs: .features(features), labels: (0..<count).map { Int32($0 % classes) },
      classCount: classes)
  }

  static func snapshot<Scalar: RealScalar>(
    _ model: any Model, shift: Double = 0.1
  ) -> Snapshot<Scalar> {
    let context = ComputeContext()
    let initial: [Scalar] = model.initialParameters(key: key.fork("weights"))
    let values = zip(initial, key.fork("shift").normal(count: initial.count) as [Scalar])
      .map { $0 + Scalar(shift) * $1 }  // biases away from 0
    return Snapshot(
      step: 0, model: model,
      parameters: Parameters(
        Tensor(values, shape: [values.count], in: context), layout: model.layout),
      loss: .crossEntropy, context: context)
  }

  /// The Jacobian `[n C, parameters]`, one gradient at a time.
  static func jacobian<Scalar: RealScalar>(
    _ snapshot: Snapshot<Scalar>, _ examples: LabeledExamples
  ) throws -> Matrix<Scalar> {
    let rows = try (0..<examples.count).flatMap { example in
      let jacobian = try snapshot.meanJacobian(on: examples.selecting([example]))
      return (0..<jacobian.rowCount).map { Array(jacobian.row($0)) }
    }
    return Matrix(rows: rows)
  }

  static func difference(_ a: Matrix<Double>, _ b: Matrix<Double>) -> Double {
    guard a.rowCount == b.rowCount, a.columnCount == b.columnCount else { return .infinity }
    let scale = b.values.reduce(0) { max($0, abs($1)) }
    return zip(a.values, b.values).reduce(0) { max($0, abs($1.0 - $1.1)) } / scale
  }

  private static let perceptrons: [MLP] = [.relu, .tanh, .gelu, .leakyReLU(slope: 0.1), .identity]
    .flatMap { (activation: Activation) in
      [1, 0.25].map { scale in
        MLP(
          inputs: 6, hidden: [9, 7, 5], outputs: 4, activation: activation, outputScale: scale)
      }
    }

  @Test(.tags(.oracle), arguments: perceptrons)
  func perceptronEqualsProductOfJacobians(model: MLP) throws {
    let snapshot: Snapshot<Double> = Self.snapshot(model)
    let examples = try Self.pictures(11, width: 6, classes: 4)
    let factors = try snapshot.kernelFactors(on: examples)
    let jacobian = try Self.jacobian(snapshot, examples)
    let kernel = try tangentKernel(of: factors, form: .full)
    #expect(Self.difference(kernel, jacobian.rowGram) < 1e-10)
    #expect(factors.parameterNames.sorted() == model.layout.names.sorted())
    // Layer by layer.
    for entry in model.layout.entries {
      let part = try tangentKernel(of: factors, form: .full, parameters: [entry.name])
      let own = jacobian.selectingColumns(entry.range).rowGram
      #expect(Self.difference(part, own) < 1e-10, "\(entry.name)")
    }
    // The last two layers keep their short form, no layer its Jacobian.
    #expect(factors.layers.allSatisfy { $0.inputs != nil })
    let separable = factors.layers.filter {
      if case .separable = $0.sensitivities { true } else { false }
    }
    #expect(separable.count == (model.activation == .identity ? 4 : 2))
  }

  @Test(.tags(.oracle), arguments: [Activation.relu, .gelu])
  func transformerEqualsProductOfJacobians(activation: Activation) throws {
    let model = Transformer(
      vocabularySize: 6, context: 3, width: 8, headCount: 2, perceptronWidth: 12,
      activation: activation, outputScale: 0.5)
    let task = ModularArithmetic(.addition, modulus: 5)
    let examples = task.split(trainFraction: 0.6, encoding: .tokens, key: RandomKey(seed: 1)).train
    let snapshot: Snapshot<Double> = Self.snapshot(model)
    let factors = try snapshot.kernelFactors(on: examples)
    let jacobian = try Self.jacobian(snapshot, examples)
    #expect(
      Self.difference(try tangentKernel(of: factors, form: .full), jacobian.rowGram) < 1e-10)
    for entry in model.layout.entries {
      let part = try tangentKernel(of: factors, form: .full, parameters: [entry.name])
      #expect(
        Self.difference(part, jacobian.selectingColumns(entry.range).rowGram) < 1e-10,
        "\(entry.name)")
    }
    #expect(factors.layers.allSatisfy { $0.inputs != nil })
    let positions = Dictionary(
      uniqueKeysWithValues: factors.layers.map { ($0.weight ?? "", $0.positionCount) })
    #expect(positions["blocks.0.attn.W_K"] == 3 && positions["blocks.0.attn.W_Q"] == 1)
  }

  @Test(.tags(.oracle)) func singlePrecisionIsCloseToDouble() throws {
    let model = MLP(inputs: 6, hidden: [9, 7], outputs: 4)
    let examples = try Self.pictures(40, width: 6, classes: 4)
    let double: Snapshot<Double> = Self.snapshot(model)
    let float = Snapshot<Float>(
      step: 0, model: model,
      parameters: Parameters(
        double.parameters.vector.converted(to: Float.self), layout: model.layout),
      loss: .crossEntropy, context: ComputeContext())
    let kernel = try tangentKernel(of: try float.kernelFactors(on: examples), form: .full)
    let exact = try tangentKernel(of: try double.kernelFactors(on: examples), form: .full)
    #expect(Self.difference(Matrix<Double>(kernel), exact) < 1e-5)
  }

  @Test(.tags(.oracle)) func piecesOfExamplesMakeNoDifference() throws {
    let model = MLP(inputs: 3, hidden: [5, 4], outputs: 2)
    let snapshot: Snapshot<Double> = Self.snapshot(model)
    let examples = try Self.pictures(FactorCollector<Double>.pieceSize + 30, width: 3, classes: 2)
    let kernel = try tangentKernel(of: try snapshot.kernelFactors(on: examples), form: .classTrace)
    let jacobian = try Self.jacobian(snapshot, examples)
    let full = jacobian.rowGram
    var trace = kernel
    for n in 0..<kernel.rowCount {
      for m in 0..<kernel.rowCount {
        trace[n, m] = (full[2 * n, 2 * m] + full[2 * n + 1, 2 * m + 1]) / 2
      }
    }
    #expect(Self.difference(kernel, trace) < 1e-10)
  }

  @Test(.tags(.oracle), arguments: OddModel.Oddity.allCases)
  func networksOfOtherKindsAreExactToo(oddity: OddModel.Oddity) throws {
    let model = OddModel(oddity)
    let snapshot: Snapshot<Double> = Self.snapshot(model)
    let examples = try Self.pictures(6, width: 4, classes: 4)
    let factors = try snapshot.kernelFactors(on: examples)
    let jacobian = try Self.jacobian(snapshot, examples)
    let kernel = try tangentKernel(of: factors, form: .full)
    #expect(Self.difference(kernel, jacobian.rowGram) < 1e-10)
    #expect(factors.parameterNames.sorted() == model.layout.names.sorted())
  }

  @Test(.tags(.law)) func aNetworkHasNotMovedFromItsOwnStart() throws {
    let model = MLP(inputs: 6, hidden: [9, 7], outputs: 4)
    let examples = try Self.pictures(20, width: 6, classes: 4)
    let start: Snapshot<Float> = Self.snapshot(model)
    let moved: Snapshot<Float> = Self.snapshot(model, shift: 0.2)
    let factors = try [start, start, moved].map { try $0.kernelFactors(on: examples) }
    let distances = try kernelDistances(among: factors, form: .full)
    #expect(distances[0, 1] == 0)
    #expect(distances[0, 2] > 0.01)
  }

  @Test func whatDoesNotFitIsRefused() throws {
    let model = MLP(inputs: 6, hidden: [9], outputs: 4)
    let snapshot: Snapshot<Float> = Self.snapshot(model)
    let error = #expect(throws: MeasureError.self) {
      try snapshot.kernelFactors(
        on: try Self.pictures(10, width: 6, classes: 4), memoryBudget: 1000)
    }
    #expect(
      error?.description
        == "kernelFactors: the memory needed, in bytes, is 2680.0; expected at most the budget of "
        + "1000; raise it or take fewer examples")
    #expect(throws: ModelError.self) {
      try snapshot.kernelFactors(on: try Self.pictures(10, width: 5, classes: 4))
    }
  }
}

/// Small networks that are more than linear layers.
struct OddModel: Model {
  enum Oddity: String, CaseIterable {
    /// One matrix in two layers.
    case tiedWeights
    /// A factor on every feature.
    case gain
    /// A matrix product and a sum in place of a layer.
    case plainOperations
    /// A parameter that nothing depends on.
    case unused
    /// The examples in opposite order on the way, so that rows are not those of the examples.
    case reversedRows
    /// A layer whose weights are rows of a larger parameter.
    case partOfAParameter
  }

  let oddity: Oddity
  let layout: ParameterLayout
  let outputCount = 4
  let tapNames: [String] = []

  init(_ oddity: Oddity) {
    self.oddity = oddity
    var layout = ParameterLayout()
    layout.append("first", [4, 4], .uniform(bound: 1))
    layout.append("gain", [4], .uniform(bound: 1))
    layout.append("last", [8, 4], .uniform(bound: 1))
    layout.append("second", [4, 4], .uniform(bound: 1))
    layout.append("third", [4, 4], .uniform(bound: 1))
    self.layout = layout
  }

  func outputs<Scalar>(
    for input: ModelInput<Scalar>, parameters: Parameters<Scalar>, pass: Pass<Scalar>
  ) -> Tensor<Scalar> {
    guard case .features(let x) = input else { return Tensor(0) }
    let n = x.shape[0]
    let last = parameters["last"].slice(axis: 0, 2..<6)
    var hidden = x.linear(weight: parameters["first"], activation: .tanh)
    switch oddity {
    case .tiedWeights: hidden = hidden.linear(weight: parameters["first"], activation: .relu)
    case .gain: hidden = hidden * parameters["gain"]
    case .plainOperations:
      hidden = (hidden.matmul(parameters["third"]) + parameters["gain"]).activated(.tanh)
    case .unused: break
    case .reversedRows:
      let reversed = (0..<Int32(n)).reversed().map { $0 }
      hidden = hidden.gather(rows: reversed)
        .linear(weight: parameters["third"], activation: .tanh).gather(rows: reversed)
    case .partOfAParameter: hidden = hidden.linear(weight: last, activation: .tanh)
    }
    return hidden.linear(weight: parameters["second"])
  }

  func check<Scalar>(_ input: ModelInput<Scalar>) throws(ModelError) {}
}

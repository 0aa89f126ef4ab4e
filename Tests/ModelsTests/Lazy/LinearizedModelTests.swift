import GrokModels
import TestSupport
import Testing

@Suite struct LinearizedModelTests {
  /// A smooth network of each kind with examples for it.
  struct Case: Sendable, CustomTestStringConvertible {
    let model: any Model
    let input: ModelInput<Double>
    var testDescription: String { "\(type(of: model))" }
  }

  static let cases: [Case] = [
    Case(
      model: MLP(inputs: 5, hidden: [7, 6], outputs: 3, activation: .tanh, outputScale: 1.5),
      input: .features(
        Tensor(RandomKey(seed: 1).normal(count: 20, mean: 0, standardDeviation: 1), shape: [4, 5]))
    ),
    Case(
      model: Transformer(
        vocabularySize: 4, context: 3, width: 6, headCount: 2, perceptronWidth: 8, activation: .gelu
      ),
      input: .tokens(
        TokenBatch(tokens: [0, 1, 3, 2, 2, 3, 1, 0, 3], context: 3, vocabularySize: 4))
    ),
  ]

  private func values(of model: any Model, _ name: String) -> [Double] {
    model.initialParameters(key: RandomKey(seed: 9).fork(name))
  }

  private func outputs(_ model: any Model, _ values: [Double], _ input: ModelInput<Double>)
    -> [Double]
  {
    let vector = Tensor(values, shape: Shape(values.count))
    return model.outputs(for: input, parameters: Parameters(vector, layout: model.layout)).values
  }

  /// The Jacobian row by row: the gradient of each output.
  private func jacobian(_ model: any Model, _ values: [Double], _ input: ModelInput<Double>)
    -> [[Double]]
  {
    let count = outputs(model, values, input).count
    return (0..<count).map { index in
      let point = Tensor(values, shape: Shape(values.count))
      let one = Tensor((0..<count).map { $0 == index ? 1.0 : 0 }, shape: Shape(count))
      let (_, gradient) = valueAndGradient(at: point) { vector in
        (model.outputs(for: input, parameters: Parameters(vector, layout: model.layout))
          .reshaped(to: Shape(count)) * one).sum()
      }
      return gradient.values
    }
  }

  @Test(.tags(.law), arguments: cases)
  func atItsPointItIsTheNetwork(example: Case) {
    let initial = values(of: example.model, "initial")
    let tangent = LinearizedModel(example.model, at: initial)
    #expect(
      outputs(tangent, initial, example.input) == outputs(example.model, initial, example.input))
    #expect(tangent.layout == example.model.layout)
  }

  @Test(.tags(.law), arguments: cases)
  func nearItsPointItDepartsFromTheNetworkInSecondOrder(example: Case) {
    let (initial, direction) = (
      values(of: example.model, "initial"), values(of: example.model, "direction")
    )
    let tangent = LinearizedModel(example.model, at: initial)
    let errors = [1e-2, 1e-3].map { step in
      let moved = zip(initial, direction).map { $0 + step * $1 }
      return zip(
        outputs(example.model, moved, example.input), outputs(tangent, moved, example.input)
      ).map { abs($0 - $1) }.max() ?? 0
    }
    // A tenth of the way leaves a hundredth of the difference, and a thousandth of it beside.
    #expect(errors[0] > 1e-7)
    #expect(abs(errors[1] / errors[0] - 0.01) < 0.002, "\(errors)")
  }

  @Test(.tags(.law), arguments: cases)
  func itIsLinearInItsParametersHoweverFarTheyAre(example: Case) {
    let initial = values(of: example.model, "initial")
    let tangent = LinearizedModel(example.model, at: initial)
    let (a, b) = (values(of: example.model, "a"), values(of: example.model, "b"))
    let sum = zip(zip(a, b), initial).map { 3 * $0.0 - 2 * $0.1 + 0 * $1 }
    let expected = zip(outputs(tangent, a, example.input), outputs(tangent, b, example.input))
      .map { 3 * $0 - 2 * $1 }
    for (found, value) in zip(outputs(tangent, sum, example.input), expected) {
      #expect(abs(found - value) < 1e-11)
    }
  }

  @Test(.tags(.oracle), arguments: cases)
  func itsJacobianIsThatOfTheNetworkAtThePointEverywhere(example: Case) {
    let initial = values(of: example.model, "initial")
    let tangent = LinearizedModel(example.model, at: initial)
    let rows = jacobian(example.model, initial, example.input)
    let elsewhere = values(of: example.model, "elsewhere")
    // So its tangent kernel J Jᵀ is constant.
    for (found, row) in zip(jacobian(tangent, elsewhere, example.input), rows) {
      for (a, b) in zip(found, row) { #expect(abs(a - b) < 1e-12) }
    }
    // The product with J, against the rows.
    let departure = zip(elsewhere, initial).map { $0 - $1 }
    let base = outputs(example.model, initial, example.input)
    for (index, found) in outputs(tangent, elsewhere, example.input).enumerated() {
      let product = zip(rows[index], departure).reduce(0) { $0 + $1.0 * $1.1 }
      #expect(abs(found - base[index] - product) < 1e-11)
    }
  }

  @Test(.tags(.oracle), arguments: cases)
  func curvatureOfASquaredLossIsThatOfTheJacobian(example: Case) {
    let initial = values(of: example.model, "initial")
    let tangent = LinearizedModel(example.model, at: initial)
    let rows = jacobian(example.model, initial, example.input)
    let (point, direction) = (values(of: example.model, "a"), values(of: example.model, "b"))
    let shape = Shape(point.count)
    let (_, product) = hessianVectorProduct(
      at: Tensor(point, shape: shape), along: Tensor(direction, shape: shape)
    ) { vector in
      tangent.outputs(for: example.input, parameters: Parameters(vector, layout: tangent.layout))
        .squared().sum()
    }
    // The Hessian of ‖f‖² is 2 JᵀJ.
    let slopes = rows.map { row in zip(row, direction).reduce(0) { $0 + $1.0 * $1.1 } }
    for (column, found) in product.values.enumerated() {
      let expected = zip(rows, slopes).reduce(0) { $0 + 2 * $1.0[column] * $1.1 }
      #expect(abs(found - expected) < 1e-10)
    }
  }

  @Test func itHasTheOutputsAsItsOnlyTap() throws {
    let example = Self.cases[0]
    let tangent = LinearizedModel(example.model, at: values(of: example.model, "initial"))
    #expect(tangent.tapNames == ["output"])
    let point = values(of: example.model, "a")
    let doubled = tangent.outputs(
      for: example.input,
      parameters: Parameters(Tensor(point, shape: Shape(point.count)), layout: tangent.layout),
      taps: Taps { name, value in name == "output" ? value * 2 : value * 0 })
    #expect(doubled.values == outputs(tangent, point, example.input).map { 2 * $0 })
    #expect(throws: ModelError.self) {
      try tangent.check(ModelInput<Double>.features(Tensor(repeating: 0, shape: [1, 4])))
    }
  }
}

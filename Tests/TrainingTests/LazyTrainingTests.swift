import TestSupport
import Testing

@testable import GrokTraining

/// Centred and scaled training against its limit, and the factor on the loss.
@Suite struct LazyTrainingTests {
  private let key = RandomKey(seed: 12)
  private let network = MLP(inputs: 14, hidden: [40], outputs: 7, activation: .tanh)
  private let data = ModularArithmetic(.addition, modulus: 7)
    .split(trainFraction: 0.6, key: RandomKey(seed: 2))

  private var initial: [Double] { network.initialParameters(key: key.fork("weights")) }

  /// θ and the outputs on the training examples after gradient descent on squared error.
  private func trained(_ model: any Model, lossFactor: Double) throws -> (
    parameters: [Double], outputs: [Double]
  ) {
    var trainer = try Trainer(
      model, parameters: initial, loss: .meanSquaredError, optimizer: .sgd(learningRate: 2),
      lossFactor: lossFactor)
    _ = try trainer.fit(data, steps: 60, key: key.fork("batches"))
    return (trainer.parameters, try trainer.snapshot.outputs(on: data.train).values)
  }

  private func distance(_ a: [Double], _ b: [Double]) -> Double {
    zip(a, b).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }.squareRoot()
  }

  /// Chizat, Oyallon & Bach: parameters move like 1/α, and outputs approach those of the tangent like 1/α.
  @Test(.tags(.law)) func theLazierTheNearerToTheTangent() throws {
    let tangent = LinearizedModel(network, at: initial)
    let limit = try trained(
      CenteredModel(tangent, at: initial), lossFactor: 1)
    let found = try [10.0, 100, 1_000].map { laziness in
      let model = CenteredModel(network, at: initial, laziness: laziness)
      let end = try trained(model, lossFactor: model.lossFactor)
      return (
        moved: distance(end.parameters, initial), error: distance(end.outputs, limit.outputs)
      )
    }
    #expect(distance(limit.outputs, [Double](repeating: 0, count: limit.outputs.count)) > 1)
    for (first, second) in zip(found, found.dropFirst()) {
      #expect(abs(second.moved / first.moved - 0.1) < 0.01, "\(found)")
      #expect(abs(second.error / first.error - 0.1) < 0.03, "\(found)")
    }
    #expect(found[2].error < 1e-3)
  }

  /// Where the laziness is exact: a tangent times α, with the loss over α², moves α times less and says the same.
  @Test(.tags(.law)) func theTangentSaysTheSameAtEveryLaziness() throws {
    let tangent = LinearizedModel(network, at: initial)
    let plain = try trained(CenteredModel(tangent, at: initial), lossFactor: 1)
    let model = CenteredModel(tangent, at: initial, laziness: 8)
    let lazy = try trained(model, lossFactor: model.lossFactor)
    #expect(distance(plain.outputs, lazy.outputs) < 1e-9)
    let ratio = distance(lazy.parameters, initial) / distance(plain.parameters, initial)
    #expect(abs(ratio - 1.0 / 8) < 1e-9)
  }

  @Test(.tags(.oracle)) func aFactorOnTheLossIsAFactorOnTheRate() throws {
    func end(_ rate: Double, _ factor: Double) throws -> [Double] {
      var trainer = try Trainer(
        network, parameters: initial, loss: .crossEntropy, optimizer: .sgd(learningRate: rate),
        lossFactor: factor)
      _ = try trainer.fit(data, steps: 10, key: key.fork("batches"))
      return trainer.parameters
    }
    #expect(try distance(end(0.25, 2), end(0.5, 1)) < 1e-12)
    // What a snapshot calls the gradient of a step has the factor too; records have not.
    let trainer = try Trainer(
      network, parameters: initial, loss: .crossEntropy, optimizer: .sgd(learningRate: 1),
      lossFactor: 4)
    let plain = try Trainer(
      network, parameters: initial, loss: .crossEntropy, optimizer: .sgd(learningRate: 1))
    let (scaled, expected) = (
      try trainer.snapshot.lossAndGradient(on: data.train),
      try plain.snapshot.lossAndGradient(on: data.train)
    )
    #expect(scaled.loss == 4 * expected.loss)
    #expect(distance(scaled.gradient, expected.gradient.map { 4 * $0 }) < 1e-12)
    #expect(try trainer.evaluate(on: data.train) == plain.evaluate(on: data.train))
  }
}

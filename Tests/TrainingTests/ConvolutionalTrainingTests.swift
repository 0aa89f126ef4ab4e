import TestSupport
import Testing

@testable import GrokTraining

extension SmallTraining {
  /// Random pictures of 8 × 8 pixels in three classes.
  static func pictures(_ model: any Model, batchSize: Int = 8, steps: Int = 24) -> SmallTraining {
    let count = 40
    let features: Matrix<Float> = RandomKey(seed: 12).normalMatrix(
      rowCount: count, columnCount: 128)
    guard
      let examples = try? LabeledExamples(
        inputs: .features(features), labels: (0..<count).map { Int32($0 % 3) }, classCount: 3)
    else { preconditionFailure("40 examples of three classes") }
    let (train, test) = (Array(0..<28), Array(28..<count))
    return SmallTraining(
      model: model,
      data: TrainTestSplit(
        train: examples.selecting(train), test: examples.selecting(test), trainIndices: train,
        testIndices: test), steps: steps,
      plan: TrainerPlan(
        batching: .epochPermutation(batchSize: batchSize), recording: .every(5),
        checkpoints: .init(.every(7))))
  }

  static let size = PictureSize(channels: 2, height: 8, width: 8)

  static let residual = ResNet(
    pictures: size, stem: .small, blocks: [1, 1], widths: [4, 6], outputs: 3)

  static let convolutional = ConvolutionalNetwork(
    pictures: size,
    stages: [.init(channels: 4, isPooled: true), .init(channels: 5, kernel: 3, stride: 2)],
    hidden: [7], outputs: 3, dropout: 0.25)
}

/// Networks on pictures: their measures against loops, and trainings that stop.
@Suite struct ConvolutionalTrainingTests {
  private static let models: [any Model & Sendable] = [
    SmallTraining.residual, SmallTraining.convolutional,
  ]

  private func trained(_ model: any Model) throws -> (Snapshot<Double>, LabeledExamples) {
    let training = SmallTraining.pictures(model)
    var trainer: Trainer<Double> = try training.trainer(as: Double.self)
    _ = try training.fit(&trainer, steps: 4)  // away from the start, with statistics of their own
    return (trainer.snapshot, training.data.test)
  }

  @Test(.tags(.oracle), arguments: 0..<2) func tangentKernelEqualsProductOfJacobians(index: Int)
    throws
  {
    let (snapshot, examples) = try trained(Self.models[index])
    let factors = try snapshot.kernelFactors(on: examples)
    let rows = try (0..<examples.count).flatMap { example in
      let jacobian = try snapshot.meanJacobian(on: examples.selecting([example]))
      return (0..<jacobian.rowCount).map { Array(jacobian.row($0)) }
    }
    let jacobian = Matrix(rows: rows)
    for entry in snapshot.model.layout.entries {
      let part = try tangentKernel(of: factors, form: .full, parameters: [entry.name])
      let own = jacobian.selectingColumns(entry.range).rowGram
      let scale = own.values.reduce(0) { max($0, abs($1)) }
      let difference = zip(part.values, own.values).reduce(0) { max($0, abs($1.0 - $1.1)) }
      #expect(difference < 1e-10 * scale, "\(entry.name)")
    }
    let positions = Dictionary(
      uniqueKeysWithValues: factors.layers.compactMap { layer in
        layer.weight.map { ($0, layer.positionCount) }
      })
    #expect(positions[index == 0 ? "conv1.weight" : "convolutions.0.weight"] == 64)
  }

  @Test(.tags(.oracle), arguments: 0..<2) func hessianVectorProductsAreDifferencesOfGradients(
    index: Int
  ) throws {
    let (snapshot, examples) = try trained(Self.models[index])
    let direction: [Double] = RandomKey(seed: 3).normal(count: snapshot.parameterVector.count)
    let product = try snapshot.hessian(on: examples).product(with: direction)
    func gradient(_ step: Double) throws -> [Double] {
      let moved = zip(snapshot.parameterVector, direction).map { $0 + step * $1 }
      return try Snapshot(
        step: 0, model: snapshot.model,
        parameters: snapshot.parameters.replacing(vector: Tensor(moved, shape: [moved.count])),
        loss: snapshot.loss, context: ComputeContext()
      ).lossAndGradient(on: examples).gradient
    }
    let step = 1e-6
    let (ahead, behind) = (try gradient(step), try gradient(-step))
    let scale = product.map(abs).max()!
    for (found, pair) in zip(product, zip(ahead, behind)) {
      #expect(abs(found - (pair.0 - pair.1) / (2 * step)) < 1e-5 * scale)
    }
  }

  @Test(.tags(.resume), arguments: 0..<2) func stoppedEqualsNeverStopped(index: Int) throws {
    let training = SmallTraining.pictures(Self.models[index])
    try withTemporaryFolder { folder in
      var whole: Trainer<Float> = try training.trainer(run: Run(directory: folder + "/whole"))
      _ = try training.fit(&whole)
      var first: Trainer<Float> = try training.trainer(run: Run(directory: folder + "/parts"))
      _ = try training.fit(&first, stoppingAt: 9)
      var second: Trainer<Float> = try training.trainer(
        run: Run(continuing: folder + "/parts"))
      try second.resume(training.trainerPlan(), steps: training.steps)
      _ = try training.fit(&second)
      #expect(whole.parameters == second.parameters)
      #expect(whole.currentParameters.state?.values == second.currentParameters.state?.values)
      let ends = try [folder + "/whole", folder + "/parts"].map {
        try bytes(of: #require(Run.checkpoints(in: $0).last).path)
      }
      #expect(ends[0] == ends[1])
    }
  }

  @Test(.tags(.resume)) func threadsDoNotChangeBits() throws {
    var training = SmallTraining.pictures(SmallTraining.residual)
    var one: Trainer<Float> = try training.trainer()
    _ = try training.fit(&one)
    training.threads = 3
    var three: Trainer<Float> = try training.trainer()
    _ = try training.fit(&three)
    #expect(one.parameters == three.parameters)
  }

  @Test(.tags(.law)) func runningStatisticsFollowTheBatches() throws {
    let training = SmallTraining.pictures(SmallTraining.residual, batchSize: 28)
    var trainer: Trainer<Double> = try training.trainer(as: Double.self)
    let before = trainer.snapshot
    _ = try training.fit(&trainer, steps: 1)
    let values = try before.activations(of: "conv1", on: training.data.train)  // [examples, 4·64]
    let rows = (0..<28).flatMap { n in (0..<64).map { values[n, 64 + $0] } }  // channel 1
    let mean = rows.reduce(0, +) / Double(rows.count)
    let unbiased = rows.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(rows.count - 1)
    let state = trainer.snapshot.parameters
    #expect(abs(state.state("bn1.running_mean").values[1] - 0.1 * mean) < 1e-12)
    #expect(abs(state.state("bn1.running_var").values[1] - (0.9 + 0.1 * unbiased)) < 1e-12)
  }

  @Test func observedGradientsAreThoseOfTheLoss() throws {
    let training = SmallTraining.pictures(SmallTraining.residual, batchSize: 28, steps: 3)
    var trainer: Trainer<Double> = try training.trainer(as: Double.self)
    let keeper = NormKeeper()
    trainer.observeGradient(.every(1)) { step, gradient in
      keeper.norms[step] = gradient["fc.weight"].norm
    }
    _ = try training.fit(&trainer)
    #expect(keeper.norms.keys.sorted() == [0, 1, 2])
    #expect(keeper.norms.values.allSatisfy { $0 > 0 && $0.isFinite })
  }
}

private final class NormKeeper: @unchecked Sendable {
  // Filled by the thread that trains.
  var norms: [Int: Double] = [:]
}

import Foundation
import GrokTraining
import TestSupport
import Testing

/// Trainings on pictures that change from epoch to epoch.
@Suite struct AugmentedTrainingTests {
  private let shape = PictureShape(channelCount: 1, height: 4, width: 4)

  private func data() throws -> TrainTestSplit {
    let key = RandomKey(seed: 1)
    let examples = try LabeledExamples(
      inputs: .features(
        Matrix(values: key.uniform(count: 160, in: 0..<1), rowCount: 10, columnCount: 16)),
      labels: (0..<10).map { $0 % 2 }, classCount: 2)
    return TrainTestSplit(of: examples, trainFraction: 0.8, key: key)
  }

  private func trainer(_ run: Run? = nil, threads: Int = 1) throws -> Trainer<Float> {
    let model = MLP(inputs: 16, hidden: [8], outputs: 2)
    return try Trainer(
      model, parameters: model.initialParameters(key: RandomKey(seed: 2)), loss: .crossEntropy,
      optimizer: .adamW(), run: run, context: ComputeContext(threadCount: threads))
  }

  private func plan(_ batching: Batching, margin: Int, mirrors: Bool = true) -> Trainer<Float>.Plan
  {
    .init(
      batching: batching, recording: .every(5),
      augmentation: PictureAugmentation(shape: shape, mirrors: mirrors, margin: margin))
  }

  @Test(
    .tags(.law), arguments: [Batching.full, .epochPermutation(batchSize: 3)])
  func changesOfNothingAreNoChanges(batching: Batching) throws {
    let key = RandomKey(seed: 4)
    var (plain, still, moved) = (try trainer(), try trainer(), try trainer())
    _ = try plain.fit(data(), steps: 20, plan: .init(batching: batching), key: key)
    _ = try still.fit(data(), steps: 20, plan: plan(batching, margin: 0, mirrors: false), key: key)
    _ = try moved.fit(data(), steps: 20, plan: plan(batching, margin: 1), key: key)
    #expect(plain.parameters == still.parameters)
    #expect(plain.parameters != moved.parameters)
  }

  @Test(.tags(.resume), arguments: [1, 4]) func stoppedAndResumedIsTheSame(threads: Int) throws {
    let key = RandomKey(seed: 4)
    let plan = plan(.epochPermutation(batchSize: 3), margin: 1)
    var whole = try trainer()
    _ = try whole.fit(data(), steps: 20, plan: plan, key: key)
    try withTemporaryFolder { folder in
      let path = folder + "/run"
      var first = try trainer(Run(directory: path), threads: threads)
      _ = try first.fit(data(), steps: 20, plan: plan, key: key) { $0 < 7 }
      #expect(first.step == 7)
      var second = try trainer(Run(continuing: path), threads: threads)
      try second.resume(plan, steps: 20)
      _ = try second.fit(data(), steps: 20, plan: plan, key: key)
      #expect(second.parameters == whole.parameters)
    }
  }

  @Test func picturesOfAnotherShapeAreRefused() throws {
    var trainer = try trainer()
    var plan = plan(.full, margin: 1)
    plan.augmentation = PictureAugmentation(shape: .cifar, mirrors: true, margin: 4)
    let error = #expect(throws: TrainingError.self) {
      try trainer.fit(data(), steps: 1, plan: plan, key: RandomKey(seed: 0))
    }
    #expect(
      error?.description
        == "the examples are vectors of 16 features, but pictures of 3×32×32 are to be changed")
  }
}

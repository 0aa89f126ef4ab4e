import Foundation
import TestSupport
import Testing

@testable import GrokDatasets
@testable import GrokTraining

/// ResNet-8 on real pictures.
@Suite struct CIFARTrainingTests {
  @Test(
    .tags(.slow),
    .enabled(if: DataFolder.path != nil && slowTestsAreWanted, "\(DataFolder.howToProvide)"))
  func resNet8LearnsFiveThousandPictures() throws {
    let folder = try #require(DataFolder.path)
    let data = try CIFAR(.ten, in: [folder], trainCount: 5_000, testCount: 1_000)
    let train = try data.train.normalized(byChannel: PixelNormalization.cifar10)
    let test = try data.test.normalized(byChannel: PixelNormalization.cifar10)
    let model = ResNet.resNet8(
      pictures: PictureSize(channels: 3, height: 32, width: 32), outputs: 10)
    let key = RandomKey(seed: 1)
    let (epochs, batchSize) = (20, 100)
    let steps = epochs * train.count / batchSize
    var trainer = try Trainer(
      model, parameters: model.initialParameters(as: Float.self, key: key.fork("weights")),
      loss: .crossEntropy,
      optimizer: .sgd(learningRate: 0.1, momentum: 0.9, weightDecay: 1e-3, nesterov: true),
      learningRate: LearningRateSchedule(warmUpSteps: 50, .cosine(steps: steps - 50)),
      context: ComputeContext(threadCount: 2))
    let outcome = try trainer.fit(
      TrainTestSplit(
        train: train, test: test, trainIndices: Array(0..<train.count),
        testIndices: Array(0..<test.count)), steps: steps,
      plan: .init(
        batching: .epochPermutation(batchSize: batchSize), recording: .never,
        checkpoints: .init(.never)), key: key.fork("batches"))
    print("test accuracy \(outcome.testAccuracy) in \(outcome.seconds) s")
    #expect(outcome.testAccuracy >= 0.55)
  }
}

/// Tests of minutes are run by hand: `GROK_SLOW=1 swift test --filter CIFARTrainingTests`.
private let slowTestsAreWanted = ProcessInfo.processInfo.environment["GROK_SLOW"] == "1"

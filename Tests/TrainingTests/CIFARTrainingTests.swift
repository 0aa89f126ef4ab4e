import Foundation
import TestSupport
import Testing

@testable import GrokDatasets
@testable import GrokTraining

/// ResNet-8 on real pictures, read here by hand.
@Suite struct CIFARTrainingTests {
  /// The records of a file in the published archive: rows of 3,072 pixels with each channel at mean 0 and
  /// deviation 1, and labels.
  private func examples(_ file: String, count: Int, in tar: [UInt8]) throws -> LabeledExamples {
    var start = 0
    while start + 512 <= tar.count {
      let name = String(decoding: tar[start..<start + 100].prefix { $0 != 0 }, as: UTF8.self)
      let size = String(decoding: tar[start + 124..<start + 135].prefix { $0 != 0 }, as: UTF8.self)
      let byteCount = try #require(Int(size.trimmingCharacters(in: .whitespaces), radix: 8))
      if name.hasSuffix(file) { break }
      start += 512 + (byteCount + 511) / 512 * 512
    }
    let (means, deviations): ([Float], [Float]) = ([0.491, 0.482, 0.447], [0.247, 0.243, 0.262])
    var (pixels, labels): ([Float], [Int32]) = ([], [])
    pixels.reserveCapacity(count * 3_072)
    for record in 0..<count {
      let first = start + 512 + record * 3_073
      labels.append(Int32(tar[first]))
      for channel in 0..<3 {
        let from = first + 1 + channel * 1_024
        pixels += tar[from..<from + 1_024].map {
          (Float($0) / 255 - means[channel]) / deviations[channel]
        }
      }
    }
    return try LabeledExamples(
      inputs: .features(Matrix(values: pixels, rowCount: count, columnCount: 3_072)),
      labels: labels, classCount: 10)
  }

  private func unpacked(_ path: String) throws -> [UInt8] {
    let source = try ByteSource(path: path)
    var bytes: [UInt8] = []
    try source.inflate(0..<source.count, format: .gzip) { (piece) throws(ArchiveError) in
      bytes += piece
    }
    return bytes
  }

  @Test(
    .tags(.slow),
    .enabled(if: DataFolder.path != nil && slowTestsAreWanted, "\(DataFolder.howToProvide)"))
  func resNet8LearnsFiveThousandPictures() throws {
    let folder = try #require(DataFolder.path)
    let tar = try unpacked(folder + "/cifar10-jpeg/cifar-10-binary.tar.gz")
    let train = try examples("data_batch_1.bin", count: 5_000, in: tar)
    let test = try examples("test_batch.bin", count: 1_000, in: tar)
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

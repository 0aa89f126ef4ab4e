import Foundation
import GrokTraining
import TestSupport
import Testing

@testable import GrokExperiments

@Suite(.enabled(if: ProgramProcess.path != nil, "\(ProgramProcess.howToProvide)"))
struct InductionTransferTests {
  private static let training = [
    "train", "--name", "a", "--quiet", "record.tensorBoard=false", "data.name=repeated-tokens",
    "data.vocabularySize=12", "data.context=18", "data.shortestPeriod=3", "data.longestPeriod=6",
    "data.trainCount=64", "data.testCount=16", "model.kind=transformer", "model.depth=2",
    "model.width=16", "model.headCount=2", "model.perceptronWidth=0", "train.steps=20",
    "train.batchSize=16", "model.initializationScale=0.01", "measure.names=none",
  ]

  @Test func aNetworkThatKnowsNothingLosesTheLogarithmOfTheVocabulary() throws {
    try withTemporaryFolder { folder in
      let end = try ProgramProcess.run(Self.training, in: folder)
      #expect(end.status == 0, "\(end.errors)")
      let measured = try ProgramProcess.run(
        ["measure", "runs/a", "--quiet", "--measures", "inductionTransfer"], in: folder)
      #expect(measured.status == 0, "\(measured.errors)")
      let curves = try RunCurves(folder: folder + "/runs/a")
      for name in ["trained", "untrained"] {
        let loss = try #require(curves["repeatLoss/\(name)"])
        #expect(loss.steps.first == 0 && loss.steps.last == 20)
        #expect(abs(loss.values[0] - log(12)) < 0.05 && loss.errors[0] > 0, "\(loss.values)")
        let matching = try #require(curves["repeatPrefixMatching/\(name)"])
        #expect(matching.values.allSatisfy { (0...1).contains($0) })
      }
    }
  }

  @Test(arguments: [
    (
      ["data.longestPeriod=12"],
      "no untrained period is left between the longest of 12 and two thirds of the context of 18 or the "
        + "vocabulary of 12"
    ),
    (
      ["data.name=skip-trigrams"],
      "the data has no periods; it asks for data.name=repeated-tokens"
    ),
  ])
  func whereThereIsNothingToTransferToItSaysSo(settings: [String], message: String) throws {
    try withTemporaryFolder { folder in
      let end = try ProgramProcess.run(Self.training + ["train.steps=1"] + settings, in: folder)
      #expect(end.status == 0, "\(end.errors)")
      let measured = try ProgramProcess.run(
        ["measure", "runs/a", "--quiet", "--measures", "inductionTransfer"], in: folder)
      #expect(measured.status == 1 && measured.errors.contains(message), "\(measured.errors)")
    }
  }
}

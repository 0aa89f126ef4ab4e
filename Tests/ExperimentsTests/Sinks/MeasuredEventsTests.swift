import Foundation
import GrokReports
import TestSupport
import Testing

@testable import GrokExperiments
@testable import GrokTraining

/// What TensorBoard is shown of the measures on checkpoints.
@Suite(.enabled(if: ProgramProcess.path != nil, "\(ProgramProcess.howToProvide)"))
struct MeasuredEventsTests {
  private static let training = [
    "train", "--name", "a", "--quiet", "data.name=icosahedron", "data.trainFraction=0.8",
    "model.kind=mlp", "model.hidden=8", "model.activation=relu", "train.batchSize=512",
    "train.loss=mean-squared-error", "train.steps=20", "checkpoint.perDecade=2",
    "record.at=0,10,20", "measure.names=neighborInformation+unitActivity+weightNorms",
    "measure.examples=test+train", "measure.exampleCount=300", "measure.layers=hidden.0+output",
  ]

  /// Scalars by tag and step.
  private func scalars(_ path: String) throws -> [String: [Int: Float]] {
    var result: [String: [Int: Float]] = [:]
    for event in try TensorBoardEvents(contentsOf: path).events {
      for value in event.values {
        guard case .scalar(let number) = value.content else { continue }
        result[value.tag, default: [:]][event.step] = number
      }
    }
    return result
  }

  @Test func measuresAreScalarsUnderTheirOwnNames() throws {
    try withTemporaryFolder { folder in
      #expect(try ProgramProcess.run(Self.training, in: folder).status == 0)
      let run = folder + "/runs/a"
      let shown = try scalars(run + "/" + MeasuredEvents.path)
      let curves = try RunCurves(folder: run)
      let name = "test/informationWithInput/hidden.0"
      let curve = try #require(curves[name])
      #expect(
        shown[name]
          == Dictionary(uniqueKeysWithValues: zip(curve.steps, curve.values.map { Float($0) })))
      #expect(shown[name + "/error"]?.count == curve.steps.count)
      #expect(shown["train/loss"] == nil)
      #expect(!FileManager.default.fileExists(atPath: run + "/published"))
    }
  }

  @Test func thePublishedNamesHaveThePublishedSums() throws {
    try withTemporaryFolder { folder in
      let end = try ProgramProcess.run(
        Self.training + ["record.compatibility=original"], in: folder)
      #expect(end.status == 0, "\(end.errors)")
      let run = folder + "/runs/a"
      let path = run + "/published/events.out.tfevents.1.grok"
      let (shown, curves) = (try scalars(path), try RunCurves(folder: run))
      // Two outputs, so that the sum over the outputs is twice their mean.
      let loss = try #require(curves["test/loss"]?.values.last)
      #expect(shown["Loss/test"]?[20] == Float(2 * loss))
      // Of 819 test examples three whole batches of 256.
      let accuracy = try #require(curves["test/accuracy"]?.values.last)
      #expect(abs((accuracy * 768).rounded() - accuracy * 768) < 1e-9)
      #expect(shown["Acc/test"]?[20] == Float(accuracy))
      let norms = try ["hidden.0", "output"].map { layer in
        let parts = try ["weight", "bias"].map {
          try #require(curves["weights/norm/\(layer).\($0)"]?.values.last)
        }
        return (parts[0] * parts[0] + parts[1] * parts[1]).squareRoot()
      }
      #expect(shown["WN/linear_2"]?[20] == Float(norms[1]))
      #expect(shown["WN/total"]?[20] == Float(norms[0] + norms[1]))
      let information = try #require(curves["test/informationWithInput/output"])
      #expect(shown["MI(X;L)_eval/layer 2"]?[20] == Float(try #require(information.values.last)))
      #expect(
        shown["MI(X;L)_Errors_eval/layer 2"]?[20] == Float(try #require(information.errors.last)))
      #expect(shown["num_dead_nrns_train/layer 1"]?.count == information.steps.count)
      let tags = try TensorBoardEvents(contentsOf: path).events.flatMap { event in
        event.values.compactMap { value -> String? in
          guard case .image = value.content else { return nil }
          return value.tag
        }
      }
      #expect(tags.count { $0 == "InfoPlane/eval" } == information.steps.count)
      #expect(tags.contains("InfoPlane_Final/train"))
    }
  }
}

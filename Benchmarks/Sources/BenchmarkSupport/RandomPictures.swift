import Foundation
import GrokDatasets

/// The first pictures of MNIST from the folder that GROK_DATA_DIR names; without it, random ones with its share of zeros,
/// which then are scattered and not in runs.
public func digits(count: Int = 1_000) throws -> LabeledExamples {
  guard let folder = ProcessInfo.processInfo.environment["GROK_DATA_DIR"] else {
    return try randomPictures(count: count)
  }
  return try MNIST(.digits, in: [folder], trainCount: count, testCount: 1).train
}

/// Random pictures of 28 × 28 pixels in 10 classes, with MNIST's share of zeros: 81 %.
public func randomPictures(count: Int = 1_000) throws -> LabeledExamples {
  let key = RandomKey(seed: 0)
  let kept: [Float] = key.fork("zeros").uniform(count: count * 784, in: 0..<1)
  let values: [Float] = key.fork("values").uniform(count: count * 784, in: 0..<1)
  return try LabeledExamples(
    inputs: .features(
      Matrix(
        values: zip(kept, values).map { $0 < 0.81 ? 0 : $1 }, rowCount: count, columnCount: 784)),
    labels: key.fork("labels").integers(count: count, in: 0..<10).map { Int32($0) },
    classCount: 10)
}

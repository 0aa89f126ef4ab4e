import Testing
import TestSupport

@testable import GrokDatasets

/// The batches of PyTorch's `DataLoader(shuffle=True)`; see the script beside the data.
@Suite struct DataLoaderOrderTests {
  struct File: Decodable { let loaders: [Loader] }

  struct Loader: Decodable, CustomTestStringConvertible {
    let count, batchSize: Int
    let dropsLast: Bool
    let epochs: [[[Int32]]]

    var testDescription: String { "\(count) in batches of \(batchSize), drops last: \(dropsLast)" }

    /// `torch.manual_seed(count)`, then seven numbers for something else.
    func batching() -> Batching {
      var generator = PyTorchRandom(seed: UInt64(count))
      _ = generator.uniform(count: 7, from: 0, to: 1) as [Float]
      return .dataLoader(
        batchSize: batchSize, keepsShortBatch: !dropsLast, generator: generator)
    }
  }

  static let loaders = (try? fixture("pytorch-random/expected.json", as: File.self).loaders) ?? []

  @Test(.tags(.golden), arguments: loaders) func batchesOfThreeEpochs(loader: Loader) throws {
    var batches = try Batches(
      loader.batching(), exampleCount: loader.count, key: RandomKey(seed: 0))
    #expect(batches.stepsPerEpoch == loader.epochs[0].count)
    for (step, expected) in loader.epochs.joined().enumerated() {
      var found: [Int32] = []
      batches.indices(ofStep: step, into: &found)
      #expect(found == expected, "step \(step)")
    }
  }

  /// A training that is continued begins in the middle.
  @Test(.tags(.resume), arguments: loaders) func stepsDoNotDependOnTheStepsBefore(loader: Loader)
    throws
  {
    let expected = Array(loader.epochs.joined())
    var backwards = try Batches(
      loader.batching(), exampleCount: loader.count, key: RandomKey(seed: 0))
    for step in expected.indices.reversed() {
      var found: [Int32] = []
      backwards.indices(ofStep: step, into: &found)
      #expect(found == expected[step])
    }
  }

  @Test func thereAreFixtures() { #expect(Self.loaders.count == 4) }

  @Test func sizesAreChecked() {
    let generator = PyTorchRandom(seed: 0)
    #expect(
      throws: DatasetError.invalidSetting(
        name: "batch size", value: "0", expected: "at least 1")
    ) {
      try Batches(
        .dataLoader(batchSize: 0, generator: generator), exampleCount: 3, key: RandomKey(seed: 0))
    }
  }
}

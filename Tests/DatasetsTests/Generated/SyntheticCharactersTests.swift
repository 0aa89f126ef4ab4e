import TestSupport
import Testing

@testable import GrokDatasets

@Suite struct SyntheticCharactersTests {
  private static let alphabet = SyntheticCharacters(key: RandomKey(seed: 1).fork("alphabet"))

  @Test(.tags(.law)) func fewerExamplesAreTheFirstOfMore() {
    let key = RandomKey(seed: 2)
    let many = Self.alphabet.examples(count: 60, key: key)
    #expect(Self.alphabet.examples(count: 7, key: key) == many.prefix(7))
    #expect(Self.alphabet.examples(count: 7, key: RandomKey(seed: 3)) != many.prefix(7))
  }

  @Test(.tags(.law)) func picturesHaveTheShapeOfEMNIST() throws {
    let examples = Self.alphabet.examples(count: 500, key: RandomKey(seed: 4))
    let pictures = try examples.features(for: "a test")
    #expect((examples.classCount, pictures.rowCount, pictures.columnCount) == (47, 500, 784))
    #expect(pictures.values.allSatisfy { $0 >= 0 && $0 <= 1 })
    #expect(Set(examples.labels).count == 47)
    for row in 0..<pictures.rowCount { #expect(pictures.row(row).contains(1)) }
    let mean = pictures.values.reduce(0) { $0 + Double($1) } / Double(pictures.count)
    // EMNIST has 0.1751 in the mean.
    #expect(mean > 0.1 && mean < 0.25, "\(mean)")
  }

  @Test(.tags(.statistical)) func aClassIsCloserToItselfThanToOthersButNotTrivial() throws {
    let train = Self.alphabet.examples(count: 1_000, key: RandomKey(seed: 5))
    let test = Self.alphabet.examples(count: 100, key: RandomKey(seed: 6))
    let (known, asked) = (try train.features(for: "a test"), try test.features(for: "a test"))
    let products = asked.multiplied(by: known.transposed)
    let lengths: [Float] = (0..<train.count).map { known.row($0).reduce(0) { $0 + $1 * $1 } }
    var correct = 0
    for row in 0..<test.count {
      let distances: [Float] = lengths.indices.map { lengths[$0] - 2 * products[row, $0] }
      let nearest = distances.indices.min { distances[$0] < distances[$1] } ?? 0
      if train.labels[nearest] == test.labels[row] { correct += 1 }
    }
    // By chance 2 of 100.
    #expect(correct > 40 && correct < 98, "\(correct)")
  }
}

import Foundation
import GrokDatasets
import TestSupport
import Testing

@Suite struct PictureInformationTests {
  private let key = RandomKey(seed: 4)
  private let examples = IcosahedralPatterns.examples()

  /// The classes of the pairs have the joint distribution of the channel.
  @Test(.tags(.statistical)) func classesAreTheLetters() throws {
    let labels = Dictionary(
      uniqueKeysWithValues: (0..<4096).map { pattern in
        ((0..<12).map { Double(pattern >> (11 - $0) & 1) }, IcosahedralPatterns.label(of: pattern))
      })
    let sample = try examples.labelPairs(count: 4000, redrawProbability: 0.3, key: key)
    func label(_ matrix: Matrix<Double>, _ row: Int) -> Int? { labels[Array(matrix.row(row))] }
    let same = (0..<4000).count { label(sample.x, $0) == label(sample.y, $0) }
    // 1 − 0.3/2, five standard errors.
    #expect(abs(Double(same) / 4000 - 0.85) < 0.028)
    let ones = (0..<4000).count { label(sample.x, $0) == 1 }
    #expect(abs(Double(ones) / 4000 - 0.5) < 0.04)
    let few = try examples.labelPairs(count: 10, redrawProbability: 0.3, key: key)
    #expect((0..<10).allSatisfy { few.x.row($0) == sample.x.row($0) })
  }

  /// Norms, less one, are the uniform pair.
  @Test(.tags(.law)) func normsAreTheNumbers() throws {
    let sample = try examples.brightnessPairs(count: 200, correlation: 0.9, key: key)
    let numbers = try KnownInformation.uniform(correlations: [0.9])
      .sample(count: 200, key: key.fork("numbers"))
    for row in 0..<200 {
      for (pictures, numbers) in [(sample.x, numbers.x), (sample.y, numbers.y)] {
        let norm = pictures.row(row).reduce(0) { $0 + $1 * $1 }.squareRoot()
        #expect(abs(norm - 1 - numbers[row, 0]) < 1e-12)
      }
    }
  }

  @Test(.tags(.law)) func newFamilies() throws {
    let channel = KnownInformation.additiveNoise(
      dimension: 3, conditionNumber: 100, noiseVariance: 0.5)
    #expect(channel == .additiveNoise(variances: [1, 0.1, 0.01], noiseVariance: 0.5))
    let expected = 0.5 * (log(3) + log(1.2) + log(1.02))
    #expect(abs(try channel.information() - expected) < 1e-14)
    // The mean of ln p(y | x)/p(y) over a sample.
    let sample = try channel.sample(count: 20_000, key: key)
    var total = 0.0
    for row in 0..<20_000 {
      for (column, variance) in [1, 0.1, 0.01].enumerated() {
        let (x, y) = (sample.x[row, column], sample.y[row, column])
        total +=
          0.5 * log((variance + 0.5) / 0.5) - (y - x) * (y - x) + y * y / (2 * (variance + 0.5))
      }
    }
    #expect(abs(total / 20_000 - expected) < 0.03)
    let rare = KnownInformation.rareEvent(probability: 0.1, letterCount: 4)
    #expect(abs(try rare.information() + 0.9 * log(0.9) + 0.1 * log(0.025)) < 1e-14)
    #expect(try KnownInformation.rareEvent(probability: 0, letterCount: 4).information() == 0)
    #expect(
      abs(try KnownInformation.rareEvent(probability: 1, letterCount: 4).information() - log(4))
        < 1e-14)
    let events = try rare.sample(count: 20_000, key: key)
    var rareCount = 0
    for row in 0..<20_000 {
      let (x, y) = (events.x[row, 0], events.y[row, 0])
      #expect((x < 0.9) == (y < 0.9) && y >= 0 && y <= 1)
      guard x >= 0.9 else { continue }
      rareCount += 1
      #expect(Int((x - 0.9) / 0.025) == Int((y - 0.9) / 0.025))
    }
    #expect(abs(rareCount - 2000) < 220)
  }

  @Test func messages() {
    let cases: [(() throws -> Void, String)] = [
      (
        { _ = try KnownInformation.additiveNoise(variances: [0], noiseVariance: 1).information() },
        "variances is [0.0]; expected numbers above 0"
      ),
      (
        { _ = try KnownInformation.rareEvent(probability: 2, letterCount: 1).information() },
        "probability is 2.0; expected 0 to 1"
      ),
      (
        {
          _ = try examples.prefix(1).labelPairs(count: 1, redrawProbability: 0, key: key)
        },
        "examples is none of class 1; expected some of every class"
      ),
      (
        { _ = try examples.prefix(1).brightnessPairs(count: 1, correlation: 0, key: key) },
        "examples is all zeros; expected some that are not"
      ),
    ]
    for (call, message) in cases {
      let error = #expect(throws: DatasetError.self) { try call() }
      #expect(error?.description == message)
    }
  }
}

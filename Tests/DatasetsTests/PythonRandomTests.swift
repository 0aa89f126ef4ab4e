import Testing
import TestSupport

@testable import GrokDatasets

/// What CPython's `random` returned; see the script beside the data.
struct PythonGolden: Decodable {
  struct Case: Decodable {
    var seed: Int
    var random: [Double]
    var bits: [BitCount]
    var below: [[Int]]
    var shuffled: [Int]
    var samples: [Sample]
    var thousandth: Double
  }
  struct BitCount: Decodable {
    var count: Int
    var value: UInt64

    init(from decoder: any Decoder) throws {
      var container = try decoder.unkeyedContainer()
      count = try container.decode(Int.self)
      value = UInt64(try container.decode(String.self))!
    }
  }
  struct Sample: Decodable {
    var population: Int
    var chosen: [Int]

    init(from decoder: any Decoder) throws {
      var container = try decoder.unkeyedContainer()
      population = try container.decode(Int.self)
      chosen = try container.decode([Int].self)
    }
  }
  struct Split: Decodable {
    var modulus: Int
    var fraction: Double
    var seed: Int
    var trainCount: Int
    var testCount: Int
    var firstTrain: [[Int]]
    var lastTest: [[Int]]
    var weightedSum: Int
    var order: [Int]
  }
  var cases: [Case]
  var splits: [Split]

  static func load() throws -> PythonGolden {
    try fixture("python-random/expected.json", as: PythonGolden.self)
  }
}

@Suite(.tags(.golden)) struct PythonRandomTests {
  let cases: [PythonGolden.Case]

  init() throws { cases = try PythonGolden.load().cases }

  @Test func randomNumbers() {
    for golden in cases {
      var random = PythonRandom(seed: golden.seed)
      for expected in golden.random { #expect(random.random() == expected, "seed \(golden.seed)") }
      for _ in golden.random.count..<999 { _ = random.random() }
      #expect(random.random() == golden.thousandth, "seed \(golden.seed)")
    }
  }

  @Test func bits() {
    for golden in cases {
      var random = PythonRandom(seed: golden.seed)
      for expected in golden.bits {
        #expect(random.getrandbits(expected.count) == expected.value, "seed \(golden.seed)")
      }
      let before = random
      #expect(random.getrandbits(0) == 0)
      #expect(random == before)
    }
  }

  @Test func integers() {
    for golden in cases {
      var random = PythonRandom(seed: golden.seed)
      for expected in golden.below {
        #expect(random.randrange(expected[0]) == expected[1], "seed \(golden.seed)")
      }
    }
  }

  @Test func shuffles() {
    for golden in cases {
      var random = PythonRandom(seed: golden.seed)
      var order = Array(0..<20)
      random.shuffle(&order)
      #expect(order == golden.shuffled, "seed \(golden.seed)")
    }
  }

  @Test func samplesOnBothSidesOfTheThresholds() {
    for golden in cases {
      for expected in golden.samples {
        var random = PythonRandom(seed: golden.seed)
        let sample = random.sample(Array(0..<expected.population), expected.chosen.count)
        #expect(sample == expected.chosen, "seed \(golden.seed), \(expected.population)")
      }
    }
  }
}

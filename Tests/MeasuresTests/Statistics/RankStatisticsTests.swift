import GrokNumerics
import TestSupport
import Testing

@testable import GrokMeasures

@Suite struct RankStatisticsTests {
  private typealias Fixture = TemperatureFixture

  @Test(.tags(.golden)) func tailsEqualScipy() {
    let values = Fixture.numbers("beta", "values")
    for (arguments, expected) in zip(Fixture.rows("beta", "cases"), values) {
      let found = BetaFunctions.regularized(arguments[0], arguments[1], arguments[2])
      #expect(isClose(found, expected, within: 1e-11), "\(arguments)")
    }
    for row in Fixture.rows("beta", "student") {
      let found = BetaFunctions.studentTail(beyond: row[0], degreesOfFreedom: row[1])
      #expect(isClose(found, row[2], within: 1e-11), "\(row)")
    }
    for row in Fixture.rows("beta", "fisher") {
      let found = BetaFunctions.fisherTail(
        beyond: row[0], numeratorFreedom: row[1], denominatorFreedom: row[2])
      #expect(isClose(found, row[3], within: 1e-11), "\(row)")
    }
  }

  @Test(.tags(.golden)) func spearmanEqualsScipy() throws {
    let (x, y) = (Fixture.numbers("ranks", "x"), Fixture.numbers("ranks", "y"))
    let found = try rankCorrelation(between: x, and: y)
    #expect(isClose(found.value, Fixture.number("ranks", "rho")))
    #expect(isClose(found.pValue, Fixture.number("ranks", "p")))
    let greater = try rankCorrelation(between: x, and: y, alternative: .greater)
    #expect(isClose(greater.pValue, Fixture.number("ranks", "pGreater")))
  }

  @Test(.tags(.law)) func spearmanOfMonotoneListsIsOne() throws {
    let x = [0.1, 3, 7, 20]
    #expect(try rankCorrelation(between: x, and: x.map { $0 * $0 }).value == 1)
    #expect(try rankCorrelation(between: x, and: x.map { -$0 }).pValue == 0)
    // "Never" is later than everything.
    let never = try rankCorrelation(between: [1, 2, 3, 4], and: [5, 9, .infinity, .infinity])
    #expect(isClose(never.value, 0.948683298050514))
  }

  @Test(.tags(.golden)) func trendEqualsItsFormula() throws {
    let found = try trendTest(of: Fixture.numbers("trend", "values"))
    #expect(Double(found.score) == Fixture.number("trend", "score"))
    #expect(isClose(found.tau, Fixture.number("trend", "tau")))
    #expect(isClose(found.zScore, Fixture.number("trend", "z")))
    #expect(isClose(found.pValue, Fixture.number("trend", "p")))
  }

  @Test(.tags(.oracle)) func scoresEqualALoopOverPairs() throws {
    for sample in RandomSamples.allCases {
      let values = sample.matrix(57, 1).values
      var score = 0
      for later in values.indices {
        for earlier in 0..<later where values[earlier] != values[later] {
          score += values[earlier] < values[later] ? 1 : -1
        }
      }
      #expect(try trendTest(of: values).score == score, "\(sample)")
    }
  }

  /// Records that depend on each other look like trends; corrected, 5 % of them do, ± 3 standard errors of 300 draws.
  @Test(.tags(.statistical)) func correlatedRecordsAreNoTrend() throws {
    var (plain, corrected, missed) = (0, 0, 0)
    for draw in 0..<300 {
      let values = autoregression(0.7, count: 100, key: RandomKey(seed: 5).fork(draw))
      plain += try trendTest(of: values).pValue < 0.05 ? 1 : 0
      corrected += try trendTest(of: values, forCorrelatedRecords: true).pValue < 0.05 ? 1 : 0
      let rising = values.enumerated().map { $1 + 0.1 * Double($0) }
      missed += try trendTest(of: rising, forCorrelatedRecords: true).pValue < 0.05 ? 0 : 1
    }
    #expect(plain > 80)
    #expect(corrected < 27, "\(corrected) of 300")
    #expect(missed < 3)
    let independent: [Double] = RandomKey(seed: 6).normal(count: 200)
    #expect(try trendTest(of: independent, forCorrelatedRecords: true).varianceFactor < 1.5)
  }

  @Test(.tags(.golden)) func signedRanksEqualScipy() throws {
    let few = Fixture.numbers("signedRanks", "few")
    let found = try signedRankTest(of: few, alternative: .greater)
    #expect(found.isExact)
    #expect(found.positiveRankSum == Fixture.number("signedRanks", "fewSum"))
    #expect(isClose(found.pValue, Fixture.number("signedRanks", "fewGreater")))
    #expect(isClose(try signedRankTest(of: few).pValue, Fixture.number("signedRanks", "fewP")))
    let many = try signedRankTest(of: Fixture.numbers("signedRanks", "many"))
    #expect(!many.isExact)
    #expect(isClose(many.pValue, Fixture.number("signedRanks", "manyP")))
    // Ties and zeros, against a list of all signs.
    let tied = try signedRankTest(
      of: Fixture.numbers("signedRanks", "tied"), alternative: .greater)
    #expect(tied.positiveRankSum == Fixture.number("signedRanks", "tiedSum"))
    #expect(isClose(tied.pValue, Fixture.number("signedRanks", "tiedGreater")))
  }

  @Test(.tags(.law)) func exactAndNormalMeet() throws {
    let values: [Double] = RandomKey(seed: 9).normal(count: 50).map { $0 + 0.2 }
    let exact = try signedRankTest(of: values).pValue
    let normal = try signedRankTest(of: values, largestExactCount: 0).pValue
    #expect(abs(exact - normal) < 0.01)
    #expect(try signedRankTest(of: [1, 2, 3], alternative: .greater).pValue == 0.125)
    #expect(try signedRankTest(of: [1, 2, 3], alternative: .less).pValue == 1)
  }

  @Test(.tags(.golden)) func discoveryRatesEqualScipy() throws {
    let found = try falseDiscoveryRates(of: Fixture.numbers("discovery", "values"))
    let expected = Fixture.numbers("discovery", "adjusted")
    #expect(expected.count == 18)
    #expect(zip(found, expected).allSatisfy { isClose($0, $1) })
    #expect(try falseDiscoveryRates(of: []).isEmpty)
  }

  @Test func refusals() {
    expectMessage(
      "rankCorrelation: 2 rows cannot be paired with 3; row i of both must belong to one sample"
    ) {
      _ = try rankCorrelation(between: [1, 2], and: [1, 2, 3])
    }
    expectMessage("rankCorrelation: all values of a list are equal") {
      _ = try rankCorrelation(between: [1, 1, 1], and: [1, 2, 3])
    }
    expectMessage("trendTest: 3 samples; at least 4 are needed") {
      _ = try trendTest(of: [1, 2, 3])
    }
    expectMessage("signedRankTest: 0 samples; at least 1 are needed") {
      _ = try signedRankTest(of: [0, 0])
    }
    expectMessage("falseDiscoveryRates: p-value 1 is 1.5; expected 0 to 1") {
      _ = try falseDiscoveryRates(of: [0, 1.5])
    }
    expectMessage(
      "trendTest: element 1 of the values is not finite; remove such samples or find their cause"
    ) {
      _ = try trendTest(of: [1, .nan, 3, 4])
    }
  }
}

/// Expects an error of measures that says exactly this.
func expectMessage(
  _ message: String, sourceLocation: SourceLocation = #_sourceLocation, _ body: () throws -> Void
) {
  let error = #expect(throws: MeasureError.self, sourceLocation: sourceLocation) { try body() }
  #expect(error?.description == message, sourceLocation: sourceLocation)
}

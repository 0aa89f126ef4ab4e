import GrokMeasures
import Testing

@Suite struct EstimateTests {
  @Test func theMeanHasTheTextbookStandardError() throws {
    let estimate = try Estimate(meanOf: [1, 2, 3, 4], measure: "test")
    #expect(estimate.value == 2.5)
    // s² = 5/3, s/√4.
    #expect(abs(estimate.standardError - (5.0 / 3 / 4).squareRoot()) < 1e-15)
    #expect(estimate.sampleCount == 4)
  }

  @Test(arguments: [
    ([1.0], "test: 1 samples; at least 2 are needed"),
    (
      [1, .nan],
      "test: element 1 of samples is not finite; remove such samples or find their cause"
    ),
  ])
  func refusals(samples: [Double], message: String) {
    let error = #expect(throws: MeasureError.self) {
      try Estimate(meanOf: samples, measure: "test")
    }
    #expect(error?.description == message)
  }
}

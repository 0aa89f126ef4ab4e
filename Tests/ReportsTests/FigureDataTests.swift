import Foundation
import GrokNumerics
import TestSupport
import Testing

@testable import GrokReports

@Suite struct FigureDataTests {
  @Test(
    arguments: [
      (0, "0"), (-3, "-3"), (0.1 + 0.2, "0.3"), (1234.5678, "1234.57"), (1.7427e-7, "17427e-11"),
      (-2.5e-4, "-25e-5"), (123_456_789, "123457e3"), (.nan, "null"), (-.infinity, "null"),
      (5e300, "5e300"), (1e6, "1000000"),
    ])
  func numbersTakeFewCharacters(value: Double, text: String) {
    #expect(FigureData.number(value) == text)
  }

  @Test(.tags(.law)) func numbersReadBackToSixDigits() throws {
    let key = RandomKey(seed: 5)
    for index in 0..<5_000 {
      let value = Double(bitPattern: key.bits(at: index))
      guard value.isFinite, value.magnitude > 1e-290 else { continue }
      let back = try #require(JSONValue(parsing: FigureData.number(value)).double)
      #expect(abs(back / value - 1) <= 5.1e-6, "\(value)")
    }
  }

  @Test(
    arguments: [
      ([], #"{"v":[]}"#), ([7], #"{"d":[7]}"#), ([0, 1, 2, 3, 10, 20], #"{"d":[0,1,3,7,1,10,1]}"#),
      ([5, 3, 3], #"{"d":[5,-2,1,0,1]}"#), ([0.5, 1], #"{"v":[0.5,1]}"#),
      ([1, .nan], #"{"v":[1,null]}"#),
    ])
  func columnsOfWholeNumbersAreDifferences(values: [Double], text: String) {
    #expect(FigureData.columnText(values) == text)
  }

  private func page(pointCount: Int, curveCount: Int = 5) -> String {
    let x = (0..<pointCount).map(Double.init)
    let plots = (0..<curveCount).map { curve in
      Plot(
        "Curve \(curve)", x: .logarithmicWithZero("Step"), y: .linear("Value"),
        series: [
          Plot.Series(
            "value", x: x,
            y: x.map { step in
              let phase = Int(step) * (curve + 7919) % 1000
              return Double(phase) / 1000 + (Int(step) == pointCount / 3 ? 100 : 0)
            })
        ])
    }
    return HTMLReport(title: "Large", sections: [.init("", plots.map { .figure($0) })]).html()
  }

  @Test func twentyThousandRecordsACurveStayWhole() throws {
    let text = page(pointCount: 20_000)
    #expect(text.utf8.count < 2_000_000)
    #expect(!text.contains("Shown are"))
    // One column for all curves.
    #expect(text.contains(#"id="columns">[{"d":[0,1,19999]}]<"#))
  }

  /// What stands out stays, and the page says what went.
  @Test func moreAreThinned() throws {
    let text = page(pointCount: 200_000)
    #expect(text.utf8.count < 3_000_000)
    #expect(
      text.components(separatedBy: " of 200,000 points: the first, the last, the lowest").count == 6
    )
    #expect(text.components(separatedBy: ",100.").count >= 6)
  }
}

import Testing
import TestSupport

@testable import GrokMeasures

@Suite struct LineFitTests {
  @Test(.tags(.law)) func byHand() {
    let exact = LineFit(x: [1, 2, 4], y: [3, 5, 9])
    #expect(abs(exact.slope - 2) < 1e-15 && abs(exact.intercept - 1) < 1e-14)
    #expect(exact.slopeError < 1e-15)
    // Residuals ½, −1 and ½: √(Σe²/1/Σ(x − x̄)²) = √(1.5/2).
    let rough = LineFit(x: [0, 1, 2], y: [0, 0, 3])
    #expect(abs(rough.slope - 1.5) < 1e-15 && abs(rough.intercept + 0.5) < 1e-15)
    #expect(abs(rough.slopeError - (1.5 / 2).squareRoot()) < 1e-14)
    #expect(LineFit(x: [0, 1], y: [0, 1]).slopeError == 0)
  }
}

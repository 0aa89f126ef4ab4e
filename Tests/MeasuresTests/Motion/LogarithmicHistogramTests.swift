import Foundation
import Testing
import TestSupport

@testable import GrokMeasures

@Suite struct LogarithmicHistogramTests {
  @Test(.tags(.law)) func binsAreDecades() {
    var histogram = LogarithmicHistogram(from: 0.01, to: 100, binCount: 4)
    for value in [0, 0.009, 0.02, 0.5, 0.9, 2, 99, 100, .infinity] { histogram.add(value) }
    #expect(histogram.counts == [1, 2, 1, 1])
    #expect(histogram.belowCount == 2 && histogram.aboveCount == 2)
    for (edge, expected) in zip(histogram.edges, [0.01, 0.1, 1, 10, 100]) {
      #expect(abs(edge / expected - 1) < 1e-14)
    }
  }

  /// Every number between the ends is in one bin, whatever its rounding.
  @Test(.tags(.law)) func everyNumberIsCountedOnce() {
    var histogram = LogarithmicHistogram(from: 1e-8, to: 1e8)
    let edges = histogram.edges
    for edge in edges { histogram.add(edge) }
    histogram.add(1e8.nextDown)
    #expect(histogram.counts.count == 64)
    let inside = histogram.counts.reduce(0, +)
    #expect(inside + histogram.belowCount + histogram.aboveCount == 66)
  }
}

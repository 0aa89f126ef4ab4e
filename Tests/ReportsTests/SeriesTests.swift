import GrokReports
import Testing

@Suite struct SeriesTests {
  @Test func errorsBecomeIntervalsAroundTheValue() {
    let series = Plot.Series("loss", x: [1, 2], y: [10, 20], error: [1, 2])
    #expect(series.points.map(\.lower) == [9, 18])
    #expect(series.points.map(\.upper) == [11, 22])
  }

  @Test func withoutErrorsThereAreNoIntervals() {
    let series = Plot.Series("loss", x: [1, 2], y: [10, 20])
    #expect(series.points == [Plot.Point(x: 1, y: 10), Plot.Point(x: 2, y: 20)])
  }
}

import GrokNumerics
import TestSupport
import Testing

@testable import GrokReports

/// Ranges of all sizes and offsets, as `AxisRange` would give them.
private let ranges: [ClosedRange<Double>] = {
  let key = RandomKey(seed: 21)
  return (0..<3000).map { index in
    func unit(_ offset: Int) -> Double { Double(key.bits(at: 3 * index + offset) >> 11) * 0x1p-53 }
    let width = powerOfTen(unit(0) * 40 - 20)
    let low = (unit(1) - 0.5) * 2 * width * powerOfTen(unit(2) * 8)
    return low...(low + width)
  }
}()

@Suite struct LinearTicksTests {
  @Test(.tags(.law), arguments: [3, 5, 8])
  func areFewInsideAndAscending(targetCount: Int) {
    for range in ranges {
      let ticks = LinearTicks(in: range, targetCount: targetCount)
      #expect((3...12).contains(ticks.values.count), "\(range)")
      #expect(ticks.values.allSatisfy(range.contains), "\(range)")
      #expect(zip(ticks.values, ticks.values.dropFirst()).allSatisfy { $0 < $1 }, "\(range)")
    }
  }

  @Test(.tags(.law)) func labelsAreDistinctAndReadBackAsTheValues() throws {
    for range in ranges {
      let ticks = LinearTicks(in: range, targetCount: 6)
      let (labels, exponent) = TickLabel.linear(ticks)
      #expect(Set(labels.map(\.text)).count == labels.count, "\(range): \(labels.map(\.text))")
      for (label, value) in zip(labels, ticks.values) {
        let plain = label.text.filter { $0 != "," }.map { $0 == "−" ? "-" : $0 }
        let back = try #require(Double("\(String(plain))e\(exponent)"))
        // The label is the decimal number that the tick is the nearest `Double` of.
        #expect(back == value, "\(label.text)e\(exponent) in \(range)")
      }
    }
  }

  @Test(
    arguments: [
      (0.0...1.0, 6, ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"]),
      (0.0...50_000.0, 6, ["0", "10,000", "20,000", "30,000", "40,000", "50,000"]),
      (-1.0...1.0, 5, ["−1.0", "−0.5", "0.0", "0.5", "1.0"]),
      (0.0...0.0005, 6, ["0", "1", "2", "3", "4", "5"]),
      (3.0...3.9, 5, ["3.0", "3.2", "3.4", "3.6", "3.8"]),
    ] as [(ClosedRange<Double>, Int, [String])])
  func areRound(range: ClosedRange<Double>, targetCount: Int, texts: [String]) {
    #expect(
      TickLabel.linear(LinearTicks(in: range, targetCount: targetCount)).labels.map(\.text) == texts
    )
  }

  @Test(arguments: [(0.0...4e-9, -9), (0.0...0.004, 0), (0.0...4e6, 6), (0.0...400_000.0, 0)])
  func extremeNumbersShareAPowerOfTen(range: ClosedRange<Double>, exponent: Int) {
    #expect(TickLabel.linear(LinearTicks(in: range, targetCount: 5)).exponent == exponent)
  }

  @Test func coverTheWholeOfDouble() {
    for range in [-1.7e308...1.7e308, 0...1e-299, -1e-305 * 1e5...1e-300] {
      let ticks = LinearTicks(in: range, targetCount: 5)
      #expect((3...12).contains(ticks.values.count), "\(range)")
    }
  }
}

@Suite struct LogarithmicTicksTests {
  private func chosen(_ range: ClosedRange<Double>) throws -> LogarithmicTicks {
    let level = try #require(LogarithmicTicks.levels(for: range, targetCount: 6).first)
    return LogarithmicTicks(in: range, level: level)
  }

  @Test(.tags(.law)) func areFewInsideAndAscending() throws {
    let key = RandomKey(seed: 22)
    for index in 0..<2000 {
      func unit(_ offset: Int) -> Double {
        Double(key.bits(at: 3 * index + offset) >> 11) * 0x1p-53
      }
      let low = unit(0) * 500 - 250
      let high = min(low + powerOfTen(unit(1) * 4.5 - 2), 308)
      let range = powerOfTen(low)...powerOfTen(high)
      for level in LogarithmicTicks.levels(for: range, targetCount: 6) {
        let ticks = LogarithmicTicks(in: range, level: level)
        #expect((2...12).contains(ticks.labeled.count), "\(range) \(level)")
        for values in [ticks.labeled, ticks.minor] {
          #expect(values.allSatisfy(range.contains), "\(range) \(level)")
          #expect(zip(values, values.dropFirst()).allSatisfy { $0 < $1 }, "\(range) \(level)")
        }
        #expect(Set(ticks.labeled).isDisjoint(with: ticks.minor), "\(range) \(level)")
      }
      #expect(try chosen(range).labeled.count >= 3, "\(range)")
    }
  }

  @Test func areAtDecades() throws {
    #expect(try chosen(0.5...60_000).labeled == [1, 10, 100, 1000, 10_000])
    #expect(try chosen(1...1000).minor.first == 2)
    #expect(try chosen(1...1000).minor.count == 24)
  }

  @Test func areBetweenDecadesWhereThoseAreFew() throws {
    #expect(try chosen(3...60).labeled == [5, 10, 20, 50])
    #expect(try chosen(1.0...1.9).labeled.count >= 3)
  }

  @Test(
    arguments: [
      ([1, 10, 100, 1000, 10_000, 100_000], ["1", "10", "100", "1,000", "10,000", "100,000"]),
      ([1e-3, 1e-2, 0.1], ["0.001", "0.01", "0.1"]),
      ([1e-4, 1e-2, 1, 100], ["10−4", "10−2", "100", "102"]),
      ([1e6, 2e6, 5e6], ["106", "2×106", "5×106"]),
    ] as [([Double], [String])])
  func labels(values: [Double], texts: [String]) {
    #expect(TickLabel.logarithmic(values).map(\.plain) == texts)
  }
}

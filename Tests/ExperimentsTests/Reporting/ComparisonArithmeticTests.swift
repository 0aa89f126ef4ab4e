import Foundation
import GrokReports
import TestSupport
import Testing

@testable import GrokExperiments

@Suite struct ComparisonArithmeticTests {
  /// Two runs that recorded accuracies and, where `operations` are given, what their steps cost.
  private func curves(_ operations: [Double?], in folder: String) throws -> [RunCurves] {
    try operations.enumerated().map { seed, cost in
      let path = "\(folder)/\(seed)"
      try FileManager.default.createDirectory(
        atPath: path, withIntermediateDirectories: true)
      var lines = ""
      for step in [0, 10, 20] {
        lines +=
          #"{"step":\#(step),"seconds":1,"name":"test/accuracy","value":\#(0.1 * Double(seed + 1) + 0.01 * Double(step))}"#
          + "\n"
        if let cost {
          lines +=
            #"{"step":\#(step),"seconds":1,"name":"compute/operations","value":\#(cost * Double(step))}"#
            + "\n"
        }
      }
      try lines.write(toFile: path + "/metrics.jsonl", atomically: true, encoding: .utf8)
      return try RunCurves(folder: path)
    }
  }

  @Test(.tags(.law)) func accuraciesStandAtTheMeanOfTheirOperations() throws {
    try withTemporaryFolder { folder in
      let runs = try curves([4, 6], in: folder)
      let line = try #require(
        ComparisonCurves.arithmetic(
          of: runs, named: "a", color: PlotColor.palette[0], band: .range))
      #expect(line.points.map(\.x) == [0, 50, 100])
      for (found, expected) in zip(line.points.map(\.y), [0.15, 0.25, 0.35]) {
        #expect(abs(found - expected) < 1e-12)
      }
      #expect(
        ComparisonCurves.arithmetic(
          of: try curves([4, nil], in: folder + "/b"), named: "a", color: PlotColor.palette[0],
          band: .range) == nil)
    }
  }
}

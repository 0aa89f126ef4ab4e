import Foundation
import GrokNumerics
import TestSupport
import Testing

@testable import GrokExperiments
@testable import GrokReports

@Suite struct ClaimTableTests {
  private func run(_ folder: String, _ numbers: [String: Double]) throws -> MeasuredArrays {
    try FileManager.default.createDirectory(
      atPath: folder + "/measures", withIntermediateDirectories: true)
    var archive = Archive()
    for (name, value) in numbers { archive.set(name, [value]) }
    try archive.write(to: folder + "/measures/cooling.npz")
    return MeasuredArrays(folder: folder)
  }

  private func table(_ contents: [HTMLReport.Content]) throws -> HTMLReport.Table {
    let tables = contents.compactMap { content -> HTMLReport.Table? in
      guard case .table(let table) = content.kind else { return nil }
      return table
    }
    return try #require(tables.first)
  }

  @Test func severalRunsAreJudgedTogether() throws {
    try withTemporaryFolder { folder in
      let runs = try [(1.0, 1.0), (0.9, 1.0), (0.5, 0.5)].enumerated().map { number, values in
        try run(
          "\(folder)/\(number)",
          [
            "cooling/batchNormRebound": values.0, "coolingVerdict/batchNormRebound": values.1,
            "coolingScaleFree/batchNormRebound": 0.2,
            "cooling/quickConvolutions": 5, "coolingVerdict/quickConvolutions": 1,
            "cooling/lastIsSlowest": 3, "coolingVerdict/lastIsSlowest": 0,
          ])
      }
      let several = try table(ClaimTable(runs).contents)
      #expect(
        several.columns == [
          "", "Claim", "Statistic", "Value", "Of ‖g‖ ‖w‖", "Holds in", "Verdict",
        ])
      #expect(
        several.rows == [
          [
            "C2", "At least three convolutions halve within an epoch", "convolutions", "5", "",
            "3 of 3", "confirmed",
          ],
          [
            "C4", "Batch norms get warmer again", "share of the parts", "0.9 (0.5–1)", "0.2",
            "2 of 3", "depends",
          ],
          [
            "C8", "The last layer is slowest, or second slowest", "rank", "3", "", "0 of 3",
            "not confirmed",
          ],
        ])
      let two = ClaimTable([
        runs[2],
        try run(
          folder + "/4", ["cooling/batchNormRebound": 0, "coolingVerdict/batchNormRebound": 0]),
      ])
      #expect(try table(two.contents).rows[1].suffix(2) == ["0 of 2", "not confirmed"])
      let one = try table(ClaimTable([runs[2]]).contents)
      #expect(one.rows[1].suffix(2) == ["0.2", "depends"])
      #expect(one.columns.count == 6)
    }
  }

  @Test func nothingMeasuredIsNoTable() throws {
    try withTemporaryFolder { folder in
      #expect(ClaimTable([MeasuredArrays(folder: folder)]).contents.isEmpty)
      #expect(ClaimTable([]).contents.isEmpty)
    }
  }
}

import Foundation
import TestSupport
import Testing

@testable import GrokExperiments
@testable import GrokReports
@testable import GrokTraining

@Suite struct ComparisonEventsTests {
  private static let names = ["embed.W_E", "unembed.W_U"]

  /// Motion of two parameters whose gradients fall to a tenth at a step, and whose update is half as long from then on.
  private func writeMotion(_ folder: String, event: Int, lastStep: Int) throws {
    let columns = MotionColumns(
      components: [
        .init(
          name: Self.names[0], kind: .embedding, depth: 0, head: nil, count: 9, rateFactor: 1,
          decay: 0.5),
        .init(
          name: Self.names[1], kind: .unembedding, depth: 1, head: nil, count: 16, rateFactor: 1,
          decay: 0.5),
      ], quantities: [.gradientNorm, .updateNorm, .weightNorm, .weightAlongUpdate])
    let file = try MotionFile(path: folder + "/" + MotionFile.name, columns: columns)
    var row = MotionRow(columns: columns)
    for step in 0...lastStep {
      let isAfter = step >= event
      // The first step of a warm-up has no length.
      row.step = step
      row.learningRate = step == 0 ? 0 : 0.1
      row.loss = 1
      let length = step == 0 ? 0 : isAfter ? 0.5 : 1.0
      // A wobble, so that nothing is constant.
      let gradient = (isAfter ? 0.1 : 1.0) * (1 + 0.01 * Double(step % 7))
      row.values = [gradient, length, 2, 0, 3 * gradient, length, 4, 0]
      file.append(row)
    }
    try file.flush()
  }

  private func comparison(events: [Int?], in folder: String) throws -> RunComparison {
    var comparison = RunComparison(title: "events")
    for (seed, event) in events.enumerated() {
      let path = "\(folder)/seed-\(seed)"
      try SyntheticRuns.write(path, seed: seed, generalization: event, lastStep: 4_000)
      let recorded = try ComparedRun(folder: path).outcome?.generalizationStep
      try writeMotion(path, event: recorded ?? 800, lastStep: 4_000)
      comparison.append(try ComparedRun(folder: path))
    }
    return comparison
  }

  private func contents(_ comparison: RunComparison) -> [HTMLReport.Content] {
    ComparisonEvents(comparison: comparison, groups: RunGroups(comparison.settings)).contents
  }

  @Test func aJumpOfEveryRunIsSeenWithItsSize() throws {
    try withTemporaryFolder { folder in
      let contents = contents(try comparison(events: [600, 1_000, nil, 1_500], in: folder))
      let texts = contents.compactMap { content -> String? in
        guard case .text(let words) = content.kind else { return nil }
        return words
      }
      #expect(
        texts[1].hasPrefix(
          "3 of 4 runs, the step of generalizing: 631, 1,000, 1,500. Window: a factor"),
        "\(texts[1])")
      let tables = contents.compactMap { content -> HTMLReport.Table? in
        guard case .table(let table) = content.kind else { return nil }
        return table
      }
      #expect(tables.count == 2)
      let change = tables[0]
      #expect(change.columns == ["Parameters", "‖g‖", "‖g‖ ‖w‖", "‖d‖", "‖d + ηλw‖", "‖ηλw‖"])
      #expect(change.rows.map { $0[0] } == ["all", "Embedding", "Unembedding"])
      // Gradients to a tenth, updates to a half; the decay, of weights that stay, does not change.
      for row in change.rows {
        #expect(row[1].hasPrefix("×0.1* ") || row[1].hasPrefix("×0.0999* "), "\(row)")
        #expect(row[3].hasPrefix("×0.5* "), "\(row)")
        #expect(row[5].hasPrefix("×1 "), "\(row)")
      }
      guard case .grid(let grid, _) = contents[2].kind else {
        Issue.record("no figure")
        return
      }
      #expect(grid.plots.map(\.series.count) == [3, 3, 3, 3, 3])
    }
  }

  @Test func oneRunIsNoAverage() throws {
    try withTemporaryFolder { folder in
      var found = contents(try comparison(events: [600, nil], in: folder))
      #expect(found.isEmpty)
      // An event so late that nothing is known of what came after it.
      found = contents(try comparison(events: [600, 3_900], in: folder))
      #expect(found.isEmpty)
    }
  }
}

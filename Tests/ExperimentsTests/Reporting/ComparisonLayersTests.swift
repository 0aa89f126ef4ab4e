import Foundation
import GrokMeasures
import GrokNumerics
import GrokReports
import TestSupport
import Testing

@testable import GrokExperiments

@Suite struct ComparisonLayersTests {
  /// Runs of some weight decays, with measures; the largest decay never generalizes.
  private func page(decays: [Double], seedCount: Int = 4) throws -> HTMLReport {
    try withTemporaryFolder { folder in
      var comparison = RunComparison(title: "decay")
      for decay in decays {
        for seed in 0..<seedCount {
          let run = "\(folder)/\(decay)-\(seed)"
          try SyntheticRuns.write(
            run, seed: seed, decay: decay,
            generalization: decay > 1 ? nil : Int(1_000 / decay) + 100 * seed)
          try SyntheticMeasures.write(
            [
              .init(
                quantity: "capacity", to: 0.8 + Double(seed) / 100,
                middle: 1_000 / decay + 100 * Double(seed)),
              .init(quantity: "radius", from: 1, to: 0.5, middle: 20 + Double(seed)),
            ], measure: "manifoldCapacity", in: run)
          comparison.append(try ComparedRun(folder: run))
        }
      }
      return try comparison.page()
    }
  }

  @Test func repeatsOfOneSettingHaveALineForEachLayer() throws {
    let page = try page(decays: [1])
    #expect(
      page.sections.map(\.title) == [
        "Outcomes by setting", "Curves", "What changes when", "Geometry of classes", "Runs",
        "Settings",
      ])
    let text = page.html()
    #expect(text.contains("\"t\":\"Capacity, training examples\""))
    #expect(text.contains("Capacity: separable manifolds for each dimension"))
    #expect(text.contains("\"n\":\"hidden.1\""))
    #expect(text.contains("What changes when: all runs (4 runs)"))
  }

  /// The information rises around step 100 in all runs and never falls.
  @Test func informationHasATableOfPhases() throws {
    try withTemporaryFolder { folder in
      var comparison = RunComparison(title: "plane")
      for seed in 0..<4 {
        let run = "\(folder)/\(seed)"
        try SyntheticRuns.write(run, seed: seed, decay: 1, generalization: 1_000)
        try SyntheticMeasures.write(
          [.init(quantity: "informationWithInput", middle: 100)], measure: "neighborInformation",
          in: run)
        comparison.append(try ComparedRun(folder: run))
      }
      let text = try comparison.page().html()
      // Three layers, test and training examples.
      #expect(text.components(separatedBy: "<td>0.6 (0.6 to 0.6)</td>").count == 7)
      // No fall, and the rise from step 0.
      #expect(text.components(separatedBy: "<td>0 (0 to 0)</td>").count == 19)
    }
  }

  @Test func settingsHaveAPlotForEachLayer() throws {
    let text = try page(decays: [0.3, 1]).html()
    #expect(text.contains("\"t\":\"Capacity, hidden.0, test examples\""))
    #expect(text.contains("\"t\":\"Capacity, hidden.0, training examples\""))
    #expect(text.contains("\"n\":\"weightDecay = 0.3 (4 runs)\""))
    #expect(text.contains("<summary>Radius</summary>"))
    #expect(text.contains("What changes when: weightDecay = 0.3 (4 runs)"))
  }

  /// The capacity rises with test accuracy, the radius long before; with no accuracy the radius is still earlier.
  @Test func readingsAreOverSeeds() throws {
    let text = try page(decays: [1, 3]).html()
    let rows = text.components(separatedBy: "<tr>").filter { $0.contains("<td>hidden.0</td>") }
      .filter { $0.contains("<td>test</td>") }
    func row(_ quantity: String, after place: Int) throws -> String {
      try #require(rows.filter { $0.contains(">\(quantity)</td>") }.dropFirst(place).first)
    }
    #expect(try row("Radius", after: 0).contains("<td>earlier</td>"))
    #expect(try row("Capacity", after: 0).contains("<td>4 of 4</td>"))
    #expect(try row("Capacity", after: 0).contains("<td>together</td>"))
    #expect(try row("Radius", after: 1).contains("<td>earlier</td>"))
    #expect(try !row("Capacity", after: 1).contains("<td>together</td>"))
    #expect(text.contains("<td>0 of 4</td>"))
  }

  @Test func onsetsOfRunsAreNeverLeftOut() {
    let seen = [10, 20, 30].map {
      OnsetObservation(onset: .init(step: $0, earliestStep: $0 - 5, latestStep: $0), lastStep: 100)
    }
    let never = OnsetObservation(onset: nil, lastStep: 100)
    #expect(OnsetsOfRuns(seen).cells[0] == "3 of 3")
    #expect(OnsetsOfRuns(seen).cells[1] == "20")
    #expect(OnsetsOfRuns(seen + [never, never]).cells[1] == "30")
    #expect(OnsetsOfRuns([seen[0], never, never]).cells[1] == "never")
    #expect(OnsetsOfRuns([seen[0]]).cells == ["1 of 1", "10", "5 – 10"])
    #expect(OnsetsOfRuns([never, never]).cells == ["0 of 2", "never", ""])
  }
}

import Foundation
import GrokTraining
import TestSupport
import Testing

/// The README's program, with fewer steps; its lines are held against the page.
@Suite struct ReadmeExampleTests {
  private func example(folder: String, steps: Int) throws -> Outcome {
    let key = RandomKey(seed: 7)
    let task = ModularArithmetic(.addition, modulus: 59)
    let data = task.split(trainFraction: 0.4, key: key.fork("split"))
    let model = MLP(inputs: task.inputSize, hidden: [128], outputs: task.modulus, activation: .relu)

    var trainer = try Trainer(
      model, parameters: model.initialParameters(as: Float.self, key: key.fork("weights")),
      loss: .crossEntropy, optimizer: .adamW(learningRate: 1e-3, weightDecay: 1),
      run: try Run(directory: folder + "/runs/mod-add-59"))
    trainer.observe(.logarithmic(perDecade: 10), as: "hidden/meanSquare") { snapshot in
      let hidden = try snapshot.activations(of: "hidden.0", on: data.test)  // [examples, 128]
      return hidden.values.reduce(0) { $0 + Double($1 * $1) } / Double(hidden.count)
    }
    let outcome = try trainer.fit(data, steps: steps, key: key.fork("batches"))
    return outcome
  }

  @Test func theProgramRuns() throws {
    try withTemporaryFolder { folder in
      let outcome = try example(folder: folder, steps: 20)
      #expect(outcome.steps == 20 && outcome.trainLoss < 4.1)
      let records = try Run.records(in: folder + "/runs/mod-add-59")
      #expect(records.contains { $0.name == "hidden/meanSquare" && $0.value > 0 })
    }
  }

  @Test func thePageSaysTheSame() throws {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    func lines(_ text: some StringProtocol) -> [String] {
      text.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
        .map {
          $0.replacingOccurrences(of: "folder + \"/runs/", with: "\"runs/")
            .replacingOccurrences(of: "steps: 5_000", with: "steps: steps")
        }
    }
    let page = try String(contentsOf: root.appendingPathComponent("README.md"), encoding: .utf8)
    let block = try #require(
      page.components(separatedBy: "```swift\n").first { $0.hasPrefix("import GrokTraining") }?
        .components(separatedBy: "```").first)
    let here = Set(lines(try String(contentsOfFile: #filePath, encoding: .utf8)))
    for line in lines(block) where !line.hasPrefix("print(") {
      #expect(here.contains(line), "the README says: \(line)")
    }
  }
}

import Foundation
import TestSupport
import Testing

@testable import GrokExperiments

/// The published curves that the presets promise. They take minutes to half an hour, so they run only
/// where `GROK_SLOW=1` asks for them.
@Suite(.serialized, .enabled(if: ProcessInfo.processInfo.environment["GROK_SLOW"] == "1"))
struct ReproductionTests {
  /// Trains a preset and returns all its records by name and step.
  private func records(of preset: Preset, steps: Int) throws -> [String: [Int: Double]] {
    var settings = preset.settings
    settings.train.steps = steps
    let experiment = try Experiment(settings, folders: [DataFolder.path].compactMap { $0 })
    let collector = RecordCollector()
    var trainer: Trainer<Float> = try experiment.trainer(as: Float.self, run: nil)
    trainer.report(to: collector)
    _ = try experiment.fit(&trainer) { _ in true }
    return collector.values
  }

  @Test(.tags(.slow)) func modularAdditionGroks() throws {
    let records = try records(of: .modularAddition, steps: Preset.modularAddition.settings.train.steps)
    let fit = try #require(records["train/accuracy"]!.filter { $0.value >= 0.99 }.keys.min())
    let generalized = try #require(records["test/accuracy"]!.filter { $0.value >= 0.99 }.keys.min())
    #expect(generalized >= 10 * fit)
  }

  /// Nanda et al. (2023): generalization by 25,000 epochs.
  @Test(.tags(.slow)) func modularAdditionPaperGroks() throws {
    let records = try records(of: .modularAdditionPaper, steps: 25_000)
    #expect(records["test/accuracy"]![25_000]! >= 0.99)
    #expect(records["test/loss"]![25_000]! < 1e-3)
  }

  /// Liu et al. (2022), the first figure: fit early, generalize late.
  @Test(.tags(.slow), .enabled(if: DataFolder.path != nil, "\(DataFolder.howToProvide)"))
  func mnistOmnigrokGeneralizesLate() throws {
    let records = try records(of: .mnistOmnigrok, steps: 100_000)
    let (train, test) = (records["train/accuracy"]!, records["test/accuracy"]!)
    #expect(train.contains { $0.key < 4_000 && $0.value >= 0.99 && test[$0.key]! < 0.30 })
    #expect(test[60_000]! >= 0.80)
    #expect(test[100_000]! >= 0.87)
  }
}

private final class RecordCollector: RecordSink, @unchecked Sendable {
  private(set) var values: [String: [Int: Double]] = [:]

  func record(_ records: [Record]) {
    for record in records { values[record.name, default: [:]][record.step] = record.value }
  }
}

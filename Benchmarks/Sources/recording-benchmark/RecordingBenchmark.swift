import BenchmarkSupport
import Foundation
import GrokTraining

/// What recording the motion of the weights costs a step of ResNet-18 (ImageNet stem, batch 128 of 3 × 32 × 32, SGD with momentum 0.9
/// and weight decay 5e-4, Float): trainings that record different things take turns of a few steps.
///
/// `recording-benchmark [--threads N] [--rounds N] [--steps N]` prints, for each, the median milliseconds of a step, and of its
/// update with the record (from the gradient to the next step), which other work on the machine disturbs less; then the median
/// over rounds of what the update takes longer than without a record, as a share of the step without a record.
@main
struct RecordingBenchmark {
  static func main() throws {
    let (threads, rounds) = (option("--threads", 2), option("--rounds", 15))
    let steps = option("--steps", 3)
    let recordings: [(name: String, recording: MotionRecording?)] = [
      ("none", nil),
      ("norms", MotionRecording(comparesSteps: false, measuresDisplacement: false)),
      ("norms and comparisons", MotionRecording(measuresDisplacement: false)),
      ("everything", MotionRecording()),
    ]
    let data = try examples()
    var contestants = try recordings.map { try Contestant($0.recording, threads: threads) }
    for round in 0..<rounds + 1 {
      for place in contestants.indices {
        let index = (place + round) % contestants.count
        try contestants[index].turn(data, steps: steps, isCounted: round > 0)
      }
    }
    let step = median(contestants[0].stepTimes)
    for (contestant, recording) in zip(contestants, recordings) {
      let extra = zip(contestant.updateTimes, contestants[0].updateTimes).map { $0 - $1 }
      print(
        recording.name.padding(toLength: 24, withPad: " ", startingAt: 0),
        String(
          format: "step %7.2f ms, update %6.2f ms, %+5.2f ms, %+5.2f %%",
          1e3 * median(contestant.stepTimes), 1e3 * median(contestant.updateTimes),
          1e3 * median(extra), 100 * median(extra) / step))
    }
  }

  private static func examples() throws -> TrainTestSplit {
    let key = RandomKey(seed: 0)
    let examples = try LabeledExamples(
      inputs: .features(key.fork("x").normalMatrix(rowCount: 128, columnCount: 3 * 32 * 32)),
      labels: key.fork("labels").integers(count: 128, in: 0..<10).map { Int32($0) },
      classCount: 10)
    return TrainTestSplit(
      train: examples, test: examples.prefix(0), trainIndices: Array(0..<examples.count),
      testIndices: [])
  }
}

/// A training and how long its steps took.
private struct Contestant {
  private var trainer: Trainer<Float>
  private let clock = UpdateClock()
  /// Seconds of a step, the mean of each turn.
  private(set) var stepTimes: [Double] = []
  /// Seconds of an update, the least of each turn.
  private(set) var updateTimes: [Double] = []

  init(_ motion: MotionRecording?, threads: Int) throws {
    let model = ResNet.resNet18(
      pictures: PictureSize(channels: 3, height: 32, width: 32), stem: .imageNet, outputs: 10)
    trainer = try Trainer(
      model, parameters: model.initialParameters(as: Float.self, key: RandomKey(seed: 0)),
      loss: .crossEntropy, optimizer: .sgd(learningRate: 0.01, momentum: 0.9, weightDecay: 5e-4),
      motion: motion, context: ComputeContext(threadCount: threads))
    let clock = clock
    trainer.observeGradient(.every(1)) { _, _ in clock.begin() }
  }

  mutating func turn(_ data: TrainTestSplit, steps: Int, isCounted: Bool) throws {
    let plan = Trainer<Float>.Plan(batching: .full, recording: .never, checkpoints: .init(.never))
    let (end, clock) = (trainer.step + steps, clock)
    clock.forget()
    let outcome = try trainer.fit(data, steps: .max, plan: plan, key: RandomKey(seed: 1)) {
      clock.end()
      return $0 < end
    }
    guard isCounted, let least = clock.times.min() else { return }
    stepTimes.append(1 / outcome.stepsPerSecond)
    updateTimes.append(least)
  }
}

/// Times updates: from the gradient, which an observer sees, to the question whether to go on. Used by the thread that trains.
private final class UpdateClock: @unchecked Sendable {
  private(set) var times: [Double] = []
  private var start: Double?

  func forget() { (times, start) = ([], nil) }
  func begin() { start = ProcessInfo.processInfo.systemUptime }

  func end() {
    if let start { times.append(ProcessInfo.processInfo.systemUptime - start) }
    start = nil
  }
}

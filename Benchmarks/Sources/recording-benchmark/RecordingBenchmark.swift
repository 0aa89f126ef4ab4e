import BenchmarkSupport
import Foundation
import GrokTraining

/// What recording the motion of the weights costs a step of ResNet-18 (ImageNet stem, batch 128 of 3 × 32 × 32, SGD with momentum 0.9
/// and weight decay 5e-4, Float): trainings that record different things take turns of a few steps.
///
/// `recording-benchmark [--threads N] [--rounds N] [--steps N]` prints, for each, the median milliseconds of a step and the median
/// of its quotients by the training without a record, both of the turns of one round.
@main
struct RecordingBenchmark {
  static func main() throws {
    let (threads, rounds, steps) = (
      option("--threads", 2), option("--rounds", 15), option("--steps", 3)
    )
    let recordings: [(name: String, recording: MotionRecording?)] = [
      ("none", nil),
      ("norms", MotionRecording(comparesSteps: false, measuresDisplacement: false)),
      ("norms and comparisons", MotionRecording(measuresDisplacement: false)),
      ("everything", MotionRecording()),
      ("everything every 20 steps", MotionRecording(interval: 20)),
    ]
    let data = try examples()
    var trainers = try recordings.map { try trainer($0.recording, threads: threads) }
    var times = [[Double]](repeating: [], count: trainers.count)
    for round in 0..<rounds + 1 {
      for place in trainers.indices {
        let index = (place + round) % trainers.count
        let seconds = try secondsOfStep(&trainers[index], data, steps: steps)
        if round > 0 { times[index].append(seconds) }
      }
    }
    for (index, recording) in recordings.enumerated() {
      let quotients = zip(times[index], times[0]).map { $0 / $1 }
      print(
        recording.name.padding(toLength: 28, withPad: " ", startingAt: 0),
        String(format: "%7.2f ms  %6.4f", 1e3 * median(times[index]), median(quotients)))
    }
  }

  private static func trainer(_ motion: MotionRecording?, threads: Int) throws -> Trainer<Float> {
    let model = ResNet.resNet18(
      pictures: PictureSize(channels: 3, height: 32, width: 32), stem: .imageNet, outputs: 10)
    return try Trainer(
      model, parameters: model.initialParameters(as: Float.self, key: RandomKey(seed: 0)),
      loss: .crossEntropy, optimizer: .sgd(learningRate: 0.01, momentum: 0.9, weightDecay: 5e-4),
      motion: motion, context: ComputeContext(threadCount: threads))
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

  private static func secondsOfStep(
    _ trainer: inout Trainer<Float>, _ data: TrainTestSplit, steps: Int
  ) throws -> Double {
    let plan = Trainer<Float>.Plan(batching: .full, recording: .never, checkpoints: .init(.never))
    let end = trainer.step + steps
    let outcome = try trainer.fit(data, steps: .max, plan: plan, key: RandomKey(seed: 1)) {
      $0 < end
    }
    return 1 / outcome.stepsPerSecond
  }

  private static func median(_ values: [Double]) -> Double {
    let sorted = values.sorted()
    let middle = sorted.count / 2
    return sorted.count.isMultiple(of: 2)
      ? (sorted[middle - 1] + sorted[middle]) / 2 : sorted[middle]
  }
}

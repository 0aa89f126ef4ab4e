import BenchmarkSupport
import Foundation
import GrokTraining

/// What the statistics of single examples' gradients cost beside a training step: a perceptron 784-200-200-10, 200 examples, AdamW,
/// Float. Steps and statistics take turns.
///
/// `moments-benchmark [--threads N] [--rounds N] [--steps N]` prints the median milliseconds of a step and of
/// `gradientMoments(on:)`, and the median over rounds of the second as a multiple of the first.
@main
struct MomentsBenchmark {
  static func main() throws {
    let (threads, rounds) = (option("--threads", 2), option("--rounds", 21))
    let steps = option("--steps", 20)
    let key = RandomKey(seed: 0)
    let examples = try LabeledExamples(
      inputs: .features(key.fork("x").normalMatrix(rowCount: 200, columnCount: 784)),
      labels: key.fork("labels").integers(count: 200, in: 0..<10).map { Int32($0) },
      classCount: 10)
    let data = TrainTestSplit(
      train: examples, test: examples.prefix(0), trainIndices: Array(0..<200), testIndices: [])
    let model = MLP(inputs: 784, hidden: [200, 200], outputs: 10)
    let context = ComputeContext(threadCount: threads)
    var trainer = try Trainer(
      model, parameters: model.initialParameters(as: Float.self, key: key), loss: .crossEntropy,
      optimizer: .adamW(learningRate: 1e-3, weightDecay: 0.01), context: context)
    let plan = Trainer<Float>.Plan(batching: .full, recording: .never, checkpoints: .init(.never))
    var (stepTimes, momentTimes): ([Double], [Double]) = ([], [])
    var noiseScale = 0.0
    for round in 0..<rounds + 1 {
      let end = trainer.step + steps
      let outcome = try trainer.fit(data, steps: .max, plan: plan, key: key) { $0 < end }
      let snapshot = trainer.snapshot
      let start = ProcessInfo.processInfo.systemUptime
      for _ in 0..<steps {
        noiseScale = try snapshot.gradientMoments(on: examples).noiseScale.ratio ?? .nan
      }
      let seconds = (ProcessInfo.processInfo.systemUptime - start) / Double(steps)
      guard round > 0 else { continue }
      stepTimes.append(1 / outcome.stepsPerSecond)
      momentTimes.append(seconds)
    }
    let ratios = zip(momentTimes, stepTimes).map { $0 / $1 }
    print(
      String(
        format: "step %.3f ms, statistics %.3f ms, %.2f × a step (noise scale at the end %.1f)",
        1e3 * median(stepTimes), 1e3 * median(momentTimes), median(ratios), noiseScale))
  }
}

import BenchmarkSupport
import Foundation
import GrokExperiments

/// What it costs to keep the records of a training that makes them at every step.
///
/// `logging-benchmark [ROUNDS]` trains networks on one thread, with losses and accuracies of all examples at
/// every step, in three ways that take turns: evaluated only; with `metrics.jsonl`; with `metrics.jsonl` and
/// TensorBoard events. Times are processor time of the process, system calls among them, so that other work on
/// the machine counts little.
@main
struct LoggingBenchmark {
  static func main() throws {
    let rounds = CommandLine.arguments.dropFirst().first.flatMap { Int($0) } ?? 15
    let folder = FileManager.default.temporaryDirectory.path + "/logging-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    print("network | evaluated only, us a step | + metrics.jsonl | + events | added, %")
    for contest in [try transformer(), try perceptron(), try small()] {
      try compare(contest, rounds: rounds, in: folder)
    }
    try recordsAlone(in: folder)
  }

  private struct Contest {
    let name: String
    let data: TrainTestSplit
    let batching: Batching
    let trainer: () throws -> Trainer<Float>
  }

  private static func compare(_ contest: Contest, rounds: Int, in folder: String) throws {
    var trainers = try (0..<3).map { _ in try contest.trainer() }
    for way in 1..<3 {
      let run = try Run(directory: "\(folder)/\(contest.name) \(way)")
      trainers[way].report(to: run)
      if way == 2 { trainers[way].report(to: try TensorBoardSink(in: run.directory)) }
    }
    var times = [[Double]](repeating: [], count: 3)
    for round in 0...rounds {
      for way in [[0, 1, 2], [2, 0, 1], [1, 2, 0], [2, 1, 0]][round % 4] {
        let time = try microsecondsAStep(&trainers[way], contest)
        if round > 0 { times[way].append(time) }
      }
    }
    let medians = times.map(median)
    let added = median(zip(times[2], times[0]).map { $0 / $1 - 1 })
    print(
      "\(contest.name) | "
        + medians.map { String(format: "%.1f", $0) }.joined(separator: " | ")
        + String(format: " | %.2f", 100 * added))
  }

  private static func microsecondsAStep(
    _ trainer: inout Trainer<Float>, _ contest: Contest
  ) throws -> Double {
    let plan = Trainer<Float>.Plan(
      batching: contest.batching, recording: .every(1), checkpoints: .init(.never))
    let (start, first) = (processorSeconds(), trainer.step)
    _ = try trainer.fit(contest.data, steps: .max, plan: plan, key: RandomKey(seed: 1)) { step in
      step & 7 != 0 || processorSeconds() - start < 0.25
    }
    return 1e6 * (processorSeconds() - start) / Double(trainer.step - first)
  }

  /// Records without a training between them: five names at each of 100,000 steps.
  private static func recordsAlone(in folder: String) throws {
    let run = try Run(directory: folder + "/records")
    let events = try TensorBoardSink(in: run.directory)
    let names = ["train/loss", "train/accuracy", "test/loss", "test/accuracy", "weights/norm"]
    let values: [Double] = RandomKey(seed: 2).normal(count: 500_000)
    let steps = (0..<100_000).map { step in
      names.enumerated().map { place, name in
        Record(
          step: step, seconds: 0.001 * Double(step), name: name, value: values[5 * step + place])
      }
    }
    for (name, sink) in [("metrics.jsonl", run), ("events", events)] as [(String, any RecordSink)] {
      let start = processorSeconds()
      for records in steps { try sink.record(records) }
      let microseconds = 1e6 * (processorSeconds() - start) / 100_000
      print("five records to \(name): \(String(format: "%.2f", microseconds)) us")
    }
  }

  // MARK: Networks

  /// The default preset: a transformer that learns addition modulo 59.
  private static func transformer() throws -> Contest {
    let key = RandomKey(seed: 0)
    let task = ModularArithmetic(.addition, modulus: 59)
    let model = Transformer(
      vocabularySize: 60, context: 3, width: 64, headCount: 4, perceptronWidth: 256)
    return Contest(
      name: "transformer of the default preset",
      data: task.split(trainFraction: 0.35, encoding: .tokens, key: key), batching: .full
    ) {
      try Trainer(
        model, parameters: model.initialParameters(key: key), loss: .crossEntropy,
        optimizer: .adamW(beta2: 0.98, weightDecay: 1), context: ComputeContext(threadCount: 1))
    }
  }

  /// 784-200-200-10 in batches of 200, with 1,000 random pictures to train on and 1,000 to test with.
  private static func perceptron() throws -> Contest {
    let key = RandomKey(seed: 0)
    let pixels: [Float] = key.uniform(count: 1_568_000, in: 0..<1)
    let examples = try LabeledExamples(
      inputs: .features(Matrix(values: pixels, rowCount: 2_000, columnCount: 784)),
      labels: key.fork("labels").integers(count: 2_000, in: 0..<10).map { Int32($0) },
      classCount: 10)
    let split = TrainTestSplit(
      train: examples.selecting(Array(0..<1_000)), test: examples.selecting(Array(1_000..<2_000)),
      trainIndices: Array(0..<1_000), testIndices: Array(1_000..<2_000))
    let model = MLP(inputs: 784, hidden: [200, 200], outputs: 10)
    return Contest(
      name: "perceptron of the MNIST preset", data: split,
      batching: .epochPermutation(batchSize: 200)
    ) {
      try Trainer(
        model, parameters: model.initialParameters(key: key), loss: .meanSquaredError,
        optimizer: .adamW(weightDecay: 0.01), context: ComputeContext(threadCount: 1))
    }
  }

  /// The README's perceptron: addition modulo 59, 128 hidden units, the full batch.
  private static func small() throws -> Contest {
    let key = RandomKey(seed: 0)
    let task = ModularArithmetic(.addition, modulus: 59)
    let model = MLP(inputs: task.inputSize, hidden: [128], outputs: 59)
    return Contest(
      name: "perceptron of the README", data: task.split(trainFraction: 0.4, key: key),
      batching: .full
    ) {
      try Trainer(
        model, parameters: model.initialParameters(key: key), loss: .crossEntropy,
        optimizer: .adamW(weightDecay: 1), context: ComputeContext(threadCount: 1))
    }
  }
}

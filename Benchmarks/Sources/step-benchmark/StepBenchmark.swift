import BenchmarkSupport
import GrokTraining

/// One contestant of `duel.py`: trains when told to and says how many steps it did.
///
/// `step-benchmark mlp|transformer --threads N [--data FOLDER]` reads lines `go SECONDS` and answers
/// each with `STEPS SECONDS`; `quit` ends it.
@main
struct StepBenchmark {
  static func main() throws {
    let context = ComputeContext(threadCount: option("--threads", 1))
    switch CommandLine.arguments.dropFirst().first {
    case "mlp": try serve(mlp(context), batching: .epochPermutation(batchSize: 200))
    case "transformer": try serve(transformer(context), batching: .full)
    default:
      exitWithUsage("step-benchmark mlp|transformer [--threads N]")
    }
  }

  /// 784-200-200-10, ReLU, squared error, AdamW; 1,000 random pictures with MNIST's share of zeros.
  private static func mlp(_ context: ComputeContext) throws -> (Trainer<Float>, TrainTestSplit) {
    let model = MLP(inputs: 784, hidden: [200, 200], outputs: 10)
    let trainer = try Trainer(
      model, parameters: model.initialParameters(scale: 8, as: Float.self, key: RandomKey(seed: 0)),
      loss: .meanSquaredError, optimizer: .adamW(weightDecay: 0.01), context: context)
    return (trainer, try only(randomPictures()))
  }

  /// Addition modulo 113 as in Nanda et al. (2023): 3,830 examples at once.
  private static func transformer(_ context: ComputeContext) throws
    -> (Trainer<Float>, TrainTestSplit)
  {
    let key = RandomKey(seed: 0)
    let task = ModularArithmetic(.addition, modulus: 113)
    let split = task.split(trainFraction: 0.3, encoding: .tokens, key: key)
    let model = Transformer(vocabularySize: 114, context: 3, width: 128, headCount: 4)
    let trainer = try Trainer(
      model, parameters: model.initialParameters(as: Float.self, key: key), loss: .crossEntropy,
      optimizer: .adamW(beta2: 0.98, weightDecay: 1), learningRate: .warmUp(steps: 10),
      context: context)
    return (trainer, try only(split.train))
  }

  /// Training examples without a test set.
  private static func only(_ examples: LabeledExamples) throws -> TrainTestSplit {
    TrainTestSplit(
      train: examples, test: examples.prefix(0), trainIndices: Array(0..<examples.count),
      testIndices: [])
  }

  private static func serve(
    _ contestant: (trainer: Trainer<Float>, data: TrainTestSplit), batching: Batching
  ) throws {
    var trainer = contestant.trainer
    let plan = Trainer<Float>.Plan(
      batching: batching, recording: .never, checkpoints: .init(.never))
    func train(until deadline: Double) throws -> Outcome {
      try trainer.fit(
        contestant.data, steps: .max, plan: plan, key: RandomKey(seed: 1)
      ) { _ in clockSeconds() < deadline }
    }
    _ = try train(until: clockSeconds() + 0.5)
    try serveTurns { seconds in
      let before = trainer.step
      let outcome = try train(until: clockSeconds() + seconds)
      let steps = trainer.step - before
      return (steps, Double(steps) / outcome.stepsPerSecond)
    }
  }
}

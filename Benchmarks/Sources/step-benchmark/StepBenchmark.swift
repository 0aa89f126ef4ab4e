import BenchmarkSupport
import GrokTraining

/// One contestant of `duel.py`: trains when told to and says how many steps it did.
///
/// `step-benchmark mlp|evaluation|transformer|language-model|induction --threads N` reads lines `go SECONDS` and answers
/// each with `STEPS SECONDS`; `quit` ends it. `evaluation` counts and times the evaluations of 11,000 pictures that a
/// training makes, without its steps.
@main
struct StepBenchmark {
  static func main() throws {
    let context = ComputeContext(threadCount: option("--threads", 1))
    switch CommandLine.arguments.dropFirst().first {
    case "mlp": try serve(mlp(context), batching: .epochPermutation(batchSize: 200))
    case "evaluation": try serveEvaluations(context)
    case "transformer": try serve(transformer(context), batching: .full)
    case "language-model": try serve(languageModel(context), batching: .full)
    case "induction":
      try serve(induction(context), batching: .epochPermutation(batchSize: 48))
    default:
      exitWithUsage(
        "step-benchmark mlp|evaluation|transformer|language-model|induction [--threads N]")
    }
  }

  /// 784-200-200-10, ReLU, squared error, AdamW; 1,000 pictures of MNIST.
  private static func mlp(_ context: ComputeContext) throws -> (Trainer<Float>, TrainTestSplit) {
    let model = MLP(inputs: 784, hidden: [200, 200], outputs: 10)
    let trainer = try Trainer(
      model, parameters: model.initialParameters(scale: 8, as: Float.self, key: RandomKey(seed: 0)),
      loss: .meanSquaredError, optimizer: .adamW(weightDecay: 0.01), context: context)
    return (trainer, try only(digits()))
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

  /// Two layers of attention, width 256, 8 heads, layer norm; 32 sequences of 256 random tokens of 5,000.
  private static func languageModel(_ context: ComputeContext) throws
    -> (Trainer<Float>, TrainTestSplit)
  {
    var form = TransformerForm()
    form.normalization = .before
    let model = Transformer(
      vocabularySize: 5_000, context: 256, width: 256, depth: 2, headCount: 8, perceptronWidth: 0,
      form: form, reading: .everyPosition)
    let trainer = try Trainer(
      model, parameters: model.initialParameters(as: Float.self, key: RandomKey(seed: 0)),
      loss: .crossEntropy, optimizer: .adam(learningRate: 1e-3), context: context)
    return (trainer, try only(randomSequences(32, context: 256, vocabularySize: 5_000)))
  }

  /// Two layers of attention, width 64, 4 heads; 48 sequences of 36 tokens of 32 at a time.
  private static func induction(_ context: ComputeContext) throws
    -> (Trainer<Float>, TrainTestSplit)
  {
    let model = Transformer(
      vocabularySize: 32, context: 36, width: 64, depth: 2, headCount: 4, perceptronWidth: 0,
      reading: .everyPosition)
    let trainer = try Trainer(
      model, parameters: model.initialParameters(as: Float.self, key: RandomKey(seed: 0)),
      loss: .crossEntropy,
      optimizer: .adamW(learningRate: 3e-3, beta2: 0.98, weightDecay: 0.01), context: context)
    return (trainer, try only(randomSequences(480, context: 36, vocabularySize: 32)))
  }

  /// Random tokens, each the target of the position before it.
  private static func randomSequences(
    _ count: Int, context: Int, vocabularySize: Int
  ) throws -> LabeledExamples {
    let tokens = RandomKey(seed: 1).integers(count: count * (context + 1), in: 0..<vocabularySize)
      .map { Int32($0) }
    let rows = (0..<count).map { tokens[$0 * (context + 1)..<($0 + 1) * (context + 1)] }
    return try LabeledExamples(
      sequences: TokenMatrix(
        values: rows.flatMap { $0.dropLast() }, exampleCount: count, contextLength: context,
        vocabularySize: vocabularySize),
      targets: rows.flatMap { $0.dropFirst() }, classCount: vocabularySize)
  }

  /// Training examples without a test set.
  private static func only(_ examples: LabeledExamples) throws -> TrainTestSplit {
    TrainTestSplit(
      train: examples, test: examples.prefix(0), trainIndices: Array(0..<examples.count),
      testIndices: [])
  }

  /// Losses and accuracies of 1,000 training and 10,000 test pictures after every step of the perceptron.
  private static func serveEvaluations(_ context: ComputeContext) throws {
    var (trainer, training) = try mlp(context)
    let data = TrainTestSplit(
      train: training.train, test: try digits(count: 10_000),
      trainIndices: training.trainIndices, testIndices: Array(0..<10_000))
    let plan = Trainer<Float>.Plan(
      batching: .epochPermutation(batchSize: 200), recording: .every(1), checkpoints: .init(.never))
    try serveTurns { seconds in
      let before = trainer.step
      var (start, end) = (Double?.none, 0.0)
      let outcome = try trainer.fit(data, steps: .max, plan: plan, key: RandomKey(seed: 1)) { _ in
        end = clockSeconds()
        start = start ?? end
        return end < start! + seconds
      }
      let steps = trainer.step - before
      return (steps, end - start! - Double(steps) / outcome.stepsPerSecond)
    }
  }

  private static func serve(
    _ contestant: (trainer: Trainer<Float>, data: TrainTestSplit), batching: Batching
  ) throws {
    var trainer = contestant.trainer
    let plan = Trainer<Float>.Plan(
      batching: batching, recording: .never, checkpoints: .init(.never))
    // The time runs from the first step on: before it all examples are evaluated.
    func train(for seconds: Double) throws -> Outcome {
      var start: Double?
      return try trainer.fit(
        contestant.data, steps: .max, plan: plan, key: RandomKey(seed: 1)
      ) { _ in
        start = start ?? clockSeconds()
        return clockSeconds() < start! + seconds
      }
    }
    _ = try train(for: 0.5)
    try serveTurns { seconds in
      let before = trainer.step
      let outcome = try train(for: seconds)
      let steps = trainer.step - before
      return (steps, Double(steps) / outcome.stepsPerSecond)
    }
  }
}

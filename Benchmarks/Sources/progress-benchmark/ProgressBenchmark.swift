import BenchmarkSupport
import GrokTraining

/// `progress-benchmark fourier [--threads N] [--modulus P]` takes the whole Fourier analysis of a transformer of the
/// published size, forward pass over all pairs included, and says where the time goes.
///
/// `progress-benchmark heads [--threads N]` takes the scores and ablations of an attention-only network of two layers.
@main
struct ProgressBenchmark {
  static func main() throws {
    let threads = option("--threads", 2)
    switch CommandLine.arguments.dropFirst().first {
    case "fourier": try fourier(threads, modulus: option("--modulus", 113))
    case "heads": try heads(threads)
    default: exitWithUsage("progress-benchmark fourier|heads [--threads N] [--modulus P]")
    }
  }

  /// The least of some times, and the median.
  private static func time(_ name: String, _ body: () throws -> Void) rethrows {
    try body()
    var times: [Double] = []
    for _ in 0..<9 {
      let start = clockSeconds()
      try body()
      times.append(clockSeconds() - start)
    }
    print(
      "\(name): least \(rounded(1000 * (times.min() ?? 0))) ms, median \(rounded(1000 * median(times))) ms"
    )
  }

  private static func fourier(_ threads: Int, modulus: Int) throws {
    let task = ModularArithmetic(.addition, modulus: modulus)
    let cyclic = try task.cyclicTask()
    let model = Transformer(
      vocabularySize: modulus + 1, context: 3, width: 128, headCount: 4, perceptronWidth: 512)
    let snapshot = try Trainer(
      model, parameters: model.initialParameters(as: Float.self, key: RandomKey(seed: 1)),
      loss: .crossEntropy, optimizer: .adamW(),
      context: ComputeContext(threadCount: threads)
    ).snapshot
    let trained = Array(0..<task.pairCount * 3 / 10)
    // As many key frequencies as the published network has.
    let key = KeyFrequencies(
      frequencies: [14, 35, 41, 42, 52].filter { $0 <= modulus / 2 }, rule: .neuronClusters())
    let workers = threads > 1 ? Workers(threadCount: threads) : nil
    let seen = try snapshot.cyclicObservations(of: task)
    func analysis(_ seen: CyclicObservations<Float>) throws -> FourierProgress {
      try fourierProgress(
        of: seen, task: cyclic, trainedPairs: trained, keyFrequencies: key, workers: workers)
    }
    try time("pass over \(task.pairCount) pairs") { _ = try snapshot.cyclicObservations(of: task) }
    try time("Fourier analysis") { _ = try analysis(seen) }
    try time("both") { _ = try analysis(snapshot.cyclicObservations(of: task)) }
    print("of which")
    let logits = try CyclicLogits(
      seen.logits, task: cyclic, trainedPairs: trained, workers: workers)
    try time("  sums of the logits") {
      _ = try CyclicLogits(seen.logits, task: cyclic, trainedPairs: trained, workers: workers)
    }
    try time("  losses") {
      _ = try logits.progressLosses(keyFrequencies: key.frequencies, workers: workers)
    }
    try time("  frequencies of the logits") { _ = try logits.frequencies() }
    if let activations = seen.activations, let weights = seen.outputWeights {
      try time("  frequencies of neurons") {
        _ = try neuronFrequencies(of: activations, task: cyclic, workers: workers)
      }
      try time("  directions of W_L") {
        _ = try outputDirections(
          of: weights, activations: activations, keyFrequencies: key.frequencies, task: cyclic,
          workers: workers)
      }
    }
  }

  private static func heads(_ threads: Int) throws {
    let task = try RepeatedTokens(vocabularySize: 32, contextLength: 36)
    let model = Transformer(
      vocabularySize: 32, context: 36, width: 64, depth: 2, headCount: 4, perceptronWidth: 0,
      reading: .everyPosition)
    let snapshot = try Trainer(
      model, parameters: model.initialParameters(as: Float.self, key: RandomKey(seed: 1)),
      loss: .crossEntropy, optimizer: .adamW(),
      context: ComputeContext(threadCount: threads)
    ).snapshot
    let examples = task.examples(count: 100, key: RandomKey(seed: 2))
    let sequences = try snapshot.attendedSequences(on: examples)
    try time("patterns of 8 heads in 100 sequences") {
      _ = try snapshot.attendedSequences(on: examples)
    }
    time("prefix matching") { _ = sequences.prefixMatching() }
    time("detectors") { for kind in HeadKind.allCases { _ = sequences.detection(of: kind) } }
    for ablation in HeadAblation.allCases {
      try time("ablation of 8 heads, \(ablation.rawValue)") {
        _ = try snapshot.tokenLosses(on: examples, withoutEachHead: ablation)
      }
    }
    let heads = try snapshot.attentionHeads()
    try time("circuit changes of 8 heads") {
      for head in heads { _ = try circuitChange(from: head, to: heads[0]) }
    }
  }
}

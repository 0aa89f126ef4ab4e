import BenchmarkSupport
import GrokTraining

/// `kernel-benchmark trace|full --threads N` is a contestant of `duel.py`: it reads lines
/// `go SECONDS` and answers each with `TIMES SECONDS`; `quit` ends it.
///
/// `kernel-benchmark distances [--threads N]` takes the distances of the full kernels of 17 checkpoints, and
/// says how long that took; `kernel-benchmark parts` where the time of `trace` and `full` goes.
@main
struct KernelBenchmark {
  static func main() throws {
    let threads = option("--threads", 1)
    let workers = threads > 1 ? Workers(threadCount: threads) : nil
    switch CommandLine.arguments.dropFirst().first {
    case "trace": try serveKernel(threads, .classTrace, workers)
    case "full": try serveKernel(threads, .full, workers)
    case "distances": try distances(threads, workers)
    case "parts": try parts(threads, workers)
    default:
      exitWithUsage("kernel-benchmark trace|full|distances|parts [--threads N]")
    }
  }

  /// 784-200-200-10, ReLU, on random pictures with MNIST's share of zeros.
  private static func network(
    exampleCount: Int, seed: UInt64 = 0, threads: Int
  ) throws -> (Snapshot<Float>, LabeledExamples) {
    let model = MLP(inputs: 784, hidden: [200, 200], outputs: 10)
    let trainer = try Trainer(
      model, parameters: model.initialParameters(as: Float.self, key: RandomKey(seed: seed)),
      loss: .meanSquaredError, optimizer: .adamW(), context: ComputeContext(threadCount: threads))
    return (trainer.snapshot, try randomPictures(count: exampleCount))
  }

  private static func serveKernel(
    _ threads: Int, _ form: TangentKernelForm, _ workers: Workers?
  ) throws {
    let (snapshot, examples) = try network(exampleCount: 1000, threads: threads)
    try serve {
      try tangentKernel(
        of: try snapshot.kernelFactors(on: examples), form: form, workers: workers)[1, 2]
    }
  }

  private static func distances(_ threads: Int, _ workers: Workers?) throws {
    let networks = try (0..<17).map {
      try network(exampleCount: 512, seed: $0, threads: threads)
    }
    let start = clockSeconds()
    let factors = try networks.map { try $0.0.kernelFactors(on: $0.1) }
    let filled = clockSeconds()
    let distances = try kernelDistances(among: factors, form: .full, workers: workers)
    let end = clockSeconds()
    print(
      "17 full kernels of 5,120 rows: factors \(rounded(filled - start)) s, distances "
        + "\(rounded(end - filled)) s; the first two are \(distances[0, 1]) apart")
  }

  private static func parts(_ threads: Int, _ workers: Workers?) throws {
    let (snapshot, examples) = try network(exampleCount: 1000, threads: threads)
    func best(_ name: String, _ body: () throws -> Void) rethrows {
      var (least, leastProcessor) = (Double.infinity, Double.infinity)
      for _ in 0..<15 {
        let (start, processorStart) = (clockSeconds(), processorSeconds())
        try body()
        least = min(least, clockSeconds() - start)
        leastProcessor = min(leastProcessor, processorSeconds() - processorStart)
      }
      print(
        "\(name): \(rounded(1000 * least)) ms, \(rounded(1000 * leastProcessor)) ms of processor time"
      )
    }
    let factors = try snapshot.kernelFactors(on: examples)
    try best("factors") { _ = try snapshot.kernelFactors(on: examples) }
    for (name, form) in [("class trace", TangentKernelForm.classTrace), ("full", .full)] {
      try best(name) { _ = try tangentKernel(of: factors, form: form, workers: workers) }
      for layer in factors.layers {
        try best("\(name), \(layer.parameterNames[0])") {
          _ = try tangentKernel(
            of: factors, form: form, parameters: layer.parameterNames, workers: workers)
        }
      }
    }
  }
}

import Foundation
import GrokTraining

/// `kernel-benchmark trace|full --threads N` is a contestant of `duel.py`: it reads lines
/// `go SECONDS` and answers each with `TIMES SECONDS`; `quit` ends it.
///
/// `kernel-benchmark distances [--threads N]` takes the distances of the full kernels of 17 checkpoints, and
/// says how long that took; `kernel-benchmark parts` where the time of `trace` and `full` goes.
@main
struct KernelBenchmark {
  static func main() throws {
    let arguments = CommandLine.arguments
    let threads = arguments.firstIndex(of: "--threads").flatMap { Int(arguments[$0 + 1]) } ?? 1
    let workers = threads > 1 ? Workers(threadCount: threads) : nil
    switch arguments.dropFirst().first {
    case "trace":
      try serve(threads) { snapshot, examples in
        try kernel(snapshot, examples, .classTrace, workers)
      }
    case "full":
      try serve(threads) { snapshot, examples in try kernel(snapshot, examples, .full, workers) }
    case "distances": try distances(threads, workers)
    case "parts": try parts(threads, workers)
    default:
      print("usage: kernel-benchmark trace|full|distances|parts [--threads N]")
      exit(64)
    }
  }

  /// 784-200-200-10, ReLU, on random pictures with MNIST's share of zeros.
  private static func network(
    exampleCount: Int, seed: UInt64 = 0, threads: Int
  ) throws -> (Snapshot<Float>, LabeledExamples) {
    let key = RandomKey(seed: 0)
    let count = exampleCount * 784
    let kept: [Float] = key.fork("zeros").uniform(count: count, in: 0..<1)
    let values: [Float] = key.fork("values").uniform(count: count, in: 0..<1)
    let examples = try LabeledExamples(
      inputs: .features(
        Matrix(
          values: zip(kept, values).map { $0 < 0.81 ? 0 : $1 }, rowCount: exampleCount,
          columnCount: 784)),
      labels: (0..<exampleCount).map { Int32($0 % 10) }, classCount: 10)
    let model = MLP(inputs: 784, hidden: [200, 200], outputs: 10)
    let trainer = try Trainer(
      model, parameters: model.initialParameters(as: Float.self, key: RandomKey(seed: seed)),
      loss: .meanSquaredError, optimizer: .adamW(), context: ComputeContext(threadCount: threads))
    return (trainer.snapshot, examples)
  }

  private static func kernel(
    _ snapshot: Snapshot<Float>, _ examples: LabeledExamples, _ form: TangentKernelForm,
    _ workers: Workers?
  ) throws -> Float {
    try tangentKernel(
      of: try snapshot.kernelFactors(on: examples), form: form, workers: workers)[1, 2]
  }

  private static func serve(
    _ threads: Int, _ measure: (Snapshot<Float>, LabeledExamples) throws -> Float
  ) throws {
    let (snapshot, examples) = try network(exampleCount: 1000, threads: threads)
    _ = try measure(snapshot, examples)
    print("ready")
    fflush(nil)
    while let line = readLine(), line != "quit" {
      let seconds = Double(line.split(separator: " ").last ?? "") ?? 0.25
      let start = clock()
      var times = 0
      while clock() - start < seconds {
        _ = try measure(snapshot, examples)
        times += 1
      }
      print("\(times) \(clock() - start)")
      fflush(nil)
    }
  }

  private static func distances(_ threads: Int, _ workers: Workers?) throws {
    let networks = try (0..<17).map {
      try network(exampleCount: 512, seed: $0, threads: threads)
    }
    let start = clock()
    let factors = try networks.map { try $0.0.kernelFactors(on: $0.1) }
    let filled = clock()
    let distances = try kernelDistances(among: factors, form: .full, workers: workers)
    let end = clock()
    print(
      "17 full kernels of 5,120 rows: factors \(rounded(filled - start)) s, distances "
        + "\(rounded(end - filled)) s; the first two are \(distances[0, 1]) apart")
  }

  private static func parts(_ threads: Int, _ workers: Workers?) throws {
    let (snapshot, examples) = try network(exampleCount: 1000, threads: threads)
    func best(_ name: String, _ body: () throws -> Void) rethrows {
      var least = Double.infinity
      for _ in 0..<7 {
        let start = processorSeconds()
        try body()
        least = min(least, processorSeconds() - start)
      }
      print("\(name): \(rounded(1000 * least)) ms of processor time")
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

  /// Of all threads, in programs and in the system: what other work on the machine disturbs least.
  private static func processorSeconds() -> Double {
    var usage = rusage()
    getrusage(numericCast(RUSAGE_SELF.rawValue), &usage)
    return [usage.ru_utime, usage.ru_stime]
      .reduce(0) { $0 + Double($1.tv_sec) + Double($1.tv_usec) * 1e-6 }
  }

  private static func clock() -> Double { ProcessInfo.processInfo.systemUptime }

  private static func rounded(_ value: Double) -> Double { (value * 1000).rounded() / 1000 }
}

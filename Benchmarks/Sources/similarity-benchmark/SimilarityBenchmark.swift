import BenchmarkSupport
import GrokMeasures

/// `similarity-benchmark cka|singular-values --threads N` is a contestant of `duel.py`: it reads lines
/// `go SECONDS` and answers each with `TIMES SECONDS`; `quit` ends it.
///
/// `similarity-benchmark stream X.npy Y.npy` takes measures of files, and says how long each took and
/// what the most memory was that the process ever held.
@main
struct SimilarityBenchmark {
  static func main() throws {
    let arguments = CommandLine.arguments
    let threads = option("--threads", 1)
    let workers = threads > 1 ? Workers(threadCount: threads) : nil
    let key = RandomKey(seed: 0)
    switch arguments.dropFirst().first {
    case "cka":
      let x: Matrix<Float> = key.normalMatrix(rowCount: 10_000, columnCount: 200)
      let y: Matrix<Float> = key.fork("y").normalMatrix(rowCount: 10_000, columnCount: 200)
      try serve { try centeredKernelAlignment(of: x, with: y, workers: workers) }
    case "singular-values":
      let a: Matrix<Float> = key.normalMatrix(rowCount: 1000, columnCount: 5000)
      try serve { try singularSpectrum(of: a, isCentered: false, workers: workers).values[0] }
    case "stream" where arguments.count >= 4:
      try stream(arguments[2], arguments[3], workers: workers)
    default:
      exitWithUsage("similarity-benchmark cka|singular-values|stream X.npy Y.npy [--threads N]")
    }
  }

  private static func stream(_ first: String, _ second: String, workers: Workers?) throws {
    let x = try MappedMatrix(contentsOf: first)
    let y = try MappedMatrix(contentsOf: second)
    print("x [\(x.rowCount), \(x.columnCount)], y [\(y.rowCount), \(y.columnCount)]")
    try printTimed("participationRatio") { "\(try participationRatio(of: x, workers: workers))" }
    try printTimed("singularSpectrum") {
      "\(try singularSpectrum(of: x, workers: workers).values.prefix(5))"
    }
    try printTimed("leadingSpectrum") {
      "\(try leadingSpectrum(of: x, count: 5, workers: workers, key: RandomKey(seed: 1)).values)"
    }
    try printTimed("centeredKernelAlignment") {
      "\(try centeredKernelAlignment(of: x, with: y, workers: workers))"
    }
    try printTimed("pairwiseStatistics") {
      let result = try pairwiseStatistics(of: x, pairCount: 20_000, key: RandomKey(seed: 2))
      return "\(result.squaredDistance.value) ± \(result.squaredDistance.standardError)"
    }
  }
}

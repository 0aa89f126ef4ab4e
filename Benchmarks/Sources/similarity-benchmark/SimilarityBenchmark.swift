import Foundation
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
    let threads = arguments.firstIndex(of: "--threads").flatMap { Int(arguments[$0 + 1]) } ?? 1
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
      print("usage: similarity-benchmark cka|singular-values|stream X.npy Y.npy [--threads N]")
      exit(64)
    }
  }

  private static func serve(_ measure: () throws -> Double) throws {
    _ = try measure()
    print("ready")
    fflush(nil)
    while let line = readLine(), line != "quit" {
      let seconds = Double(line.split(separator: " ").last ?? "") ?? 0.25
      let start = clock()
      var times = 0
      while clock() - start < seconds {
        _ = try measure()
        times += 1
      }
      print("\(times) \(clock() - start)")
      fflush(nil)
    }
  }

  private static func stream(_ first: String, _ second: String, workers: Workers?) throws {
    let x = try MappedMatrix(contentsOf: first)
    let y = try MappedMatrix(contentsOf: second)
    func timed(_ name: String, _ measure: () throws -> String) throws {
      let start = clock()
      let result = try measure()
      let seconds = (clock() - start).rounded()
      print("\(name): \(result), \(seconds) s, at most \(peakMemory() / 1_000_000) MB so far")
      fflush(nil)
    }
    print("x [\(x.rowCount), \(x.columnCount)], y [\(y.rowCount), \(y.columnCount)]")
    try timed("participationRatio") { "\(try participationRatio(of: x, workers: workers))" }
    try timed("singularSpectrum") {
      "\(try singularSpectrum(of: x, workers: workers).values.prefix(5))"
    }
    try timed("leadingSpectrum") {
      "\(try leadingSpectrum(of: x, count: 5, workers: workers, key: RandomKey(seed: 1)).values)"
    }
    try timed("centeredKernelAlignment") {
      "\(try centeredKernelAlignment(of: x, with: y, workers: workers))"
    }
    try timed("pairwiseStatistics") {
      let result = try pairwiseStatistics(of: x, pairCount: 20_000, key: RandomKey(seed: 2))
      return "\(result.squaredDistance.value) ± \(result.squaredDistance.standardError)"
    }
  }

  private static func clock() -> Double { ProcessInfo.processInfo.systemUptime }

  /// Bytes that were resident at most, pages of mapped files among them.
  private static func peakMemory() -> Int {
    var usage = rusage()
    getrusage(numericCast(RUSAGE_SELF.rawValue), &usage)
    return usage.ru_maxrss * 1024
  }
}

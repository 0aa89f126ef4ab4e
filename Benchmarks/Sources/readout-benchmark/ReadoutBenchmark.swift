import BenchmarkSupport
import GrokMeasures

/// `readout-benchmark probe|neighbors|silhouette --threads N` is a contestant of `duel.py`: it reads lines
/// `go SECONDS` and answers each with `TIMES SECONDS`; `quit` ends it.
///
/// `readout-benchmark stream X.npy --threads N` classifies the rows of a file by labels that it makes up
/// (the sign of each row's first number), and says how long each measure took and what the most memory
/// was that the process ever held.
@main
struct ReadoutBenchmark {
  static func main() throws {
    let arguments = CommandLine.arguments
    let threads = option("--threads", 1)
    let workers = threads > 1 ? Workers(threadCount: threads) : nil
    let key = RandomKey(seed: 0)
    let (features, labels) = clouds(key: key.fork("train"), count: 5_000)
    let (test, testLabels) = clouds(key: key.fork("test"), count: 2_000)
    switch arguments.dropFirst().first {
    case "probe":
      try serve {
        try linearProbe(
          of: features, labels: labels, heldOut: test, heldOutLabels: testLabels,
          method: .logistic(penalties: [1e-2]), workers: workers, key: key
        ).accuracy.value
      }
    case "neighbors":
      try serve {
        try neighborClassification(
          of: test, labels: testLabels, among: features, referenceLabels: labels,
          workers: workers
        ).accuracy.value
      }
    case "silhouette":
      try serve { try silhouette(of: features, labels: labels, workers: workers).mean.value }
    case "stream" where arguments.count >= 3:
      try stream(arguments[2], workers: workers)
    default:
      exitWithUsage("readout-benchmark probe|neighbors|silhouette|stream X.npy [--threads N]")
    }
  }

  /// Ten classes in 200 features that share 40 directions, as activations do.
  private static func clouds(key: RandomKey, count: Int) -> (Matrix<Float>, [Int]) {
    let common = RandomKey(seed: 1)
    let centers: Matrix<Float> = common.fork("centers").normalMatrix(
      rowCount: 10, columnCount: 40)
    let mixing: Matrix<Float> = common.fork("mixing").normalMatrix(
      rowCount: 40, columnCount: 200)
    var hidden: Matrix<Float> = key.normalMatrix(rowCount: count, columnCount: 40)
    for row in 0..<count {
      for column in 0..<40 { hidden[row, column] += 0.5 * centers[row % 10, column] }
    }
    let features = hidden.multiplied(by: mixing).map { max(0, $0) }
    return (features, (0..<count).map { $0 % 10 })
  }

  private static func stream(_ path: String, workers: Workers?) throws {
    let x = try MappedMatrix(contentsOf: path)
    // By blocks: elements one by one would keep the whole file in memory.
    var labels: [Int] = []
    var column = [Float](repeating: 0, count: 4_096)
    for first in stride(from: 0, to: x.rowCount, by: column.count) {
      let rows = first..<min(first + column.count, x.rowCount)
      column.withUnsafeMutableBufferPointer {
        x.copy(rows: rows, columns: 0..<1, to: $0.baseAddress!, stride: 1)
      }
      labels += column.prefix(rows.count).map { $0 > 0 ? 1 : 0 }
    }
    print("x [\(x.rowCount), \(x.columnCount)]")
    try printTimed("classSeparation") {
      "\(try classSeparation(of: x, labels: labels, workers: workers).fisherRatio)"
    }
    try printTimed("neuralCollapse") {
      "\(try neuralCollapse(of: x, labels: labels, workers: workers).withinClassVariation)"
    }
    try printTimed("linearProbe, ridge") {
      let probe = try linearProbe(
        of: x, labels: labels, heldOut: x, heldOutLabels: labels, method: .ridge(),
        workers: workers, key: RandomKey(seed: 1))
      return "\(probe.trainAccuracy.value)"
    }
  }
}

import BenchmarkSupport
import GrokMeasures

/// Times manifold capacity on arrays of a file, or a campaign of evaluations on clouds of one's own making.
///
/// `capacity-benchmark FILE.npz --draws 300 [--threads N] [--repeats R] [--reference | --glue]` measures `activations`
/// with `labels`, by default as the library does, with `--reference` by the published rule for K; `capacity-benchmark campaign [--evaluations 1568] [--threads N]` measures as many
/// different sets of clouds with the shape of the published study: 47 classes of 190 points in 47, 128 or
/// 512 features, 200 probes. Both print one line of JSON.
@main
struct CapacityBenchmark {
  static func main() throws {
    let arguments = Array(CommandLine.arguments.dropFirst())
    let threads = option("--threads", 1)
    let workers = threads > 1 ? Workers(threadCount: threads) : nil
    guard let path = arguments.first else {
      exitWithUsage(
        "capacity-benchmark FILE.npz|campaign [--draws N] [--threads N] [--repeats N]")
    }
    if path == "campaign" {
      try campaign(option("--evaluations", 1568), workers)
    } else {
      try measure(
        path, drawCount: option("--draws", 300), repeats: option("--repeats", 5), workers,
        isGlue: arguments.contains("--glue"),
        centers: arguments.contains("--reference") ? .referenceCompatible() : .stable())
    }
  }

  private static func measure(
    _ path: String, drawCount: Int, repeats: Int, _ workers: Workers?, isGlue: Bool,
    centers: CenterRemoval
  ) throws {
    let file = try Archive(contentsOf: path)
    let activations = try file.matrix("activations")
    let manifolds = try Manifolds(activations, labels: try file.integers("labels"))
    var (seconds, cpuSeconds) = ([Double](), [Double]())
    var (capacity, rank) = (0.0, 0)
    for _ in 0..<repeats {
      let (wall, cpu) = (clockSeconds(), processorSeconds())
      if isGlue {
        capacity = try glueGeometry(
          of: manifolds, drawCount: drawCount, workers: workers, key: RandomKey(seed: 0)
        ).capacity.value
      } else {
        let found = try manifoldCapacity(
          of: manifolds, centers: centers, drawCount: drawCount, workers: workers,
          key: RandomKey(seed: 0))
        (capacity, rank) = (found.capacity.value, found.removedRank)
      }
      seconds.append(clockSeconds() - wall)
      cpuSeconds.append(processorSeconds() - cpu)
    }
    print(
      """
      {"seconds": \(median(seconds)), "cpuSeconds": \(median(cpuSeconds)), \
      "capacity": \(capacity), "rank": \(rank)}
      """)
  }

  private static func campaign(_ count: Int, _ workers: Workers?) throws {
    let start = clockSeconds()
    var capacities = 0.0
    for evaluation in 0..<count {
      // Layers of the study and how wide their clouds are, from narrow to wide.
      let layer = evaluation % 7
      let features = [128, 128, 512, 512, 128, 128, 47][layer]
      let manifolds = try clouds(
        features: features, radius: 1 + Float(evaluation / 7 % 28) / 9,
        key: RandomKey(seed: 0).fork(evaluation))
      capacities += try manifoldCapacity(
        of: manifolds, drawCount: 200, workers: workers, key: RandomKey(seed: 1)
      ).capacity.value
    }
    let seconds = clockSeconds() - start
    print(
      """
      {"evaluations": \(count), "seconds": \(seconds), "meanCapacity": \
      \(capacities / Double(count))}
      """)
  }

  /// 47 clouds of 190 points around centres with three directions in common.
  private static func clouds(
    features: Int, radius: Float, key: RandomKey
  ) throws -> Manifolds {
    let common: Matrix<Float> = key.fork("common").normalMatrix(rowCount: 3, columnCount: features)
    var centers: Matrix<Float> = key.fork("centers").normalMatrix(
      rowCount: 47, columnCount: features)
    let loads: Matrix<Float> = key.fork("loads").normalMatrix(rowCount: 47, columnCount: 3)
    let shared = loads.multiplied(by: common)
    centers = Matrix(
      values: zip(centers.values, shared.values).map { $0 + $1 / 2 }, rowCount: 47,
      columnCount: features)
    let points: Matrix<Float> = key.fork("points").normalMatrix(
      rowCount: 47 * 190, columnCount: features)
    let rows = Matrix<Float>(
      values: (0..<47 * 190).flatMap { row in
        zip(centers.row(row / 190), points.row(row)).map { $0 + radius * $1 }
      }, rowCount: 47 * 190, columnCount: features)
    return try Manifolds(rows, labels: (0..<47 * 190).map { $0 / 190 })
  }
}

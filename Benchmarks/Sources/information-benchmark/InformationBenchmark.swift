import BenchmarkSupport
import GrokDatasets
import GrokMeasures

/// `information-benchmark ksg-10k-4|ksg-50k-4|ksg-50k-10|log-point --threads N` is a contestant of `duel.py`.
///
/// `information-benchmark complexity [--largest N]` times one estimate for n = 10³, 10⁴, … and says what the most memory was.
///
/// `information-benchmark bias [--repeats N]` prints the table of Docs/Information.md: estimate minus truth.
@main
struct InformationBenchmark {
  static func main() throws {
    let threads = option("--threads", 1)
    let workers = threads > 1 ? Workers(threadCount: threads) : nil
    switch CommandLine.arguments.dropFirst().first {
    case "ksg-10k-4": try serveEstimate(10_000, 4, workers)
    case "ksg-50k-4": try serveEstimate(50_000, 4, workers)
    case "ksg-50k-10": try serveEstimate(50_000, 10, workers)
    case "log-point": try serveLogPoint(workers)
    case "complexity": try printComplexity(largest: option("--largest", 1_000_000), workers)
    case "bias": try printBias(repeats: option("--repeats", 20), workers)
    default:
      exitWithUsage(
        "information-benchmark ksg-10k-4|ksg-50k-4|ksg-50k-10|log-point|complexity|bias "
          + "[--threads N] [--largest N] [--repeats N]")
    }
  }

  // MARK: - Contestants

  private static func serveEstimate(_ count: Int, _ dimension: Int, _ workers: Workers?) throws {
    let sample = normalPair(count, dimension, correlation: 0.6, key: RandomKey(seed: 0))
    try serve { try mutualInformation(between: sample.x, and: sample.y, workers: workers).value }
  }

  /// The twelve estimates of one log point of the original program: 4-D codes of the inputs and of three layers, and
  /// labels as numbers, with k = 20, on 10,000 and on 1,000 samples.
  private static func serveLogPoint(_ workers: Workers?) throws {
    let key = RandomKey(seed: 0)
    let subsets = try [10_000, 1_000].map { count in
      let first = normalPair(count, 4, correlation: 0.6, key: key.fork(count))
      let second = normalPair(count, 4, correlation: 0.6, key: key.fork(count).fork("second"))
      let labels = first.x.column(0).map { [max(0, min(9, (5 + 2.5 * $0).rounded(.down)))] }
      // The codes of the inputs and the labels stay the same over the whole run.
      return (
        x: try NeighborStructure(first.x), y: try NeighborStructure(labels),
        layers: [first.y, second.x, second.y]
      )
    }
    try serve {
      var sum = 0.0
      for subset in subsets {
        for layer in subset.layers {
          let hidden = try NeighborStructure(layer, workers: workers)
          for side in [subset.x, subset.y] {
            sum += try mutualInformation(
              between: side, and: hidden, neighborCount: 20, workers: workers
            ).value
          }
        }
      }
      return sum
    }
  }

  // MARK: - Tables

  private static func printComplexity(largest: Int, _ workers: Workers?) throws {
    print("columns of each variable, samples, seconds, peak memory in MB")
    for dimension in [1, 4] {
      var count = 1_000
      while count <= largest {
        let sample = normalPair(count, dimension, correlation: 0.6, key: RandomKey(seed: 0))
        let start = processorSeconds()
        _ = try mutualInformation(between: sample.x, and: sample.y, workers: workers)
        print(dimension, count, rounded(processorSeconds() - start), peakMemory() / 1_000_000)
        count *= 10
      }
    }
  }

  private static func printBias(repeats: Int, _ workers: Workers?) throws {
    let neighborCounts = [1, 3, 5, 20]
    print("n, I, estimator, d: mean of estimate − truth ± standard deviation for k = 1, 3, 5, 20")
    for count in [1_000, 10_000] {
      for information in [0.0, 1, 3] {
        for dimension in [1, 2, 3, 4, 5, 7, 10] {
          let correlation = KnownInformation.correlation(
            ofInformation: information / Double(dimension))
          let runs = try (0..<repeats).map { run in
            let sample = normalPair(
              count, dimension, correlation: correlation,
              key: RandomKey(seed: 1).fork(count).fork(dimension).fork(run))
            return try kraskovInformation(
              between: NeighborStructure(sample.x), and: NeighborStructure(sample.y),
              estimators: KraskovEstimator.allCases, neighborCounts: neighborCounts,
              workers: workers)
          }
          for estimator in KraskovEstimator.allCases {
            let cells = try neighborCounts.indices.map { place in
              let values = runs.map { results in
                results.filter { $0.estimator == estimator }[place].estimate.value - information
              }
              let mean = try Estimate(meanOf: values, measure: "bias")
              let deviation = mean.standardError * Double(repeats).squareRoot()
              return "\(rounded(mean.value)) ± \(rounded(deviation))"
            }
            print("\(count) \(information) \(estimator.name) \(dimension): ", terminator: "")
            print(cells.joined(separator: "  "))
          }
        }
      }
    }
  }
}

/// Pairs of normal components, each pair with the same correlation.
private func normalPair(
  _ count: Int, _ dimension: Int, correlation: Double, key: RandomKey
) -> (x: Matrix<Double>, y: Matrix<Double>) {
  let x: Matrix<Double> = key.fork("x").normalMatrix(rowCount: count, columnCount: dimension)
  let noise: Matrix<Double> = key.fork("y").normalMatrix(rowCount: count, columnCount: dimension)
  let share = (1 - correlation * correlation).squareRoot()
  let y = zip(x.values, noise.values).map { correlation * $0 + share * $1 }
  return (x, Matrix(values: y, rowCount: count, columnCount: dimension))
}

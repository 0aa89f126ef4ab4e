import BenchmarkSupport
import Foundation
import GrokMeasures

/// `motion-benchmark [--weights N] [--rounds N]` prints what following the motion of so many weights costs per step on one thread:
/// least and median time over the rounds, in milliseconds.
@main
struct MotionBenchmark {
  static func main() throws {
    let (count, rounds) = (option("--weights", 11_200_000), option("--rounds", 31))
    let key = RandomKey(seed: 1)
    let updates: [[Float]] = (0..<2).map { key.fork($0).normal(count: count) }
    func time(_ name: String, _ body: (Int) throws -> Void) rethrows {
      let times = try (0..<rounds).map { round in
        let start = clockSeconds()
        try body(round)
        return 1000 * (clockSeconds() - start)
      }
      print(name, "least", rounded(times.min() ?? 0), "median", rounded(median(times)), "ms")
    }
    var stream = UpdateStream<Float>()
    try time("UpdateStream") { try stream.add(updates[$0 % 2]) }
    for numbers in [64, 128, 256] {
      let projection = RandomProjection(of: count, to: numbers, key: key)
      var sum = 0.0
      time("RandomProjection to \(numbers)") { sum += projection.project(updates[$0 % 2])[0] }
    }
    try time("updateSpread") { _ = try updateSpread(of: updates[$0 % 2]) }
    let sample = WeightSample(count: 4096, of: 0..<count, key: key)
    var drift = UpdateDriftStream(weightCount: sample.indices.count)
    try time("UpdateDriftStream of 4,096") { try drift.add(sample.values(of: updates[$0 % 2])) }
    let sketch = RandomProjection(of: count, to: 64, key: key).project(updates[0])
    var lagged = try LaggedAlignmentStream(maximumLag: 32)
    try time("LaggedAlignmentStream, 32 lags of 64") { _ in try lagged.add(sketch) }
    var spectrum = try UpdateSpectrumStream(channelCount: 64, windowLength: 256)
    try time("UpdateSpectrumStream, 256 updates of 64") { _ in
      for _ in 0..<256 { try spectrum.add(sketch) }
    }
  }
}

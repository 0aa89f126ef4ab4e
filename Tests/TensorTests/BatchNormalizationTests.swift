import TestSupport
import Testing

@testable import GrokTensor

@Suite struct BatchNormalizationTests {
  /// How an operation is used.
  struct Use: Sendable { let shape: Shape, rectified, withResidual, given: Bool }

  private static func draw<Scalar: RealScalar>(_ name: String, _ shape: Shape) -> Tensor<Scalar> {
    Tensor(
      RandomKey(seed: 6).fork(name).normal(count: shape.count), shape: shape,
      in: ComputeContext(threadCount: 2))
  }

  /// The output, and its gradients by all operands.
  private static func run<Scalar: RealScalar>(_ use: Use, isFused: Bool, as _: Scalar.Type)
    -> [Tensor<Scalar>]
  {
    let channels = Shape(use.shape[-1])
    let operands: [Tensor<Scalar>] = [
      draw("x", use.shape) * 2 + 3, draw("scale", channels), draw("shift", channels),
      draw("residual", use.shape),
    ]
    var statistics: ChannelStatistics<Scalar>?
    if use.given {
      statistics = ChannelStatistics(
        mean: draw("mean", channels), variance: draw("variance", channels).squared() + 0.5)
    }
    let tape = Tape<Scalar>()
    let o = operands.map { tape.watch($0) }
    let residual = use.withResidual ? o[3] : nil
    let y =
      isFused
      ? o[0].batchNormalized(
        scale: o[1], shift: o[2], adding: residual, rectified: use.rectified,
        statistics: statistics
      ).output
      : o[0].plainBatchNormalization(
        scale: o[1], shift: o[2], adding: residual, rectified: use.rectified,
        statistics: statistics)
    return [y] + tape.gradients(of: (y * draw("upstream", use.shape)).sum(), by: o)
  }

  private func compare<Scalar: RealScalar>(_ use: Use, as type: Scalar.Type, tolerance: Scalar) {
    let (fused, plain) = (
      Self.run(use, isFused: true, as: type), Self.run(use, isFused: false, as: type)
    )
    for (index, (found, expected)) in zip(fused, plain).enumerated() {
      let scale = 1 + (expected.values.map(abs).max() ?? 0)
      let difference = zip(found.values, expected.values).map { abs($0 - $1) }.max() ?? 0
      #expect(difference <= tolerance * scale, "\(use), \(index): \(difference)")
    }
  }

  @Test(.tags(.oracle), arguments: [[40, 7], [5, 4, 9, 16], [3, 3, 6, 65], [12, 12, 40, 64]])
  func agreesWithPlainOperations(extents: [Int]) {
    for rectified in [false, true] {
      for withResidual in [false, true] {
        for given in [false, true] {
          let use = Use(
            shape: Shape(extents), rectified: rectified, withResidual: withResidual, given: given)
          compare(use, as: Double.self, tolerance: 1e-11)
          compare(use, as: Float.self, tolerance: 1e-4)
        }
      }
    }
  }

  @Test(.tags(.law)) func statisticsOfALargeMean() {
    // A mean of 1e4 takes eight digits of a sum of squares about 0, all that Float has.
    let values = (0..<4_000).map { 1e4 + Float($0 % 2) }
    let statistics = Tensor(values, shape: [4_000, 1]).channelStatistics()
    #expect(statistics.mean.value == 10_000.5)
    #expect(statistics.variance.value == 0.25)
    #expect(statistics.rowCount == 4_000)
  }
}

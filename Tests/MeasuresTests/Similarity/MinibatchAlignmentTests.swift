import Testing
import TestSupport

@testable import GrokMeasures

@Suite struct MinibatchAlignmentTests {
  private static let x: Matrix<Double> = RandomKey(seed: 1).normalMatrix(
    rowCount: 600, columnCount: 3)
  private static let y = x.map { $0 > 0 ? $0 : 0.2 * $0 * $0 }

  @Test(.tags(.statistical), arguments: [4, 25, 100]) func batchesEstimateTheWhole(size: Int) throws
  {
    let whole = try centeredKernelAlignment(of: Self.x, with: Self.y, estimator: .debiased)
    let estimate = try minibatchKernelAlignment(of: Self.x, with: Self.y, batchSize: size)
    #expect(abs(estimate.value - whole) < 4 * estimate.standardError)
    #expect(estimate.standardError < (size == 4 ? 0.2 : 0.05))
    #expect(estimate.sampleCount == 600 / size)
  }

  @Test(.tags(.oracle)) func twoBatchesAreTheirSums() throws {
    // The definition, from the debiased sums of each half.
    let halves = [0..<300, 300..<600].map {
      (Self.x.selectingRows($0), Self.y.selectingRows($0))
    }
    var sums = [0.0, 0, 0]
    for (x, y) in halves {
      let kernels = try KernelSums(
        of: [x, y], bandwidths: nil, measure: "test", minimumRows: 4, workers: nil)
      for (index, (a, b)) in [(0, 1), (0, 0), (1, 1)].enumerated() {
        sums[index] += kernels.independence(a, b, .debiased)
      }
    }
    let estimate = try minibatchKernelAlignment(of: Self.x, with: Self.y, batchSize: 300)
    #expect(abs(estimate.value - sums[0] / (sums[1] * sums[2]).squareRoot()) < 1e-13)
  }

  @Test(.tags(.law)) func aRepresentationIsItsOwnMatch() throws {
    let estimate = try minibatchKernelAlignment(
      of: Self.x, with: Self.x, kernel: .gaussian(.width(1)), batchSize: 50)
    #expect(abs(estimate.value - 1) < 1e-13 && estimate.standardError < 1e-13)
  }

  @Test func batchesThatCannotBeAreRefused() {
    for size in [3, 597] {
      let error = #expect(throws: MeasureError.self) {
        try minibatchKernelAlignment(of: Self.x, with: Self.y, batchSize: size)
      }
      #expect(
        error?.description
          == "minibatchKernelAlignment: the batch size is \(Double(size)); expected 4 to 596, so that "
          + "there are two batches")
    }
  }
}

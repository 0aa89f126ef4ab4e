import TestSupport
import Testing

@testable import GrokTensor

@Suite struct PoolingTests {
  private func pictures(_ shape: Shape) -> Tensor<Double> {
    Tensor(RandomKey(seed: 8).normal(count: shape.count), shape: shape)
  }

  @Test(.tags(.oracle), arguments: ConvolutionCase.small) func maximum(test: ConvolutionCase) {
    let x = pictures([test.height, test.width, 5, 3])
    #expect(x.maxPooled(test.windows).values == x.plainMaxPool(test.windows).values)
  }

  @Test(.tags(.law)) func equalElementsAndNotANumber() {
    // The gradient goes to the first of equal elements; not-a-number wins.
    let tape = Tape<Double>()
    let windows = PictureWindows(height: 2, width: 2, kernel: 2)
    let x = tape.watch(Tensor([3, 3, 1, 3], shape: [2, 2, 1, 1]))
    #expect(tape.gradient(of: x.maxPooled(windows).sum(), by: x).values == [1, 0, 0, 0])
    let y = Tensor([3, .nan, 5, 4], shape: [2, 2, 1, 1])
    #expect(y.maxPooled(windows).value.isNaN)
  }

  @Test(.tags(.law)) func averagesAndUpsampling() {
    let x = Tensor<Double>([1, 2, 3, 4], shape: [2, 2, 1, 1])
    #expect(x.globallyAveraged().values == [2.5])
    #expect(
      x.upsampled(by: 2).values == [1, 1, 2, 2, 1, 1, 2, 2, 3, 3, 4, 4, 3, 3, 4, 4])
    let padded = PictureWindows(height: 2, width: 2, kernel: 2, stride: 2, padding: 1)
    #expect(x.averagePooled(padded).values == [0.25, 0.5, 0.75, 1])
    let z = pictures([3, 2, 4, 5])
    let back = z.upsampled(by: 3).averagePooled(
      PictureWindows(height: 9, width: 6, kernel: 3, stride: 3))
    for (a, b) in zip(back.values, z.values) { #expect(abs(a - b) < 1e-15) }
  }

  @Test(.tags(.law)) func orderOfFeatures() {
    // Two examples of two channels of 1 × 3 pixels.
    let x = Tensor<Double>((0..<12).map(Double.init), shape: [2, 6])
    let pictures = x.pictures(channels: 2, height: 1, width: 3)
    #expect(pictures.values == [0, 3, 6, 9, 1, 4, 7, 10, 2, 5, 8, 11])
    #expect(pictures.flattenedPictures().values == x.values)
    #expect(pictures.examplesFirst().shape == [2, 2, 1, 3])
  }

  @Test(.tags(.statistical)) func dropout() {
    let x = Tensor<Double>(repeating: 2, shape: [200, 50])
    let key = RandomKey(seed: 1)
    let y = x.dropout(0.3, key: key).values
    #expect(Set(y) == [0, 2 / 0.7])
    let kept = Double(y.filter { $0 != 0 }.count) / Double(y.count)
    #expect(abs(kept - 0.7) < 4 * (0.21 / Double(y.count)).squareRoot())
    #expect(x.dropout(0.3, key: key).values == y)
    #expect(x.dropout(0.3, key: key.fork("other")).values != y)
    #expect(x.dropout(0, key: key).values == x.values)
  }
}

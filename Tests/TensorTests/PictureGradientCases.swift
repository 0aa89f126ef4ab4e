import TestSupport

@testable import GrokTensor

/// The operations on pictures, for ``GradientTests``.
let pictureCases: [GradientCase] =
  ConvolutionCase.small.map { test in
    .init(
      name: "convolution, \(test)", shapes: [test.pictureShape, test.weightShape, [test.outputs]],
      isFixed: true
    ) {
      $0[0].convolved(
        with: $0[1], bias: $0[2], activation: .tanh, windows: test.windows,
        groupCount: test.groupCount)
    }
  } + [
    .init(name: "convolution, gelu", shapes: [[3, 3, 2, 2], [2, 2, 3, 3], [2]], isFixed: true) {
      $0[0].convolved(
        with: $0[1], bias: $0[2], activation: .gelu,
        windows: PictureWindows(height: 3, width: 3, kernel: 3, padding: 1))
    },
    .init(name: "max pooling", shapes: [[4, 5, 2, 3]], isFixed: true) {
      $0[0].maxPooled(PictureWindows(height: 4, width: 5, kernel: 3, stride: 2, padding: 1))
    },
    .init(name: "average pooling", shapes: [[4, 5, 2, 3]], isFixed: true) {
      $0[0].averagePooled(PictureWindows(height: 4, width: 5, kernel: 3, stride: 2, padding: 1))
    },
    .init(name: "global average", shapes: [[2, 3, 2, 3]], isFixed: true) {
      $0[0].globallyAveraged()
    },
    .init(name: "upsampling", shapes: [[2, 3, 2, 3]], isFixed: true) { $0[0].upsampled(by: 2) },
    .init(name: "pictures", shapes: [[2, 12]], isFixed: true) {
      $0[0].pictures(channels: 3, height: 2, width: 2)
    },
    .init(name: "flattened pictures", shapes: [[2, 3, 2, 3]], isFixed: true) {
      $0[0].flattenedPictures()
    },
    .init(name: "dropout", shapes: [[4, 5]]) { $0[0].dropout(0.4, key: RandomKey(seed: 2)) },
    .init(name: "batch norm", shapes: [[6, 3], [3], [3]], isFixed: true) {
      $0[0].batchNormalized(scale: $0[1], shift: $0[2]).output
    },
    .init(
      name: "batch norm, ReLU and residual", shapes: [[2, 2, 3, 2], [2], [2], [2, 2, 3, 2]],
      isFixed: true
    ) {
      $0[0].batchNormalized(scale: $0[1], shift: $0[2], adding: $0[3], rectified: true).output
    },
    .init(
      name: "batch norm, given statistics", shapes: [[2, 2, 3, 2], [2], [2], [2, 2, 3, 2]],
      isFixed: true
    ) {
      $0[0].batchNormalized(
        scale: $0[1], shift: $0[2], adding: $0[3], rectified: true,
        statistics: ChannelStatistics(
          mean: Tensor([0.3, -0.2], shape: [2]), variance: Tensor([0.5, 2], shape: [2]))
      ).output
    },
  ]

import TestSupport
import Testing

@testable import GrokTensor

/// One convolution: extents of pictures and windows, channels and groups.
struct ConvolutionCase: Sendable, CustomTestStringConvertible {
  var height = 5, width = 6, kernelHeight = 3, kernelWidth = 3, stride = 1, padding = 1,
    dilation = 1
  var examples = 3, inputs = 2, outputs = 4, groupCount = 1

  var windows: PictureWindows {
    PictureWindows(
      height: height, width: width, kernelHeight: kernelHeight, kernelWidth: kernelWidth,
      stride: stride, padding: padding, dilation: dilation)
  }

  var pictureShape: Shape { [height, width, examples, inputs] }
  var weightShape: Shape { [outputs, inputs / groupCount, kernelHeight, kernelWidth] }
  var testDescription: String {
    "\(height)×\(width), kernel \(kernelHeight)×\(kernelWidth), stride \(stride), padding \(padding), "
      + "dilation \(dilation), \(examples) examples, \(inputs)→\(outputs), groups \(groupCount)"
  }

  /// Strides, dilations, groups, windows larger than what is left, and one pixel.
  static let small: [ConvolutionCase] = [
    .init(), .init(stride: 2), .init(padding: 0), .init(stride: 2, padding: 2, dilation: 2),
    .init(kernelHeight: 1, kernelWidth: 1, padding: 0), .init(kernelHeight: 2, kernelWidth: 3),
    .init(kernelHeight: 1, kernelWidth: 1, stride: 2, padding: 0),
    .init(inputs: 4, outputs: 6, groupCount: 2),
    .init(stride: 3, inputs: 4, outputs: 4, groupCount: 4),
    .init(height: 1, width: 1, examples: 2),
    .init(height: 4, width: 4, kernelHeight: 4, kernelWidth: 4, padding: 0),
  ]

  /// More channels than a vector, a tile or a pass holds; examples that do not fill a tile or a block.
  static let large: [ConvolutionCase] = [
    .init(height: 4, width: 3, examples: 37, inputs: 19, outputs: 50),
    .init(height: 3, width: 4, stride: 2, examples: 8, inputs: 64, outputs: 130),
    .init(height: 2, width: 2, examples: 9, inputs: 1_030, outputs: 20),
    .init(height: 2, width: 1, examples: 3, inputs: 300, outputs: 700),
    .init(height: 4, width: 5, examples: 40, inputs: 36, outputs: 40, groupCount: 2),
    .init(
      height: 7, width: 7, kernelHeight: 7, kernelWidth: 7, stride: 2, padding: 3, examples: 9,
      inputs: 3, outputs: 16),
  ]
}

@Suite struct ConvolutionTests {
  private func random<Scalar: RealScalar>(
    _ shape: Shape, _ name: String, in context: ComputeContext
  )
    -> Tensor<Scalar>
  {
    Tensor(RandomKey(seed: 5).fork(name).normal(count: shape.count), shape: shape, in: context)
  }

  private func expectClose<Scalar: RealScalar>(
    _ found: Tensor<Scalar>, _ expected: Tensor<Scalar>, _ tolerance: Scalar, _ what: String
  ) {
    #expect(found.shape == expected.shape, "\(what)")
    let scale = expected.values.map(abs).max() ?? 0
    let difference = zip(found.values, expected.values).map { abs($0 - $1) }.max() ?? 0
    #expect(difference <= tolerance * (1 + scale), "\(what): \(difference) of \(scale)")
  }

  private func check<Scalar: RealScalar>(
    _ test: ConvolutionCase, as _: Scalar.Type, tolerance: Scalar, threads: Int
  ) {
    let context = ComputeContext(threadCount: threads)
    let x: Tensor<Scalar> = random(test.pictureShape, "x", in: context)
    let weight: Tensor<Scalar> = random(test.weightShape, "weight", in: context)
    let bias: Tensor<Scalar> = random([test.outputs], "bias", in: context)
    let (windows, groupCount) = (test.windows, test.groupCount)
    let plain = x.plainConvolution(
      with: weight, bias: bias, windows: windows, groupCount: groupCount)
    let fast = x.convolved(
      with: weight, bias: bias, activation: .relu, windows: windows, groupCount: groupCount)
    expectClose(fast, plain.activated(.relu), tolerance, "forward")
    // The three products are one trilinear form: ⟨u, x ⋆ w⟩ = ⟨uᵀ ⋆ w, x⟩ = ⟨gradient by w, w⟩.
    let u: Tensor<Scalar> = random(plain.shape, "u", in: context)
    let form = (u * x.plainConvolution(with: weight, windows: windows, groupCount: groupCount))
    let expected = form.values.reduce(0.0) { $0 + Double($1) }
    let scale = form.values.reduce(0.0) { $0 + abs(Double($1)) }
    let back = u.convolvedBack(with: weight, windows: windows, groupCount: groupCount) * x
    let byWeight =
      x.convolutionWeightGradient(u, windows: windows, groupCount: groupCount) * weight
    for (name, product) in [("input", back), ("weight", byWeight)] {
      let found = product.values.reduce(0.0) { $0 + Double($1) }
      #expect(abs(found - expected) <= Double(tolerance) * scale, "gradient by \(name)")
    }
  }

  @Test(.tags(.oracle), arguments: ConvolutionCase.small + ConvolutionCase.large)
  func agreesWithThePlainLoop(test: ConvolutionCase) {
    check(test, as: Double.self, tolerance: 1e-12, threads: 1)
    check(test, as: Float.self, tolerance: 2e-5, threads: 2)
  }

  /// Each gradient element by element, from the plain loop: the forms are linear, so differences are exact.
  @Test(.tags(.oracle), arguments: ConvolutionCase.small) func gradients(test: ConvolutionCase) {
    let context = ComputeContext()
    let x: Tensor<Double> = random(test.pictureShape, "x", in: context)
    let weight: Tensor<Double> = random(test.weightShape, "weight", in: context)
    let plain = x.plainConvolution(
      with: weight, windows: test.windows, groupCount: test.groupCount)
    let u: Tensor<Double> = random(plain.shape, "u", in: context)
    func form(_ x: Tensor<Double>, _ weight: Tensor<Double>) -> Double {
      (u * x.plainConvolution(with: weight, windows: test.windows, groupCount: test.groupCount))
        .sum().value
    }
    func unit(_ shape: Shape, _ index: Int) -> Tensor<Double> {
      var values = Array(repeating: 0.0, count: shape.count)
      values[index] = 1
      return Tensor(values, shape: shape)
    }
    let back = u.convolvedBack(with: weight, windows: test.windows, groupCount: test.groupCount)
    for index in 0..<x.count {
      #expect(abs(back.values[index] - form(unit(x.shape, index), weight)) < 1e-11)
    }
    let byWeight = x.convolutionWeightGradient(
      u, windows: test.windows, groupCount: test.groupCount)
    for index in 0..<weight.count {
      #expect(abs(byWeight.values[index] - form(x, unit(weight.shape, index))) < 1e-11)
    }
  }

  @Test(.tags(.resume)) func threadsDoNotChangeBits() {
    let test = ConvolutionCase(height: 9, width: 8, examples: 70, inputs: 24, outputs: 40)
    func products(_ threads: Int) -> [Float] {
      let context = ComputeContext(threadCount: threads)
      let x: Tensor<Float> = random(test.pictureShape, "x", in: context)
      let weight: Tensor<Float> = random(test.weightShape, "weight", in: context)
      let y = x.convolved(with: weight, windows: test.windows)
      return y.values
        + y.convolvedBack(with: weight, windows: test.windows, groupCount: 1).values
        + x.convolutionWeightGradient(y, windows: test.windows, groupCount: 1).values
    }
    #expect(products(1) == products(3))
  }

  @Test(.tags(.law)) func patchesTimesWeightsAreTheConvolution() {
    let test = ConvolutionCase(stride: 2)
    let context = ComputeContext()
    let x: Tensor<Double> = random(test.pictureShape, "x", in: context)
    let weight: Tensor<Double> = random(test.weightShape, "weight", in: context)
    let products = x.patches(test.windows).linear(
      weight: weight.reshaped(to: Shape(test.outputs, weight.count / test.outputs)))
    let expected = x.convolved(with: weight, windows: test.windows).permuted([2, 0, 1, 3])
    expectClose(products, expected.reshaped(to: products.shape), 1e-13, "patches")
  }
}

import GrokKernels

/// A function of one number that layers apply to each of their outputs.
public enum Activation: Sendable, Hashable {
  /// `x`
  case identity
  /// `max(x, 0)`; the derivative at 0 is 0.
  case relu
  /// `x` where positive, else `slope · x`.
  case leakyReLU(slope: Double)
  /// The hyperbolic tangent.
  case tanh
  /// `1 / (1 + exp(−x))`
  case sigmoid
  /// `x Φ(x)` with the normal distribution function Φ.
  case gelu
  /// The GELU with `tanh` in place of the error function: Hendrycks & Gimpel, arXiv 1606.08415, §2.
  case geluTanh
}

extension Activation {
  var code: gk_activation {
    switch self {
    case .identity: GK_IDENTITY
    case .relu: GK_RELU
    case .leakyReLU: GK_LEAKY_RELU
    case .tanh: GK_TANH
    case .sigmoid: GK_SIGMOID
    case .gelu: GK_GELU
    case .geluTanh: GK_GELU_TANH
    }
  }

  var parameter: Double {
    if case .leakyReLU(let slope) = self { return slope }
    return 0
  }

  /// Whether the derivative is found from the input, not from the output.
  var needsInput: Bool { self == .gelu || self == .geluTanh }
}

extension Tensor {
  /// An activation function, element by element.
  public func activated(_ function: Activation) -> Tensor {
    if function == .identity { return self }
    let result = Tensor(uninitialized: shape, in: engine)
    Scalar.kernels.pointee.activate(
      function.code, function.parameter, pointer, result.mutablePointer, count)
    return result.recorded(Activate(function: function), from: self)
  }

  /// `upstream · f′(input)`, made of operations, given also `output = f(input)`: the plain form of
  /// the fused gradient.
  static func activationGradient(
    _ function: Activation, input: Tensor, output: Tensor, upstream: Tensor
  ) -> Tensor {
    switch function {
    case .identity:
      return upstream
    case .relu:
      return upstream * output.step()
    case .leakyReLU(let slope):
      return upstream * output.step().affine(scale: Scalar(1 - slope), shift: Scalar(slope))
    case .tanh:
      return upstream * (1 - output.squared())
    case .sigmoid:
      return upstream * (output * (1 - output))
    case .gelu:  // Φ(x) + x φ(x)
      let cumulative = (input / Scalar(2).squareRoot()).errorFunction().affine(
        scale: 0.5, shift: 0.5)
      let density = (input.squared() * -0.5).exponential() * (1 / (2 * Scalar.pi).squareRoot())
      return upstream * (cumulative + input * density)
    case .geluTanh:
      // (1 + t)/2 + x (1 − t²) c (1 + 3·0.044715 x²)/2 with t = tanh(c (x + 0.044715 x³))
      let c = (2 / Scalar.pi).squareRoot()
      let squared = input.squared()
      let t = (input * squared.affine(scale: 0.044715 * c, shift: c)).activated(.tanh)
      let slope = squared.affine(scale: 1.5 * 0.044715 * c, shift: c / 2)
      return upstream * (t.affine(scale: 0.5, shift: 0.5) + input * (1 - t.squared()) * slope)
    }
  }
}

private struct Activate<Scalar: RealScalar>: DifferentiableOperation {
  let function: Activation
  func propagate(
    _ upstream: Tensor<Scalar>, through record: OperationRecord<Scalar>,
    to gradients: inout InputGradients<Scalar>
  ) {
    let (x, y) = (record.first, record.output)
    if gradients.isRecording {
      gradients.add(
        .activationGradient(function, input: x, output: y, upstream: upstream), to: 0)
    } else {
      let result = Tensor<Scalar>(uninitialized: x.shape, in: x.engine)
      Scalar.kernels.pointee.activation_gradient(
        function.code, function.parameter, x.pointer, y.pointer, upstream.pointer,
        result.mutablePointer, x.count)
      gradients.add(result, to: 0)
    }
  }
}

// MARK: - Loops

extension Tensor {
  /// This gradient times `f′`, found from `output = f(input)`, in one pass; not recorded.
  func timesSlope(of activation: Activation, output: Tensor) -> Tensor {
    if activation == .identity { return self }
    let result = Tensor(uninitialized: shape, in: engine)
    let job = ActivationGradientJob(
      activation: activation, before: nil, output: output.pointer, upstream: pointer,
      dz: result.mutablePointer, count: count)
    engine.workers.run(job, blockCount: job.blockCount)
    return result
  }
}

/// Blocks of a layer's `dz`.
struct ActivationGradientJob<Scalar: RealScalar>: BlockJob {
  let activation: Activation
  let before: UnsafePointer<Scalar>?
  let output, upstream: UnsafePointer<Scalar>
  let dz: UnsafeMutablePointer<Scalar>
  let count: Int

  var blockCount: Int { max(1, min(64, count / 16_384)) }

  func run(block: Int) {
    let range = Workers.range(ofBlock: block, of: blockCount, count: count, alignment: 64)
    let start = range.lowerBound
    Scalar.kernels.pointee.activation_gradient(
      activation.code, activation.parameter, before.map { $0 + start }, output + start,
      upstream + start, dz + start, range.count)
  }
}

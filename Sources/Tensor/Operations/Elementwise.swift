import GrokKernels

// MARK: - Functions of one element

extension Tensor {
  /// `exp(self)`, element by element.
  public func exponential() -> Tensor {
    mapped(Scalar.kernels.pointee.exponential).recorded(Exponential(), from: self)
  }

  /// The natural logarithm, element by element.
  public func logarithm() -> Tensor {
    mapped(Scalar.kernels.pointee.logarithm).recorded(Logarithm(), from: self)
  }

  /// The square root, element by element; its gradient at 0 is infinite.
  public func squareRoot() -> Tensor {
    mapped(Scalar.kernels.pointee.square_root).recorded(SquareRoot(), from: self)
  }

  /// `1 / self`, element by element.
  public func reciprocal() -> Tensor {
    mapped(Scalar.kernels.pointee.reciprocal).recorded(Reciprocal(), from: self)
  }

  /// `self²`, element by element.
  public func squared() -> Tensor { self * self }

  /// The absolute value, element by element; its gradient at 0 is 0.
  public func absoluteValue() -> Tensor {
    mapped(Scalar.kernels.pointee.absolute).recorded(AbsoluteValue(), from: self)
  }

  /// The error function, 2/√π ∫₀ˣ exp(−t²) dt, element by element.
  public func errorFunction() -> Tensor {
    mapped(Scalar.kernels.pointee.error_function).recorded(ErrorFunction(), from: self)
  }

  /// −1, 0 or 1 by the sign of each element; a constant for gradients.
  public func sign() -> Tensor { mapped(Scalar.kernels.pointee.sign) }

  /// 1 where an element is positive, else 0; a constant for gradients.
  public func step() -> Tensor { mapped(Scalar.kernels.pointee.step) }
}

private struct Exponential<Scalar: RealScalar>: DifferentiableOperation {
  func propagate(
    _ upstream: Tensor<Scalar>, through record: OperationRecord<Scalar>,
    to gradients: inout InputGradients<Scalar>
  ) {
    gradients.add(upstream * record.output, to: 0)  // d exp(x) = exp(x) dx
  }
}

private struct Logarithm<Scalar: RealScalar>: DifferentiableOperation {
  func propagate(
    _ upstream: Tensor<Scalar>, through record: OperationRecord<Scalar>,
    to gradients: inout InputGradients<Scalar>
  ) {
    gradients.add(upstream / record.first, to: 0)  // d log(x) = dx / x
  }
}

private struct SquareRoot<Scalar: RealScalar>: DifferentiableOperation {
  func propagate(
    _ upstream: Tensor<Scalar>, through record: OperationRecord<Scalar>,
    to gradients: inout InputGradients<Scalar>
  ) {
    gradients.add(upstream / (record.output * 2), to: 0)  // d √x = dx / 2√x
  }
}

private struct Reciprocal<Scalar: RealScalar>: DifferentiableOperation {
  func propagate(
    _ upstream: Tensor<Scalar>, through record: OperationRecord<Scalar>,
    to gradients: inout InputGradients<Scalar>
  ) {
    gradients.add(-(upstream * record.output * record.output), to: 0)  // d(1/x) = −dx / x²
  }
}

private struct AbsoluteValue<Scalar: RealScalar>: DifferentiableOperation {
  func propagate(
    _ upstream: Tensor<Scalar>, through record: OperationRecord<Scalar>,
    to gradients: inout InputGradients<Scalar>
  ) {
    gradients.add(upstream * record.first.sign(), to: 0)
  }
}

private struct ErrorFunction<Scalar: RealScalar>: DifferentiableOperation {
  func propagate(
    _ upstream: Tensor<Scalar>, through record: OperationRecord<Scalar>,
    to gradients: inout InputGradients<Scalar>
  ) {
    let slope = (-record.first.squared()).exponential() * (2 / Scalar.pi.squareRoot())
    gradients.add(upstream * slope, to: 0)  // d erf(x) = 2/√π exp(−x²) dx
  }
}

// MARK: - Loops

extension Tensor {
  typealias UnaryLoop = @convention(c) (UnsafeRawPointer, UnsafeMutableRawPointer, Int) -> Void

  /// A tensor of this shape made by a loop over elements, shared among the workers when long.
  func mapped(_ loop: UnaryLoop) -> Tensor {
    let result = Tensor(uninitialized: shape, in: engine)
    engine.workers.run(
      UnaryJob(loop: loop, count: count, input: pointer, output: result.mutablePointer),
      blockCount: UnaryJob<Scalar>.blockCount(of: count))
    return result
  }
}

private struct UnaryJob<Scalar: RealScalar>: BlockJob {
  let loop: Tensor<Scalar>.UnaryLoop
  let count: Int
  let input: UnsafePointer<Scalar>
  let output: UnsafeMutablePointer<Scalar>

  static func blockCount(of count: Int) -> Int { min(256, max(1, count / 16_384)) }

  func run(block: Int) {
    let blockCount = UnaryJob.blockCount(of: count)
    let range = Workers.range(ofBlock: block, of: blockCount, count: count, alignment: 64)
    loop(input + range.lowerBound, output + range.lowerBound, range.count)
  }
}

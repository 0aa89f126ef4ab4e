/// How a program in PyTorch draws the first numbers of one parameter.
public struct PyTorchDraw: Sendable, Hashable {
  /// A call of PyTorch that gives a parameter its numbers.
  public enum Distribution: Sendable, Hashable {
    /// `torch.nn.init.constant_`: draws nothing.
    case constant(Double)
    /// `tensor.uniform_(-bound, bound)`
    case uniform(bound: Double)
    /// `tensor.normal_(0, standardDeviation)`
    case normal(standardDeviation: Double)
    /// `torch.randn(shape) / divisor`
    case normalQuotient(divisor: Double)
  }

  /// The name of the parameter.
  public let name: String
  /// The call.
  public let distribution: Distribution

  /// A draw of the numbers of the parameter named `name`.
  public init(_ name: String, _ distribution: Distribution) {
    self.name = name
    self.distribution = distribution
  }

  /// What PyTorch calls for an initializer.
  public init(_ name: String, by initializer: Initializer) {
    switch initializer {
    case .constant(let value): self.init(name, .constant(value))
    case .uniform(let bound): self.init(name, .uniform(bound: bound))
    case .normal(let deviation): self.init(name, .normal(standardDeviation: deviation))
    }
  }
}

extension Initializer {
  /// `torch.nn.init.kaiming_uniform_(weight, a=math.sqrt(5))`, which PyTorch's linear and convolutional layers
  /// call for their weights: uniform within ±1/√fanIn, with the rounding of PyTorch's way there.
  ///
  /// - Parameter fanIn: the number of inputs of each output.
  public static func kaimingUniform(fanIn: Int) -> Initializer {
    let slope = 5.0.squareRoot()
    let gain = (2 / (1 + slope * slope)).squareRoot()
    let deviation = gain / Double(fanIn).squareRoot()
    return .uniform(bound: 3.0.squareRoot() * deviation)
  }
}

extension ParameterLayout {
  /// A parameter vector with the numbers that PyTorch gives a network, bit for bit.
  ///
  /// The draws happen in the order given; a parameter that is drawn twice keeps the later numbers, and the
  /// generator has gone on for both, as where a network first makes layers and then gives them other weights.
  ///
  /// - Parameter scale: A factor on every parameter when all are drawn, biases too.
  /// - Parameter generator: The default generator; afterwards in the state that it has when the network is made.
  /// - Precondition: every parameter is drawn, and no other.
  public func initialValues<Scalar: RealScalar>(
    scale: Double = 1, as type: Scalar.Type = Scalar.self, drawn draws: [PyTorchDraw],
    from generator: inout PyTorchRandom
  ) -> [Scalar] {
    var values = [Scalar](repeating: .nan, count: count)
    for draw in draws {
      guard let entry = self[draw.name] else {
        preconditionFailure(ModelError.unknownParameter(draw.name, known: names).description)
      }
      values.replaceSubrange(
        entry.range, with: generator.values(of: draw.distribution, count: entry.range.count))
    }
    if let missing = entries.first(where: { $0.range.contains { values[$0].isNaN } }) {
      preconditionFailure("initialValues: parameter '\(missing.name)' is not drawn")
    }
    return scale == 1 ? values : values.map { $0 * Scalar(scale) }
  }
}

extension PyTorchRandom {
  fileprivate mutating func values<Scalar: RealScalar>(
    of distribution: PyTorchDraw.Distribution, count: Int
  ) -> [Scalar] {
    switch distribution {
    case .constant(let value): [Scalar](repeating: Scalar(value), count: count)
    case .uniform(let bound): uniform(count: count, from: -bound, to: bound)
    case .normal(let deviation): normal(count: count, standardDeviation: deviation)
    case .normalQuotient(let divisor): normal(count: count).map { $0 / Scalar(divisor) }
    }
  }
}

extension Model {
  /// Every parameter once, in the order of θ, by its own initializer: right for networks whose modules are made
  /// in that order.
  public var pyTorchDraws: [PyTorchDraw] {
    layout.entries.map { PyTorchDraw($0.name, by: $0.initializer) }
  }

  /// The initial θ of the same network in PyTorch, bit for bit.
  ///
  /// ```swift
  /// var generator = PyTorchRandom(seed: 0)  // torch.manual_seed(0)
  /// let parameters: [Float] = model.initialParameters(from: &generator)
  /// ```
  ///
  /// - Parameter scale: A factor on every parameter when all are drawn, biases too.
  public func initialParameters<Scalar: RealScalar>(
    scale: Double = 1, as type: Scalar.Type = Scalar.self, from generator: inout PyTorchRandom
  ) -> [Scalar] {
    layout.initialValues(scale: scale, drawn: pyTorchDraws, from: &generator)
  }
}

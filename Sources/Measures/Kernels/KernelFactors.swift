/// What the Jacobian of a network's outputs by its parameters is made of, in place of the Jacobian.
///
/// The gradient of output c of example n by the weights of a linear layer is Σ_p δ_ncp ⊗ a_np: `a` is
/// what the layer read at position p, and δ how much the output changes with the layer's value before
/// its activation. So the layer's part of the tangent kernel follows from products of inputs and
/// products of sensitivities, and no Jacobian (`[n C, weights]`, often gigabytes) is ever formed:
///
/// ```swift
/// let factors = try snapshot.kernelFactors(on: examples)
/// let kernel = try tangentKernel(of: factors, form: .classTrace)
/// ```
public struct KernelFactors<Scalar: RealScalar>: Sendable, Equatable {
  /// n.
  public let exampleCount: Int
  /// C.
  public let outputCount: Int
  /// The parts, one a layer or parameter; every parameter is in one of them.
  public let layers: [LayerFactors<Scalar>]

  /// Factors from the parts of a network.
  ///
  /// - Throws: `MeasureError.tooFewSamples` without examples or outputs, `.undefined` for shapes that do
  ///   not fit or a parameter in two parts, `.nonFiniteInput`.
  public init(
    exampleCount: Int, outputCount: Int, layers: [LayerFactors<Scalar>]
  ) throws(MeasureError) {
    guard exampleCount >= 1, outputCount >= 1 else {
      throw .tooFewSamples(
        measure: tangentKernelName, found: min(exampleCount, outputCount), needed: 1)
    }
    var names = Set<String>()
    for layer in layers {
      try layer.check(exampleCount: exampleCount, outputCount: outputCount)
      for name in layer.parameterNames where !names.insert(name).inserted {
        throw .undefined(
          measure: tangentKernelName,
          reason: "parameter '\(name)' is in two parts; join their positions in one")
      }
    }
    self.exampleCount = exampleCount
    self.outputCount = outputCount
    self.layers = layers
  }

  /// Factors from a Jacobian: the plain form, for networks of one's own.
  ///
  /// - Shapes: `[n C, weights]`, rows ordered by example, then output.
  /// - Throws: As ``init(exampleCount:outputCount:layers:)``; `.undefined` where the rows are no multiple
  ///   of `outputCount`.
  public init(
    jacobian: Matrix<Scalar>, outputCount: Int, name: String = "parameters"
  ) throws(MeasureError) {
    guard outputCount >= 1, jacobian.rowCount % outputCount == 0 else {
      throw .undefined(
        measure: tangentKernelName,
        reason: "a Jacobian of \(jacobian.rowCount) rows is no whole number of examples of "
          + "\(outputCount) outputs")
    }
    try self.init(
      exampleCount: jacobian.rowCount / outputCount, outputCount: outputCount,
      layers: [LayerFactors(jacobian: jacobian, name: name)])
  }

  /// The names of all parameters, in the order of the parts.
  public var parameterNames: [String] { layers.flatMap(\.parameterNames) }

  /// Bytes that the factors hold.
  public var byteCount: Int { layers.reduce(0) { $0 + $1.byteCount } }
}

/// The factors of the Jacobian by one layer's weights and bias, or the Jacobian by one parameter itself.
public struct LayerFactors<Scalar: RealScalar>: Sendable, Equatable {
  /// What a layer reads.
  public enum Inputs: Sendable, Equatable {
    /// a: `[examples · positions, inputs]`.
    case vectors(Matrix<Scalar>)
    /// The row of a table for each of examples · positions: an embedding. Equal rows have the product 1,
    /// others 0.
    case rows([Int32])
  }

  /// δ: the derivatives of every output by what a layer computes, before its activation.
  public enum Sensitivities: Sendable, Equatable {
    /// `[examples · outputs · positions, units]`.
    case vectors(Matrix<Scalar>)
    /// δ_ncp = u_c ∘ v_np, as in the last layers of a network: `outputs` is u `[outputs, units]`,
    /// `examples` v `[examples · positions, units]`, nil where it is 1 everywhere.
    case separable(outputs: Matrix<Scalar>, examples: Matrix<Scalar>?)
  }

  /// The name of the weights, nil where the part has none.
  public let weight: String?
  /// The name of the bias, or of the parameter that `sensitivities` are the Jacobian by.
  public let bias: String?
  /// What the weights are multiplied by; nil where there are no weights.
  public let inputs: Inputs?
  /// δ.
  public let sensitivities: Sensitivities
  /// How often an example uses the weights: 1 in a perceptron, the number of tokens or pixels where
  /// weights are shared.
  public let positionCount: Int

  /// The factors of a linear layer, a convolution or an embedding.
  ///
  /// - Shapes: as the properties say; rows ordered by example, then output, then position.
  public init(
    weight: String, bias: String? = nil, inputs: Inputs, sensitivities: Sensitivities,
    positionCount: Int = 1
  ) {
    self.weight = weight
    self.bias = bias
    self.inputs = inputs
    self.sensitivities = sensitivities
    self.positionCount = positionCount
  }

  /// The Jacobian by one parameter: for biases, normalization, and whatever has no factors.
  ///
  /// - Shapes: `[examples · outputs, elements of the parameter]`.
  public init(jacobian: Matrix<Scalar>, name: String) {
    weight = nil
    bias = name
    inputs = nil
    sensitivities = .vectors(jacobian)
    positionCount = 1
  }

  /// The names of the parameters of this part.
  public var parameterNames: [String] { [weight, bias].compactMap { $0 } }

  /// Bytes that the factors hold.
  public var byteCount: Int {
    var count = 0
    switch inputs {
    case .vectors(let matrix): count += matrix.count * MemoryLayout<Scalar>.size
    case .rows(let rows): count += rows.count * 4
    case nil: break
    }
    switch sensitivities {
    case .vectors(let matrix): count += matrix.count * MemoryLayout<Scalar>.size
    case .separable(let outputs, let examples):
      count += (outputs.count + (examples?.count ?? 0)) * MemoryLayout<Scalar>.size
    }
    return count
  }
}

let tangentKernelName = "tangentKernel"

// MARK: - Checks

extension LayerFactors {
  fileprivate func check(exampleCount: Int, outputCount: Int) throws(MeasureError) {
    let name = parameterNames.first ?? "?"
    func require(
      _ what: String, _ found: String, _ isFitting: Bool, _ expected: String
    ) throws(MeasureError) {
      if isFitting { return }
      throw .undefined(
        measure: tangentKernelName,
        reason: "\(what) of '\(name)' are \(found); expected \(expected)")
    }
    func requireFinite(_ what: String, _ matrix: Matrix<Scalar>) throws(MeasureError) {
      do throws(NumericsError) {
        try matrix.requireFinite(what)
      } catch {
        guard case .nonFiniteInput(_, let row, let column) = error else { return }
        throw .nonFiniteInput(
          measure: tangentKernelName, array: "\(what) of '\(name)'",
          index: row * matrix.columnCount + column)
      }
    }
    let rows = exampleCount * positionCount
    switch inputs {
    case .vectors(let matrix):
      try require("inputs", matrix.shapeDescription, matrix.rowCount == rows, "\(rows) rows")
      try requireFinite("inputs", matrix)
    case .rows(let indices):
      try require("inputs", "\(indices.count) rows", indices.count == rows, "\(rows)")
    case nil: break
    }
    switch sensitivities {
    case .vectors(let matrix):
      let rows = rows * outputCount
      try require("sensitivities", matrix.shapeDescription, matrix.rowCount == rows, "\(rows) rows")
      try requireFinite("sensitivities", matrix)
    case .separable(let outputs, let examples):
      let isFitting =
        outputs.rowCount == outputCount
        && (examples.map { $0.rowCount == rows && $0.columnCount == outputs.columnCount } ?? true)
      let found = outputs.shapeDescription + (examples.map { " ∘ " + $0.shapeDescription } ?? "")
      try require(
        "sensitivities", found, isFitting, "[\(outputCount), units] ∘ [\(rows), units]")
      try requireFinite("sensitivities", outputs)
      if let examples { try requireFinite("sensitivities", examples) }
    }
  }
}

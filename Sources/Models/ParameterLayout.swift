/// How the numbers of a parameter vector are drawn before training.
public enum Initializer: Sendable, Hashable {
  /// All equal to a value.
  case constant(Double)
  /// Uniform between `-bound` and `bound`.
  case uniform(bound: Double)
  /// Normal with mean 0.
  case normal(standardDeviation: Double)
}

/// The parameters of a network: names, shapes and places in one contiguous vector θ.
///
/// A network holds no numbers. They live in θ, outside, so that norms, displacements, optimizers and
/// checkpoints are arithmetic on one vector.
public struct ParameterLayout: Sendable, Hashable {
  /// One named parameter.
  public struct Entry: Sendable, Hashable {
    /// The path, as in PyTorch's state dictionaries: `hidden.0.weight`.
    public let name: String
    /// The extents of its axes.
    public let shape: Shape
    /// How it is drawn before training.
    public let initializer: Initializer
    /// Its elements in θ.
    public let range: Range<Int>
  }

  /// All parameters in the order of θ.
  public private(set) var entries: [Entry] = []
  /// The number of elements of θ.
  public private(set) var count = 0
  private var indices: [String: Int] = [:]

  /// A layout without parameters.
  public init() {}

  /// Adds a parameter behind the others.
  public mutating func append(_ name: String, _ shape: Shape, _ initializer: Initializer) {
    precondition(indices[name] == nil, "ParameterLayout: two parameters are named '\(name)'")
    indices[name] = entries.count
    entries.append(
      Entry(name: name, shape: shape, initializer: initializer, range: count..<count + shape.count))
    count += shape.count
  }

  /// The parameter of a name, `nil` where there is none.
  public subscript(name: String) -> Entry? { indices[name].map { entries[$0] } }

  /// All names in the order of θ.
  public var names: [String] { entries.map(\.name) }
}

// MARK: - Initial values

extension ParameterLayout {
  /// A parameter vector drawn by each parameter's initializer.
  ///
  /// - Parameter scale: A factor on every parameter, biases too: the initialization scale of Liu et
  ///   al., arXiv 2210.01117 (α = w / w₀).
  /// - Parameter key: Each parameter draws from `key.fork(name)`, so that it does not depend on the others.
  public func initialValues<Scalar: RealScalar>(
    scale: Double = 1, as type: Scalar.Type = Scalar.self, key: RandomKey
  ) -> [Scalar] {
    var values: [Scalar] = []
    values.reserveCapacity(count)
    for entry in entries {
      let key = key.fork(entry.name)
      switch entry.initializer {
      case .constant(let value):
        values += repeatElement(Scalar(value * scale), count: entry.shape.count)
      case .uniform(let bound):
        let bound = Scalar(bound * scale)
        if bound == 0 {  // a range without any number
          values += repeatElement(0, count: entry.shape.count)
        } else {
          values += key.uniform(count: entry.shape.count, in: -bound..<bound) as [Scalar]
        }
      case .normal(let deviation):
        values +=
          key.normal(
            count: entry.shape.count, mean: 0, standardDeviation: Scalar(deviation * scale))
          as [Scalar]
      }
    }
    return values
  }

  /// A parameter vector from named arrays in row-major order.
  ///
  /// - Throws: ``ModelError`` where a parameter is missing, unknown or of another shape.
  public func values<Scalar: RealScalar>(
    from arrays: [String: (shape: [Int], values: [Scalar])]
  ) throws -> [Scalar] {
    for name in arrays.keys.sorted() where self[name] == nil {
      throw ModelError.unknownParameter(name, known: names)
    }
    var values: [Scalar] = []
    values.reserveCapacity(count)
    for entry in entries {
      guard let array = arrays[entry.name] else {
        throw ModelError.missingParameter(entry.name, shape: entry.shape)
      }
      guard array.shape == entry.shape.dimensions else {
        throw ModelError.shapeMismatch(entry.name, found: array.shape, expected: entry.shape)
      }
      values += array.values
    }
    return values
  }
}

// MARK: - Reading parameters from θ

/// A parameter vector with the names of its parts.
public struct Parameters<Scalar: RealScalar>: Sendable {
  /// Names and places.
  public let layout: ParameterLayout
  /// θ: all parameters in one vector.
  public let vector: Tensor<Scalar>

  /// A view of `vector`, which must be of the layout's length.
  public init(_ vector: Tensor<Scalar>, layout: ParameterLayout) {
    precondition(
      vector.shape == Shape(layout.count),
      "Parameters: a vector of shape \(vector.shape) for \(layout.count) parameters")
    self.layout = layout
    self.vector = vector
  }

  /// One parameter in its own shape; nothing is copied.
  public subscript(name: String) -> Tensor<Scalar> {
    guard let entry = layout[name] else {
      preconditionFailure(ModelError.unknownParameter(name, known: layout.names).description)
    }
    return vector.slice(from: entry.range.lowerBound, shape: entry.shape)
  }
}

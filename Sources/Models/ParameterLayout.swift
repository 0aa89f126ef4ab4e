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
  /// What a network keeps besides and does not train, such as the running statistics of batch normalization, in
  /// a vector of its own.
  public private(set) var stateEntries: [Entry] = []
  /// The number of elements of the state.
  public private(set) var stateCount = 0
  private var indices: [String: Int] = [:]
  private var stateIndices: [String: Int] = [:]

  /// A layout without parameters.
  public init() {}

  /// Adds a parameter behind the others.
  public mutating func append(_ name: String, _ shape: Shape, _ initializer: Initializer) {
    requireUnused(name)
    indices[name] = entries.count
    entries.append(
      Entry(name: name, shape: shape, initializer: initializer, range: count..<count + shape.count))
    count += shape.count
  }

  /// Adds an entry of state that is not trained, behind the others; at first all its elements are `initial`.
  public mutating func appendState(_ name: String, _ shape: Shape, initial: Double) {
    requireUnused(name)
    stateIndices[name] = stateEntries.count
    stateEntries.append(
      Entry(
        name: name, shape: shape, initializer: .constant(initial),
        range: stateCount..<stateCount + shape.count))
    stateCount += shape.count
  }

  private func requireUnused(_ name: String) {
    precondition(
      indices[name] == nil && stateIndices[name] == nil,
      "ParameterLayout: two parameters are named '\(name)'")
  }

  /// The entry of state of a name, `nil` where there is none.
  public func stateEntry(_ name: String) -> Entry? { stateIndices[name].map { stateEntries[$0] } }

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

  /// The state before training; empty for a network without any.
  public func initialState<Scalar: RealScalar>(as type: Scalar.Type = Scalar.self) -> [Scalar] {
    stateEntries.flatMap { entry -> [Scalar] in
      guard case .constant(let value) = entry.initializer else { return [] }
      return Array(repeating: Scalar(value), count: entry.shape.count)
    }
  }

  /// A parameter vector from named arrays in row-major order.
  ///
  /// Arrays of the state are passed over: ``state(from:)`` reads them.
  ///
  /// - Throws: ``ModelError`` where a parameter is missing, unknown or of another shape.
  public func values<Scalar: RealScalar>(
    from arrays: [String: (shape: [Int], values: [Scalar])]
  ) throws -> [Scalar] {
    for name in arrays.keys.sorted() where self[name] == nil && stateIndices[name] == nil {
      throw ModelError.unknownParameter(name, known: names)
    }
    return try values(of: entries, from: arrays)
  }

  /// The state from named arrays in row-major order; the state before training where none of it is there.
  ///
  /// - Throws: ``ModelError`` where a part of it is missing or of another shape.
  public func state<Scalar: RealScalar>(
    from arrays: [String: (shape: [Int], values: [Scalar])]
  ) throws -> [Scalar] {
    if !stateEntries.contains(where: { arrays[$0.name] != nil }) { return initialState() }
    return try values(of: stateEntries, from: arrays)
  }

  private func values<Scalar: RealScalar>(
    of entries: [Entry], from arrays: [String: (shape: [Int], values: [Scalar])]
  ) throws -> [Scalar] {
    var values: [Scalar] = []
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
  /// What the network keeps besides θ, in one vector; `nil` for a network that keeps nothing.
  public let state: Tensor<Scalar>?
  /// The parameters that are constants for gradients, and whose layers keep no running statistics.
  public let frozenNames: Set<String>

  /// A view of `vector`, which must be of the layout's length.
  ///
  /// - Parameter state: What the network keeps besides; without it, what it has before training.
  /// - Parameter frozenNames: The parameters that no gradient is taken by. A pass backward ends where nothing but these
  ///   is left, so that freezing the first layers of a network saves their part of it.
  public init(
    _ vector: Tensor<Scalar>, state: Tensor<Scalar>? = nil, layout: ParameterLayout,
    frozenNames: Set<String> = []
  ) {
    precondition(
      vector.shape == Shape(layout.count),
      "Parameters: a vector of shape \(vector.shape) for \(layout.count) parameters")
    precondition(
      state == nil || state!.count == layout.stateCount,
      "Parameters: a state of \(state?.count ?? 0) elements for \(layout.stateCount)")
    self.layout = layout
    self.vector = vector
    self.frozenNames = frozenNames
    self.state =
      layout.stateCount == 0
      ? nil : state ?? Tensor(layout.initialState(), shape: Shape(layout.stateCount))
  }

  /// The same state with another θ.
  ///
  /// - Shapes: `vector` has the length of the layout.
  public func replacing(vector: Tensor<Scalar>) -> Parameters {
    Parameters(vector, state: state, layout: layout, frozenNames: frozenNames)
  }

  /// One entry of the state in its own shape; nothing is copied.
  public func state(_ name: String) -> Tensor<Scalar> {
    guard let entry = layout.stateEntry(name), let state else {
      preconditionFailure(
        ModelError.unknownParameter(name, known: layout.stateEntries.map(\.name)).description)
    }
    return state.slice(from: entry.range.lowerBound, shape: entry.shape)
  }

  /// The elements from the first of a parameter on, through those behind it in θ; nothing is copied.
  func range(from name: String, shape: Shape) -> Tensor<Scalar> {
    guard let entry = layout[name] else {
      preconditionFailure(ModelError.unknownParameter(name, known: layout.names).description)
    }
    return vector.slice(from: entry.range.lowerBound, shape: shape)
  }

  /// One parameter in its own shape; nothing is copied.
  public subscript(name: String) -> Tensor<Scalar> {
    guard let entry = layout[name] else {
      preconditionFailure(ModelError.unknownParameter(name, known: layout.names).description)
    }
    let vector = frozenNames.contains(name) ? vector.detached : vector
    return vector.slice(from: entry.range.lowerBound, shape: entry.shape)
  }
}

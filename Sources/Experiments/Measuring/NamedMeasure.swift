import GrokTraining

/// A measure that the programs know by name: what it gives, what it reads, and how it is computed.
struct NamedMeasure: Sendable {
  /// The library's own name of the quantity: `manifoldCapacity`.
  let name: String
  /// What it is, in one line.
  let summary: String
  /// The numbers and arrays it gives: name, then meaning with unit. `N` stands for a whole number, or for the name of
  /// a parameter.
  let results: Results
  /// The settings of the group `measure` that it reads, besides which examples.
  let options: [String]
  /// Paper and equation.
  let source: String
  let body: Body

  /// How it is computed, by what it reads.
  enum Body: Sendable {
    /// The activations of one layer.
    case features(@Sendable (any SampleMatrix, MeasureContext) throws -> Findings)
    /// The activations of one layer with the labels of the examples.
    case layer(@Sendable (Layer, MeasureContext) throws -> Findings)
    /// The outputs with the labels.
    case outputs(@Sendable (Layer, MeasureContext) throws -> Findings)
    /// Two representations of the same examples: a layer, and that layer at the reference checkpoint.
    case pair(@Sendable (Pair, MeasureContext) throws -> Findings)
    /// A network and examples.
    case network(any NetworkMeasure)
    /// A network alone, and the one it was at the start.
    case weights(any NetworkMeasure)
    /// All checkpoints of a training together.
    case training(any TrainingMeasure)

    /// The checkpoint that it compares others with; `nil` where it looks at each by itself.
    func reference(_ options: Settings.Measuring) -> Settings.Measuring.Reference? {
      switch self {
      case .features, .layer, .outputs: nil
      case .pair, .training: options.reference
      case .network, .weights: .initial
      }
    }
  }

  /// Activations with labels.
  struct Layer {
    /// `[examples, features]`
    let activations: any SampleMatrix
    /// One for each example.
    let labels: [Int]
    let classCount: Int
  }

  /// Two representations, row by row of the same examples.
  struct Pair {
    let first: any SampleMatrix
    let second: any SampleMatrix
  }

  /// What a measure gives: name, then what it is.
  typealias Results = KeyValuePairs<String, MeasuredResult>

  /// All measures by what they are about, in the order in which they are listed and reported.
  static let topics: [(title: String, measures: [NamedMeasure])] = [
    ("Geometry of classes", geometry),
    ("Tangent kernels", kernels),
    ("Similarity of representations", similarity),
    ("Spectra of activations", spectra),
    ("Intrinsic dimension", dimension),
    ("Information", information),
    ("Jacobians", jacobians),
    ("Read-out and outputs", readout),
    ("Weights and curvature", weights),
    ("Temperature", temperature + path),
    ("Progress", progress),
    ("Induction heads", induction + tokenLosses),
  ]

  /// Every measure, in the order in which they are listed.
  static let all: [NamedMeasure] = topics.flatMap(\.measures)

  /// The measure of a name.
  ///
  /// - Throws: ``ConfigurationError/conflict(_:)`` with the close names.
  static func named(_ name: String) throws(ConfigurationError) -> NamedMeasure {
    guard let measure = all.first(where: { $0.name == name }) else {
      throw .conflict(
        "unknown measure '\(name)'\(suggestion(for: name, among: all.map(\.name)))")
    }
    return measure
  }
}

/// What every measure gets besides its data.
struct MeasureContext: Sendable {
  let options: Settings.Measuring
  /// Threads for what is worth sharing; the numbers do not depend on them.
  let workers: Workers
  /// The measure's own randomness, the same at every checkpoint, so that differences between checkpoints are not
  /// those of the draws.
  let key: RandomKey
  /// The standard deviation of the network's own noise, where it is in fixed units; 0: none.
  var noise = 0.0
  /// Whether a measure that takes long says nothing of how far it is.
  var isQuiet = true
  /// What a measure keeps from one checkpoint to the next.
  var cache = MeasureCache()

  /// What `make` gives, made once for all checkpoints.
  ///
  /// - Parameter name: The same for the same value.
  func kept<Value: Sendable>(_ name: String, _ make: () throws -> Value) rethrows -> Value {
    try cache.value(named: name, make)
  }
}

/// A measure on a live network, in whatever precision it was trained.
protocol NetworkMeasure: Sendable {
  func findings<Scalar>(
    of network: MeasuredNetwork<Scalar>, _ context: MeasureContext
  ) throws -> Findings
}

/// A measure that needs all checkpoints of a training at once.
protocol TrainingMeasure: Sendable {
  /// Whether it measures on the examples that are asked for; one that does not is taken once, and its names say what they
  /// are of.
  var readsExamples: Bool { get }
  /// Whether what it finds is of parameters by their names, rather than of layers.
  var isOfParameters: Bool { get }
  /// What was found at each step, and over all of them.
  func findings<Scalar>(
    of training: MeasuredTraining<Scalar>, on examples: LabeledExamples, _ context: MeasureContext
  ) throws -> (steps: [Int: Findings], all: Findings)
}

extension TrainingMeasure {
  var readsExamples: Bool { true }
  var isOfParameters: Bool { false }
}

/// A measure over a training that can also be taken of two kernels of anyone's.
protocol KernelPairMeasure: TrainingMeasure {
  /// What is found for two kernels on the same examples, `[n, n]` each.
  func findings(of first: Matrix<Double>, and second: Matrix<Double>) throws -> Findings
}

/// A network at a checkpoint, as measures see it.
struct MeasuredNetwork<Scalar: RealScalar> {
  /// The network.
  let now: Snapshot<Scalar>
  /// The network that the training began with.
  let initial: Snapshot<Scalar>
  /// The examples to measure on.
  let examples: LabeledExamples
  /// What the examples are called: `test`.
  let set: String
  /// The layers that are asked for.
  let layers: [String]
  /// What the training was made from.
  let experiment: Experiment

  /// All examples.
  var data: TrainTestSplit { experiment.data }
}

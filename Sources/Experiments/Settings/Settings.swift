import GrokTraining

/// Everything that decides the numbers of a run.
///
/// The same dotted names serve settings files, `key=value` overrides and the run folder; ``Setting/all``
/// lists them with range and meaning.
public struct Settings: Sendable, Equatable {
  /// The examples.
  public var data = Data()
  /// The network.
  public var model = Model()
  /// The training.
  public var train = Train()
  /// When records are made.
  public var record = Recording()
  /// When checkpoints are written.
  public var checkpoint = Checkpoints()
  /// Every random number of the run follows from it.
  public var seed: UInt64 = 0

  /// The defaults.
  public init() {}

  /// The examples.
  public struct Data: Sendable, Equatable {
    /// Which data set.
    public enum Name: String, Sendable, CaseIterable {
      /// Generated: an operation on two numbers modulo p.
      case modularArithmetic = "modular-arithmetic"
      /// Handwritten digits, from files.
      case mnist
    }

    /// The operation of modular arithmetic.
    public enum Operation: String, Sendable, CaseIterable {
      // The raw values are their names.
      case addition, subtraction, multiplication, division
      case squareSum = "square-sum"
      case quadraticForm = "quadratic-form"
      case cubicForm = "cubic-form"
      case randomTable = "random-table"
    }

    var name = Name.modularArithmetic
    var operation = Operation.addition
    var modulus = 59
    var trainFraction = 0.35
    var pythonSeed = -1
    var trainCount = 1_000
    var testCount = 10_000
    var split = ""
  }

  /// The network.
  public struct Model: Sendable, Equatable {
    /// Which architecture.
    public enum Kind: String, Sendable, CaseIterable {
      // The raw values are their names.
      case mlp, transformer
    }

    /// The function between layers.
    public enum Function: String, Sendable, CaseIterable {
      // The raw values are their names.
      case relu
      case leakyReLU = "leaky-relu"
      case tanh, sigmoid, gelu
      case geluTanh = "gelu-tanh"

      var activation: Activation {
        switch self {
        case .relu: .relu
        case .leakyReLU: .leakyReLU(slope: 0.01)
        case .tanh: .tanh
        case .sigmoid: .sigmoid
        case .gelu: .gelu
        case .geluTanh: .geluTanh
        }
      }
    }

    var kind = Kind.transformer
    var hidden = Widths([200, 200])
    var width = 64
    var headCount = 4
    var perceptronWidth = 256
    var activation = Function.relu
    var initializationScale = 1.0
    var outputScale = 1.0
    var initialParameters = ""
  }

  /// The training.
  public struct Train: Sendable, Equatable {
    /// The update rule.
    public enum Rule: String, Sendable, CaseIterable {
      // The raw values are their names.
      case sgd, adam, adamW
    }

    /// The precision of parameters and arithmetic.
    public enum Arithmetic: String, Sendable, CaseIterable {
      // The raw values are their names.
      case float, double
    }

    /// The loss.
    public enum Objective: String, Sendable, CaseIterable {
      case crossEntropy = "cross-entropy"
      case meanSquaredError = "mean-squared-error"
    }

    var steps = 20_000
    var batchSize = 0
    var loss = Objective.crossEntropy
    var optimizer = Rule.adamW
    var learningRate = 1e-3
    var weightDecay = 1.0
    var beta1 = 0.9
    var beta2 = 0.98
    var momentum = 0.0
    var warmUpSteps = 10
    var precision = Arithmetic.float
    var threads = 2
    var accuracyThreshold = 0.99
  }

  /// When records are made.
  public struct Recording: Sendable, Equatable {
    var perDecade = 20
    var every = 100
  }

  /// When checkpoints are written.
  public struct Checkpoints: Sendable, Equatable {
    var perDecade = 2
    var every = 0
  }
}

/// Widths of layers, written `200x200`; empty for none.
public struct Widths: Sendable, Equatable, LosslessStringConvertible {
  /// The width of each layer.
  public let counts: [Int]

  /// Widths of layers.
  public init(_ counts: [Int]) { self.counts = counts }

  /// Widths from their text, `nil` where it is none.
  public init?(_ description: String) {
    if description.isEmpty || description == "none" {
      counts = []
      return
    }
    var counts: [Int] = []
    for part in description.split(separator: "x", omittingEmptySubsequences: false) {
      guard let count = Int(part), count >= 1, count <= 1_000_000 else { return nil }
      counts.append(count)
    }
    self.counts = counts
  }

  /// The text: `200x200`.
  public var description: String {
    counts.isEmpty ? "none" : counts.map(String.init).joined(separator: "x")
  }
}

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
  /// What is measured on the checkpoints.
  public var measure = Measuring()
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
      /// Clothes, from files in the format of MNIST.
      case fashionMNIST = "fashion-mnist"
      /// Cursive hiragana, from files in the format of MNIST.
      case kmnist
      /// Handwritten letters and digits, from files.
      case emnist
      /// Generated: pictures of 47 made-up characters, with the shape of EMNIST.
      case syntheticCharacters = "synthetic-characters"
      /// Small color pictures of 10 classes, from files.
      case cifar10
      /// Those of 100 classes.
      case cifar100
      /// The same in 20 classes.
      case cifar100Coarse = "cifar100-coarse"
      /// Generated: products of permutations.
      case permutationGroup = "permutation-group"
      /// Generated: whether an odd number of some of many bits are set.
      case sparseParity = "sparse-parity"
      /// Generated: the 12-bit task of the information plane.
      case icosahedron
      /// Generated: sums of numbers, digit by digit.
      case digitAddition = "digit-addition"
      /// Generated: segments of tokens that come again.
      case repeatedTokens = "repeated-tokens"
      /// Generated: a marker somewhere before a query decides the answer.
      case skipTrigrams = "skip-trigrams"
      /// Generated: what a random network says.
      case teacherStudent = "teacher-student"
      /// Generated: a polynomial along a hidden direction.
      case polynomialRegression = "polynomial-regression"
      /// Generated: clouds of points with a chosen geometry.
      case syntheticManifolds = "synthetic-manifolds"
      /// A text, from a file.
      case text
    }

    /// What is computed of two permutations.
    public enum PermutationOperation: String, Sendable, CaseIterable {
      // The raw values are their names.
      case product, conjugation, sandwich
    }

    /// How text becomes tokens.
    public enum TextVocabulary: String, Sendable, CaseIterable {
      case bytes, words
      case bytePairs = "byte-pairs"
    }

    /// The split of EMNIST.
    public enum EMNISTSplit: String, Sendable, CaseIterable {
      // The raw values are their names.
      case byclass, bymerge, balanced, letters, digits, mnist
    }

    /// Which way the pictures of EMNIST are turned.
    public enum Transposition: String, Sendable, CaseIterable {
      // The raw values are their names.
      case corrected, kept
    }

    /// What pixels go through before the network reads them.
    public enum Normalization: String, Sendable, CaseIterable {
      // The raw values are their names.
      case none, mnist, emnist, cifar10, cifar100

      /// The constants of each channel; one for all channels alike.
      var channels: [PixelNormalization] {
        switch self {
        case .none: [.none]
        case .mnist: [.mnist]
        case .emnist: [.emnist]
        case .cifar10: PixelNormalization.cifar10
        case .cifar100: PixelNormalization.cifar100
        }
      }
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

    /// Where orders and choices of examples come from.
    public enum Order: String, Sendable, CaseIterable {
      /// The key of the run.
      case keyed
      /// The data loader of PyTorch.
      case torch
    }

    /// Which data set.
    public var name = Name.modularArithmetic
    /// Modular arithmetic: what is computed from a and b.
    public var operation = Operation.addition
    /// Modular arithmetic: the modulus p.
    public var modulus = 59
    /// Modular arithmetic: the share of all pairs to train on.
    public var trainFraction = 0.35
    /// Modular arithmetic: split as Python's `random` does with this seed; -1 splits by the run's seed.
    public var pythonSeed = -1
    /// Split as `torch.randperm` does with this seed; -1: not.
    public var torchSeed = -1
    /// The order of the examples within an epoch.
    public var order = Order.keyed
    /// Pictures: train on the first so many examples.
    public var trainCount = 1_000
    /// Pictures: test on the first so many examples.
    public var testCount = 10_000
    /// EMNIST: the split.
    public var emnistSplit = EMNISTSplit.balanced
    /// EMNIST: upright, or on their side as in the files.
    public var transposition = Transposition.corrected
    /// Pictures: what pixels go through; none leaves them between 0 and 1.
    public var normalization = Normalization.none
    /// Pictures: half of them have left and right exchanged, anew in each epoch.
    public var mirrors = false
    /// Pictures: shifts of up to so many pixels, anew in each epoch.
    public var margin = 0
    /// Permutation group: things; sparse parity: bits that matter; digit addition: digits; polynomial regression: the
    /// degree; synthetic manifolds: the dimension.
    public var degree = 5
    /// Permutation group: what is computed.
    public var permutationOperation = PermutationOperation.product
    /// Sparse parity: bits; polynomial regression and synthetic manifolds: features.
    public var inputCount = 40
    /// Repeated tokens and skip trigrams: tokens that mean nothing else; text: words or byte pairs.
    public var vocabularySize = 32
    /// Repeated tokens, skip trigrams, text: the length of a sequence.
    public var context = 36
    /// Repeated tokens: the shortest period; 0 for a sixth of the context, up to half of it.
    public var shortestPeriod = 0
    /// Repeated tokens: the longest period.
    public var longestPeriod = 0
    /// Teacher and student: the widths of the teacher.
    public var teacher = Widths([5, 100, 100, 5])
    /// Synthetic manifolds: how many.
    public var manifoldCount = 10
    /// Synthetic manifolds: the radius, in lengths of a center.
    public var manifoldRadius = 0.5
    /// Text: the file; empty for the plays among the data sets.
    public var file = ""
    /// Text: how it becomes tokens.
    public var vocabulary = TextVocabulary.bytes
    /// A file with the indices of the training examples; empty for none.
    public var split = ""
  }

  /// The network.
  public struct Model: Sendable, Equatable {
    /// Which architecture.
    public enum Kind: String, Sendable, CaseIterable {
      // The raw values are their names.
      case mlp, transformer, lstm, cnn, resnet8, resnet18, resnet20, vgg11

      /// Whether it reads tokens.
      var readsTokens: Bool { self == .transformer || self == .lstm }
      /// Whether it reads pictures, and nothing else.
      var readsPictures: Bool { !readsTokens && self != .mlp }
    }

    /// Where the initial parameters come from.
    public enum Initialization: String, Sendable, CaseIterable {
      /// The key of the run, parameter by parameter.
      case keyed
      /// The generator of PyTorch.
      case torch
      /// The key of the run: weights normal without the tails, biases 0.
      case truncatedNormal = "truncated-normal"
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

    /// Which architecture.
    public var kind = Kind.transformer
    /// Perceptron, and networks on pictures with linear layers behind the convolutions: the widths of the hidden layers;
    /// LSTM: those of its layers.
    public var hidden = Widths([200, 200])
    /// Transformer: the width of the residual stream; LSTM: that of an embedded token.
    public var width = 64
    /// Transformer: blocks.
    public var depth = 1
    /// Transformer: attention heads.
    public var headCount = 4
    /// Transformer: the width of the perceptrons; 0 for attention alone.
    public var perceptronWidth = 256
    /// Transformer: where layers are normalized.
    public var layerNorm = TransformerForm.Normalization.none
    /// Transformer: what tells positions apart.
    public var positions = TransformerForm.Positions.learned
    /// Transformer: tokens are read out with the weights that they are embedded with.
    public var tied = false
    /// Transformer: queries, keys, values and the output of attention have biases.
    public var attentionBiases = false
    /// Transformer: a key is mixed with that of the position before.
    public var smearedKeys = false
    /// Transformer: a position sees only those up to itself.
    public var causal = true
    /// Convolutional network: the channels of each 3×3 convolution, which a 2×2 maximum follows.
    public var channels = Widths([16, 32])
    /// ResNet-18: whether it begins with a 3×3 convolution, and not with a 7×7 one and a maximum.
    public var smallStem = true
    /// Convolutional network and VGG-11: the share of the last hidden values that training drops.
    public var dropout = 0.0
    /// The function between layers.
    public var activation = Function.relu
    /// Where the initial parameters come from.
    public var initialization = Initialization.keyed
    /// A factor on all initial parameters, biases too.
    public var initializationScale = 1.0
    /// A factor on the outputs.
    public var outputScale = 1.0
    /// The network is replaced by its tangent at the initial parameters.
    public var linearized = false
    /// The outputs at the initial parameters are subtracted.
    public var centered = false
    /// α of lazy training: a factor on centred outputs, while the loss is divided by its square.
    public var laziness = 1.0
    /// The standard deviation of normal noise behind every layer; 0: none.
    public var noise = 0.0
    /// What it is measured in.
    public var noiseScale = ActivationNoise.Scale.absolute
    /// Whether there is noise in training too.
    public var noiseExtent = ActivationNoise.Extent.everywhere
    /// A file with the parameters to start from; empty for none.
    public var initialParameters = ""
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

    /// What the rate does after its rise.
    public enum RateCourse: String, Sendable, CaseIterable {
      // The raw values are their names.
      case constant, cosine, linear, stepwise
    }

    /// What strengthens slow parts of the gradient.
    public enum Filter: String, Sendable, CaseIterable {
      case none
      case exponentialAverage = "exponential-average"
    }

    /// The loss.
    public enum Objective: String, Sendable, CaseIterable {
      case crossEntropy = "cross-entropy"
      case meanSquaredError = "mean-squared-error"
      case stableMax = "stablemax"
    }

    /// Updates in all.
    public var steps = 20_000
    /// Examples a step; 0 takes all.
    public var batchSize = 0
    /// What is made small.
    public var loss = Objective.crossEntropy
    /// The update rule.
    public var optimizer = Rule.adamW
    /// The optimizer's rate.
    public var learningRate = 1e-3
    /// Decoupled with AdamW, added to the gradient with Adam and SGD.
    public var weightDecay = 1.0
    /// Adam, AdamW: decay of the first moment.
    public var beta1 = 0.9
    /// Adam, AdamW: decay of the second moment.
    public var beta2 = 0.98
    /// SGD: momentum.
    public var momentum = 0.0
    /// SGD: Nesterov's momentum.
    public var nesterov = false
    /// The rate rises in a line from 0 over so many steps.
    public var warmUpSteps = 10
    /// What the rate does after its rise.
    public var rateCourse = RateCourse.constant
    /// Cosine, linear: the step where it ends; 0: the last.
    public var rateSteps = 0
    /// Cosine, linear: what is left of the rate at the end, as a factor.
    public var finalRate = 0.0
    /// Stepwise: the rate falls after every so many steps.
    public var rateFallSteps = 1_000
    /// Stepwise: the factor by which it falls.
    public var rateFall = 0.1
    /// Strengthens slow parts of the gradient.
    public var gradientFilter = Filter.none
    /// The filter: decay of the average, α.
    public var filterDecay = 0.98
    /// The filter: how much of the average is added, λ.
    public var filterAmplification = 2.0
    /// Takes out of each parameter's gradient what is along the parameter.
    public var orthogonalGradient = false
    /// A longer gradient is scaled down to this norm; 0: none is.
    public var maximumGradientNorm = 0.0
    /// Scales the parameters after each step back to their norm at the start.
    public var keepNorm = false
    /// Parameters with a rate and a decay of their own.
    public var groups = Groups()
    /// The precision of parameters and arithmetic.
    public var precision = Arithmetic.float
    /// Threads that share each operation; the numbers do not depend on it.
    public var threads = 2
    /// The accuracy that counts as fitting and generalizing.
    public var accuracyThreshold = 0.99
  }

  /// When records are made.
  public struct Recording: Sendable, Equatable {
    /// So many to each factor of 10 of steps, evenly spaced on a logarithmic axis; 0: none.
    public var perDecade = 20
    /// Also one every so many steps; 0: none.
    public var every = 100
    /// Also at these steps.
    public var at = Steps()
    /// Whether the run folder gets an event file for TensorBoard.
    public var tensorBoard = true
    /// TensorBoard: so many histograms of each parameter to each factor of 10 of steps; 0: none.
    public var histogramsPerDecade = 2
  }

  /// When checkpoints are written.
  public struct Checkpoints: Sendable, Equatable {
    /// So many to each factor of 10 of steps, evenly spaced on a logarithmic axis; 0: none.
    public var perDecade = 2
    /// Also one every so many steps; 0: none.
    public var every = 0
    /// Of those, how many of the newest stay; 0: all.
    public var keep = 0
    /// Also at these steps.
    public var at = Steps()
    /// Seconds without a checkpoint after which one is written for safety; 0: never.
    public var safetySeconds = 300.0
  }
}

extension Settings {
  /// What is measured on the checkpoints of a run; nothing here changes its training.
  public struct Measuring: Sendable, Equatable {
    /// How directions that the centers of manifolds share are removed before their capacity.
    public enum Centers: String, Sendable, CaseIterable {
      // The raw values are their names.
      case none, stable
      case referenceCompatible = "reference-compatible"
    }

    /// How many numbers become few.
    public enum Compression: String, Sendable, CaseIterable {
      // The raw values are their names.
      case none, autoencoder, sliced
      case principalComponents = "principal-components"
      case firstCoordinates = "first-coordinates"
    }

    /// What labels are to an estimator.
    public enum LabelKind: String, Sendable, CaseIterable {
      // The raw values are their names.
      case names, numbers
    }

    /// Where the standard error of an estimate comes from.
    public enum ErrorKind: String, Sendable, CaseIterable {
      /// The spread of local values, as if they were independent.
      case naive
      /// The spread of estimates from disjoint parts.
      case subsampled
    }

    /// Which checkpoint the others are compared with.
    public enum Reference: String, Sendable, CaseIterable {
      // The raw values are their names.
      case initial, final
    }

    /// The measures to take when the training has ended; none by default.
    public var names = Names()
    /// The layers to take activations of, by the names of the taps, `input` for the examples; empty for all.
    public var layers = Names()
    /// On which examples: `train`, `test`, or both.
    public var examples = Names(["test"])
    /// So many of them, drawn once for all checkpoints; 0: all.
    public var exampleCount = 2_000
    /// The checkpoints to measure; empty for all.
    public var steps = Steps()
    /// Capacity, GLUE: random vectors for each manifold.
    public var drawCount = 200
    /// Capacity: the margin κ.
    public var margin = 0.0
    /// Capacity: how the directions that centers share are removed.
    public var centers = Centers.stable
    /// Neighbors of each example; 0: the measure's own default.
    public var neighborCount = 0
    /// Tangent kernels, Jacobians and curvature: so many examples.
    public var kernelExampleCount = 256
    /// The local learning coefficient: the size ε of its sampling steps.
    public var langevinStep = 1e-5
    /// Information by neighbors: how a layer becomes few numbers.
    public var compression = Compression.principalComponents
    /// Information by neighbors: how the examples become few numbers.
    public var inputCompression = Compression.principalComponents
    /// Information by neighbors: how many numbers.
    public var codeCount = 4
    /// Information by neighbors: whether principal components get variance 1.
    public var whitened = true
    /// Information by neighbors: whether every column gets mean 0 and variance 1 at the end.
    public var standardized = true
    /// Information by neighbors: whether labels are names, or numbers on a line.
    public var labels = LabelKind.names
    /// Information by neighbors: how often an autoencoder sees every example.
    public var encoderEpochs = 6
    /// Information by neighbors: on how many pictures the autoencoder of the examples is trained at most.
    public var encoderExamples = 20_000
    /// Sliced information: how many pairs of directions.
    public var sliceCount = 1_000
    /// Information by neighbors: where standard errors come from.
    public var errors = ErrorKind.naive
    /// Binned information: where the bins are.
    public var binning = BinningText.tishby
    /// Bounds from pairs: the standard deviation of the noise.
    public var pairwiseNoise = 0.1
    /// The checkpoint that representations and kernels are compared with.
    public var reference = Reference.initial
    /// Every random number of the measures follows from it.
    public var seed: UInt64 = 0
  }
}

/// Widths of layers, written `200x200`; empty for none. A comma stands for an x where the command line does not read
/// it otherwise.
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
    for part in description.split(
      omittingEmptySubsequences: false, whereSeparator: { "x,".contains($0) })
    {
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

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
      case none, mnist, emnist, cifar10, cifar100, halves

      /// The constants of each channel; one for all channels alike.
      var channels: [PixelNormalization] {
        switch self {
        case .none: [.none]
        case .mnist: [.mnist]
        case .emnist: [.emnist]
        case .cifar10: PixelNormalization.cifar10
        case .cifar100: PixelNormalization.cifar100
        case .halves: [.halves]
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
    /// Repeated tokens: so many copies of the segment among random tokens; 0: they fill the sequence.
    public var copies = 0
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
}

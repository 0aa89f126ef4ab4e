import GrokTraining

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

    /// How the frequencies are found that a network adds with.
    public enum KeyFrequencies: String, Sendable, CaseIterable {
      // The raw values are their names.
      case automatic, logits
      case neuronClusters = "neuron-clusters"
      case anyNeuron = "any-neuron"
      case embeddingComponent = "embedding-component"
      case embeddingNorm = "embedding-norm"
      case outputNorm = "output-norm"
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
    /// Progress: how the key frequencies are found, at the last checkpoint.
    public var keyFrequencies = KeyFrequencies.automatic
    /// Progress: the share that the rule asks for; 0: its own.
    public var keyFrequencyShare = 0.0
    /// The checkpoint that representations and kernels are compared with.
    public var reference = Reference.initial
    /// The folder of the run that it is of; empty for the run that is measured.
    public var referenceRun = ""
    /// Every random number of the measures follows from it.
    public var seed: UInt64 = 0
  }
}

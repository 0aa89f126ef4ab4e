import GrokTraining

// The settings of measures, and the seed, in the order of the tables and files.

extension Setting {
  static let measureSettings = [
    names(
      "measure.names", \.measure.names,
      "measures to take on the checkpoints when the training has ended; 'measures' lists them"),
    names(
      "measure.layers", \.measure.layers,
      "only these layers, input being the examples themselves; none: all"),
    names(
      "measure.examples", \.measure.examples,
      "on which examples: train, test, all for both together, either with :shuffled labels, changed test pictures such as "
        + "rotation:30, or the test pictures of another set such as emnist, joined by +"),
    number(
      "measure.exampleCount", \.measure.exampleCount, 0...1_000_000,
      "on so many of them, drawn once for all checkpoints; 0: all"),
    steps("measure.steps", \.measure.steps, "only the checkpoints of these steps; none: all"),
    number(
      "measure.drawCount", \.measure.drawCount, 2...1_000_000,
      "capacity, GLUE: random vectors for each manifold"),
    number("measure.margin", \.measure.margin, 0...1_000, "capacity: the margin κ"),
    choice(
      "measure.centers", \.measure.centers,
      "capacity: how the directions that the centers of manifolds share are removed"),
    number(
      "measure.neighborCount", \.measure.neighborCount, 0...10_000,
      "neighbors of each example; 0: the measure's own default"),
    number(
      "measure.kernelExampleCount", \.measure.kernelExampleCount, 1...100_000,
      "tangent kernels, Jacobians, curvature: so many examples"),
    number(
      "measure.langevinStep", \.measure.langevinStep, 1e-12...1,
      "local learning coefficient: the size of its sampling steps"),
    choice(
      "measure.compression", \.measure.compression,
      "information by neighbors: how the values of a layer become few; sliced: along many random directions instead"
    ),
    choice(
      "measure.inputCompression", \.measure.inputCompression,
      "information by neighbors: how the numbers of an example become few"),
    number(
      "measure.codeCount", \.measure.codeCount, 1...1_000,
      "information by neighbors: how many numbers"),
    flag(
      "measure.whitened", \.measure.whitened,
      "information by neighbors: principal components are scaled to variance 1"),
    flag(
      "measure.standardized", \.measure.standardized,
      "information by neighbors: every number is scaled to mean 0 and variance 1 at the end"),
    choice(
      "measure.labels", \.measure.labels,
      "information by neighbors: labels are names, or numbers on a line as published"),
    number(
      "measure.encoderEpochs", \.measure.encoderEpochs, 1...10_000,
      "information by neighbors: how often an autoencoder sees every example"),
    number(
      "measure.encoderExamples", \.measure.encoderExamples, 2...10_000_000,
      "information by neighbors: train the autoencoder of the examples on so many pictures"),
    number(
      "measure.sliceCount", \.measure.sliceCount, 2...1_000_000,
      "information by neighbors: random directions of measure.compression=sliced"),
    choice(
      "measure.errors", \.measure.errors,
      "information by neighbors: standard errors of local values as if these were independent, or of parts"
    ),
    text(
      "measure.binning", \.measure.binning, BinningText.expectation,
      "binned information: where the bins are"),
    number(
      "measure.pairwiseNoise", \.measure.pairwiseNoise, 1e-9...1e9,
      "bounds from pairs: the standard deviation of the noise that is added"),
    choice(
      "measure.keyFrequencies", \.measure.keyFrequencies,
      "progress on modular tasks: how the key frequencies are found; automatic: by clusters of neurons, or else the logits"
    ),
    number(
      "measure.keyFrequencyShare", \.measure.keyFrequencyShare, 0...1,
      "progress: the share of the largest, of the variance of a neuron or of the logits that makes a frequency a key one; "
        + "0: 0.25, 0.85 or 0.01 for these"),
    choice(
      "measure.reference", \.measure.reference,
      "the checkpoint that representations and kernels are compared with"),
    file(
      "measure.referenceRun", \.measure.referenceRun,
      "the folder of another run whose checkpoint representations are compared with, layer by layer"
    ),
    number(
      "measure.seed", \.measure.seed, 0...UInt64.max,
      "every random number of the measures follows from it"),
    number("seed", \.seed, 0...UInt64.max, "every random number of the run follows from it"),
  ]
}

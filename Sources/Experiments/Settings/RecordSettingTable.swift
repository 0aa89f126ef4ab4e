import GrokTraining

// The settings of records and checkpoints, in the order of the tables and files.

extension Setting {
  static let recordSettings = [
    number(
      "record.perDecade", \.record.perDecade, 0...1_000,
      "records evenly spaced on a logarithmic axis of steps, so many to each factor of 10"),
    number(
      "record.every", \.record.every, 0...1_000_000_000,
      "also a record every so many steps; 0: none"),
    steps("record.at", \.record.at, "also records at these steps"),
    flag(
      "record.tensorBoard", \.record.tensorBoard, "keep an event file for TensorBoard too"),
    choice(
      "record.compatibility", \.record.compatibility,
      "original: losses and accuracies of whole batches of 256 only, and besides ours an event file in published with the names of "
        + "the program that first drew grokking on the information plane"),
    number(
      "record.histogramsPerDecade", \.record.histogramsPerDecade, 0...1_000,
      "TensorBoard: histograms of each parameter, so many to each factor of 10 of steps; 0: none"),
    choice(
      "record.motion", \.record.motion,
      "how the weights of each component move, as a table: norms of gradient, update and weights; with those of "
        + "the step before (comparisons); and the distance from the start (everything)"),
    number(
      "record.motionEvery", \.record.motionEvery, 1...1_000_000,
      "motion: the last of every so many steps"),
    flag(
      "record.motionInEpochs", \.record.motionInEpochs,
      "motion: steps are counted anew in each epoch"),
    flag(
      "record.operations", \.record.operations,
      "the arithmetic of all updates so far, as compute/operations: of convolutions and linear layers"
    ),
    number(
      "checkpoint.perDecade", \.checkpoint.perDecade, 0...1_000,
      "checkpoints evenly spaced on a logarithmic axis of steps, so many to each factor of 10"),
    number(
      "checkpoint.every", \.checkpoint.every, 0...1_000_000_000,
      "also a checkpoint every so many steps; 0: none"),
    number(
      "checkpoint.keep", \.checkpoint.keep, 0...1_000_000,
      "of the checkpoints of checkpoint.every, only so many of the newest stay; 0: all"),
    steps("checkpoint.at", \.checkpoint.at, "also checkpoints at these steps"),
    number(
      "checkpoint.safetySeconds", \.checkpoint.safetySeconds, 0...1e6,
      "after so many seconds without a checkpoint one is written that goes when a later one is there; "
        + "0: never"),
  ]
}

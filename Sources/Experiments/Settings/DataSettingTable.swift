import GrokTraining

// The settings of the examples, in the order of the tables and files.

extension Setting {
  static let dataSettings = [
    choice("data.name", \.data.name, "the data set"),
    choice("data.operation", \.data.operation, "modular arithmetic: what is computed from a and b"),
    number("data.modulus", \.data.modulus, 2...2_000, "modular arithmetic: the modulus p"),
    number(
      "data.trainFraction", \.data.trainFraction, 0.001...0.999,
      "modular arithmetic and other sets of all there is: the share to train on"),
    number(
      "data.pythonSeed", \.data.pythonSeed, -1...Int(Int32.max),
      "those sets: split as Python's random.seed and random.shuffle do; -1 splits by the seed"
    ),
    number(
      "data.torchSeed", \.data.torchSeed, -1...Int(Int32.max),
      "train on the first examples of torch.randperm after torch.manual_seed; -1: not"),
    choice(
      "data.order", \.data.order,
      "batches in orders of the run's key, or those of PyTorch's DataLoader(shuffle=True) and the seed"
    ),
    number(
      "data.trainCount", \.data.trainCount, 1...1_000_000,
      "pictures: train on the first so many; others: draw so many to train on"),
    number(
      "data.testCount", \.data.testCount, 1...1_000_000,
      "pictures: test on the first so many; others: draw so many to test with"),
    choice("data.emnistSplit", \.data.emnistSplit, "emnist: the published selection of classes"),
    choice(
      "data.transposition", \.data.transposition,
      "emnist: upright pictures, or rows and columns exchanged as in the files"),
    choice(
      "data.normalization", \.data.normalization,
      "pictures: (x - mean) / deviation with mnist's 0.1307, 0.3081, emnist's 0.1751, 0.3332 or halves, or those of "
        + "each color of cifar10 or cifar100"),
    flag(
      "data.mirrors", \.data.mirrors,
      "pictures: left and right exchanged in half of them, drawn anew in each epoch"),
    number(
      "data.margin", \.data.margin, 0...1_000,
      "pictures: shifted by up to so many pixels, drawn anew in each epoch"),
    number(
      "data.degree", \.data.degree, 1...1_000,
      "permutation-group: things; sparse-parity: bits that matter; digit-addition: digits; "
        + "polynomial-regression: degree; synthetic-manifolds: dimension"),
    choice(
      "data.permutationOperation", \.data.permutationOperation,
      "permutation-group: a b, a b a^-1, or a b a"),
    number(
      "data.inputCount", \.data.inputCount, 1...100_000,
      "sparse-parity: bits; polynomial-regression, synthetic-manifolds: features"),
    number(
      "data.vocabularySize", \.data.vocabularySize, 2...1_000_000,
      "repeated-tokens, skip-trigrams: tokens to fill with; text: words, or bytes and byte pairs"),
    number(
      "data.context", \.data.context, 2...1_000_000,
      "repeated-tokens, skip-trigrams, text: the length of a sequence"),
    number(
      "data.shortestPeriod", \.data.shortestPeriod, 0...1_000_000,
      "repeated-tokens: the shortest segment; 0: a sixth of the context, and half of it the longest"
    ),
    number(
      "data.longestPeriod", \.data.longestPeriod, 0...1_000_000,
      "repeated-tokens: the longest segment; the shortest where that is more"),
    number(
      "data.copies", \.data.copies, 0...1_000_000,
      "repeated-tokens: copies of the segment, at random places among random tokens; 0: they fill the sequence"
    ),
    text(
      "data.teacher", \.data.teacher, "widths such as 5x100x100x5",
      "teacher-student: the widths of the teacher, from inputs to outputs"),
    number(
      "data.manifoldCount", \.data.manifoldCount, 1...100_000, "synthetic-manifolds: how many"),
    number(
      "data.manifoldRadius", \.data.manifoldRadius, 0...1_000,
      "synthetic-manifolds: the radius, in lengths of a center"),
    file(
      "data.file", \.data.file, "text: the file; nothing: the plays of text/tinyshakespeare.txt"),
    choice("data.vocabulary", \.data.vocabulary, "text: what is a token"),
    file(
      "data.split", \.data.split, "train on the examples with the indices in this npy or npz file"),
  ]
}

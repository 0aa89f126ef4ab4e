/// How a pair of numbers is given to a network.
public enum PairEncoding: String, Sendable, Codable, CaseIterable {
  /// `[examples, 2 p]`: a 1 at `a` and a 1 at `p + b`.
  case oneHot
  /// `[examples, 3]`: the tokens `a`, `b` and `=`, which is token `p` of a vocabulary of `p + 1`.
  case tokens
}

/// The task of computing a ∘ b modulo p, the classic task of delayed generalization.
///
/// The examples are all pairs (a, b) with both in `0..<p`, in row-major order: b changes fastest. For
/// division b = 0 is left out.
///
/// - Source: Power, Burda, Edwards, Babuschkin & Misra, arXiv 2201.02177, App. A.1; Nanda, Chan, Lieberum, Smith &
///   Steinhardt, arXiv 2301.05217.
public struct ModularArithmetic: Sendable, Equatable {
  /// What is computed from a and b, modulo p.
  public enum Operation: Sendable, Hashable, Codable {
    /// a + b
    case addition
    /// a − b
    case subtraction
    /// a b
    case multiplication
    /// a / b for b ≠ 0; p must be a prime number.
    case division
    /// a² + b²
    case sumOfSquares
    /// a² + a b + b²
    case quadraticForm
    /// a³ + a b² + b
    case cubicForm
    /// For every pair a number drawn once from the key: nothing to generalize from.
    case randomTable(key: RandomKey)
  }

  /// What is computed.
  public let operation: Operation
  /// p. Also the number of classes.
  public let modulus: Int

  /// A task.
  ///
  /// - Precondition: what `check(_:modulus:)` requires.
  public init(_ operation: Operation, modulus: Int) {
    do throws(DatasetError) {
      try Self.check(operation, modulus: modulus)
    } catch {
      preconditionFailure(error.description)
    }
    self.operation = operation
    self.modulus = modulus
  }

  /// Throws where no such task exists: for settings that come from outside of the program.
  ///
  /// - Throws: `DatasetError.invalidSetting` unless the modulus is in 2...32768, and prime for division.
  public static func check(_ operation: Operation, modulus: Int) throws(DatasetError) {
    guard modulus >= 2, modulus <= 32_768 else {
      throw .invalidSetting(name: "modulus", value: "\(modulus)", expected: "2 to 32768")
    }
    if operation == .division, !isPrime(modulus) {
      throw .invalidSetting(
        name: "modulus", value: "\(modulus)", expected: "a prime number for division")
    }
  }

  /// The number of features of the one-hot encoding, 2p.
  public var inputSize: Int { 2 * modulus }

  /// The number of tokens of the token encoding, p + 1.
  public var vocabularySize: Int { modulus + 1 }

  /// The number of pairs.
  public var pairCount: Int { modulus * (modulus - (operation == .division ? 1 : 0)) }

  /// The pair with an index in row-major order.
  public func pair(_ index: Int) -> (a: Int, b: Int) {
    precondition(
      index >= 0 && index < pairCount, "ModularArithmetic: pair \(index) is not in 0..<\(pairCount)"
    )
    if operation == .division { return (index / (modulus - 1), index % (modulus - 1) + 1) }
    return (index / modulus, index % modulus)
  }

  /// a ∘ b modulo p.
  ///
  /// - Precondition: both are in `0..<p`, and b is not 0 for division.
  public func result(_ a: Int, _ b: Int) -> Int {
    let p = modulus
    precondition(
      a >= 0 && a < p && b >= 0 && b < p && (operation != .division || b != 0),
      "ModularArithmetic: no result for (\(a), \(b)) modulo \(p)")
    return switch operation {
    case .addition: (a + b) % p
    case .subtraction: (a - b + p) % p
    case .multiplication: a * b % p
    case .division: a * inverse(b) % p
    case .sumOfSquares: (a * a + b * b) % p
    case .quadraticForm: (a * a + a * b + b * b) % p
    case .cubicForm: (a * a * a + a * b * b + b) % p
    case .randomTable(let key): key.integer(at: a * p + b, in: 0..<p)
    }
  }

  /// 1 / b modulo the prime p, which is b to the power p − 2.
  private func inverse(_ b: Int) -> Int {
    var (result, power, exponent) = (1, b, modulus - 2)
    while exponent > 0 {
      if exponent & 1 == 1 { result = result * power % modulus }
      power = power * power % modulus
      exponent >>= 1
    }
    return result
  }
}

// MARK: - Examples

extension ModularArithmetic {
  /// All pairs with their results, in row-major order.
  public func examples(encoding: PairEncoding = .oneHot) -> LabeledExamples {
    examples(at: 0..<pairCount, encoding: encoding)
  }

  /// The pairs with the given indices, in the order given, with their results.
  public func examples(
    at indices: some Collection<Int>, encoding: PairEncoding = .oneHot
  ) -> LabeledExamples {
    let pairs = indices.map { pair($0) }
    let inputs: ExampleInputs
    switch encoding {
    case .oneHot:
      var features = Matrix<Float>(rowCount: pairs.count, columnCount: inputSize)
      for (row, pair) in pairs.enumerated() {
        features[row, pair.a] = 1
        features[row, modulus + pair.b] = 1
      }
      inputs = .features(features)
    case .tokens:
      let tokens = pairs.flatMap { [Int32($0.a), Int32($0.b), Int32(modulus)] }
      inputs = .tokens(
        TokenMatrix(
          checked: tokens, exampleCount: pairs.count, contextLength: 3,
          vocabularySize: vocabularySize))
    }
    let labels = pairs.map { Int32(result($0.a, $0.b)) }
    return LabeledExamples(checkedInputs: inputs, labels: labels, classCount: modulus)
  }
}

// MARK: - Splits

extension ModularArithmetic {
  /// A random split: the training pairs are the first of a random order, the test pairs the rest.
  ///
  /// With one key, the training pairs of a smaller fraction are the first of those of a larger one.
  ///
  /// - Parameter trainFraction: the share to train on, in 0...1; `Int(trainFraction × pairs)` pairs.
  public func split(
    trainFraction: Double, encoding: PairEncoding = .oneHot, key: RandomKey
  ) -> TrainTestSplit {
    split(order: key.permutation(of: pairCount), trainFraction, encoding)
  }

  /// The split that the published code makes with Python's `random` seeded by `pythonSeed`.
  ///
  /// Pairs and their order are those of
  /// `random.seed(seed); random.shuffle(pairs); div = int(fraction * len(pairs))`.
  ///
  /// - Source: the repository of Nanda et al., `transformers.py`, `gen_train_test`.
  public func split(
    trainFraction: Double, encoding: PairEncoding = .oneHot, pythonSeed: Int
  ) -> TrainTestSplit {
    var generator = PythonRandom(seed: pythonSeed)
    var order = Array(0..<pairCount)
    generator.shuffle(&order)
    return split(order: order, trainFraction, encoding)
  }

  /// The split that programs in PyTorch make: the training pairs are the first of
  /// `torch.manual_seed(seed); torch.randperm(pairs)`.
  public func split(
    trainFraction: Double, encoding: PairEncoding = .oneHot, torchSeed: UInt64
  ) -> TrainTestSplit {
    var generator = PyTorchRandom(seed: torchSeed)
    return split(order: generator.randperm(pairCount), trainFraction, encoding)
  }

  /// The split whose training pairs are given by index; the test pairs are the others, ascending.
  ///
  /// - Throws: `DatasetError.indexOutOfRange`, `.repeatedIndex`.
  public func split(
    trainIndices: [Int], encoding: PairEncoding = .oneHot
  ) throws(DatasetError) -> TrainTestSplit {
    let testIndices = try complement(of: trainIndices, count: pairCount)
    return split(trainIndices, testIndices, encoding)
  }

  private func split(order: [Int], _ fraction: Double, _ encoding: PairEncoding) -> TrainTestSplit {
    let parts = order.split(first: fraction)
    return split(parts.first, parts.rest, encoding)
  }

  private func split(
    _ trainIndices: [Int], _ testIndices: [Int], _ encoding: PairEncoding
  ) -> TrainTestSplit {
    TrainTestSplit(
      train: examples(at: trainIndices, encoding: encoding),
      test: examples(at: testIndices, encoding: encoding),
      trainIndices: trainIndices, testIndices: testIndices)
  }
}

private func isPrime(_ number: Int) -> Bool {
  guard number >= 2 else { return false }
  var divisor = 2
  while divisor * divisor <= number {
    if number % divisor == 0 { return false }
    divisor += 1
  }
  return true
}

#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// The task of learning what a network with random weights computes.
///
/// The teacher is a perceptron with tanh between its layers, drawn as PyTorch's linear layers are: weights and biases
/// uniform within ±1/√inputs. Inputs are standard normal.
///
/// - Source: Liu, Michaud & Tegmark, arXiv 2210.01117: widths 5, 100, 100, 5, 100 examples to train on.
public struct TeacherStudent: Sendable, Equatable {
  /// The widths of the teacher, from inputs to outputs.
  public let widths: [Int]
  private let weights: [Matrix<Double>]
  private let biases: [[Double]]

  /// A teacher of the given widths.
  ///
  /// - Throws: `DatasetError.invalidSetting` for fewer than two widths, or one below 1.
  public init(widths: [Int] = [5, 100, 100, 5], key: RandomKey) throws(DatasetError) {
    guard widths.count >= 2, widths.allSatisfy({ $0 >= 1 }) else {
      throw .invalidSetting(
        name: "widths of the teacher", value: "\(widths)", expected: "two or more, each at least 1")
    }
    self.widths = widths
    var (weights, biases) = ([Matrix<Double>](), [[Double]]())
    for (layer, (inputs, outputs)) in zip(widths, widths.dropFirst()).enumerated() {
      let bound = 1 / Double(inputs).squareRoot()
      let key = key.fork(layer)
      weights.append(
        Matrix(
          values: key.fork("weight").uniform(count: inputs * outputs, in: -bound..<bound),
          rowCount: outputs, columnCount: inputs))
      biases.append(key.fork("bias").uniform(count: outputs, in: -bound..<bound))
    }
    self.weights = weights
    self.biases = biases
  }

  /// What the teacher says to an input.
  public func answer(to input: [Double]) -> [Double] {
    precondition(
      input.count == widths[0], "TeacherStudent: \(input.count) numbers for \(widths[0]) inputs")
    var values = input
    for (layer, weight) in weights.enumerated() {
      values = (0..<weight.rowCount).map { row in
        let sum = values.indices.reduce(biases[layer][row]) { $0 + weight[row, $1] * values[$1] }
        return layer < weights.count - 1 ? tanh(sum) : sum
      }
    }
    return values
  }

  /// Random inputs with the teacher's answers.
  ///
  /// - Shapes: features are `[count, widths.first]`, numbers to be told `[count, widths.last]`.
  /// - Parameter key: Example `i` is drawn from `key.fork(i)`, so that fewer examples are the first of more.
  public func examples(count: Int, key: RandomKey) -> LabeledExamples {
    regression(count: count, inputCount: widths[0], key: key, answer: answer)
  }
}

/// The task of learning a polynomial in one of many directions: a target that a network must find features for.
///
/// With a hidden direction w of length 1 and the normalized Hermite polynomial of a degree, the target is
/// He_d(w · x) / √d!. Inputs are standard normal, so targets have variance 1 and are uncorrelated over degrees.
///
/// - Source: Kumar, Bordelon, Gershman & Pehlevan, arXiv 2310.06110: grokking of polynomial regression as the passage
///   from lazy to rich.
public struct PolynomialRegression: Sendable, Equatable {
  /// The number of inputs.
  public let inputCount: Int
  /// d.
  public let degree: Int
  /// w, of length 1.
  public let direction: [Double]

  /// A task with a direction drawn from a key.
  ///
  /// - Throws: `DatasetError.invalidSetting` for a degree that is not 1 to 10, or no inputs.
  public init(inputCount: Int, degree: Int, key: RandomKey) throws(DatasetError) {
    guard inputCount >= 1 else {
      throw .invalidSetting(
        name: "number of inputs", value: "\(inputCount)", expected: "at least 1")
    }
    guard (1...10).contains(degree) else {
      throw .invalidSetting(name: "degree", value: "\(degree)", expected: "1 to 10")
    }
    self.inputCount = inputCount
    self.degree = degree
    let normal: [Double] = key.normal(count: inputCount)
    let length = normal.reduce(0) { $0 + $1 * $1 }.squareRoot()
    direction = normal.map { $0 / length }
  }

  /// The target of an input.
  public func answer(to input: [Double]) -> Double {
    let z = zip(direction, input).reduce(0) { $0 + $1.0 * $1.1 }
    // He_{n+1} = z He_n − n He_{n−1}
    var (last, current, factorial) = (0.0, 1.0, 1.0)
    for n in 0..<degree {
      (last, current) = (current, z * current - Double(n) * last)
      factorial *= Double(n + 1)
    }
    return current / factorial.squareRoot()
  }

  /// Random inputs with their targets.
  ///
  /// - Shapes: features are `[count, inputCount]`, numbers to be told `[count, 1]`.
  /// - Parameter key: Example `i` is drawn from `key.fork(i)`, so that fewer examples are the first of more.
  public func examples(count: Int, key: RandomKey) -> LabeledExamples {
    regression(count: count, inputCount: inputCount, key: key) { [answer(to: $0)] }
  }
}

/// Standard normal inputs in single precision, with what is answered to them.
private func regression(
  count: Int, inputCount: Int, key: RandomKey, answer: ([Double]) -> [Double]
) -> LabeledExamples {
  var (features, numbers) = ([Float](), [Float]())
  for example in 0..<count {
    let input: [Float] = key.fork(example).normal(count: inputCount)
    features += input
    numbers += answer(input.map { Double($0) }).map { Float($0) }
  }
  let width =
    count == 0 ? answer([Double](repeating: 0, count: inputCount)).count : numbers.count / count
  return LabeledExamples(
    checkedInputs: .features(Matrix(values: features, rowCount: count, columnCount: inputCount)),
    numbers: Matrix(values: numbers, rowCount: count, columnCount: width))
}

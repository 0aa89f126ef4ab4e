/// The task of adding two numbers of n digits, as sequences of tokens with a target at each digit of the sum.
///
/// A sequence is `a + b = s`: the digits of a and b, most significant first, and the n + 1 digits of the sum. Token 10
/// is `+`, token 11 is `=`. The targets stand one position before the digits of the sum, so the last token is never
/// asked from.
///
/// - Source: the tasks of Nanda, Chan, Lieberum, Smith & Steinhardt, arXiv 2301.05217, App. on further tasks: 5 digits.
public struct DigitAddition: Sendable, Equatable {
  /// n.
  public let digitCount: Int

  /// Sums of numbers with `digitCount` digits each, zeros in front included.
  ///
  /// - Throws: `DatasetError.invalidSetting` unless the count is 1 to 17.
  public init(digitCount: Int = 5) throws(DatasetError) {
    guard (1...17).contains(digitCount) else {
      throw .invalidSetting(name: "number of digits", value: "\(digitCount)", expected: "1 to 17")
    }
    self.digitCount = digitCount
  }

  /// The length of a sequence, 3n + 3.
  public var contextLength: Int { 3 * digitCount + 3 }
  /// Ten digits, `+` and `=`.
  public static let vocabularySize = 12

  /// The sequence of two numbers.
  ///
  /// - Precondition: both are in `0..<10ⁿ`.
  public func sequence(_ a: Int, _ b: Int) -> [Int32] {
    let bound = (0..<digitCount).reduce(1) { product, _ in product * 10 }
    precondition(
      (0..<bound).contains(a) && (0..<bound).contains(b),
      "DigitAddition: \(a) + \(b) with \(digitCount) digits")
    return digits(a, digitCount) + [10] + digits(b, digitCount) + [11]
      + digits(a + b, digitCount + 1)
  }

  private func digits(_ number: Int, _ count: Int) -> [Int32] {
    var (result, rest) = ([Int32](repeating: 0, count: count), number)
    for place in result.indices.reversed() {
      result[place] = Int32(rest % 10)
      rest /= 10
    }
    return result
  }

  /// Sums of numbers whose digits are uniformly random.
  ///
  /// - Shapes: tokens `[count, 3n + 3]`; targets at the n + 1 positions from `=` on, each in `0..<10`.
  /// - Parameter key: Example `i` is drawn from `key.fork(i)`, so that fewer examples are the first of more.
  public func examples(count: Int, key: RandomKey) -> LabeledExamples {
    let bound = (0..<digitCount).reduce(1) { product, _ in product * 10 }
    var (tokens, targets) = ([Int32](), [Int32]())
    for example in 0..<count {
      let numbers = key.fork(example).integers(count: 2, in: 0..<bound)
      let sequence = sequence(numbers[0], numbers[1])
      tokens += sequence
      let unasked = [Int32](repeating: LabeledExamples.noTarget, count: 2 * digitCount + 1)
      targets += unasked + sequence.suffix(digitCount + 1) + [LabeledExamples.noTarget]
    }
    return LabeledExamples(
      checkedInputs: .tokens(
        TokenMatrix(
          checked: tokens, exampleCount: count, contextLength: contextLength,
          vocabularySize: Self.vocabularySize)), labels: targets, positionCount: contextLength,
      classCount: 10)
  }
}

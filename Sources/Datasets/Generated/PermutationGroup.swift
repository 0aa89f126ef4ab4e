/// The task of multiplying two permutations of n things: the symmetric group Sₙ.
///
/// Permutations are numbered in lexicographic order, the identity being 0. The examples are all pairs (a, b), in
/// row-major order; the class is the number of the result. a b means: b first, then a.
///
/// - Source: Power, Burda, Edwards, Babuschkin & Misra, arXiv 2201.02177, App. A.1.1; Chughtai, Chan & Nanda,
///   arXiv 2302.03025.
public struct PermutationGroup: Sendable, Equatable {
  /// What is computed from a and b.
  public enum Operation: String, Sendable, CaseIterable {
    /// a b
    case product
    /// a b a⁻¹
    case conjugation
    /// a b a
    case sandwich
  }

  /// n, the number of things that are permuted.
  public let degree: Int
  /// What is computed.
  public let operation: Operation
  /// All permutations in lexicographic order: each thing's image.
  public let permutations: [[Int]]
  // The number of a permutation by its images, as digits of base n.
  private let numbers: [Int: Int]

  /// The group of permutations of `degree` things.
  ///
  /// - Throws: `DatasetError.invalidSetting` unless the degree is 2 to 6.
  public init(degree: Int, operation: Operation = .product) throws(DatasetError) {
    guard (2...6).contains(degree) else {
      throw .invalidSetting(name: "degree", value: "\(degree)", expected: "2 to 6")
    }
    self.degree = degree
    self.operation = operation
    var all = [[Int]]()
    func extend(_ start: [Int]) {
      if start.count == degree { all.append(start) }
      for next in 0..<degree where !start.contains(next) { extend(start + [next]) }
    }
    extend([])
    permutations = all
    numbers = Dictionary(
      uniqueKeysWithValues: all.enumerated().map { (Self.digits($1, degree), $0) })
  }

  private static func digits(_ permutation: [Int], _ degree: Int) -> Int {
    permutation.reduce(0) { $0 * degree + $1 }
  }

  /// n!, the number of permutations and of classes.
  public var order: Int { permutations.count }
  /// The number of pairs.
  public var pairCount: Int { order * order }

  /// The number of the permutation that does `b` first, then `a`.
  public func product(_ a: Int, _ b: Int) -> Int {
    let (first, second) = (permutations[b], permutations[a])
    return number(of: first.map { second[$0] })
  }

  /// The number of the permutation that undoes `a`.
  public func inverse(_ a: Int) -> Int {
    var images = [Int](repeating: 0, count: degree)
    for (thing, image) in permutations[a].enumerated() { images[image] = thing }
    return number(of: images)
  }

  private func number(of images: [Int]) -> Int { numbers[Self.digits(images, degree)] ?? 0 }

  /// The number of the operation's result.
  public func result(_ a: Int, _ b: Int) -> Int {
    switch operation {
    case .product: product(a, b)
    case .conjugation: product(product(a, b), inverse(a))
    case .sandwich: product(product(a, b), a)
    }
  }

  /// All pairs with their results, in row-major order.
  ///
  /// - Shapes: one-hot `[pairs, 2 n!]`, or the tokens `a`, `b` and `=`, which is token n! of n! + 1.
  public func examples(encoding: PairEncoding = .oneHot) -> LabeledExamples {
    let pairs = (0..<pairCount).map { $0.quotientAndRemainder(dividingBy: order) }
    let labels = pairs.map { Int32(result($0.quotient, $0.remainder)) }
    switch encoding {
    case .oneHot:
      var features = Matrix<Float>(rowCount: pairCount, columnCount: 2 * order)
      for (row, pair) in pairs.enumerated() {
        features[row, pair.quotient] = 1
        features[row, order + pair.remainder] = 1
      }
      return LabeledExamples(
        checkedInputs: .features(features), labels: labels, classCount: order)
    case .tokens:
      let tokens = pairs.flatMap { [Int32($0.quotient), Int32($0.remainder), Int32(order)] }
      return LabeledExamples(
        checkedInputs: .tokens(
          TokenMatrix(
            checked: tokens, exampleCount: pairCount, contextLength: 3, vocabularySize: order + 1)),
        labels: labels, classCount: order)
    }
  }
}

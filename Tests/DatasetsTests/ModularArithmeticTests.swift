import Testing
import TestSupport

@testable import GrokDatasets

@Suite struct ModularArithmeticTests {
  static let operations: [ModularArithmetic.Operation] = [
    .addition, .subtraction, .multiplication, .division, .sumOfSquares, .quadraticForm, .cubicForm,
    .randomTable(key: RandomKey(seed: 1)),
  ]

  @Test(.tags(.law), arguments: [2, 3, 7, 97]) func resultsSolveTheirEquation(modulus: Int) {
    func reduced(_ value: Int) -> Int { (value % modulus + modulus) % modulus }
    for operation in Self.operations {
      let task = ModularArithmetic(operation, modulus: modulus)
      for index in 0..<task.pairCount {
        let (a, b) = task.pair(index)
        let c = task.result(a, b)
        #expect((0..<modulus).contains(c))
        switch operation {
        case .addition: #expect(reduced(c - a - b) == 0)
        case .subtraction: #expect(reduced(c + b - a) == 0)
        case .multiplication: #expect(reduced(c - a * b) == 0)
        case .division: #expect(reduced(c * b - a) == 0 && b != 0)
        case .sumOfSquares: #expect(reduced(c - a * a - b * b) == 0)
        case .quadraticForm: #expect(reduced(c - a * a - a * b - b * b) == 0)
        case .cubicForm: #expect(reduced(c - a * a * a - a * b * b - b) == 0)
        case .randomTable: #expect(c == task.result(a, b))
        }
      }
    }
  }

  @Test func largestModulusDoesNotOverflow() {
    let p = 32_749  // the largest prime below 2¹⁵
    for operation in Self.operations {
      let task = ModularArithmetic(operation, modulus: p)
      #expect((0..<p).contains(task.result(p - 1, p - 1)))
    }
    #expect(ModularArithmetic(.division, modulus: p).result(p - 1, p - 1) == 1)
  }

  @Test func pairsAreInRowMajorOrder() {
    let task = ModularArithmetic(.addition, modulus: 5)
    #expect(task.pairCount == 25)
    #expect((0..<25).allSatisfy { task.pair($0).a * 5 + task.pair($0).b == $0 })
    let division = ModularArithmetic(.division, modulus: 5)
    #expect(division.pairCount == 20)
    #expect((0..<20).allSatisfy { division.pair($0).a * 4 + division.pair($0).b - 1 == $0 })
  }

  @Test func randomTableIsDrawnOnce() {
    let task = ModularArithmetic(.randomTable(key: RandomKey(seed: 4)), modulus: 31)
    let labels = task.examples().labels
    #expect(labels == task.examples().labels)
    #expect(Set(labels).count > 25)
    let other = ModularArithmetic(.randomTable(key: RandomKey(seed: 5)), modulus: 31)
    #expect(labels != other.examples().labels)
  }

  @Test func encodings() {
    let task = ModularArithmetic(.subtraction, modulus: 3)
    let indices = [1, 6]  // (0, 1) and (2, 0)
    let oneHot = task.examples(at: indices)
    #expect(oneHot.labels == [2, 2])
    #expect(oneHot.classCount == 3)
    #expect(
      oneHot.inputs
        == .features(Matrix(rows: [[1, 0, 0, 0, 1, 0], [0, 0, 1, 1, 0, 0]])))
    let tokens = task.examples(at: indices, encoding: .tokens)
    guard case .tokens(let matrix) = tokens.inputs else {
      Issue.record("not tokens")
      return
    }
    #expect(matrix.values == [0, 1, 3, 2, 0, 3])
    #expect((matrix.contextLength, matrix.vocabularySize) == (3, task.vocabularySize))
    #expect(task.inputSize == 6)
    #expect(task.examples().count == 9)
  }

  @Test(.tags(.law), arguments: [0, 0.3, 0.5, 1]) func splitsCoverAllPairsOnce(fraction: Double) {
    let task = ModularArithmetic(.division, modulus: 11)
    let split = task.split(trainFraction: fraction, key: RandomKey(seed: 1))
    #expect(split.trainIndices.count == Int(fraction * 110))
    #expect((split.trainIndices + split.testIndices).sorted() == Array(0..<110))
    #expect(split.train == task.examples().selecting(split.trainIndices))
    #expect(split.test == task.examples().selecting(split.testIndices))
  }

  @Test(.tags(.law)) func smallerFractionsArePrefixes() {
    let task = ModularArithmetic(.addition, modulus: 23)
    let key = RandomKey(seed: 2)
    let small = task.split(trainFraction: 0.2, key: key)
    let large = task.split(trainFraction: 0.6, key: key)
    #expect(Array(large.trainIndices.prefix(small.train.count)) == small.trainIndices)
    #expect(task.split(trainFraction: 0.2, key: key.fork(1)).trainIndices != small.trainIndices)
  }

  @Test func splitsByIndex() throws {
    let task = ModularArithmetic(.addition, modulus: 3)
    let split = try task.split(trainIndices: [7, 0, 4], encoding: .tokens)
    #expect(split.testIndices == [1, 2, 3, 5, 6, 8])
    #expect(split.train == task.examples(at: [7, 0, 4], encoding: .tokens))
    #expect(throws: DatasetError.indexOutOfRange(index: 9, count: 9)) {
      try task.split(trainIndices: [0, 9])
    }
    #expect(throws: DatasetError.repeatedIndex(index: 4)) { try task.split(trainIndices: [4, 4]) }
  }

  @Test(.tags(.golden)) func pythonSeedsGiveThePublishedSplits() throws {
    for golden in try PythonGolden.load().splits {
      let task = ModularArithmetic(.addition, modulus: golden.modulus)
      let split = task.split(
        trainFraction: golden.fraction, encoding: .tokens, pythonSeed: golden.seed)
      func pairs(_ indices: some Sequence<Int>) -> [[Int]] {
        indices.map { [task.pair($0).a, task.pair($0).b] }
      }
      #expect(split.train.count == golden.trainCount)
      #expect(split.test.count == golden.testCount)
      #expect(pairs(split.trainIndices.prefix(10)) == golden.firstTrain)
      #expect(pairs(split.testIndices.suffix(10)) == golden.lastTest)
      let order = split.trainIndices + split.testIndices
      #expect(order.enumerated().reduce(0) { $0 + $1.offset * $1.element } == golden.weightedSum)
      if !golden.order.isEmpty { #expect(order == golden.order) }
    }
  }

  @Test func tasksThatDoNotExistAreRefused() {
    #expect(throws: DatasetError.self) { try ModularArithmetic.check(.addition, modulus: 1) }
    #expect(throws: DatasetError.self) { try ModularArithmetic.check(.addition, modulus: 32_769) }
    #expect(
      throws: DatasetError.invalidSetting(
        name: "modulus", value: "9", expected: "a prime number for division")
    ) {
      try ModularArithmetic.check(.division, modulus: 9)
    }
  }
}

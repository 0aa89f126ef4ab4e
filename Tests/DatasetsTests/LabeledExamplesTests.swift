import Testing
import TestSupport

@testable import GrokDatasets

@Suite struct LabeledExamplesTests {
  let features = ExampleInputs.features(Matrix(rows: [[1, 2], [3, 4], [5, 6]]))

  @Test func selectingKeepsInputsAndLabelsTogether() throws {
    let examples = try LabeledExamples(inputs: features, labels: [0, 1, 2], classCount: 4)
    #expect(examples.count == 3)
    let selected = examples.selecting([2, 0])
    #expect(selected.inputs == .features(Matrix(rows: [[5, 6], [1, 2]])))
    #expect(selected.labels == [2, 0])
    #expect(selected.classCount == 4)
    #expect(examples.prefix(2) == examples.selecting([0, 1]))
    #expect(examples.prefix(9) == examples)
    #expect(examples.prefix(0).count == 0)
  }

  @Test func tokensAreSequences() throws {
    let tokens = try TokenMatrix(
      values: [0, 1, 2, 3, 4, 5], exampleCount: 2, contextLength: 3, vocabularySize: 6)
    #expect(Array(tokens.sequence(1)) == [3, 4, 5])
    #expect(tokens[0, 2] == 2)
    #expect(tokens.selecting([1, 1]).values == [3, 4, 5, 3, 4, 5])
    #expect(ExampleInputs.tokens(tokens).exampleCount == 2)
    #expect(ExampleInputs.tokens(tokens).selecting([1]) == .tokens(tokens.selecting([1])))
  }

  @Test func whatDoesNotFitIsRefused() {
    #expect(
      throws: DatasetError.countMismatch(what: "labels of 3 examples", expected: 3, found: 2)
    ) {
      try LabeledExamples(inputs: features, labels: [0, 1], classCount: 2)
    }
    #expect(throws: DatasetError.labelOutOfRange(example: 1, label: 2, classCount: 2)) {
      try LabeledExamples(inputs: features, labels: [0, 2, 1], classCount: 2)
    }
    #expect(throws: DatasetError.labelOutOfRange(example: 2, label: -1, classCount: 2)) {
      try LabeledExamples(inputs: features, labels: [0, 1, -1], classCount: 2)
    }
    #expect(
      throws: DatasetError.countMismatch(what: "tokens of 2 sequences of 2", expected: 4, found: 3)
    ) {
      try TokenMatrix(values: [0, 0, 0], exampleCount: 2, contextLength: 2, vocabularySize: 1)
    }
    #expect(
      throws: DatasetError.tokenOutOfRange(example: 1, position: 0, token: 5, vocabularySize: 5)
    ) {
      try TokenMatrix(values: [0, 1, 5, 2], exampleCount: 2, contextLength: 2, vocabularySize: 5)
    }
  }

  @Test(arguments: [
    (
      DatasetError.noTarget(example: 1),
      "example 1 has a target at no position; leave it out or give it one"
    ),
    (
      DatasetError.countMismatch(what: "labels of 3 examples", expected: 3, found: 2),
      "labels of 3 examples: expected 3, found 2"
    ),
    (
      .labelOutOfRange(example: 4, label: 10, classCount: 10),
      "label 10 of example 4 is not in 0..<10; raise the number of classes or renumber the labels"
    ),
    (
      .tokenOutOfRange(example: 1, position: 2, token: 9, vocabularySize: 8),
      "token 9 at position 2 of example 1 is not in 0..<8; raise the vocabulary size or encode the "
        + "tokens again"
    ),
    (
      .indexOutOfRange(index: 12, count: 10),
      "index 12 is not in 0..<10; the indices belong to another dataset"
    ),
    (.repeatedIndex(index: 3), "index 3 occurs twice; list each training example once"),
    (
      .invalidSetting(name: "batch size", value: "0", expected: "at least 1"),
      "batch size is 0; expected at least 1"
    ),
  ])
  func messages(error: DatasetError, message: String) {
    #expect(error.description == message)
  }
}

/// What can be wrong with the examples, indices or sizes that a dataset is made from.
public enum DatasetError: Error, Equatable, Sendable, CustomStringConvertible {
  /// Two things that belong together have different counts.
  case countMismatch(what: String, expected: Int, found: Int)
  /// A label is no class.
  case labelOutOfRange(example: Int, label: Int, classCount: Int)
  /// A token is not in the vocabulary.
  case tokenOutOfRange(example: Int, position: Int, token: Int, vocabularySize: Int)
  /// An index names no example.
  case indexOutOfRange(index: Int, count: Int)
  /// An index occurs twice where each may occur once.
  case repeatedIndex(index: Int)
  /// A size or choice with which no dataset exists.
  case invalidSetting(name: String, value: String, expected: String)

  /// What is wrong, where, and what to try.
  public var description: String {
    switch self {
    case .countMismatch(let what, let expected, let found):
      "\(what): expected \(expected), found \(found)"
    case .labelOutOfRange(let example, let label, let classCount):
      "label \(label) of example \(example) is not in 0..<\(classCount); "
        + "raise the number of classes or renumber the labels"
    case .tokenOutOfRange(let example, let position, let token, let vocabularySize):
      "token \(token) at position \(position) of example \(example) is not in "
        + "0..<\(vocabularySize); raise the vocabulary size or encode the tokens again"
    case .indexOutOfRange(let index, let count):
      "index \(index) is not in 0..<\(count); the indices belong to another dataset"
    case .repeatedIndex(let index):
      "index \(index) occurs twice; list each training example once"
    case .invalidSetting(let name, let value, let expected):
      "\(name) is \(value); expected \(expected)"
    }
  }
}

import GrokNumerics

/// What can be wrong with numbers or names that are given to a network.
public enum ModelError: Error, Equatable, CustomStringConvertible {
  /// A name that no parameter has.
  case unknownParameter(String, known: [String])
  /// A parameter that was not given.
  case missingParameter(String, shape: Shape)
  /// A parameter of another shape.
  case shapeMismatch(String, found: [Int], expected: Shape)
  /// Examples that the network cannot read.
  case unsuitableInput(found: String, expected: String)
  /// A network of operations whose arithmetic is not counted.
  case uncountedOperations

  /// What is wrong and what was expected, in one line.
  public var description: String {
    switch self {
    case .unknownParameter(let name, let known):
      "unknown parameter '\(name)'\(suggestion(for: name, among: known))"
    case .missingParameter(let name, let shape):
      "parameter '\(name)' of shape \(shape) is missing"
    case .shapeMismatch(let name, let found, let expected):
      "parameter '\(name)' has shape \(found), not \(expected)"
    case .unsuitableInput(let found, let expected):
      "the examples are \(found), but the network reads \(expected)"
    case .uncountedOperations:
      "the arithmetic of attention and of memory cells is not counted; expected convolutions and linear layers"
    }
  }
}

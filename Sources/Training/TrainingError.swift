import GrokNumerics

/// What can stop a training.
public enum TrainingError: Error, Equatable, CustomStringConvertible {
  /// A set without examples.
  case noExamples
  /// A label that the network has no output for.
  case labelOutOfRange(Int, outputCount: Int)
  /// Targets at other positions than the network has outputs for.
  case positionMismatch(found: Int, expected: Int)
  /// Examples with numbers to be told, where the loss needs classes.
  case noClasses
  /// Another number of numbers to be told than the network has outputs.
  case numberMismatch(found: Int, expected: Int)
  /// Examples that are no pictures of the shape that is to be changed.
  case noPictures(found: String, expected: String)
  /// A loss that is infinite or not a number.
  case nonFiniteLoss(step: Int, loss: Double, firstTap: String?, lastCheckpoint: String?)
  /// A parameter that is infinite or not a number.
  case nonFiniteParameter(String, step: Int, lastCheckpoint: String?)
  /// An observer whose schedule has no step of the training.
  case observerNeverFires(String, steps: Int)
  /// A tap that the network does not have.
  case unknownTap(String, known: [String])
  /// A parameter vector of the wrong length.
  case parameterCount(found: Int, expected: Int)
  /// A stored state that belongs to another training.
  case unsuitableCheckpoint(path: String, problem: String)
  /// A freezing of parts that the network does not have, or that does not go with the rest.
  case unsuitableFreezing(String)

  /// What is wrong, and what to try, in one line.
  public var description: String {
    switch self {
    case .noExamples: "there are no examples to train on or to test with"
    case .labelOutOfRange(let label, let count):
      "an example has label \(label), but the network has outputs 0 ..< \(count)"
    case .positionMismatch(let found, let expected):
      "the examples have \(targets(found)), but the network has outputs for \(positions(expected))"
    case .noClasses:
      "the examples have numbers to be told and no classes; take the loss mean-squared-error"
    case .numberMismatch(let found, let expected):
      "the examples have \(found) numbers to be told, but the network has \(expected) outputs"
    case .noPictures(let found, let expected):
      "the examples are \(found), but pictures of \(expected) are to be changed"
    case .nonFiniteLoss(let step, let loss, let tap, let checkpoint):
      "the loss is \(loss) at step \(step)"
        + (tap.map { "; the first value that is not finite is at '\($0)'" } ?? "")
        + advice(checkpoint)
    case .nonFiniteParameter(let name, let step, let checkpoint):
      "parameter '\(name)' is not finite at step \(step)" + advice(checkpoint)
    case .observerNeverFires(let name, let steps):
      "the measure '\(name)' would never be taken in \(steps) steps"
    case .unknownTap(let name, let known):
      "unknown value '\(name)'\(suggestion(for: name, among: known))"
    case .parameterCount(let found, let expected):
      "\(found) initial parameters for a network of \(expected)"
    case .unsuitableCheckpoint(let path, let problem): "\(path): \(problem)"
    case .unsuitableFreezing(let problem): "freezing: \(problem)"
    }
  }

  private func targets(_ count: Int) -> String {
    count == 1 ? "one target" : "targets at \(count) positions"
  }

  private func positions(_ count: Int) -> String { count == 1 ? "one" : "\(count)" }

  private func advice(_ checkpoint: String?) -> String {
    (checkpoint.map { "; the last good checkpoint is \($0)" } ?? "")
      + "; try a smaller train.learningRate"
  }
}

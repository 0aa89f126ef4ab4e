import GrokReports

/// How a recorded quantity is drawn: what its axis says, and how it is scaled.
struct Quantity: Sendable, Hashable {
  /// The heading: `Test accuracy`.
  var title: String
  /// The vertical axis.
  var axis: Plot.Axis
  /// What it is, in a sentence; empty where only the name is known.
  var meaning = ""

  var isLogarithmic: Bool { axis.scale != .linear }

  /// The quantity of a record's name.
  ///
  /// - Parameter lossUnit: What a loss is counted in; empty for no unit.
  init(named name: String, lossUnit: String = "") {
    let (part, rest) = Self.split(name)
    let head = part.isEmpty ? "" : part.capitalizedFirst + " "
    switch (part.isEmpty, rest) {
    case (false, "accuracy"):
      title = head + "accuracy"
      axis = .linear("Accuracy", range: 0...1)
      meaning = "Share of examples whose largest output is at the label."
    case (false, "loss"):
      title = head + "loss"
      axis = .logarithmic(lossUnit.isEmpty ? "Loss" : "Loss (\(lossUnit))")
      meaning = "Mean loss over all examples, in Double."
    case _ where name == "weights/norm":
      title = "Weight norm"
      axis = .linear("‖θ‖₂")
      meaning = "Euclidean norm of the vector of all parameters."
    case _ where name == "compute/operations":
      title = "Arithmetic"
      axis = .linear("Operations")
      meaning = "Multiplications and additions of all products in all updates so far."
    case _ where name == "compute/frozen":
      title = "Frozen parameters"
      axis = .linear("Share of θ", range: 0...1)
      meaning = "Share of the parameters that the last update left as they were."
    default:
      title = name
      axis = .linear(name)
    }
  }

  /// Whether a training itself records it, rather than a measure on checkpoints.
  static func isOfTraining(_ name: String) -> Bool {
    ["weights/norm", "compute/operations", "compute/frozen"].contains(name)
      || ["accuracy", "loss"].contains(split(name).rest)
  }

  /// `train` or `test`, and the rest of a name; nothing and the name where it is of neither.
  private static func split(_ name: String) -> (part: String, rest: String) {
    let parts = name.split(separator: "/", maxSplits: 1).map(String.init)
    guard parts.count == 2, ["train", "test"].contains(parts[0]) else { return ("", name) }
    return (parts[0], parts[1])
  }

  /// Names sorted into those that are looked at together, such as `train/loss` and `test/loss`: accuracy,
  /// loss and weight norm first, then the others as they come.
  static func families(_ names: [String]) -> [(name: String, members: [String])] {
    var families: [(name: String, members: [String])] = []
    for name in names {
      let rest = split(name).rest
      if let index = families.firstIndex(where: { $0.name == rest }) {
        families[index].members.append(name)
      } else {
        families.append((rest, [name]))
      }
    }
    let order = ["accuracy", "loss", "weights/norm"]
    return families.enumerated().sorted { left, right in
      let (first, second) = (left.element.name, right.element.name)
      return (order.firstIndex(of: first) ?? order.count, left.offset)
        < (order.firstIndex(of: second) ?? order.count, right.offset)
    }.map(\.element)
  }

  /// The unit of a loss by the setting `train.loss`.
  static func lossUnit(_ loss: String?) -> String { loss == "cross-entropy" ? "nats" : "" }
}

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
    let parts = name.split(separator: "/").map(String.init)
    let part = parts.first == "train" || parts.first == "test" ? parts[0] : ""
    let head = part.isEmpty ? "" : (part == "train" ? "Train " : "Test ")
    switch (part.isEmpty, parts.last) {
    case (false, "accuracy") where parts.count == 2:
      title = head + "accuracy"
      axis = .linear("Accuracy", range: 0...1)
      meaning =
        "Share of \(part == "train" ? "training" : "test") examples whose largest output is at the label."
    case (false, "loss") where parts.count == 2:
      title = head + "loss"
      axis = .logarithmic(lossUnit.isEmpty ? "Loss" : "Loss (\(lossUnit))")
      meaning =
        "Mean loss over all \(part == "train" ? "training" : "test") examples, in Double."
    case _ where name == "weights/norm":
      title = "Weight norm"
      axis = .linear("‖θ‖₂")
      meaning = "Euclidean norm of the vector of all parameters."
    default:
      title = name
      axis = .linear(name)
    }
  }

  /// The unit of a loss by the setting `train.loss`.
  static func lossUnit(_ loss: String?) -> String { loss == "cross-entropy" ? "nats" : "" }
}

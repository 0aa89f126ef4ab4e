/// The parameters and intermediate values of a network, with their names and shapes.
///
/// ```swift
/// print(ModelSummary(of: model, reading: .features(Tensor(repeating: 0, shape: [1, 784]))))
/// ```
public struct ModelSummary: Sendable, Hashable, CustomStringConvertible {
  /// A name with a shape.
  public struct Entry: Sendable, Hashable {
    /// The name.
    public let name: String
    /// The extents of the axes; of intermediate values, for the examples given, which are the first axis.
    public let shape: Shape
  }

  /// The parameters in the order of θ.
  public let parameters: [Entry]
  /// What the network keeps besides and does not train.
  public let state: [Entry]
  /// The values that taps see, in the order of computation.
  public let taps: [Entry]

  /// A summary of `model`, found by computing `input` once in evaluation.
  public init(of model: some Model, reading input: ModelInput<Float>) {
    parameters = model.layout.entries.map { Entry(name: $0.name, shape: $0.shape) }
    state = model.layout.stateEntries.map { Entry(name: $0.name, shape: $0.shape) }
    let collector = ShapeCollector()
    let zeros = Tensor<Float>(repeating: 0, shape: Shape(model.layout.count))
    _ = model.outputs(
      for: input, parameters: Parameters(zeros, layout: model.layout),
      taps: Taps { name, value in collector.take(name, value) })
    taps = collector.entries
  }

  /// The number of elements of θ.
  public var parameterCount: Int { parameters.reduce(0) { $0 + $1.shape.count } }

  /// A table: a line for each entry with its name, shape and number of elements.
  public var description: String {
    let parts = [("parameters", parameters), ("state", state), ("taps", taps)]
    let width = parts.flatMap { $0.1 }.map(\.name.count).max() ?? 0
    var lines: [String] = []
    for (title, entries) in parts where !entries.isEmpty {
      let count = entries.reduce(0) { $0 + $1.shape.count }
      lines.append(title == "taps" ? title : "\(title): \(count) in \(entries.count)")
      lines += entries.map { entry in
        let gap = String(repeating: " ", count: width - entry.name.count + 2)
        return "  \(entry.name)\(gap)\(entry.shape)"
      }
    }
    return lines.joined(separator: "\n")
  }
}

/// Keeps shapes. Used from one thread.
private final class ShapeCollector: @unchecked Sendable {
  private(set) var entries: [ModelSummary.Entry] = []

  func take(_ name: String, _ value: Tensor<Float>) -> Tensor<Float> {
    entries.append(ModelSummary.Entry(name: name, shape: value.shape))
    return value
  }
}

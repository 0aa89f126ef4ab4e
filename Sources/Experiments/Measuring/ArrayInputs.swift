import GrokMeasures
import GrokTraining

/// The arrays of a file, bound by name to what a measure reads.
///
/// npz, npy, safetensors and CSV files are read; of an npy file the rows are read where they are needed, so that it
/// may be larger than the memory.
struct ArrayInputs {
  private let path: String
  private let archive: Archive?
  private let mapped: MappedMatrix?
  /// The array of each input that was given another name.
  private let bindings: [String: String]

  /// Opens a file.
  ///
  /// - Parameter bindings: The names of arrays by the inputs that they are for.
  init(contentsOf path: String, bindings: [String: String]) throws {
    self.path = path
    self.bindings = bindings
    if path.hasSuffix(".npy"), let matrix = try? MappedMatrix(contentsOf: path) {
      (archive, mapped) = (nil, matrix)
    } else {
      (archive, mapped) = (try Archive(contentsOf: path), nil)
    }
  }

  /// A matrix, `[examples, features]`.
  ///
  /// - Throws: ``ConfigurationError/conflict(_:)`` that says how to name the array, where there is none.
  func matrix(_ input: String, isFirst: Bool = false) throws -> any SampleMatrix {
    if let mapped, isFirst { return mapped }
    let name = try array(for: input, isFirst: isFirst)
    guard let archive else { throw missing(input, among: []) }
    return try archive.array(name).elementType == .float32
      ? archive.floatMatrix(name) : archive.matrix(name)
  }

  /// A square matrix in `Double`.
  func square(_ input: String) throws -> Matrix<Double> {
    guard let archive else { throw missing(input, among: []) }
    let name = try array(for: input, isFirst: false)
    let matrix = try archive.matrix(name)
    guard matrix.rowCount == matrix.columnCount else {
      throw ConfigurationError.conflict(
        "\(path): '\(name)' has shape \(matrix.shapeDescription); expected a square kernel [n, n]")
    }
    return matrix
  }

  /// A label for each example.
  func labels(_ input: String = "labels") throws -> [Int] {
    guard let archive else { throw missing(input, among: []) }
    return try archive.integers(array(for: input, isFirst: false))
  }

  private func array(for input: String, isFirst: Bool) throws -> String {
    let names = archive?.names ?? []
    if let bound = bindings[input] {
      guard names.contains(bound) else {
        throw ConfigurationError.conflict(
          "\(input)=\(bound): \(path) has no array '\(bound)'\(suggestion(for: bound, among: names))"
        )
      }
      return bound
    }
    if names.contains(input) { return input }
    if isFirst, names.count == 1 { return names[0] }
    throw missing(input, among: names)
  }

  private func missing(_ input: String, among names: [String]) -> ConfigurationError {
    .conflict(
      "\(path): no array '\(input)'; name it with \(input)=ARRAY"
        + (names.isEmpty ? "; the file has only one" : ", one of \(names.joined(separator: ", "))"))
  }
}

extension NamedMeasure {
  /// The inputs that arrays are bound to, with their shapes; none for measures that need a network.
  var arrayInputs: KeyValuePairs<String, String> {
    switch body {
    case .features: ["activations": "[examples, features]"]
    case .layer: ["activations": "[examples, features]", "labels": "[examples]"]
    case .outputs: ["logits": "[examples, classes]", "labels": "[examples]"]
    case .pair: ["x": "[examples, features]", "y": "[examples, features]"]
    case .training(let body) where body is any KernelPairMeasure:
      ["kernelA": "[n, n]", "kernelB": "[n, n]"]
    case .network, .weights, .training: [:]
    }
  }

  /// What the measure finds in somebody's arrays.
  func findings(of arrays: ArrayInputs, _ context: MeasureContext) throws -> Findings {
    func layer(_ name: String) throws -> Layer {
      let labels = try arrays.labels()
      return Layer(
        activations: try arrays.matrix(name, isFirst: true), labels: labels,
        classCount: (labels.max() ?? -1) + 1)
    }
    switch body {
    case .features(let body):
      return try body(arrays.matrix("activations", isFirst: true), context)
    case .layer(let body): return try body(layer("activations"), context)
    case .outputs(let body): return try body(layer("logits"), context)
    case .pair(let body):
      return try body(
        Pair(first: try arrays.matrix("x", isFirst: true), second: try arrays.matrix("y")), context)
    case .training(let body as any KernelPairMeasure):
      return try body.findings(of: arrays.square("kernelA"), and: arrays.square("kernelB"))
    case .network, .weights, .training:
      throw ConfigurationError.conflict(
        "\(name) needs a network, not arrays; give a run folder, or --checkpoints and --model")
    }
  }
}

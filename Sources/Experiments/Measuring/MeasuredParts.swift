import GrokTraining

// What a measurement reads: examples and layers, and the options that its numbers depend on.

/// The name of the examples themselves among the layers.
let inputLayer = "input"

extension Experiment {
  /// The measures that the settings name.
  ///
  /// - Throws: ``ConfigurationError`` also for layers and examples that there are none of.
  func measures() throws(ConfigurationError) -> [NamedMeasure] {
    var measures: [NamedMeasure] = []
    for name in settings.measure.names.names { measures.append(try NamedMeasure.named(name)) }
    if !measures.isEmpty {
      _ = try examples(for: settings.measure)
      _ = try layers(for: settings.measure)
    }
    return measures
  }

  /// The examples to measure on, drawn once for all checkpoints.
  func examples(for options: Settings.Measuring) throws(ConfigurationError) -> [(
    name: String, examples: LabeledExamples
  )] {
    var sets: [(name: String, examples: LabeledExamples)] = []
    for name in options.examples.names {
      guard let all = ["train": data.train, "test": data.test][name] else {
        throw .badValue(
          path: "measure.examples", value: options.examples.description,
          expectation: "train, test, or train+test")
      }
      let count = options.exampleCount
      guard count > 0, count < all.count else {
        sets.append((name, all))
        continue
      }
      let key = RandomKey(seed: options.seed).fork("examples").fork(name)
      sets.append((name, all.selecting(key.choice(count, of: all.count).sorted())))
    }
    guard !sets.isEmpty else {
      throw .badValue(
        path: "measure.examples", value: "none", expectation: "train, test, or train+test")
    }
    return sets
  }

  /// The layers to measure.
  func layers(for options: Settings.Measuring) throws(ConfigurationError) -> [String] {
    let hasVectors: Bool =
      if case .features = data.train.inputs { true } else { false }
    let all = (hasVectors ? [inputLayer] : []) + model.tapNames
    let wanted = options.layers.names
    if let unknown = wanted.first(where: { !all.contains($0) }) {
      throw .conflict(
        "measure.layers=\(options.layers): unknown layer '\(unknown)'"
          + suggestion(for: unknown, among: all))
    }
    return wanted.isEmpty ? all : wanted
  }
}

extension Settings.Measuring {
  /// The options that a measure's numbers depend on, by name, as text.
  func members(of measure: NamedMeasure) -> JSONObject {
    var settings = Settings()
    settings.measure = self
    var names = ["examples", "exampleCount", "layers", "seed"] + measure.options
    if case .training = measure.body { names.append("steps") }
    var members: JSONObject = [:]
    for setting in Setting.all where setting.path.hasPrefix("measure.") {
      let name = String(setting.path.dropFirst("measure.".count))
      if names.contains(name) { members[name] = .string(setting.read(settings)) }
    }
    return members
  }
}

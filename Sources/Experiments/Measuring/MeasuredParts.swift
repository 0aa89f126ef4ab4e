import GrokMeasures
import GrokTraining

// What a measurement reads: examples and layers, and the options that its numbers depend on.

/// The name of the examples themselves among the layers.
let inputLayer = "input"

/// What `measure.examples` must be.
private let measuredExamplesExpectation =
  "train, test, all for both together, test:shuffled with labels in random order, changed test pictures such as rotation:30, "
  + "or a set of pictures such as emnist, joined by +"

extension Experiment {
  /// The measures that the settings name.
  ///
  /// - Throws: ``ConfigurationError`` also for layers and examples that there are none of.
  func measures() throws(ConfigurationError) -> [NamedMeasure] {
    var measures: [NamedMeasure] = []
    for name in settings.measure.names.names { measures.append(try NamedMeasure.named(name)) }
    if settings.measure.inputCompression == .sliced {
      throw .conflict(
        "measure.inputCompression=sliced: slices are of examples and layers together; set "
          + "measure.compression=sliced")
    }
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
      let (all, drawnAs) = try allExamples(named: name, for: options)
      let count = options.exampleCount
      guard count > 0, count < all.count else {
        sets.append((name, all))
        continue
      }
      let key = RandomKey(seed: options.seed).fork("examples").fork(drawnAs)
      sets.append((name, all.selecting(key.choice(count, of: all.count).sorted())))
    }
    guard !sets.isEmpty else {
      throw .badValue(
        path: "measure.examples", value: "none", expectation: measuredExamplesExpectation)
    }
    return sets
  }

  /// The examples to train on or to test with, the latter changed, or those to test with of another set of pictures.
  ///
  /// - Returns: The examples, and the name that a part of them is drawn by: of changed pictures the same are drawn
  ///   as of those that were not.
  private func allExamples(named name: String, for options: Settings.Measuring)
    throws(ConfigurationError) -> (examples: LabeledExamples, drawnAs: String)
  {
    switch name {
    case "train": return (data.train, name)
    case "test": return (data.test, name)
    case "all": return (data.train.followed(by: data.test), name)
    case "train:shuffled": return (shuffled(data.train, for: options), "train")
    case "test:shuffled": return (shuffled(data.test, for: options), "test")
    default: break
    }
    do {
      if let distortion = PictureDistortion(name) {
        let key = RandomKey(seed: options.seed).fork("distortion").fork(name)
        return (try testPictures(distortedBy: distortion, key: key), "test")
      }
      if let other = Settings.Data.Name(rawValue: name), other != .modularArithmetic {
        return (try testPictures(of: other), name)
      }
    } catch {
      throw .conflict("measure.examples=\(options.examples): \(error)")
    }
    throw .badValue(
      path: "measure.examples", value: options.examples.description,
      expectation: measuredExamplesExpectation)
  }

  /// The same examples with labels that have nothing to do with them: the null of every measure that reads labels.
  private func shuffled(
    _ examples: LabeledExamples, for options: Settings.Measuring
  ) -> LabeledExamples {
    let key = RandomKey(seed: options.seed).fork("shuffled")
    let labels = shuffledLabels(examples.labels.map(Int.init), key: key).map { Int32($0) }
    return examples.relabeled(labels)
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
      // Runs that are compared with themselves have been measured before there was another.
      if name == "referenceRun" && referenceRun.isEmpty { continue }
      if names.contains(name) { members[name] = .string(setting.read(settings)) }
    }
    return members
  }
}

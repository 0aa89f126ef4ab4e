import ArgumentParser
import GrokReports
import GrokTraining
import Synchronization

struct MeasureCommand<P: Program>: ParsableCommand {
  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: "measure",
      abstract: "Take measures on the checkpoints of runs, or on arrays of anyone's.",
      discussion: """
        'measures' lists the measures; options are the settings of the group measure, with or without \
        'measure.' before them. What is found stays in the run folder, in measures, and is shown by its \
        report; checkpoints that were measured with the same options are not measured again.

          \(P.name) measure runs/a --measures manifoldCapacity,twoNN
          \(P.name) measure runs/a --measures manifoldCapacity examples=train+test drawCount=300
          \(P.name) measure sweeps/decay --measures kernelDistance --workers 2
          \(P.name) measure --arrays layer.npz --measures manifoldCapacity labels=y
          \(P.name) measure --arrays x.npz --measures centeredKernelAlignment x=first y=second
          \(P.name) measure --checkpoints states --model settings.yaml --measures twoNN --out measured
          \(P.name) measure --checkpoints states --measures circuitChange   attention heads, of any network
        """)
  }

  @Argument(
    help: ArgumentHelp(
      "Run folders, a folder of runs, or the folder of a sweep; then options.",
      valueName: "run | key=value"), completion: .directory)
  var words: [String] = []

  @Option(help: ArgumentHelp("The measures, with commas between them.", valueName: "names"))
  var measures: String?

  @Option(
    help: ArgumentHelp(
      "Measure the arrays in an npz, npy, safetensors or csv file.", valueName: "file"),
    completion: .file())
  var arrays: String?

  @Option(
    help: ArgumentHelp("Measure the safetensors files in a folder.", valueName: "folder"),
    completion: .directory)
  var checkpoints: String?

  @Option(
    help: ArgumentHelp(
      "With --checkpoints: a settings file with data and network. circuitChange alone needs none.",
      valueName: "file"),
    completion: .file(extensions: ["yaml", "yml"]))
  var model: String?

  @Option(
    help: ArgumentHelp(
      "With --checkpoints: a JSON object that gives the step of each file, or the tokens seen by then; by default the last number in its name.",
      valueName: "file"), completion: .file(extensions: ["json"]))
  var steps: String?

  @Option(
    help: ArgumentHelp(
      "With --checkpoints: the folder that gets what is found; by default that of the checkpoints.",
      valueName: "folder"))
  var out: String?

  @Option(help: "Several runs: so many at once, each with its share of the threads.")
  var workers = 1

  @Option(help: "Threads; the numbers do not depend on them.")
  var threads = 2

  @Flag(help: "Measure again what was measured before.")
  var again = false

  @OptionGroup var common: CommonOptions

  func validate() throws {
    guard (1...256).contains(threads), (1...256).contains(workers) else {
      throw ValidationError("--threads and --workers: expected 1 to 256")
    }
    if model != nil && checkpoints == nil {
      throw ValidationError("--model goes with --checkpoints")
    }
    if arrays != nil && checkpoints != nil {
      throw ValidationError("only one of --arrays and --checkpoints can be measured")
    }
  }

  private var folders: [String] { words.filter { !$0.contains("=") } }
  private var overrides: [String] { words.filter { $0.contains("=") } }

  func run() throws {
    try reportingErrors {
      let folders = folders
      if let arrays {
        try refuse(folders, beside: "--arrays")
        try measure(arrays: arrays)
      } else if let checkpoints {
        try refuse(folders, beside: "--checkpoints")
        if let model {
          try measure(checkpoints: checkpoints, model: model)
        } else {
          try measure(weights: checkpoints)
        }
      } else {
        guard !folders.isEmpty else {
          throw ConfigurationError.conflict(
            "nothing to measure; give a run folder, --arrays, or --checkpoints")
        }
        try measure(runs: try RunFolders.found(in: folders))
      }
    }
  }

  private func refuse(_ folders: [String], beside option: String) throws {
    guard let folder = folders.first else { return }
    throw ConfigurationError.conflict("'\(folder)' beside \(option): only one can be measured")
  }

  // MARK: Runs

  private func measure(runs: [String]) throws {
    // What is wrong with the command itself, before any run is opened.
    var settings = Settings()
    try apply(to: &settings)
    for name in settings.measure.names.names { _ = try NamedMeasure.named(name) }
    guard runs.count > 1 else { return try measure(run: runs[0], threadCount: threads) }
    let count = min(workers, runs.count)
    let share = max(1, threads / count)
    let failures = Failures()
    Workers(threadCount: count).forEach(blockCount: runs.count) { index in
      do {
        try measure(run: runs[index], threadCount: share)
      } catch {
        failures.add("\(runs[index]): \(error)")
      }
    }
    if let first = failures.lines.first {
      throw RunError.unreadable(
        path: "\(failures.lines.count) of \(runs.count) runs",
        problem: "could not be measured: \(first)")
    }
  }

  private func measure(run: String, threadCount: Int) throws {
    var settings = Settings()
    try settings.apply(file: run + "/settings.yaml")
    try apply(to: &settings)
    let training = try StoredTraining(
      run: run, settings: settings, dataFolders: common.dataFolders)
    try measure(training, settings, threadCount: threadCount)
  }

  private func measure(checkpoints: String, model: String) throws {
    var composition = Composition(presets: P.presets)
    try composition.apply(file: model)
    var settings = composition.settings
    try apply(to: &settings)
    let directory = out ?? checkpoints
    try makeFolder(directory)
    let training = try StoredTraining(
      checkpoints: checkpoints, steps: try steps.map(stepTable), settings: settings,
      dataFolders: common.dataFolders, directory: directory)
    try measure(training, settings, threadCount: threads)
  }

  /// The one measure that weights alone are enough for.
  private func measure(weights folder: String) throws {
    var settings = Settings()
    try apply(to: &settings)
    let names = settings.measure.names.names
    for name in names { _ = try NamedMeasure.named(name) }
    guard !names.isEmpty else { throw noMeasures }
    guard names == [NamedMeasure.circuitChange.name] else {
      throw ConfigurationError.conflict(
        "--checkpoints without --model: only circuitChange can be measured of weights alone")
    }
    let start = monotonicSeconds()
    let directory = out ?? folder
    try makeFolder(directory)
    let found = try StoredWeights(
      files: StoredTraining.files(in: folder, steps: try steps.map(stepTable))
    ).measureCircuitChange(into: directory)
    try printSummary(
      directory, [NamedMeasure.circuitChange], found.checkpoints, found.records, since: start)
  }

  private func printSummary(
    _ directory: String, _ measures: [NamedMeasure], _ checkpoints: Int, _ records: Int,
    since start: Double
  ) throws {
    let seconds = ((monotonicSeconds() - start) * 1000).rounded() / 1000
    let result: JSONObject = [
      "run": .string(directory), "measures": .array(measures.map { .string($0.name) }),
      "measuredCheckpoints": JSONValue(checkpoints), "records": JSONValue(records),
      "seconds": .finite(seconds),
    ]
    try printOutput(try JSONValue.object(result).text())
  }

  private func stepTable(_ path: String) throws -> [String: Int] {
    guard let object = try JSONValue(parsing: ByteSource(path: path).all()).object else {
      throw ConfigurationError.conflict(
        "--steps \(path): expected a JSON object {\"file\": step, …}")
    }
    var table: [String: Int] = [:]
    for (name, step) in object {
      guard let step = step.integer, step >= 0 else {
        throw ConfigurationError.conflict("--steps \(path): the step of \(name) is no whole number")
      }
      table[name] = step
    }
    return table
  }

  private func measure(
    _ training: StoredTraining, _ settings: Settings, threadCount: Int
  ) throws {
    let start = monotonicSeconds()
    var measurement = Measurement(
      training: training, measures: try named(training.experiment), options: settings.measure,
      threadCount: threadCount)
    measurement.isAnew = again
    measurement.isQuiet = common.quiet
    measurement.mayContinue = StatusLine(isQuiet: common.quiet)
      .following(lastName(of: training.directory))
    let summary = try measurement.perform()
    if training.isRun {
      try MeasuredEvents(folder: training.directory).write(training.experiment)
    }
    if !common.quiet { summary.warnings.forEach { printError("warning: \($0)") } }
    try printSummary(
      training.directory, measurement.measures, summary.measuredCount, summary.recordCount,
      since: start)
  }

  /// The options of the command line; `--measures` last, so that it wins.
  private func apply(to settings: inout Settings, inputs: Set<String> = []) throws {
    for override in overrides {
      let name = override.prefix { $0 != "=" }
      if inputs.contains(String(name)) { continue }
      if !name.contains(".") && Setting.all.contains(where: { $0.path == "measure.\(name)" }) {
        try settings.apply(overrides: ["measure." + override])
      } else {
        guard name.hasPrefix("measure.") || checkpoints != nil else {
          throw ConfigurationError.conflict(
            "\(name): \(arrays == nil ? "a run cannot be changed any more; expected" : "expected an input of the measures or") one of "
              + Setting.all.filter { $0.path.hasPrefix("measure.") }
              .map { String($0.path.dropFirst("measure.".count)) }.joined(separator: ", "))
        }
        try settings.apply(overrides: [override])
      }
    }
    if let measures { try settings.apply(overrides: ["measure.names=" + measures]) }
  }

  private func named(_ experiment: Experiment) throws -> [NamedMeasure] {
    let measures = try experiment.measures()
    guard !measures.isEmpty else { throw noMeasures }
    return measures
  }

  private var noMeasures: ConfigurationError {
    .conflict("no measures; name them with --measures, or see 'measures'")
  }

  // MARK: Arrays

  private func measure(arrays path: String) throws {
    guard let measures, let names = Names(measures) else { throw noMeasures }
    let named = try names.names.map(NamedMeasure.named)
    let inputs = Set(named.flatMap { $0.arrayInputs.map(\.key) })
    var settings = Settings()
    try apply(to: &settings, inputs: inputs)
    var bindings: [String: String] = [:]
    for override in overrides {
      let parts = override.split(separator: "=", maxSplits: 1).map(String.init)
      if parts.count == 2, inputs.contains(parts[0]) { bindings[parts[0]] = parts[1] }
    }
    let source = try ArrayInputs(contentsOf: path, bindings: bindings)
    let workers = Workers(threadCount: threads)
    for measure in named {
      let findings = try measure.findings(
        of: source,
        MeasureContext(
          options: settings.measure, workers: workers,
          key: RandomKey(seed: settings.measure.seed).fork(measure.name)))
      var result: JSONObject = ["measure": .string(measure.name)]
      result["value"] = findings.numbers.first.map { .finite($0.value) } ?? .null
      result["error"] = findings.numbers.first?.error.map { .finite($0) } ?? .null
      var numbers: JSONObject = [:]
      for number in findings.numbers {
        numbers[number.name] = .object([
          "value": .finite(number.value), "error": number.error.map { .finite($0) } ?? .null,
        ])
      }
      result["results"] = .object(numbers)
      var values: JSONObject = [:]
      for array in findings.arrays {
        values[array.name] = .object([
          "shape": .array(array.shape.map { JSONValue($0) }),
          "values": .array(array.values.map { .finite($0) }),
        ])
      }
      result["arrays"] = .object(values)
      result["options"] = .object(settings.measure.arrayMembers(of: measure))
      try printOutput(try JSONValue.object(result).text())
    }
  }
}

extension Settings.Measuring {
  /// The options that a measure's numbers on arrays depend on.
  fileprivate func arrayMembers(of measure: NamedMeasure) -> JSONObject {
    var members = members(of: measure)
    for name in ["examples", "exampleCount", "layers", "reference", "referenceRun"] {
      members[name] = nil
    }
    return members
  }
}

/// What went wrong, from several threads.
private final class Failures: Sendable {
  private let stored = Mutex<[String]>([])

  func add(_ line: String) { stored.withLock { $0.append(line) } }
  var lines: [String] { stored.withLock { $0 } }
}

import GrokReports
import GrokTraining

/// The figures and the page of one training, made of its records and its description alone, so that they
/// can be made again from a run folder at any time.
struct TrainingReport {
  let name: String
  let curves: RunCurves
  let description: JSONObject
  let events: RunEvents
  /// Seconds after which the page is to be loaded again; `nil` where nobody writes it again.
  var refreshSeconds: Int?
  /// The presets that settings are compared with.
  let presets: [Preset]
  /// What measures on the checkpoints have found.
  let measured: MeasuredSections
  /// How the weights moved.
  let motion: MotionSection

  /// The report of a run folder.
  init(folder: String, presets: [Preset]) throws {
    try self.init(
      curves: RunCurves(folder: folder), description: Run.description(of: folder), presets: presets)
  }

  /// - Parameter isInBits: Whether what is measured in nats is shown in bits.
  init(
    curves: RunCurves, description: JSONObject, presets: [Preset], isInBits: Bool = false
  ) {
    self.presets = presets
    name = lastName(of: curves.folder)
    self.curves = curves
    self.description = description
    let threshold = description["settings"]?["train.accuracyThreshold"]?.string.flatMap(Double.init)
    events = RunEvents(curves, threshold: threshold ?? Settings().train.accuracyThreshold)
    measured = MeasuredSections(
      curves: curves, arrays: MeasuredArrays(folder: curves.folder), events: events,
      threshold: threshold ?? Settings().train.accuracyThreshold, isInBits: isInBits)
    func isSet(_ path: String, _ value: String) -> Bool {
      description["settings"]?[path]?.string == value
    }
    motion = MotionSection(
      folder: curves.folder, markers: events.markers,
      hasOneLoss: isSet("train.batchSize", "0") && isSet("data.mirrors", "false")
        && isSet("data.margin", "0") && isSet("model.dropout", "0.0") && isSet("model.noise", "0.0")
    )
  }

  /// Writes `figures/*.svg` and `report.html` into the run folder.
  func write() throws {
    try writeFigures([.svg])
    try writePage(to: curves.folder + "/report.html")
  }

  /// Writes the figures into the run folder.
  func writeFigures(_ formats: [FigureFormat]) throws {
    try makeFolder(curves.folder + "/figures")
    let own = figures.map {
      ReportFigure(name: $0.name, grid: PlotGrid(plots: [$0.plot]), caption: caption)
    }
    for figure in own + motion.files + measured.files {
      for format in formats {
        let path = "\(curves.folder)/figures/\(figure.name).\(format.rawValue)"
        try AtomicFile.write(format.bytes(of: figure.grid), to: path)
      }
    }
  }

  /// Writes the page.
  func writePage(to path: String) throws { try AtomicFile.write(page.html(), to: path) }

  // MARK: Page

  /// The page.
  var page: HTMLReport {
    HTMLReport(
      title: name, subtitle: subtitle, facts: facts, warnings: warnings,
      sections: [
        .init(
          "Curves", [.figure(PlotGrid(plots: plots(.half), isLettered: false), caption: caption)])
<<<<<<< HEAD
      ] + motion.sections + coolingSections + measured.sections + [
=======
      ] + studies + [
>>>>>>> figures
        .init("Events", eventContents),
        .init("Records", recordContents),
        .init("Settings", settingContents),
        .init("Provenance", [.details("Where these numbers come from", [.table(provenance)])]),
      ], live: .init(status, refreshSeconds: state == .running ? refreshSeconds : nil))
  }

<<<<<<< HEAD
  private var coolingSections: [HTMLReport.Section] {
    let claims = ClaimTable([MeasuredArrays(folder: curves.folder)]).contents
    return claims.isEmpty ? [] : [.init("How networks cool", claims)]
=======
  /// How the weights moved and what measures found, with one section for those of the same title.
  private var studies: [HTMLReport.Section] {
    var sections = motion.sections
    for section in measured.sections {
      if let place = sections.firstIndex(where: { $0.title == section.title }) {
        sections[place].contents += section.contents
      } else {
        sections.append(section)
      }
    }
    return sections
>>>>>>> figures
  }

  func setting(_ path: String) -> String? { description["settings"]?[path]?.string }

  private var state: Run.State {
    description["state"]?.string.flatMap(Run.State.init) ?? .running
  }

  /// Where the run stands, in a sentence.
  private var status: String {
    let steps = Readable.count(curves.lastStep ?? 0)
    let time = Readable.seconds(outcomeNumber("seconds") ?? curves.seconds)
    switch state {
    case .done: return "Done: \(steps) steps in \(time)."
    case .stopped: return "Stopped at step \(steps) after \(time); resume continues it."
    case .failed: return "Failed after step \(steps) and \(time)."
    case .running where isAbandoned:
      return "Ended without saying so after step \(steps) and \(time); resume continues it."
    case .running:
      let all = setting("train.steps").flatMap(Int.init)
      let place = "step \(steps)" + (all.map { " of \(Readable.count($0))" } ?? "")
      guard let refreshSeconds else {
        return "Going on when this page was made: \(place), \(time)."
      }
      return "Live: \(place), \(time). This page renews itself every \(refreshSeconds) s."
    }
  }

  /// Whether the process that trained has ended without saying so.
  private var isAbandoned: Bool {
    if case .abandoned = Owner.state(of: curves.folder) { true } else { false }
  }

  private var subtitle: String {
    let examples = description["trainExamples"]?.integer ?? 0
    let parameters = description["parameters"]?.integer ?? 0
    let operation = (setting("data.operation") ?? "arithmetic").replacing("-", with: " ")
    let task =
      switch setting("data.name").flatMap(Settings.Data.Name.init) {
      case .emnist: "Handwritten characters (EMNIST \(setting("data.emnistSplit") ?? ""))"
      case .modularArithmetic, nil:
        "\(operation.capitalizedFirst) modulo \(setting("data.modulus") ?? "p")"
      case .some(let name): name.title
      }
    let network =
      switch setting("model.kind").flatMap(Settings.Model.Kind.init) {
      case .mlp: "a multilayer perceptron"
      case .lstm: "a long short-term memory"
      case .transformer, nil: "a transformer"
      case .cnn: "a convolutional network"
      case .resnet8: "ResNet-8"
      case .resnet18: "ResNet-18"
      case .resnet20: "ResNet-20"
      case .vgg11: "VGG-11"
      }
    return "\(task): \(network) of \(Readable.count(parameters)) parameters, "
      + "\(Readable.count(examples)) training examples"
  }

  private func outcomeNumber(_ member: String) -> Double? {
    description["outcome"]?[member]?.double
  }

  private var facts: [HTMLReport.Fact] {
    func step(_ value: Int?, _ label: String, _ detail: String) -> HTMLReport.Fact {
      .init(
        label, value.map(Readable.count) ?? (state == .done ? "never" : "not yet"),
        detail: value == nil ? "" : detail)
    }
    func last(_ name: String, _ label: String, _ text: (Double) -> String) -> HTMLReport.Fact? {
      (curves[name]?.values.last).map { .init(label, text($0)) }
    }
    func number(_ member: String, _ label: String, _ text: (Double) -> String) -> HTMLReport.Fact? {
      outcomeNumber(member).map { .init(label, text($0)) }
    }
    func percent(_ value: Double) -> String { Readable.number(100 * value) + " %" }
    return [
      step(events.fitStep, "Fit", "step"),
      step(events.generalizationStep, "Generalized", "step"),
      step(events.delay, "Delay", "steps"),
      last("train/accuracy", "Train accuracy", percent),
      last("test/accuracy", "Test accuracy", percent),
      last("train/loss", "Train loss") { Readable.number($0) },
      last("test/loss", "Test loss") { Readable.number($0) },
      .init("Time", Readable.seconds(outcomeNumber("seconds") ?? curves.seconds)),
      number("stepsPerSecond", "Steps per second") { Readable.number($0) },
      number("peakMemoryBytes", "Peak memory") { Readable.bytes(Int($0)) },
    ].compactMap { $0 }
  }

  private var warnings: [String] {
    var result: [String] = []
    if state == .failed {
      result.append("This run failed: \(description["error"]?.string ?? "no reason given")")
    }
    let relapses = events.relapseCount
    if relapses > 0 {
      result.append(
        "After generalizing, the test accuracy fell below the threshold \(Readable.count(relapses)) "
          + (relapses == 1 ? "time" : "times"))
    }
    return result
  }
}

import GrokReports
import GrokTraining

/// The figures and the page of one training, made of its records and its description alone, so that they
/// can be made again from a run folder.
struct TrainingReport {
  let name: String
  let records: [Record]
  let description: JSONObject

  /// Writes `figures/*.svg` and `report.html` into the run folder.
  func write(to directory: String) throws {
    try makeFolder(directory + "/figures")
    for (name, plot) in figures {
      try AtomicFile.write(plot.svg(), to: "\(directory)/figures/\(name).svg")
    }
    try AtomicFile.write(page.html(), to: directory + "/report.html")
  }

  // MARK: Figures

  /// Accuracy, loss and weight norm against steps.
  var figures: [(name: String, plot: Plot)] {
    var accuracy = plot(
      "Accuracy", ["train/accuracy", "test/accuracy"], .linear("Accuracy", range: 0...1))
    if let modulus = setting("data.modulus").flatMap(Double.init),
      setting("data.name") == Settings.Data.Name.modularArithmetic.rawValue
    {
      accuracy.references = [.init(at: 1 / modulus, "chance")]
    }
    let unit = setting("train.loss") == "cross-entropy" ? " (nats)" : ""
    return [
      ("accuracy", accuracy),
      ("loss", plot("Loss", ["train/loss", "test/loss"], .logarithmic("Loss" + unit))),
      ("weight-norm", plot("Weight norm", ["weights/norm"], .linear("‖θ‖₂"))),
    ]
  }

  private func plot(_ title: String, _ names: [String], _ y: Plot.Axis) -> Plot {
    let series = names.compactMap { name -> Plot.Series? in
      let points = records.filter { $0.name == name }
      guard !points.isEmpty else { return nil }
      let label = name.split(separator: "/").first.map(String.init) ?? name
      return Plot.Series(
        names.count == 1 ? title : label, x: points.map { Double($0.step) }, y: points.map(\.value))
    }
    return Plot(
      title, x: .logarithmicWithZero("Step"), y: y, series: series, markers: markers,
      legend: names.count == 1 ? .none : .automatic)
  }

  private var markers: [Plot.Marker] {
    [("fitStep", "fit"), ("generalizationStep", "generalized")].compactMap { member, label in
      guard let step = outcome[member]?.integer else { return nil }
      return Plot.Marker(at: Double(step), "\(label) \(Readable.count(step))")
    }
  }

  // MARK: Page

  private var outcome: JSONObject { description["outcome"]?.object ?? [:] }

  private func setting(_ path: String) -> String? { description["settings"]?[path]?.string }

  private var page: HTMLReport {
    let parts = figures
    let captions = [
      "Share of examples whose largest output is at the label. Steps are updates; 0 is before the first.",
      "Mean loss over all training and all test examples, in Double.",
      "Euclidean norm of the vector of all parameters.",
    ]
    return HTMLReport(
      title: name, subtitle: subtitle, facts: facts, warnings: warnings,
      sections: [
        .init("Curves", zip(parts, captions).map { .figure($0.plot, caption: $1) }),
        .init("Last record", [.table(lastRecord)]),
        .init("Settings", [.table(settings)]),
        .init("Provenance", [.details("Where these numbers come from", [.table(provenance)])]),
      ])
  }

  private var subtitle: String {
    let examples = description["trainExamples"]?.integer ?? 0
    let parameters = description["parameters"]?.integer ?? 0
    let task =
      setting("data.name") == Settings.Data.Name.mnist.rawValue
      ? "Handwritten digits"
      : "\(setting("data.operation") ?? "Arithmetic") modulo \(setting("data.modulus") ?? "p")"
    let network = setting("model.kind") == "mlp" ? "a multilayer perceptron" : "a transformer"
    return "\(task): \(network) of \(Readable.count(parameters)) parameters, "
      + "\(Readable.count(examples)) training examples"
  }

  private var facts: [HTMLReport.Fact] {
    func count(_ member: String, _ label: String, detail: String) -> HTMLReport.Fact {
      let value = outcome[member]?.integer
      return .init(
        label, value.map(Readable.count) ?? "not yet", detail: value == nil ? "" : detail)
    }
    func number(_ member: String, _ label: String, _ text: (Double) -> String) -> HTMLReport.Fact? {
      (outcome[member]?.double).map { .init(label, text($0)) }
    }
    func percent(_ value: Double) -> String { Readable.number(100 * value) + " %" }
    return [
      count("fitStep", "Fit", detail: "step"),
      count("generalizationStep", "Generalized", detail: "step"),
      count("delay", "Delay", detail: "steps"),
      number("trainAccuracy", "Train accuracy", percent),
      number("testAccuracy", "Test accuracy", percent),
      number("testLoss", "Test loss") { Readable.number($0) },
      number("seconds", "Time", Readable.seconds),
      number("stepsPerSecond", "Steps per second") { Readable.number($0) },
      number("peakMemoryBytes", "Peak memory") { Readable.bytes(Int($0)) },
    ].compactMap { $0 }
  }

  private var warnings: [String] {
    var result: [String] = []
    if let state = description["state"]?.string, state != Run.State.done.rawValue {
      let reason = description["error"]?.string.map { ": \($0)" } ?? ""
      result.append("This run is \(state)\(reason)")
    }
    if let relapses = outcome["relapses"]?.integer, relapses > 0 {
      result.append(
        "After generalizing, the test accuracy fell below the threshold \(relapses) "
          + (relapses == 1 ? "time" : "times"))
    }
    return result
  }

  private var lastRecord: HTMLReport.Table {
    let last = records.last?.step
    return .init(
      columns: ["Quantity", "Step", "Value"],
      rows: records.filter { $0.step == last }.map {
        [$0.name, Readable.count($0.step), Readable.number($0.value, significantDigits: 6)]
      })
  }

  private var settings: HTMLReport.Table {
    let rows = Setting.all.compactMap { entry -> [String]? in
      setting(entry.path).map { [entry.path, $0.isEmpty ? "–" : $0, entry.meaning] }
    }
    return .init(columns: ["Setting", "Value", "Meaning"], rows: rows)
  }

  private var provenance: HTMLReport.Table {
    var rows: [[String]] = []
    func add(_ name: String, _ value: JSONValue) {
      switch value {
      case .object(let members): for (key, value) in members { add("\(name): \(key)", value) }
      case .string(let text): rows.append([name, text])
      case .null: rows.append([name, "unknown"])
      default: rows.append([name, (try? value.text()) ?? ""])
      }
    }
    for (name, value) in description where name != "settings" && name != "outcome" {
      add(name, value)
    }
    return .init(columns: ["What", "Value"], rows: rows)
  }
}

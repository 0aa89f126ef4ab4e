import ArgumentParser
import GrokReports
import GrokTraining

/// Whoever wants to see records and steps as a training goes on.
protocol TrainingWatcher: RecordSink {
  /// Called before each step.
  func passed(_ step: Int)
}

/// One training from its run folder's creation, or its continuation, to the report and the last line.
struct Session {
  let experiment: Experiment
  let run: Run
  let isQuiet: Bool
  /// The presets of the program, which the report compares settings with.
  let presets: [Preset]
  /// Who else wants to see how the training goes.
  var watcher: (any TrainingWatcher)?

  /// Trains, and leaves the folder in a state that says how it ended.
  ///
  /// - Throws: What stopped the training, or the exit status of a signal.
  func run(resuming: Bool) throws {
    StopSignal.listen()
    try run.held {
      do {
        switch experiment.settings.train.precision {
        case .float: try train(as: Float.self, resuming: resuming)
        case .double: try train(as: Double.self, resuming: resuming)
        }
      } catch let exit as ExitCode {
        throw exit
      } catch {
        try? run.change(to: .failed, ["error": .string("\(error)")])
        _ = try? report(run.description(in: .failed))
        throw error
      }
    }
  }

  private func train<Scalar: RealScalar>(as type: Scalar.Type, resuming: Bool) throws {
    var trainer = try experiment.trainer(as: Scalar.self, run: run)
    let steps = experiment.settings.train.steps
    if resuming { try trainer.resume(experiment.plan(), steps: steps) }
    let progress = ProgressLine(from: trainer.step, to: steps, isQuiet: isQuiet)
    trainer.report(to: progress)
    if let watcher { trainer.report(to: watcher) }
    let events = try tensorBoard(showing: &trainer, isContinued: resuming)
    let outcome: Outcome
    do {
      outcome = try experiment.fit(&trainer) { step in
        progress.passed(step)
        watcher?.passed(step)
        return StopSignal.number == nil
      }
    } catch {
      try? events?.fail(atStep: trainer.step)
      throw error
    }
    progress.finish()
    let isMeasured = try outcome.wasStopped || measure()
    let state = outcome.wasStopped || !isMeasured ? Run.State.stopped : .done
    let members: JSONObject = ["outcome": .object(result(of: outcome)), "error": nil]
    let report = try report(run.description(in: state, members))
    if isMeasured { try MeasuredEvents(folder: run.directory).write(experiment) }
    if state == .done {
      try events?.end(outcome)
      try events?.show(report.figures, atStep: outcome.steps)
    }
    // The state comes last, so that a run that is done has all its files.
    try run.change(to: state, members)
    if !isQuiet { describe(outcome) }
    print(try JSONValue.object(result(of: outcome)).text())
    if state == .stopped, let number = StopSignal.number { throw ExitCode(128 + number) }
  }

  /// Takes the measures that the settings name on the checkpoints; whether it came to the end of them.
  private func measure() throws -> Bool {
    let measures = try experiment.measures()
    guard !measures.isEmpty else { return true }
    try run.check()
    let line = StatusLine(isQuiet: isQuiet)
    var measurement = Measurement(
      training: try StoredTraining(experiment, checkpointsOfRun: run.directory),
      measures: measures, options: experiment.settings.measure,
      threadCount: experiment.settings.train.threads)
    measurement.forgetsGone = true
    measurement.failsWithoutValues = false
    measurement.isQuiet = isQuiet
    measurement.mayContinue = line.following(lastName(of: run.directory))
    let summary = try measurement.perform()
    summary.warnings.forEach { printError("warning: \($0)") }
    return !summary.wasStopped
  }

  /// An event file that shows what the trainer does, if the settings ask for one.
  private func tensorBoard<Scalar: RealScalar>(
    showing trainer: inout Trainer<Scalar>, isContinued: Bool
  ) throws -> TensorBoardSink? {
    let options = experiment.settings.record
    guard options.tensorBoard else { return nil }
    let events = try TensorBoardSink(
      in: run.directory, settings: experiment.settings.table, isContinued: isContinued)
    events.notice.map { printError("warning: \($0)") }
    trainer.report(to: events)
    if options.histogramsPerDecade > 0 {
      trainer.observe(.logarithmic(perDecade: options.histogramsPerDecade)) {
        try events.histograms(of: $0)
      }
    }
    return events
  }

  /// Leaves figures and page.
  private func report(_ description: JSONObject) throws -> TrainingReport {
    try run.check()
    let report = TrainingReport(
      curves: try RunCurves(folder: run.directory), description: description, presets: presets)
    try report.write()
    return report
  }

  private func result(of outcome: Outcome) -> JSONObject {
    func optional(_ value: Int?) -> JSONValue { value.map { JSONValue($0) } ?? .null }
    func rounded(_ value: Double) -> JSONValue { .finite((value * 1000).rounded() / 1000) }
    return [
      "run": .string(run.directory), "steps": JSONValue(outcome.steps),
      "trainLoss": .finite(outcome.trainLoss), "testLoss": .finite(outcome.testLoss),
      "trainAccuracy": .finite(outcome.trainAccuracy),
      "testAccuracy": .finite(outcome.testAccuracy), "fitStep": optional(outcome.fitStep),
      "generalizationStep": optional(outcome.generalizationStep),
      "delay": optional(outcome.delay), "relapses": JSONValue(outcome.relapses),
      "seconds": rounded(outcome.seconds), "stepsPerSecond": rounded(outcome.stepsPerSecond),
      "peakMemoryBytes": JSONValue(peakMemoryBytes()),
    ]
  }

  private func describe(_ outcome: Outcome) {
    var text = outcome.wasStopped ? "stopped at step \(Readable.count(outcome.steps)); " : ""
    switch (outcome.fitStep, outcome.generalizationStep) {
    case (let fit?, let generalization?):
      text +=
        "fit at step \(Readable.count(fit)), generalized at step "
        + Readable.count(generalization)
      if let delay = outcome.delay, fit > 0 {
        let ratio = Readable.number(Double(generalization) / Double(fit), significantDigits: 2)
        text += ": \(Readable.count(delay)) steps later (\(ratio)×)"
      }
    case (let fit?, nil): text += "fit at step \(Readable.count(fit)), not generalized yet"
    default: text += "not fit yet"
    }
    printError(text)
    printError("report: \(run.directory)/report.html")
  }
}

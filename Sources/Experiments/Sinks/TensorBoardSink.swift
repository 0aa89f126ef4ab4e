import GrokReports
import GrokTraining

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Shows a training in TensorBoard while it goes on: every record as a scalar, the parameters as
/// histograms, the settings as text and in the table of hyper-parameters, the outcome and the figures.
///
/// Scalars and histograms follow from the records and from θ; so the event files of two runs of the same
/// settings differ in their times alone.
///
/// ```swift
/// let events = try TensorBoardSink(in: run.directory)
/// trainer.report(to: events)
/// trainer.observe(.logarithmic(perDecade: 2)) { try events.histograms(of: $0) }
/// try events.end(trainer.fit(data, steps: 10_000, key: key))
/// ```
public final class TensorBoardSink: RecordSink, @unchecked Sendable {
  /// The event file in a run folder.
  static let fileName = "events.out.tfevents.0.grok"

  /// What was found damaged in an earlier event file, in one line; `nil` where all is well.
  public let notice: String?
  private let file: TensorBoardFile

  /// Begins an event file, or goes on with that of a run that is continued.
  ///
  /// - Parameter directory: The run folder.
  /// - Parameter settings: Every setting by dotted name, as text.
  /// - Parameter isContinued: Whether the run may have records and events already; those after its
  ///   last checkpoint are moved away.
  /// - Throws: `ArchiveError.cannotWrite`, and what reading the run folder throws.
  public init(
    in directory: String, settings: [(path: String, value: String)] = [], isContinued: Bool = false
  ) throws {
    let now = Self.secondsSince1970
    let begin = Self.begin(settings, wallTime: now)
    let rewind = try isContinued ? TensorBoardRewind(in: directory, begin: begin) : nil
    try rewind?.write()
    notice = rewind?.notice
    file = try TensorBoardFile(appendingTo: directory + "/" + Self.fileName, wallTime: now)
    if !isContinued { try file.append(begin) }
  }

  /// Shows the records of one step.
  public func record(_ records: [Record]) throws {
    try file.append(Self.event(of: records, wallTime: Self.secondsSince1970))
  }

  /// Waits until what has been shown is on the disk.
  public func synchronize() throws { try file.synchronize() }

  /// Shows how the parameters are distributed, each under `parameters/` and its name.
  ///
  /// - Throws: What writing the file throws, and `TensorBoardError.notFinite` for parameters that are not finite.
  public func histograms<Scalar>(of snapshot: Snapshot<Scalar>) throws {
    let vector = snapshot.parameterVector
    let values = try snapshot.parameters.layout.entries.map { entry in
      TensorBoardValue(
        "parameters/" + entry.name, .histogram(try TensorBoardHistogram(vector[entry.range])))
    }
    try file.append(
      TensorBoardEvent(wallTime: Self.secondsSince1970, step: snapshot.step, values: values))
  }

  /// Shows how the run ended.
  ///
  /// - Throws: What writing the file throws.
  public func end(_ outcome: Outcome) throws {
    let steps = [
      ("fitStep", outcome.fitStep), ("generalizationStep", outcome.generalizationStep),
      ("delay", outcome.delay),
    ]
    var values = steps.compactMap { name, step in
      step.map { TensorBoardValue(Self.outcomeGroup + name, .scalar(Float($0))) }
    }
    values.append(.hyperparameters(.end(.success)))
    try file.append(
      TensorBoardEvent(wallTime: Self.secondsSince1970, step: outcome.steps, values: values))
  }

  /// Shows figures, each under `figures/` and its name.
  func show(_ figures: [(name: String, plot: Plot)], atStep step: Int) throws {
    let values = try figures.map { name, plot in
      TensorBoardValue("figures/" + name, .image(try TensorBoardImage(png: plot.png(scale: 1))))
    }
    try file.append(
      TensorBoardEvent(wallTime: Self.secondsSince1970, step: step, values: values))
  }

  /// Shows that the run failed.
  ///
  /// - Throws: What writing the file throws.
  public func fail(atStep step: Int) throws {
    try file.append(
      TensorBoardEvent(
        wallTime: Self.secondsSince1970, step: step, values: [.hyperparameters(.end(.failure))]))
  }
}

// MARK: - Events

extension TensorBoardSink {
  /// Where the steps of the outcome are shown, which are no records.
  static let outcomeGroup = "outcome/"

  /// The records of one step; a standard error stands beside its value, under `/error`.
  static func event(of records: some Collection<Record>, wallTime: Double) -> TensorBoardEvent {
    // JSON has no infinity, so that metrics.jsonl gives back not-a-number for all that is not finite.
    func number(_ value: Double) -> TensorBoardValue.Content {
      .scalar(value.isFinite ? Float(value) : .nan)
    }
    var event = TensorBoardEvent(wallTime: wallTime, step: records.first?.step ?? 0, values: [])
    event.values.reserveCapacity(records.count)
    for record in records {
      event.values.append(TensorBoardValue(record.name, number(record.value)))
      if let error = record.error {
        event.values.append(TensorBoardValue(record.name + "/error", number(error)))
      }
    }
    return event
  }

  /// What stands first: the settings, to read and for the table of hyper-parameters.
  private static func begin(
    _ settings: [(path: String, value: String)], wallTime: Double
  ) -> TensorBoardEvent {
    let rows = settings.map { "| \($0.path) | \($0.value.isEmpty ? "–" : $0.value) |\n" }
    let text = "| setting | value |\n| --- | --- |\n" + rows.joined()
    let typed = settings.map {
      TensorBoardHyperparameters.Setting($0.path, .init(parsing: $0.value))
    }
    return TensorBoardEvent(
      wallTime: wallTime, step: 0,
      values: [.init("settings", .text(text)), .hyperparameters(.start(typed))])
  }

  private static var secondsSince1970: Double {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }
}

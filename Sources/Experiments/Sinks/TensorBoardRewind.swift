import GrokReports
import GrokTraining

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Makes the event file of a run that is continued what it was at the run's last checkpoint.
///
/// Scalars are those of the records that the run kept, so that a file that is behind them, or that is not
/// there, is made good; histograms stay. Everything after the checkpoint goes to `events.tail`. The file
/// changes whole or not at all; a damaged one is kept aside.
struct TensorBoardRewind {
  /// The events that are cut off, framed like the others but without a version before them.
  static let tailName = "events.tail"
  /// An event file that was found damaged.
  static let damagedName = "events.damaged"

  private let directory: String
  private let begin: TensorBoardEvent
  private let checkpointStep: Int
  private let records: [Record]
  private let old: [TensorBoardEvent]
  private let damage: ArchiveError?
  // The tags that are kept of the last step.
  private let lastTags: Set<String>

  /// Reads what is there.
  ///
  /// - Parameter begin: What the file begins with; only the time of the old one is kept.
  /// - Throws: What reading records throws; `ArchiveError.cannotRead`.
  init(in directory: String, begin: TensorBoardEvent) throws {
    self.directory = directory
    let step = try Run.checkpoints(in: directory).last?.step ?? -1
    checkpointStep = step
    records = try Run.records(in: directory)
    let path = directory + "/" + TensorBoardSink.fileName
    (old, damage) =
      try ByteSource.exists(path) ? TensorBoardEvents.intactEvents(at: path) : ([], nil)
    self.begin = TensorBoardEvent(
      wallTime: old.first?.wallTime ?? begin.wallTime - (records.last?.seconds ?? 0),
      step: begin.step, values: begin.values)
    let last = records.reversed().prefix { $0.step == step }
    lastTags = Set(TensorBoardSink.event(of: last, wallTime: 0).values.map(\.tag))
  }

  /// What was found damaged, and what became of it, in one line; `nil` where all is well.
  var notice: String? {
    damage.map {
      "\($0); the event file is made again from metrics.jsonl, and the damaged one kept as "
        + Self.damagedName
    }
  }

  /// Writes the tail, then the file.
  func write() throws {
    let path = directory + "/" + TensorBoardSink.fileName
    let tail = TensorBoardEvents.frames(of: old.compactMap { part(of: $0, where: isCut) })
    if !tail.isEmpty { try AppendedFile(path: directory + "/" + Self.tailName).append(tail) }
    // First under a name without 'tfevents', so that TensorBoard never takes what a kill leaves for events.
    let provisional = directory + "/events.rewound"
    try AtomicFile.write(TensorBoardEvents.bytes(of: kept), to: provisional)
    if damage != nil { try move(path, to: directory + "/" + Self.damagedName) }
    try move(provisional, to: path)
  }

  private func move(_ path: String, to place: String) throws {
    if rename(path, place) != 0 {
      throw RunError.system(
        path: place, operation: "put \(lastName(of: path)) in this place",
        reason: String(cString: strerror(errno)))
    }
  }

  // MARK: Parts

  /// What stays, by rising step: at each the scalars, then the histograms.
  private var kept: [TensorBoardEvent] {
    var times: [Int: Double] = [:]
    for event in old where event.values.contains(where: isScalar) && times[event.step] == nil {
      times[event.step] = event.wallTime
    }
    var histograms = old.compactMap { part(of: $0, where: isKeptHistogram) }[...]
    var events = [begin]
    var start = 0
    while start < records.count {
      let step = records[start].step
      let end = records[start...].firstIndex { $0.step != step } ?? records.count
      while let next = histograms.first, next.step < step {
        events.append(histograms.removeFirst())
      }
      let time = times[step] ?? begin.wallTime + records[start].seconds
      events.append(TensorBoardSink.event(of: records[start..<end], wallTime: time))
      start = end
    }
    return events + histograms
  }

  private func part(
    of event: TensorBoardEvent, where isTaken: (TensorBoardValue, Int) -> Bool
  ) -> TensorBoardEvent? {
    var part = event
    part.values.removeAll { !isTaken($0, event.step) }
    return part.values.isEmpty ? nil : part
  }

  private func isScalar(_ value: TensorBoardValue) -> Bool {
    if case .scalar = value.content { true } else { false }
  }

  private func isKeptHistogram(_ value: TensorBoardValue, at step: Int) -> Bool {
    if case .histogram = value.content { step <= checkpointStep } else { false }
  }

  private func isCut(_ value: TensorBoardValue, at step: Int) -> Bool {
    switch value.content {
    case .histogram: step > checkpointStep
    case .scalar:
      value.tag.hasPrefix(TensorBoardSink.outcomeGroup) || step > checkpointStep
        || (step == checkpointStep && !lastTags.contains(value.tag))
    case .text, .hyperparameters(.start): false  // made again
    default: true
    }
  }
}

import GrokNumerics

/// A TensorBoard event file: what has been shown so far.
///
/// ```swift
/// let file = try TensorBoardEvents(contentsOf: "runs/a/events.out.tfevents.0.grok")
/// for event in file.events { print(event.step, event.values.map(\.tag)) }
/// ```
public struct TensorBoardEvents: Sendable, Hashable {
  /// What an event file says of itself first.
  static let version = "brain.Event:2"

  /// The events in order, without the one that says the version.
  public let events: [TensorBoardEvent]
  /// Whether bytes of an event that was not written to its end follow; they are left out.
  public let endsUnfinished: Bool

  /// Reads an event file, ours or of another program.
  ///
  /// - Throws: `ArchiveError.cannotRead`, and `.malformed` for checksums that do not fit and everything
  ///   that is no event.
  public init(contentsOf path: String) throws(ArchiveError) {
    try self.init(bytes: ByteSource(path: path).all(), path: path)
  }

  init(bytes: [UInt8], path: String) throws(ArchiveError) {
    var reading = Reading(bytes: bytes, path: path)
    try reading.readAll()
    events = reading.events
    endsUnfinished = reading.offset < bytes.count
  }

  /// The events of a file up to the first place that is damaged, and what is wrong there.
  ///
  /// - Throws: `ArchiveError.cannotRead`.
  package static func intactEvents(
    at path: String
  ) throws(ArchiveError) -> (events: [TensorBoardEvent], damage: ArchiveError?) {
    var reading = Reading(bytes: try ByteSource(path: path).all(), path: path)
    do {
      try reading.readAll()
      return (reading.events, nil)
    } catch {
      return (reading.events, error)
    }
  }

  /// How far a file has been read.
  private struct Reading {
    let bytes: [UInt8]
    let path: String
    var events: [TensorBoardEvent] = []
    var offset = 0

    mutating func readAll() throws(ArchiveError) {
      while let (range, next) = try TFRecord.next(in: bytes, at: offset, path: path) {
        var reader = ProtobufReader(bytes, range, path: path)
        let (event, version) = try reader.event()
        if offset == 0, version != TensorBoardEvents.version {
          throw .malformed(
            path: path, byteOffset: range.lowerBound,
            expected: "the version '\(TensorBoardEvents.version)'",
            found: version.map { "'\($0)'" } ?? "no version")
        }
        if version == nil { events.append(event) }
        offset = next
      }
    }
  }

  /// The bytes of a whole file with these events.
  public static func bytes(of events: some Sequence<TensorBoardEvent>) -> [UInt8] {
    var writer = ProtobufWriter()
    var hasVersion = false
    for event in events {
      if !hasVersion {
        TFRecord.append(to: &writer) { $0.appendVersion(wallTime: event.wallTime) }
        hasVersion = true
      }
      TFRecord.append(to: &writer) { $0.append(event) }
    }
    return writer.bytes
  }

  /// The bytes of events without the version that a file begins with.
  package static func frames(of events: some Sequence<TensorBoardEvent>) -> [UInt8] {
    var writer = ProtobufWriter()
    for event in events { TFRecord.append(to: &writer) { $0.append(event) } }
    return writer.bytes
  }
}

/// Event files that grow while TensorBoard looks at them.
///
/// ```swift
/// let file = try TensorBoardFile(appendingTo: "logs/events.out.tfevents.0.mine")
/// try file.append(TensorBoardEvent(wallTime: now, step: 3, values: [.init("loss", .scalar(0.5))]))
/// ```
///
/// TensorBoard takes files for event files whose names have `tfevents` in them. One thread at a time may add.
public final class TensorBoardFile: @unchecked Sendable {
  private let file: AppendedFile
  private var writer = ProtobufWriter()

  /// Opens a file for adding; a new one gets the event that says the version first.
  ///
  /// - Parameter wallTime: Seconds since 1970, for that event.
  /// - Throws: `ArchiveError.cannotWrite`.
  public init(appendingTo path: String, wallTime: Double) throws(ArchiveError) {
    let isNew = (try? ByteSource(path: path).count) ?? 0 == 0
    file = try AppendedFile(path: path)
    if isNew {
      TFRecord.append(to: &writer) { $0.appendVersion(wallTime: wallTime) }
    }
  }

  /// Adds an event in one piece; TensorBoard sees it at once.
  ///
  /// - Throws: `ArchiveError.cannotWrite`.
  public func append(_ event: TensorBoardEvent) throws(ArchiveError) {
    TFRecord.append(to: &writer) { $0.append(event) }
    defer { writer.bytes.removeAll(keepingCapacity: true) }
    try file.append(writer.bytes)
  }

  /// Waits until everything that was added is on the disk.
  ///
  /// - Throws: `ArchiveError.cannotWrite`.
  public func synchronize() throws(ArchiveError) { try file.synchronize() }
}

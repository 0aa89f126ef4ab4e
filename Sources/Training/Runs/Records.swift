import GrokNumerics

/// `metrics.jsonl`, to which records are added: those of one step in one piece.
final class RecordFile: @unchecked Sendable {
  private let file: AppendedFile
  // Used from the thread that trains.
  private var lines: [UInt8] = []

  init(path: String) throws { file = try AppendedFile(path: path) }

  func append(_ records: some Sequence<Record>) throws {
    lines.removeAll(keepingCapacity: true)
    for record in records { record.appendLine(to: &lines) }
    try file.append(lines)
  }

  /// Waits until everything is on the disk.
  func synchronize() throws { try file.synchronize() }
}

extension Run {
  /// Adds records to `metrics.jsonl`.
  public func record(_ records: [Record]) throws {
    try check()
    try openMetrics().append(records)
  }
}

// MARK: - Reading

extension Run {
  /// All records of a folder in order.
  ///
  /// - Throws: ``RunError/unreadable(path:problem:)`` with the line number of the first bad line; an
  ///   unfinished last line is left out.
  public static func records(in directory: String) throws -> [Record] {
    var reader = try RecordReader(in: directory)
    var records: [Record] = []
    while let record = try reader.next() { records.append(record) }
    return records
  }
}

// MARK: - Cutting back

extension Run {
  /// The records that a training makes by itself; all others are made by observers.
  static let ownNames: Set = [
    "train/loss", "train/accuracy", "test/loss", "test/accuracy", "weights/norm",
  ]

  /// The step of the last record before the first line that is none, and what is wrong with that line.
  static func soundRecords(in directory: String) throws -> (lastStep: Int?, problem: String?) {
    var reader = try RecordReader(in: directory)
    var lastStep: Int?
    do {
      while let record = try reader.next() { lastStep = record.step }
      return (lastStep, nil)
    } catch RunError.unreadable(let path, let problem) {
      return (lastStep, "\(path): \(problem)")
    }
  }

  /// Moves the other records away, and with them an unfinished last line. From a line that is no record on,
  /// everything is moved as it is.
  static func cutMetrics(in directory: String, keeping isKept: (Record) -> Bool) throws {
    let path = directory + "/metrics.jsonl"
    var (kept, tail): ([UInt8], [UInt8]) = ([], [])
    var reader = try RecordReader(in: directory)
    var soundCount = 0
    do {
      while let record = try reader.next() {
        if isKept(record) { record.appendLine(to: &kept) } else { record.appendLine(to: &tail) }
        soundCount = reader.offset
      }
    } catch RunError.unreadable {
      let source = try ByteSource(path: path)
      let count = source.count - soundCount
      tail += try source.bytes(at: soundCount, count: count, for: "records")
    }
    if !tail.isEmpty {
      try AppendedFile(path: directory + "/metrics.tail.jsonl").append(tail)
    }
    try AtomicFile.write(kept, to: path)
  }
}

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
}

extension Run {
  /// Adds records to `metrics.jsonl`.
  public func record(_ records: [Record]) throws { try metrics.append(records) }
}

// MARK: - Reading

extension Run {
  /// All records of a folder in order.
  ///
  /// - Throws: ``RunError/unreadable(path:problem:)`` with the line number of the first bad line; an
  ///   unfinished last line is left out.
  public static func records(in directory: String) throws -> [Record] {
    var records: [Record] = []
    try forEachRecord(in: directory) { records.append($0) }
    return records
  }

  /// Gives each record of a folder in order to `body`, in memory that does not grow with their number.
  ///
  /// - Throws: What ``records(in:)`` throws, and whatever `body` throws.
  public static func forEachRecord(
    in directory: String, _ body: (Record) throws -> Void
  ) throws {
    let path = directory + "/metrics.jsonl"
    var number = 0
    try forEachLine(of: ByteSource(path: path)) { line in
      number += 1
      guard let record = Record(line: line) else {
        throw RunError.unreadable(path: path, problem: "line \(number) is no record")
      }
      try body(record)
    }
  }
}

/// Gives each line that ends to `body`, without its end.
private func forEachLine(
  of source: ByteSource, _ body: (UnsafeBufferPointer<UInt8>) throws -> Void
) throws {
  let pieceCount = 1 << 20
  var pending: [UInt8] = []
  var position = 0
  while position < source.count {
    let count = min(pieceCount, source.count - position)
    // What is pending has no end in it; the search goes on behind it.
    var searched = pending.count
    pending += try source.bytes(at: position, count: count, for: "the records")
    position += count
    var start = 0
    try pending.withUnsafeBufferPointer { bytes in
      while let end = bytes[searched...].firstIndex(of: UInt8(ascii: "\n")) {
        try body(UnsafeBufferPointer(rebasing: bytes[start..<end]))
        start = end + 1
        searched = start
      }
    }
    pending.removeFirst(start)
  }
}

// MARK: - Cutting back

extension Run {
  /// The records that a training makes by itself; all others are made by observers.
  static let ownNames: Set = [
    "train/loss", "train/accuracy", "test/loss", "test/accuracy", "weights/norm",
  ]

  /// Moves the other records away, and with them an unfinished last line.
  static func cutMetrics(in directory: String, keeping isKept: (Record) -> Bool) throws {
    var (kept, tail): ([UInt8], [UInt8]) = ([], [])
    try forEachRecord(in: directory) { record in
      if isKept(record) { record.appendLine(to: &kept) } else { record.appendLine(to: &tail) }
    }
    if !tail.isEmpty {
      try AppendedFile(path: directory + "/metrics.tail.jsonl").append(tail)
    }
    try AtomicFile.write(kept, to: directory + "/metrics.jsonl")
  }
}

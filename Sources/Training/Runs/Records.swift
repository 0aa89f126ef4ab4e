import GrokNumerics

// MARK: - Writing

extension Run {
  /// Adds records to `metrics.jsonl`.
  public func record(_ records: [Record]) throws {
    try check()
    try openMetrics().append(try records.map { try $0.line() }.joined())
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

  /// Moves the other records away, and with them an unfinished last line.
  static func cutMetrics(in directory: String, keeping isKept: (Record) -> Bool) throws {
    let path = directory + "/metrics.jsonl"
    let records = try Run.records(in: directory)
    let kept = records.filter(isKept)
    if kept.count < records.count {
      let tail = try LineFile(appendingTo: directory + "/metrics.tail.jsonl")
      try tail.append(try records.filter { !isKept($0) }.map { try $0.line() }.joined())
    }
    try AtomicFile.write(try kept.map { try $0.line() }.joined(), to: path)
  }
}

// MARK: - Lines

extension Record {
  /// This record as a line of `metrics.jsonl`.
  func line() throws -> String {
    var object: JSONObject = [
      "step": JSONValue(step), "seconds": .finite((seconds * 1000).rounded() / 1000),
      "name": .string(name), "value": .finite(value),
    ]
    if let error { object["error"] = .finite(error) }
    return try JSONValue.object(object).text(.compact) + "\n"
  }

  /// A record from a line of `metrics.jsonl`; `nil` where it is none.
  init?(_ json: JSONValue) {
    guard let step = json["step"]?.integer, let seconds = json["seconds"]?.double,
      let name = json["name"]?.string, let value = json["value"]
    else { return nil }
    self.init(
      step: step, seconds: seconds, name: name, value: value.double ?? .nan,
      error: json["error"]?.double)
  }
}

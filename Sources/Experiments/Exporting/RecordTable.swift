import GrokTraining

/// The records of runs as comma-separated values (RFC 4180), every one of them, read piece by piece.
struct RecordTable {
  /// How records are laid out.
  enum Layout {
    /// A row a step: its number, the seconds, and a column for each name; empty where there is no record.
    /// Standard errors stand in `NAME/error`, for names that have any.
    case wide
    /// A row a record: step, seconds, name, value, error.
    case long
  }

  /// Takes a piece of the text.
  typealias Emit = ([UInt8]) throws -> Void

  let runs: [ExportedRun]
  let layout: Layout

  /// Gives the text in pieces to `emit`; the number of records in it.
  ///
  /// - Throws: What reading the records throws, and whatever `emit` throws.
  @discardableResult
  func write(_ emit: Emit) throws -> Int {
    var writer = Writer(namesRuns: runs.count > 1)
    switch layout {
    case .long: try writeLong(&writer, emit)
    case .wide: try writeWide(&writer, emit)
    }
    try writer.flush(emit)
    return writer.recordCount
  }

  private func writeLong(_ writer: inout Writer, _ emit: Emit) throws {
    writer.beginRow(run: "run")
    for title in ["step", "seconds", "name", "value", "error"] { writer.cell(title) }
    try writer.endRow(emit)
    for run in runs {
      var reader = try MergedRecordReader(in: run.directory)
      while let record = try reader.next() {
        writer.beginRow(run: run.name)
        writer.cell(plain: String(record.step))
        writer.cell(record.seconds)
        writer.cell(record.name)
        writer.cell(record.value)
        writer.cell(record.error)
        writer.recordCount += 1
        try writer.endRow(emit)
      }
    }
  }

  private func writeWide(_ writer: inout Writer, _ emit: Emit) throws {
    let columns = try Columns(of: runs)
    writer.beginRow(run: "run")
    writer.cell("step")
    writer.cell("seconds")
    for title in columns.titles { writer.cell(title) }
    try writer.endRow(emit)
    for (run, end) in zip(runs, columns.ends) {
      var row = Row(columnCount: columns.titles.count)
      // What a run that goes on has added since the columns were found is left out.
      var reader = try MergedRecordReader(in: run.directory, end: end)
      while let record = try reader.next() {
        let places = try columns.places(of: record, in: run)
        if !row.takes(record, at: places.value) {
          try writer.write(row, run: run.name, emit)
          row.clear()
        }
        row.set(record, at: places)
        writer.recordCount += 1
      }
      try writer.write(row, run: run.name, emit)
    }
  }
}

// MARK: - Rows

/// The columns of a wide table, in the order in which the records first name them.
private struct Columns {
  private(set) var titles: [String] = []
  /// The bytes of each run's records that the columns are those of.
  private(set) var ends: [Int] = []
  private var values: [String: Int] = [:]
  private var errors: [String: Int] = [:]

  init(of runs: [ExportedRun]) throws {
    var names: [String] = []
    var hasError: [String: Bool] = [:]
    for run in runs {
      var reader = try MergedRecordReader(in: run.directory)
      while let record = try reader.next() {
        if hasError[record.name] == nil {
          names.append(record.name)
          hasError[record.name] = false
        }
        if record.error != nil { hasError[record.name] = true }
      }
      ends.append(reader.offset)
    }
    for name in names {
      values[name] = titles.count
      titles.append(name)
      if hasError[name] == true {
        errors[name] = titles.count
        titles.append(name + "/error")
      }
    }
  }

  /// Where a record's value goes, and its error.
  func places(of record: Record, in run: ExportedRun) throws -> (value: Int, error: Int?) {
    let error = errors[record.name]
    guard let value = values[record.name], record.error == nil || error != nil else {
      throw RunError.unreadable(
        path: run.directory, problem: "the records changed while they were read; try again")
    }
    return (value, error)
  }
}

/// The records of one step. A name that comes twice at one step begins another row.
private struct Row {
  private(set) var step: Int?
  private(set) var seconds = 0.0
  private(set) var cells: [Double?]

  init(columnCount: Int) { cells = [Double?](repeating: nil, count: columnCount) }

  func takes(_ record: Record, at place: Int) -> Bool {
    step == nil || (step == record.step && cells[place] == nil)
  }

  mutating func set(_ record: Record, at places: (value: Int, error: Int?)) {
    step = record.step
    // Measures on checkpoints have no time of their own.
    seconds = max(seconds, record.seconds)
    cells[places.value] = record.value
    if let error = record.error, let place = places.error { cells[place] = error }
  }

  mutating func clear() {
    step = nil
    seconds = 0
    for index in cells.indices { cells[index] = nil }
  }
}

// MARK: - Text

/// Puts cells together, and gives them on in large pieces.
private struct Writer {
  let namesRuns: Bool
  var recordCount = 0
  private var bytes: [UInt8] = []
  private var isRowEmpty = true

  init(namesRuns: Bool) { self.namesRuns = namesRuns }

  mutating func write(_ row: Row, run: String, _ emit: RecordTable.Emit) throws {
    guard let step = row.step else { return }
    beginRow(run: run)
    cell(plain: String(step))
    cell(row.seconds)
    for value in row.cells { cell(value) }
    try endRow(emit)
  }

  mutating func beginRow(run: String) {
    isRowEmpty = true
    if namesRuns { cell(run) }
  }

  mutating func cell(plain text: String) {
    if !isRowEmpty { bytes.append(UInt8(ascii: ",")) }
    isRowEmpty = false
    bytes.append(contentsOf: text.utf8)
  }

  /// Text, in quotes where commas, quotes or new lines are in it.
  mutating func cell(_ text: String) {
    let needsQuotes = text.utf8.contains { [0x22, 0x2C, 0x0A, 0x0D].contains($0) }
    guard needsQuotes else { return cell(plain: text) }
    let doubled = text.split(separator: "\"", omittingEmptySubsequences: false)
    cell(plain: "\"" + doubled.joined(separator: "\"\"") + "\"")
  }

  /// A number with the fewest digits that read back as the same; `nan` where it is none, nothing where
  /// there is none.
  mutating func cell(_ number: Double?) { cell(plain: number.map { "\($0)" } ?? "") }

  mutating func endRow(_ emit: RecordTable.Emit) throws {
    bytes.append(UInt8(ascii: "\n"))
    if bytes.count >= 1 << 18 { try flush(emit) }
  }

  mutating func flush(_ emit: RecordTable.Emit) throws {
    try emit(bytes)
    bytes.removeAll(keepingCapacity: true)
  }
}

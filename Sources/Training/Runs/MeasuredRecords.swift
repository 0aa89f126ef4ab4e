import GrokNumerics

extension Run {
  /// The folder in which measures on stored checkpoints leave what they found, inside a run folder.
  package static let measuresFolder = "measures"

  /// The files of records that measures on stored checkpoints have left in a run folder: `measures/NAME.jsonl`,
  /// by name.
  package static func measuredRecordFiles(in directory: String) -> [String] {
    let folder = directory + "/" + measuresFolder
    return Folder.names(in: folder).filter { $0.hasSuffix(".jsonl") && !$0.hasPrefix(".") }
      .map { folder + "/" + $0 }
  }
}

/// Reads all records of a run folder by rising step: those of the training, and behind those of the same step
/// what was measured on its checkpoint.
package struct MergedRecordReader {
  private var reader: RecordReader
  /// Where the records of the training end for this reader.
  private let end: Int
  private var ahead: Record?
  private var measured: ArraySlice<Record>

  /// Bytes up to the end of the last record of the training that was read.
  package var offset: Int { reader.offset }

  /// Opens a run folder.
  ///
  /// - Parameter end: Leaves out records of the training behind so many bytes.
  /// - Throws: `ArchiveError.cannotRead`, ``RunError/unreadable(path:problem:)``.
  package init(in directory: String, end: Int = .max) throws {
    reader = try RecordReader(in: directory)
    self.end = end
    var records: [Record] = []
    for path in Run.measuredRecordFiles(in: directory) {
      var reader = try RecordReader(path: path)
      while let record = try reader.next() { records.append(record) }
    }
    // Sorting is stable, but says so nowhere.
    measured =
      records.enumerated().sorted { ($0.element.step, $0.offset) < ($1.element.step, $1.offset) }
      .map(\.element)[...]
    try advance()
  }

  /// The next record, `nil` at the end.
  package mutating func next() throws -> Record? {
    if let first = measured.first, ahead.map({ first.step < $0.step }) ?? true {
      return measured.popFirst()
    }
    guard let record = ahead else { return nil }
    try advance()
    return record
  }

  private mutating func advance() throws {
    ahead = reader.offset < end ? try reader.next() : nil
  }
}

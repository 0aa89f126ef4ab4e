import GrokTraining

/// The records of runs as arrays: `NAME/step`, `NAME/value`, `NAME/error` and `NAME/seconds` for each name,
/// with `RUN/` before them where there are several runs.
///
/// `value` is not-a-number where the record has none, `error` where there is no standard error.
struct RecordArrays {
  let runs: [ExportedRun]

  /// All arrays, and the number of records in them.
  ///
  /// - Throws: What reading the records throws.
  func archive() throws -> (archive: Archive, recordCount: Int) {
    var archive = Archive()
    var recordCount = 0
    for run in runs {
      var columns: [String: Column] = [:]
      var names: [String] = []
      var reader = try MergedRecordReader(in: run.directory)
      while let record = try reader.next() {
        if columns[record.name] == nil { names.append(record.name) }
        columns[record.name, default: Column()].append(record)
        recordCount += 1
      }
      for name in names {
        let path = runs.count > 1 ? "\(run.name)/\(name)" : name
        columns.removeValue(forKey: name)?.add(to: &archive, as: path)
      }
    }
    return (archive, recordCount)
  }

  /// The records of one name.
  private struct Column {
    private var steps: [Int] = []
    private var values: [Double] = []
    private var errors: [Double] = []
    private var seconds: [Double] = []

    mutating func append(_ record: Record) {
      steps.append(record.step)
      values.append(record.value)
      errors.append(record.error ?? .nan)
      seconds.append(record.seconds)
    }

    func add(to archive: inout Archive, as path: String) {
      archive.set(path + "/step", steps)
      archive.set(path + "/value", values)
      archive.set(path + "/error", errors)
      archive.set(path + "/seconds", seconds)
    }
  }
}

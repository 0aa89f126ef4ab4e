import GrokTraining

/// The records of runs as arrays: `NAME/step`, `NAME/value`, `NAME/error` and `NAME/seconds` for each name,
/// with `RUN/` before them where there are several runs.
///
/// `value` is not-a-number where the record has none, `error` where there is no standard error. Where the motion of the weights was
/// recorded, also `motion/step`, `motion/loss`, `motion/learningRate`, and `motion/QUANTITY/COMPONENT` over these steps.
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
      if MotionTable.exists(inRun: run.directory) {
        let table = try MotionTable(ofRun: run.directory)
        try table.add(to: &archive, as: runs.count > 1 ? "\(run.name)/motion" : "motion")
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

extension MotionTable {
  /// Adds steps, losses, rates, and every quantity of every component, stored or made of what is stored.
  fileprivate func add(to archive: inout Archive, as path: String) throws {
    let quantities = columns.availableQuantities
    var (steps, losses, rates): ([Int], [Double], [Double]) = ([], [], [])
    var values = [[Double]](repeating: [], count: quantities.count * columns.components.count)
    for index in values.indices { values[index].reserveCapacity(rowCount) }
    try forEachRow { row in
      steps.append(row.step)
      losses.append(row.loss)
      rates.append(row.learningRate)
      for (place, quantity) in quantities.enumerated() {
        for component in columns.components.indices {
          values[place * columns.components.count + component].append(
            row[quantity, of: component] ?? .nan)
        }
      }
    }
    archive.set(path + "/step", steps)
    archive.set(path + "/loss", losses)
    archive.set(path + "/learningRate", rates)
    for (place, quantity) in quantities.enumerated() {
      for (index, component) in columns.components.enumerated() {
        archive.set(
          "\(path)/\(quantity.rawValue)/\(component.name)",
          values[place * columns.components.count + index])
      }
    }
  }
}

import GrokTraining

/// The records of a run by name, as columns of numbers.
struct RunCurves: Sendable {
  /// One recorded quantity against steps.
  struct Curve: Sendable, Equatable {
    /// Updates done, rising.
    var steps: [Int] = []
    /// The numbers; not a number where it was lost or infinite.
    var values: [Double] = []
    /// Standard errors, as many as values; empty where none was recorded.
    var errors: [Double] = []
  }

  let folder: String
  /// Names in the order of their first record.
  private(set) var names: [String] = []
  private(set) var recordCount = 0
  /// The largest `seconds` of any record.
  private(set) var seconds = 0.0
  private var curves: [Curve] = []
  private var positions: [String: Int] = [:]
  private var thinning: StepThinning?
  private var lastDropped: [Record?] = []
  private var offset = 0
  // What stands ahead of the offset, by which a file that was cut back is told.
  private var lastBytes: [UInt8] = []
  private var measured: [MeasuredFile] = []

  /// Reads the records of a run folder.
  ///
  /// - Parameter thinning: Which records of a name to keep besides the last; `nil` keeps all.
  init(folder: String, thinning: StepThinning? = nil) throws {
    self.folder = folder
    self.thinning = thinning
    try update()
  }

  /// Reads what has been recorded since; whether anything has.
  @discardableResult
  mutating func update() throws -> Bool {
    var reader = try RecordReader(in: folder, startingAt: offset)
    let files = try Run.measuredRecordFiles(in: folder).map { try MeasuredFile(path: $0) }
    let isAnother = try reader.bytesBefore(offset) != lastBytes
    if isAnother || (!measured.isEmpty && files != measured) {
      // Cut back by a resume, and perhaps grown again since, or measured again.
      self = try RunCurves(folder: folder, thinning: thinning)
      return true
    }
    let before = offset
    while let record = try reader.next() { take(record) }
    offset = reader.offset
    lastBytes = try reader.bytesBefore(offset)
    let isMeasuredAnew = files != measured
    if isMeasuredAnew {
      measured = files
      for file in files {
        var reader = try RecordReader(path: file.path)
        while let record = try reader.next() { take(record) }
      }
    }
    if thinning != nil { for index in curves.indices { keepLast(index) } }
    return offset > before || isMeasuredAnew
  }

  /// A file of records that measures on checkpoints have left, told from its successors by its length.
  private struct MeasuredFile: Equatable {
    let path: String
    let byteCount: Int

    init(path: String) throws {
      self.path = path
      byteCount = try ByteSource(path: path).count
    }
  }

  /// The curve of a name.
  subscript(name: String) -> Curve? { positions[name].map { curves[$0] } }

  /// The largest step of any record.
  var lastStep: Int? { curves.compactMap(\.steps.last).max() }

  private mutating func take(_ record: Record) {
    recordCount += 1
    seconds = max(seconds, record.seconds)
    let index: Int
    if let known = positions[record.name] {
      index = known
    } else {
      index = curves.count
      positions[record.name] = index
      names.append(record.name)
      curves.append(Curve())
      lastDropped.append(nil)
    }
    if let thinning, let last = curves[index].steps.last,
      !thinning.keeps(record.step, after: last)
    {
      lastDropped[index] = record
      return
    }
    lastDropped[index] = nil
    append(record, to: index)
  }

  private mutating func append(_ record: Record, to index: Int) {
    if record.error != nil || !curves[index].errors.isEmpty {
      let missing = curves[index].values.count - curves[index].errors.count
      curves[index].errors += [Double](repeating: .nan, count: missing)
      curves[index].errors.append(record.error ?? .nan)
    }
    curves[index].steps.append(record.step)
    curves[index].values.append(record.value)
  }

  private mutating func keepLast(_ index: Int) {
    guard let record = lastDropped[index] else { return }
    lastDropped[index] = nil
    append(record, to: index)
  }
}

/// Keeps one record of each stretch of steps, the stretches equally long on a logarithmic axis: which steps
/// stay depends on the schedule alone, so that runs of one schedule keep the same.
struct StepThinning: Sendable, Equatable {
  /// The number of stretches to each factor of ten.
  var perDecade: Int

  func keeps(_ step: Int, after last: Int) -> Bool {
    // The first steps of each stretch are kept. A step beyond the next boundary after the last kept one
    // is in another stretch.
    step <= 1 || stretch(step) > stretch(last)
  }

  private func stretch(_ step: Int) -> Int {
    step <= 0 ? -1 : Int((Double(perDecade) * logarithm10(Double(step))).rounded(.down))
  }
}

import GrokTraining

/// What one measure has found on the checkpoints of one run: `measures/NAME.jsonl` with a record a line,
/// `measures/NAME.npz` with arrays, and `measures/NAME.json`, which says how and at which checkpoints.
///
/// Each file appears whole or not at all, the description last, so that whatever it names is there.
struct MeasurementFile {
  private static let formatVersion = 1

  private let path: String
  private var description: JSONObject
  /// The digest of the checkpoint that was measured, by step.
  private(set) var digests: [Int: String] = [:]
  private var records: [Record] = []
  private var arrays: [(step: Int?, values: Findings.Values)] = []
  private var undefined: [JSONValue] = []

  /// Opens what is there if it was measured in the same way, else begins anew.
  ///
  /// - Parameter reference: The digest of the checkpoint that others are compared with.
  /// - Parameter experiment: The digest of the settings of data and network.
  /// - Parameter isAnew: Forgets what is there in any case.
  init(
    of measure: NamedMeasure, in directory: String, options: JSONObject, reference: String?,
    experiment: String, isAnew: Bool
  ) throws {
    try makeFolder(directory + "/" + Run.measuresFolder)
    path = "\(directory)/\(Run.measuresFolder)/\(measure.name)"
    description = [
      "formatVersion": JSONValue(Self.formatVersion), "measure": .string(measure.name),
      "version": .string(GrokExperimentsVersion.current), "options": .object(options),
      "experiment": .string(experiment),
    ]
    description["reference"] = reference.map { .string($0) }
    if !isAnew { readEarlier() }
  }

  /// How many records there are.
  var recordCount: Int { records.count }

  /// Adds what was found at a step.
  mutating func add(_ findings: Findings, atStep step: Int) {
    for number in findings.numbers {
      records.append(
        Record(step: step, seconds: 0, name: number.name, value: number.value, error: number.error))
    }
    arrays += findings.arrays.map { (step, $0) }
  }

  /// Adds arrays over all steps.
  mutating func add(_ findings: Findings) { arrays += findings.arrays.map { (nil, $0) } }

  /// Notes that a quantity has no value.
  mutating func addUndefined(_ name: String, atStep step: Int, _ reason: String) {
    undefined.append(
      .object(["step": JSONValue(step), "name": .string(name), "reason": .string(reason)]))
  }

  /// Marks a checkpoint as measured.
  mutating func finish(step: Int, digest: String) { digests[step] = digest }

  /// Forgets some steps: those that were measured on other checkpoints.
  mutating func forget(where isForgotten: (_ step: Int) -> Bool) {
    for step in digests.keys where isForgotten(step) { digests[step] = nil }
    records.removeAll { isForgotten($0.step) }
    arrays.removeAll { $0.step.map(isForgotten) ?? false }
    undefined.removeAll { $0["step"]?.integer.map(isForgotten) ?? false }
  }

  /// Forgets everything that was found.
  mutating func forgetAll() {
    digests = [:]
    records = []
    arrays = []
    undefined = []
  }

  /// Writes the files.
  func write() throws {
    let order = records.enumerated().sorted {
      ($0.element.step, $0.offset) < ($1.element.step, $1.offset)
    }
    var lines: [UInt8] = []
    for (_, record) in order { record.appendLine(to: &lines) }
    if !arrays.isEmpty { try archive.write(to: path + ".npz") }
    try AtomicFile.write(lines, to: path + ".jsonl")
    var description = description
    description["checkpoints"] = .object(
      JSONObject(digests.sorted { $0.key < $1.key }.map { (String($0.key), .string($0.value)) }))
    description["undefined"] = .array(undefined)
    try AtomicFile.write(
      try JSONValue.object(description).text(.indented) + "\n", to: path + ".json")
  }

  // MARK: Arrays

  /// Arrays of steps as `NAME/step` and `NAME/value`, stacked, or `NAME/STEP` where their shapes differ; arrays over
  /// all steps as they are named.
  private var archive: Archive {
    var archive = Archive()
    var names: [String] = []
    var groups: [String: [(step: Int, values: Findings.Values)]] = [:]
    for (step, values) in arrays {
      guard let step else {
        archive.set(values.name, values.values, shape: values.shape)
        continue
      }
      if groups[values.name] == nil { names.append(values.name) }
      groups[values.name, default: []].append((step, values))
    }
    for name in names {
      let group = (groups[name] ?? []).sorted { $0.step < $1.step }
      let shape = group[0].values.shape
      if group.allSatisfy({ $0.values.shape == shape }) {
        archive.set(name + "/step", group.map(\.step))
        archive.set(name + "/value", group.flatMap(\.values.values), shape: [group.count] + shape)
      } else {
        for (step, values) in group {
          archive.set("\(name)/\(step)", values.values, shape: values.shape)
        }
      }
    }
    return archive
  }

  // MARK: Reading

  private mutating func readEarlier() {
    guard let bytes = try? ByteSource(path: path + ".json").all(),
      let earlier = try? JSONValue(parsing: bytes).object,
      ["formatVersion", "options", "version", "experiment", "reference"].allSatisfy({
        earlier[$0] == description[$0]
      })
    else { return }
    // Whatever cannot be read is measured again.
    guard var reader = try? RecordReader(path: path + ".jsonl") else { return }
    do {
      var records: [Record] = []
      while let record = try reader.next() { records.append(record) }
      for (step, digest) in earlier["checkpoints"]?.object ?? [:] {
        if let step = Int(step), let digest = digest.string { digests[step] = digest }
      }
      self.records = records.filter { digests[$0.step] != nil }
      undefined = earlier["undefined"]?.array ?? []
      if exists(path + ".npz") { arrays = try storedArrays() }
    } catch {
      forgetAll()
    }
  }

  private func storedArrays() throws -> [(step: Int?, values: Findings.Values)] {
    let archive = try Archive(contentsOf: path + ".npz")
    var result: [(step: Int?, values: Findings.Values)] = []
    for name in archive.names {
      let array = try archive.array(name)
      let values = try archive.doubles(name)
      if name.hasSuffix("/value") {
        let base = String(name.dropLast("/value".count))
        let steps = try archive.integers(base + "/step")
        let shape = Array(array.shape.dropFirst())
        let count = shape.reduce(1, *)
        for (index, step) in steps.enumerated() {
          let part = Array(values[index * count..<(index + 1) * count])
          result.append((step, Findings.Values(name: base, shape: shape, values: part)))
        }
      } else if let slash = name.lastIndex(of: "/"),
        let step = Int(name[name.index(after: slash)...])
      {
        result.append(
          (step, Findings.Values(name: String(name[..<slash]), shape: array.shape, values: values)))
      } else if !name.hasSuffix("/step") {
        result.append((nil, Findings.Values(name: name, shape: array.shape, values: values)))
      }
    }
    return result
  }
}

import GrokTraining

/// The folder of a sweep: what is varied, and a folder for each job.
///
/// `sweep.json` and `settings.yaml` say what every job is; they never change. Docs/Formats.md describes the
/// files.
struct SweepFolder: Sendable {
  static let formatVersion = 1

  let path: String
  let sweep: Sweep
  /// The name of the preset that the settings came from, `nil` where files alone said what was wanted.
  let preset: String?
  /// Where whoever made the sweep looked for data files.
  let dataFolders: [String]

  // MARK: Making

  /// Makes the folder of a sweep with the folders of all its jobs.
  ///
  /// Everything is made beside its place and renamed, so that whoever sees the folder sees all of it.
  ///
  /// - Throws: ``SweepError/exists(_:)``, or what the system says.
  static func create(
    _ sweep: Sweep, at path: String, program: String, preset: String?, dataFolders: [String] = []
  ) throws -> SweepFolder {
    let folder = SweepFolder(
      planned: sweep, at: path, preset: preset, dataFolders: dataFolders.map(absolute))
    do {
      let provisional = try ProvisionalFolder(for: path)
      do {
        // Says that somebody is at work: there may be many folders to make.
        let owner = try Owner.claim(provisional.path)
        try folder.write(to: provisional.path, program: program)
        owner.release()
        try provisional.becomeFinal()
      } catch {
        provisional.remove()
        throw error
      }
    } catch RunError.exists {
      throw SweepError.exists(path)
    }
    return folder
  }

  /// A folder that has not been made.
  init(
    planned sweep: Sweep, at path: String, preset: String? = nil, dataFolders: [String] = []
  ) {
    self.dataFolders = dataFolders
    self.path = path
    self.sweep = sweep
    self.preset = preset
  }

  private func write(to directory: String, program: String) throws {
    var description: JSONObject = [
      "formatVersion": JSONValue(SweepFolder.formatVersion), "program": .string(program),
      "preset": preset.map(JSONValue.string) ?? .null,
      "dataFolders": .array(dataFolders.map(JSONValue.string)),
      "axes": .array(sweep.axes.map(\.json)), "jobCount": JSONValue(sweep.jobCount),
    ]
    for (name, value) in Provenance.environment { description[name] = value }
    let text = try JSONValue.object(description).text(.indented)
    try AtomicFile.write(sweep.base.yaml, to: directory + "/settings.yaml")
    try makeFolder(directory + "/jobs")
    for number in 0..<sweep.jobCount {
      let job = SweepFolder.job(number)
      if number % 1000 == 0 { try makeFolder(directory + "/" + job.thousand) }
      try makeFolder(directory + "/" + job.folder)
    }
    try AtomicFile.write(text + "\n", to: directory + "/sweep.json")
  }

  // MARK: Opening

  /// Opens the folder of a sweep.
  ///
  /// - Throws: `RunError.unreadable` where there is none.
  init(opening path: String) throws {
    let file = path + "/sweep.json"
    guard let bytes = try? ByteSource(path: file).all() else {
      throw RunError.unreadable(path: path, problem: "is no sweep folder: it has no sweep.json")
    }
    guard let description = try? JSONValue(parsing: bytes).object,
      let version = description["formatVersion"]?.integer,
      let axes = description["axes"]?.array
    else { throw RunError.unreadable(path: file, problem: "does not describe a sweep") }
    guard version == SweepFolder.formatVersion else {
      throw RunError.unreadable(
        path: file,
        problem: "has format version \(version); this program reads \(SweepFolder.formatVersion)")
    }
    var settings = Settings()
    try settings.apply(file: path + "/settings.yaml")
    do {
      sweep = try Sweep(settings, over: axes.map { try Axis($0) })
    } catch {
      throw RunError.unreadable(path: file, problem: "\(error)")
    }
    self.path = path
    preset = description["preset"]?.string
    dataFolders = description["dataFolders"]?.array?.compactMap(\.string) ?? []
  }

  /// Whether a folder is that of a sweep.
  static func isSweep(_ path: String) -> Bool { exists(path + "/sweep.json") }

  // MARK: Jobs

  /// The folder of a job.
  func job(_ number: Int) -> String { SweepFolder.job(number, in: path) }

  /// The folder of a job of a sweep that has not been opened.
  static func job(_ number: Int, in path: String) -> String {
    path + "/" + SweepFolder.job(number).folder
  }

  /// The run folder of a job, which is made when it begins.
  func run(ofJob number: Int) -> String { job(number) + "/run" }

  /// `jobs/000/000017` and the folder that it is in: no folder has more than a thousand.
  private static func job(_ number: Int) -> (thousand: String, folder: String) {
    func padded(_ number: Int, _ width: Int) -> String {
      let digits = String(number)
      return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
    let thousand = "jobs/" + padded(number / 1000, 3)
    return (thousand, thousand + "/" + padded(number, 6))
  }
}

// MARK: - Axes as JSON

extension Axis {
  /// `{"paths": [...], "values": [[...], ...]}`, a list of values for each position.
  fileprivate var json: JSONValue {
    [
      "paths": .array(paths.map(JSONValue.string)),
      "values": .array(values.map { .array($0.map(JSONValue.string)) }),
    ]
  }

  fileprivate init(_ json: JSONValue) throws(ConfigurationError) {
    func strings(_ value: JSONValue?) -> [String] { (value?.array ?? []).compactMap(\.string) }
    try self.init(
      paths: strings(json["paths"]), values: (json["values"]?.array ?? []).map(strings))
  }
}

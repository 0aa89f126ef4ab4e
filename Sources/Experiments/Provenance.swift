import GrokNumerics
import GrokTraining

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// What else decided a run's numbers: program, version, compiler, machine and libraries.
enum Provenance {
  static func members(
    program: String, preset: String?, experiment: Experiment, dataFolders: [String]
  ) -> JSONObject {
    var members: JSONObject = [
      "program": .string(program),
      "preset": preset.map(JSONValue.string) ?? .null,
      "settings": settings(of: experiment),
      "seed": JSONValue(experiment.settings.seed),
      "parameters": JSONValue(experiment.model.layout.count),
      "trainExamples": JSONValue(experiment.data.train.count),
      "testExamples": JSONValue(experiment.data.test.count),
      "plan": .object(RunEstimate(of: experiment).json),
      "dataDigests": digests(of: experiment),
      "dataFolders": .array(dataFolders.map(JSONValue.string)),
    ]
    for (name, value) in environment { members[name] = value }
    return members
  }

  /// What this program was built from, and the machine that it runs on.
  static var environment: JSONObject {
    [
      "version": .string(GrokExperimentsVersion.current),
      "commit": commit.map(JSONValue.string) ?? .null,
      "compiler": .string(Processor.compiler),
      "machine": .object(machine),
      "blas": .string(BLAS.configuration),
    ]
  }

  /// SHA-256 of the data files by name.
  static func digests(of experiment: Experiment) -> JSONValue {
    let digests = experiment.digests.sorted { $0.key < $1.key }
    return .object(JSONObject(digests.map { ($0.key, JSONValue.string($0.value)) }))
  }

  /// What tells apart experiments whose checkpoints give different numbers: a digest of the data files and of all
  /// settings of data and network.
  static func measuredDigest(of experiment: Experiment) -> String {
    var lines = experiment.digests.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }
    for (path, value) in experiment.settings.table {
      let group = path.prefix { $0 != "." }
      if ["data", "model", "seed"].contains(group) || path == "train.precision" {
        lines.append("\(path): \(value)")
      }
    }
    return SHA256.hexadecimal(of: Array(lines.joined(separator: "\n").utf8))
  }

  /// All settings by dotted name, as text.
  static func settings(of experiment: Experiment) -> JSONValue {
    .object(JSONObject(experiment.settings.table.map { ($0.path, JSONValue.string($0.value)) }))
  }

  /// The commit of the checkout that holds the running program, `nil` where it is in none.
  static var commit: String? {
    guard let program = resolvedPath("/proc/self/exe") else { return nil }
    var folder = program[...]
    while let slash = folder.lastIndex(of: "/") {
      folder = folder[..<slash]
      guard let head = line(of: folder + "/.git/HEAD") else { continue }
      guard head.hasPrefix("ref: ") else { return head }
      let name = head.dropFirst("ref: ".count)
      if let commit = line(of: folder + "/.git/" + name) { return commit }
      let packed = text(of: folder + "/.git/packed-refs")?.split(separator: "\n")
        .first { $0.hasSuffix(" " + name) }
      return packed.flatMap { $0.split(separator: " ").first.map(String.init) }
    }
    return nil
  }

  private static var machine: JSONObject {
    var system = utsname()
    uname(&system)
    let processor = text(of: "/proc/cpuinfo")?.split(separator: "\n")
      .first { $0.hasPrefix("model name") }?
      .split(separator: ":").last.map { $0.drop { $0 == " " } }
    return [
      "system": .string(string(&system.sysname) + " " + string(&system.release)),
      "architecture": .string(string(&system.machine)),
      "processor": processor.map { .string(String($0)) } ?? .null,
      "cores": JSONValue(Int(sysconf(Int32(_SC_NPROCESSORS_ONLN)))),
      "memoryBytes": JSONValue(
        Int(sysconf(Int32(_SC_PHYS_PAGES))) * Int(sysconf(Int32(_SC_PAGESIZE)))),
      "vectorInstructions": .string(Processor.vectorInstructions),
    ]
  }

  private static func string<Field>(_ field: inout Field) -> String {
    withUnsafeBytes(of: &field) { bytes in
      String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    }
  }

  private static func resolvedPath(_ path: String) -> String? {
    guard let resolved = realpath(path, nil) else { return nil }
    defer { free(resolved) }
    return String(cString: resolved)
  }

  private static func text(of path: some StringProtocol) -> String? {
    systemText(of: String(path))
  }

  private static func line(of path: some StringProtocol) -> String? {
    text(of: path)?.split(separator: "\n").first.map(String.init)
  }
}

import ArgumentParser
import GrokTraining

struct ExportCommand<P: Program>: ParsableCommand {
  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: "export", abstract: "Give the records of runs as CSV or npz: every point.",
      discussion: """
        CSV has a row a step and a column for each name, with --long a row a record. npz has the arrays \
        NAME/step, NAME/value, NAME/error and NAME/seconds. Of several runs, CSV has a column 'run', and \
        the names of arrays begin with RUN/. npz has the recorded motion of the weights too. Without --csv and --npz, CSV goes to standard output.

          \(P.name) export runs/a --csv a.csv --npz a.npz
          \(P.name) export runs/a | head
          \(P.name) export runs/decay-* --csv decay.csv --long
          \(P.name) export sweeps/decay --csv decay.csv
        """)
  }

  @Argument(
    help: ArgumentHelp("Run folders or sweep folders.", valueName: "run"), completion: .directory)
  var folders: [String]

  @Option(
    help: ArgumentHelp("Write a table; - is standard output.", valueName: "file"),
    completion: .file())
  var csv: String?

  @Option(
    help: ArgumentHelp("Write arrays; - is standard output.", valueName: "file"),
    completion: .file())
  var npz: String?

  @Flag(help: "A row a record in the table, with seconds and standard error.")
  var long = false

  func run() throws {
    try reportingErrors {
      if csv == "-" && npz == "-" {
        throw ConfigurationError.conflict("only one of --csv and --npz can be standard output")
      }
      if long && csv == nil && npz != nil {
        throw ConfigurationError.conflict("--long is a layout of --csv, which is missing")
      }
      let runs = try ExportedRun.all(in: folders)
      let csv = csv ?? (npz == nil ? "-" : nil)
      var recordCount = 0
      if let csv {
        let table = RecordTable(runs: runs, layout: long ? .long : .wide)
        recordCount = try write(to: csv) { emit in try table.write(emit) }
      }
      if let npz {
        let arrays = try RecordArrays(runs: runs).archive()
        recordCount = arrays.recordCount
        let bytes = try arrays.archive.bytes(as: .npz)
        try write(to: npz) { emit in try emit(bytes) }
      }
      if csv == "-" || npz == "-" { return }
      let result: JSONObject = [
        "runs": JSONValue(runs.count), "records": JSONValue(recordCount),
        "csv": csv.map(JSONValue.string) ?? .null, "npz": npz.map(JSONValue.string) ?? .null,
      ]
      print(try JSONValue.object(result).text())
    }
  }

  /// Runs `body` with what takes bytes to standard output, or to a file that appears whole or not at all.
  private func write<Result>(
    to path: String, _ body: (_ emit: ([UInt8]) throws -> Void) throws -> Result
  ) throws -> Result {
    if path == "-" { return try body(writeToStandardOutput) }
    var result: Result?
    try AtomicFile.write(to: path) { (file: inout AtomicFile) throws(ArchiveError) in
      do {
        result = try body { try file.append($0) }
      } catch let error as ArchiveError {
        throw error
      } catch {
        throw .unwritable(path: path, reason: "\(error)")
      }
    }
    return result!
  }
}

import GrokTraining

/// `jobs.csv`: one line a job with its number, varied settings, state and outcome.
enum SweepIndex {
  private static let outcomeNames = [
    "steps", "trainLoss", "testLoss", "trainAccuracy", "testAccuracy", "fitStep",
    "generalizationStep", "delay", "relapses", "seconds",
  ]

  /// The columns after the number and the varied settings.
  private static let columns = ["state", "attempts"] + outcomeNames + ["error"]

  /// A job's cells of these columns; empty where there is nothing to say.
  static func cells(of record: JobRecord) -> String {
    var cells = [record.state.rawValue, String(record.attempts)]
    for name in outcomeNames {
      let value = record.outcome?[name]
      cells.append(value == .null ? "" : value.flatMap { try? $0.text() } ?? "")
    }
    cells.append(escaped(record.error ?? ""))
    return cells.joined(separator: ",")
  }

  /// Writes the index, whole or not at all.
  static func write(_ status: SweepStatus, of folder: SweepFolder) throws {
    let sweep = folder.sweep
    try AtomicFile.write(to: folder.path + "/jobs.csv") { file throws(ArchiveError) in
      var text = (["job"] + sweep.variedPaths + columns).joined(separator: ",") + "\n"
      for number in 0..<sweep.jobCount {
        text += "\(number),"
        for value in sweep.variedValues(ofJob: number) { text += escaped(value) + "," }
        text += status.cells[number] + "\n"
        if text.utf8.count > 1 << 20 {
          try file.append(Array(text.utf8))
          text = ""
        }
      }
      try file.append(Array(text.utf8))
    }
  }

  /// A cell as RFC 4180 has it.
  private static func escaped(_ text: String) -> String {
    guard text.utf8.contains(where: { [0x22, 0x2C, 0x0A, 0x0D].contains($0) }) else { return text }
    return "\""
      + text.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"")
      + "\""
  }
}

import GrokTraining

/// `jobs.csv`: one line a job with its number, varied settings, state and outcome.
enum SweepIndex {
  /// The columns after the number and the varied settings.
  private static let columns = [
    "state", "attempts", "steps", "trainLoss", "testLoss", "trainAccuracy", "testAccuracy",
    "fitStep", "generalizationStep", "delay", "relapses", "seconds", "error",
  ]

  /// Writes the index, whole or not at all.
  static func write(_ status: SweepStatus, of folder: SweepFolder) throws {
    let sweep = folder.sweep
    try AtomicFile.write(to: folder.path + "/jobs.csv") { file throws(ArchiveError) in
      var text = (["job"] + sweep.variedPaths + columns).joined(separator: ",") + "\n"
      for number in 0..<sweep.jobCount {
        text += "\(number),"
        for value in sweep.variedValues(ofJob: number) { text += escaped(value) + "," }
        text += cells(of: status[job: number]) + "\n"
        if text.utf8.count > 1 << 20 {
          try file.append(Array(text.utf8))
          text = ""
        }
      }
      try file.append(Array(text.utf8))
    }
  }

  /// A job's cells of ``columns``; empty where there is nothing to say.
  private static func cells(of job: SweepStatus.Job) -> String {
    func cell<Value>(_ value: Value?) -> String { value.map { "\($0)" } ?? "" }
    func number(_ value: Double?) -> String { value.map { $0.isNaN ? "" : "\($0)" } ?? "" }
    let outcome = job.outcome
    return [
      job.state.rawValue, "\(job.attempts)", cell(outcome?.steps), number(outcome?.trainLoss),
      number(outcome?.testLoss), number(outcome?.trainAccuracy), number(outcome?.testAccuracy),
      cell(outcome?.fitStep), cell(outcome?.generalizationStep), cell(outcome?.delay),
      cell(outcome?.relapses), number(outcome?.seconds), escaped(job.error ?? ""),
    ].joined(separator: ",")
  }

  /// A cell as RFC 4180 has it.
  private static func escaped(_ text: String) -> String {
    guard text.utf8.contains(where: { [0x22, 0x2C, 0x0A, 0x0D].contains($0) }) else { return text }
    return "\""
      + text.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"")
      + "\""
  }
}

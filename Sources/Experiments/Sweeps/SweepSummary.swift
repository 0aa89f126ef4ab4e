import ArgumentParser
import GrokReports
import GrokTraining

/// How a sweep ended: the index, what failed and why, and the last line.
struct SweepSummary {
  let folder: SweepFolder
  let status: SweepStatus
  let failures: [Int]

  // Of so many failures the end of the log is shown, and so many lines of it.
  private static let (shownCount, lineCount) = (10, 3)

  /// - Throws: The exit status where the sweep was stopped or has failures.
  func finish(seconds: Double, isQuiet: Bool) throws {
    try SweepReport(folder: folder).write(status)
    if !isQuiet { for line in text(seconds: seconds) { printError(line) } }
    let result: JSONObject = [
      "sweep": .string(folder.path), "jobs": JSONValue(folder.sweep.jobCount),
      "done": JSONValue(status[.done]), "failed": JSONValue(status[.failed]),
      "running": JSONValue(status[.running]), "waiting": JSONValue(status[.waiting]),
      "seconds": .finite((seconds * 1000).rounded() / 1000),
    ]
    print(try JSONValue.object(result).text())
    if let number = StopSignal.number { throw ExitCode(128 + number) }
    if status[.failed] > 0 { throw ExitCode(1) }
  }

  private func text(seconds: Double) -> [String] {
    var lines: [String] = []
    for number in failures.prefix(Self.shownCount) {
      let label = folder.sweep.label(ofJob: number)
      let log = folder.job(number) + "/log.txt"
      lines.append("job \(number) failed\(label.isEmpty ? "" : " (\(label))"); the end of \(log):")
      lines += tail(of: log).map { "    " + $0 }
    }
    let more = failures.count - Self.shownCount
    if more > 0 {
      lines.append("and \(Readable.count(more)) more; \(folder.path)/jobs.csv says why")
    }
    var end = "\(Readable.count(folder.sweep.jobCount)) jobs: \(Readable.count(status[.done])) done"
    for state in [JobRecord.State.failed, .running, .waiting] where status[state] > 0 {
      end += ", \(Readable.count(status[state])) \(state.rawValue)"
    }
    lines.append(
      end
        + " in \(Readable.seconds(seconds)); report: \(folder.path)/report.html, index: \(folder.path)/jobs.csv"
    )
    return lines
  }

  private func tail(of path: String) -> [String] {
    guard let text = systemText(of: path) else { return [] }
    return text.split(separator: "\n").suffix(Self.lineCount).map(String.init)
  }
}

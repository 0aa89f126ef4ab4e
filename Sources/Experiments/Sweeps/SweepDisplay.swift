import GrokReports
import GrokTraining

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// What a sweep shows while it runs: a table of its jobs that renews itself on a terminal, a line for each
/// job that ends elsewhere.
struct SweepDisplay {
  private let isTerminal: Bool
  private let isQuiet: Bool
  private var shownLineCount = 0
  private var lastShown = 0.0

  init(isQuiet: Bool, isTerminal: Bool = isatty(STDERR_FILENO) == 1) {
    self.isQuiet = isQuiet
    self.isTerminal = isTerminal
  }

  /// Seconds for which nothing need be shown.
  var pause: Double { isTerminal && !isQuiet ? 0.5 : 1 }

  /// Renews the table, at most every half second.
  mutating func show(_ workers: LocalWorkers) {
    let now = monotonicSeconds()
    guard isTerminal, !isQuiet, now - lastShown >= 0.5 else { return }
    lastShown = now
    clear()
    let width = SweepDisplay.width
    let lines = SweepDisplay.table(workers).map { String($0.prefix(width)) }
    shownLineCount = lines.count
    write(lines.joined(separator: "\n") + "\n")
  }

  /// Takes the table away.
  mutating func clear() {
    if shownLineCount > 0 { write("\u{1B}[\(shownLineCount)A\u{1B}[J") }
    shownLineCount = 0
  }

  /// Says how a job ended.
  mutating func tell(
    _ workers: LocalWorkers, ending number: Int, record: JobRecord, seconds: Double
  ) {
    guard !isQuiet, !isTerminal || record.state == .failed else { return }
    clear()
    var line = "job \(number) \(SweepDisplay.ending(of: record)) after \(Readable.seconds(seconds))"
    let label = workers.folder.sweep.label(ofJob: number)
    if !label.isEmpty { line += " (\(label))" }
    write(line + "; " + SweepDisplay.summary(workers) + "\n")
  }

  private static func ending(of record: JobRecord) -> String {
    switch record.state {
    case .done:
      if let step = record.outcome?["generalizationStep"]?.integer {
        "done, generalized at step \(Readable.count(step)),"
      } else {
        "done, not generalized,"
      }
    case .failed: "failed: \(record.error ?? "nobody knows why");"
    case .waiting: "stopped, waits,"
    case .running: "is elsewhere;"
    }
  }

  private func write(_ text: String) {
    let bytes = Array(text.utf8)
    _ = Glibc.write(STDERR_FILENO, bytes, bytes.count)
  }

  private static var width: Int {
    var size = winsize()
    let isKnown = ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 20
    return isKnown ? Int(size.ws_col) - 1 : 100
  }
}

// MARK: - Text

extension SweepDisplay {
  /// The running jobs and the counts.
  static func table(_ workers: LocalWorkers) -> [String] {
    var rows = [["job", "step", "train", "test", "left", ""]]
    for job in workers.running {
      let progress = job.progress
      func percent(_ value: Double) -> String {
        value.isNaN ? "" : Readable.number(100 * value, significantDigits: 3) + " %"
      }
      rows.append([
        "\(job.entry.number)",
        progress.stepCount == 0
          ? "begins" : "\(Readable.count(progress.step))/\(Readable.count(progress.stepCount))",
        percent(progress.trainAccuracy), percent(progress.testAccuracy),
        progress.secondsLeft.map(Readable.seconds) ?? "",
        workers.folder.sweep.label(ofJob: job.entry.number),
      ])
    }
    return aligned(rows) + [summary(workers)]
  }

  /// Columns below each other, the last as wide as it likes.
  static func aligned(_ rows: [[String]]) -> [String] {
    let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
    return rows.map { row in
      row.indices.map { column in
        let text = row[column]
        let padding = String(repeating: " ", count: widths[column] - text.count)
        return column == row.count - 1 ? text : text + padding
      }.joined(separator: "  ")
    }
  }

  /// How many jobs stand how, and how long it will take.
  static func summary(_ workers: LocalWorkers) -> String {
    let status = workers.status
    var text = "\(Readable.count(status[.done])) done"
    if status[.failed] > 0 { text += ", \(Readable.count(status[.failed])) failed" }
    text += ", \(Readable.count(workers.running.count)) running"
    let elsewhere = workers.queue.elsewhere.count
    if elsewhere > 0 { text += ", \(Readable.count(elsewhere)) elsewhere" }
    text += ", \(Readable.count(status[.waiting])) waiting"
    if workers.isStopping {
      text += "; stopping"
    } else if let seconds = secondsLeft(workers), seconds >= 1 {
      text += "; \(Readable.seconds(seconds)) left"
    }
    return text
  }

  /// What is left of the jobs that run, and for each that waits the mean of those before it.
  private static func secondsLeft(_ workers: LocalWorkers) -> Double? {
    let running = workers.running.compactMap(\.progress.secondsLeft)
    let (ended, seconds) = workers.finished
    let whole = workers.running.compactMap { job in
      job.progress.stepsPerSecond > 0
        ? Double(job.progress.stepCount) / job.progress.stepsPerSecond : nil
    }
    guard ended > 0 || !whole.isEmpty else { return nil }
    let mean =
      ended > 0 ? seconds / Double(ended) : whole.reduce(0, +) / Double(whole.count)
    let unknown = Double(workers.running.count - running.count + workers.queue.count)
    let total = running.reduce(0, +) + unknown * mean
    let parallel = max(1, min(Double(workers.options.workerCount), unknown + Double(running.count)))
    return max(total / parallel, running.max() ?? 0)
  }
}

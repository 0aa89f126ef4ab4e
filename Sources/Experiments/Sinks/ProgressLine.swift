import GrokReports
import GrokTraining

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// How far a training is: one line that renews itself on a terminal, plain lines now and then elsewhere.
final class ProgressLine: RecordSink, @unchecked Sendable {
  private let stepCount: Int
  private let isTerminal: Bool
  private let isQuiet: Bool
  private let start = monotonicSeconds()
  private let firstStep: Int
  private var lastShown = 0.0
  private var latest: [String: Double] = [:]

  // Seconds between lines.
  private var pause: Double { isTerminal ? 0.2 : 10 }

  init(from firstStep: Int, to stepCount: Int, isQuiet: Bool) {
    self.firstStep = firstStep
    self.stepCount = stepCount
    self.isQuiet = isQuiet
    isTerminal = isatty(STDERR_FILENO) == 1
  }

  func record(_ records: [Record]) {
    for record in records { latest[record.name] = record.value }
    if records.first?.step == 0 || records.first?.step == stepCount { show(at: records[0].step) }
  }

  /// To be called before each step.
  func passed(_ step: Int) {
    if step & 15 == 0 && monotonicSeconds() - lastShown >= pause { show(at: step) }
  }

  /// Ends the line, so that what follows begins a new one.
  func finish() {
    if isTerminal && !isQuiet { write("\n") }
  }

  private func show(at step: Int) {
    guard !isQuiet else { return }
    let now = monotonicSeconds()
    lastShown = now
    var text = "step \(Readable.count(step))/\(Readable.count(stepCount))"
    for part in ["train", "test"] {
      guard let loss = latest["\(part)/loss"], let accuracy = latest["\(part)/accuracy"] else {
        continue
      }
      text += "  \(part) \(Readable.number(loss)) (\(Readable.number(100 * accuracy)) %)"
    }
    let rate = Double(step - firstStep) / (now - start)
    if step > firstStep && now > start {
      text += "  \(Readable.number(rate)) steps/s"
      if step < stepCount { text += "  \(Readable.seconds(Double(stepCount - step) / rate)) left" }
    }
    write(isTerminal ? "\r\u{1B}[K" + text : text + "\n")
  }

  private func write(_ text: String) {
    let bytes = Array(text.utf8)
    _ = Glibc.write(STDERR_FILENO, bytes, bytes.count)
  }
}

import GrokReports
import GrokTraining

/// How far a training is: one line that renews itself on a terminal, plain lines now and then elsewhere.
final class ProgressLine: RecordSink, @unchecked Sendable {
  // All of these are used from the thread that trains.
  private let stepCount: Int
  private let start = monotonicSeconds()
  private let firstStep: Int
  private var line: StatusLine
  private var latest: [String: Double] = [:]

  init(from firstStep: Int, to stepCount: Int, isQuiet: Bool) {
    self.firstStep = firstStep
    self.stepCount = stepCount
    line = StatusLine(isQuiet: isQuiet)
  }

  func record(_ records: [Record]) {
    for record in records { latest[record.name] = record.value }
    if records.first?.step == 0 || records.first?.step == stepCount { show(at: records[0].step) }
  }

  /// To be called before each step.
  func passed(_ step: Int) {
    if step & 15 == 0 && line.isDue { show(at: step) }
  }

  /// Ends the line, so that what follows begins a new one.
  func finish() { line.finish() }

  private func show(at step: Int) {
    let now = monotonicSeconds()
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
    line.show(text)
  }
}

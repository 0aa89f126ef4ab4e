import GrokTraining

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// How far a job is, as its process tells the one that started it: one line of text a half second.
struct JobProgress: Equatable {
  var step = 0
  var stepCount = 0
  /// Steps a second since the process began.
  var stepsPerSecond = 0.0
  /// Of the last record.
  var trainAccuracy = Double.nan
  var testAccuracy = Double.nan

  /// Seconds until the last step; `nil` before the first.
  var secondsLeft: Double? {
    stepsPerSecond > 0 ? Double(stepCount - step) / stepsPerSecond : nil
  }

  init() {}

  /// Reads a line; `nil` where it is none.
  init?(_ line: some StringProtocol) {
    let parts = line.split(separator: " ")
    guard parts.count == 5, let step = Int(parts[0]), let stepCount = Int(parts[1]),
      let rate = Double(parts[2]), let train = Double(parts[3]), let test = Double(parts[4])
    else { return nil }
    (self.step, self.stepCount, stepsPerSecond) = (step, stepCount, rate)
    (trainAccuracy, testAccuracy) = (train, test)
  }

  var line: String { "\(step) \(stepCount) \(stepsPerSecond) \(trainAccuracy) \(testAccuracy)\n" }
}

/// Sends the progress of a training through a pipe, and ends the training when nobody reads it any more.
final class JobProgressSender: TrainingWatcher, @unchecked Sendable {
  // Seconds between lines.
  private static let pause = 0.5

  private let descriptor: Int32
  // Used from the thread that trains.
  private var progress = JobProgress()
  private var first: (step: Int, time: Double)?
  private var lastSent = 0.0

  /// - Parameter descriptor: Where to write. Writing never waits: a line that does not fit is left out.
  init(descriptor: Int32, stepCount: Int) {
    self.descriptor = descriptor
    progress.stepCount = stepCount
    signal(SIGPIPE, SIG_IGN)
    _ = fcntl(descriptor, F_SETFL, O_NONBLOCK)
    _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
  }

  func record(_ records: [Record]) {
    for record in records {
      if record.name == "train/accuracy" { progress.trainAccuracy = record.value }
      if record.name == "test/accuracy" { progress.testAccuracy = record.value }
    }
  }

  func passed(_ step: Int) {
    guard step & 7 == 0 else { return }
    let now = monotonicSeconds()
    guard now - lastSent >= Self.pause else { return }
    lastSent = now
    if first == nil { first = (step, now) }
    progress.step = step
    if let first, now > first.time {
      progress.stepsPerSecond = Double(step - first.step) / (now - first.time)
    }
    let bytes = Array(progress.line.utf8)
    if write(descriptor, bytes, bytes.count) < 0 && errno == EPIPE { StopSignal.request(SIGTERM) }
  }
}

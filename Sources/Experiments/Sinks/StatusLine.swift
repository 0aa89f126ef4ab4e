import GrokReports

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// One line on the standard error that renews itself on a terminal; plain lines now and then elsewhere.
struct StatusLine {
  private let isTerminal: Bool
  private let isQuiet: Bool
  private var lastShown: Double?

  init(isQuiet: Bool) {
    self.isQuiet = isQuiet
    isTerminal = isatty(STDERR_FILENO) == 1
  }

  /// Whether it is time for another line.
  var isDue: Bool {
    guard let lastShown, !isQuiet else { return !isQuiet }
    return monotonicSeconds() - lastShown >= (isTerminal ? 0.2 : 10)
  }

  /// Shows a text in place of the last one.
  mutating func show(_ text: String) {
    guard !isQuiet else { return }
    lastShown = monotonicSeconds()
    write(isTerminal ? "\r\u{1B}[K" + text : text + "\n")
  }

  /// Ends the line, so that what follows begins a new one.
  func finish() {
    if isTerminal && !isQuiet && lastShown != nil { write("\n") }
  }

  private func write(_ text: String) {
    let bytes = Array(text.utf8)
    _ = Glibc.write(STDERR_FILENO, bytes, bytes.count)
  }
}

extension StatusLine {
  /// What shows how far a measurement is, and says whether it may go on.
  func following(_ name: String) -> (_ step: Int, _ index: Int, _ count: Int) -> Bool {
    var line = self
    return { step, index, count in
      if index == count - 1 || line.isDue {
        line.show("\(name): measuring step \(Readable.count(step)), \(index + 1) of \(count)")
      }
      if index == count - 1 { line.finish() }
      return StopSignal.number == nil
    }
  }
}

import Synchronization

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Keeps the time of an owner's file fresh, from a thread of its own, and finds out when the folder has become
/// somebody else's.
final class SignsOfLife: Sendable {
  let folder: OpenFolder
  private let number: Int
  private let fileNumber: UInt64
  private let timing: Owner.Timing
  // A byte tells the thread to end.
  private let wakeUp: (read: Int32, write: Int32)
  private let condition: Mutex<Condition>

  private struct Condition {
    var isLost = false
    /// When the last sign was given.
    var renewed: Double
    var thread: pthread_t?
  }

  private var name: String { OwnerFile.name(number) }

  /// Begins to renew the file that has just been made.
  ///
  /// - Parameter fileNumber: The file itself; another of the same name is somebody else's.
  init(of folder: OpenFolder, number: Int, fileNumber: UInt64, timing: Owner.Timing)
    throws(RunError)
  {
    self.folder = folder
    self.number = number
    self.fileNumber = fileNumber
    self.timing = timing
    condition = Mutex(Condition(renewed: uptime()))
    var ends: [Int32] = [-1, -1]
    let code = pipe(&ends) == 0 ? 0 : errno
    wakeUp = (ends[0], ends[1])
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    guard code == 0 else {
      folder.remove(OwnerFile.name(number))
      throw Folder.failure(folder.path, "make a pipe", code)
    }
    try startThread()
  }

  /// Whether the folder is still the owner's. Looks only where signs have not been given in time, because the
  /// process stood still or the file system did not answer.
  var areValid: Bool {
    let (isLost, age) = condition.withLock { ($0.isLost, uptime() - $0.renewed) }
    if isLost { return false }
    if age < timing.expiry / 2 { return true }
    renew()
    return condition.withLock { !$0.isLost && uptime() - $0.renewed < timing.expiry }
  }

  /// Ends the thread and removes the file; does nothing the second time.
  func end() {
    let thread = condition.withLock { condition -> pthread_t? in
      defer { condition.thread = nil }
      return condition.thread
    }
    guard let thread else { return }
    _ = write(wakeUp.write, [1] as [UInt8], 1)
    pthread_join(thread, nil)
    closePipe()
    if hasOwnFile { folder.remove(name) }
  }

  private var hasOwnFile: Bool { folder.attributes(of: name)?.number == fileNumber }

  /// Gives a sign, unless the folder is somebody else's by now.
  private func renew() {
    let isSuperseded =
      !hasOwnFile || folder.attributes(of: OwnerFile.name(number + 1)) != nil
    let isRenewed = !isSuperseded && folder.renew(name)
    condition.withLock { condition in
      if isSuperseded { condition.isLost = true }
      if isRenewed { condition.renewed = uptime() }
    }
  }

  private func run() {
    let pause = Int32(max(1, min(timing.interval * 1000, 1e9)))
    while true {
      var event = pollfd(fd: wakeUp.read, events: Int16(POLLIN), revents: 0)
      let count = poll(&event, 1, pause)
      if count > 0 { return }
      if count == 0 { renew() }
    }
  }

  private func closePipe() {
    close(wakeUp.read)
    close(wakeUp.write)
  }

  private func startThread() throws(RunError) {
    // Signals are for the threads of the program.
    var (all, before) = (sigset_t(), sigset_t())
    sigfillset(&all)
    pthread_sigmask(SIG_SETMASK, &all, &before)
    defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
    let retained = Unmanaged.passRetained(self)
    var thread = pthread_t()
    let code = pthread_create(
      &thread, nil,
      { signs in
        Unmanaged<SignsOfLife>.fromOpaque(signs!).takeRetainedValue().run()
        return nil
      }, retained.toOpaque())
    guard code == 0 else {
      retained.release()
      closePipe()
      folder.remove(name)
      throw Folder.failure(folder.path, "start a thread", code)
    }
    condition.withLock { $0.thread = thread }
  }
}

/// Seconds since the machine started, also those that it slept.
private func uptime() -> Double {
  var time = timespec()
  clock_gettime(CLOCK_BOOTTIME, &time)
  return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
}

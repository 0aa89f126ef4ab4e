import GrokTraining

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Runs the jobs of a sweep as processes on this machine, so many at a time, until none is left.
///
/// A process of its own for each job means that one that dies takes nothing with it. Between the ends of jobs this
/// process waits.
struct LocalWorkers {
  struct Options {
    /// How many jobs run at a time.
    var workerCount = 1
    /// Stop the others when one fails.
    var failsFast = false
    /// How often in a row a job may die without a word.
    var attemptLimit = 3
    /// Folders with data files.
    var dataFolders: [String] = []
    /// Seconds to wait for jobs that other processes work on; those that are then still alive are left to them.
    var patience = Double.infinity
    /// Whether to renew the index of the sweep now and then.
    var writesIndex = true
  }

  /// A job that runs.
  struct Job {
    let entry: JobQueue.Entry
    let start: Double
    var progress = JobProgress()
    fileprivate let process: ChildProcess
    fileprivate var unread: [UInt8] = []
  }

  let folder: SweepFolder
  let options: Options
  private(set) var queue: JobQueue
  private(set) var status: SweepStatus
  private(set) var running: [Job] = []
  /// Jobs that failed here, in order.
  private(set) var failures: [Int] = []
  private(set) var isStopping = false
  /// Ends of jobs here and their seconds, for estimates.
  private(set) var finished = (count: 0, seconds: 0.0)
  private var deaths: [Int: Int] = [:]
  private var display: SweepDisplay
  private var index = IndexTimer()
  private var lastLook = 0.0
  private var idleSince: Double?

  /// Prepares to run `jobs`.
  init(
    _ jobs: [Int], of folder: SweepFolder, status: SweepStatus, options: Options,
    display: SweepDisplay
  ) {
    self.folder = folder
    self.status = status
    self.options = options
    self.display = display
    let failed = Set(jobs.filter { status[job: $0].state == .failed })
    let entries = jobs.map { number in
      JobQueue.Entry(
        number: number,
        attempts: status[job: number].attempts)
    }
    queue = JobQueue(entries, of: folder)
    for number in failed { self.status.update(number, to: JobRecord()) }
  }

  /// Runs the jobs.
  ///
  /// - Throws: Where jobs cannot be started or their records read; jobs that run are stopped.
  mutating func run() throws {
    defer { for job in running { job.process.send(SIGTERM) } }
    while true {
      if StopSignal.number != nil { stop() }
      if !isStopping { try startJobs() }
      if running.isEmpty && (isStopping || hasNothingToWaitFor) { break }
      try waitForNews()
      if !queue.elsewhere.isEmpty && !isStopping { try lookElsewhere() }
      display.show(self)
      if options.writesIndex { try index.write(status, of: folder) }
    }
    display.clear()
  }

  private var hasNothingToWaitFor: Bool {
    guard queue.isEmpty else { return false }
    guard !queue.elsewhere.isEmpty, let idleSince else { return queue.elsewhere.isEmpty }
    return monotonicSeconds() - idleSince > options.patience
  }

  /// Stops all jobs, each after a checkpoint, and begins no other.
  private mutating func stop() {
    if !isStopping { for job in running { job.process.send(SIGTERM) } }
    isStopping = true
  }

  private mutating func startJobs() throws {
    while running.count < options.workerCount,
      let entry = try queue.popFirst(found: { status.update($0.number, to: $0.record) })
    {
      running.append(try start(entry))
      status.update(entry.number, to: JobRecord(state: .running, attempts: entry.attempts + 1))
    }
    idleSince = running.isEmpty ? idleSince ?? monotonicSeconds() : nil
  }

  private func start(_ entry: JobQueue.Entry) throws -> Job {
    let descriptor: Int32 = 3
    var arguments = [
      "sweep-job", folder.path, String(entry.number), "--attempts", String(options.attemptLimit),
      "--progress-descriptor", String(descriptor),
    ]
    if let preset = folder.preset { arguments += ["--preset", preset] }
    for path in options.dataFolders { arguments += ["--data", path] }
    // Values may begin with a hyphen.
    arguments.append("--")
    for (path, value) in folder.sweep.varied(ofJob: entry.number) {
      arguments.append("\(path)=\(value)")
    }
    return Job(
      entry: entry, start: monotonicSeconds(),
      process: try ChildProcess("/proc/self/exe", arguments, pipe: .descriptor(descriptor)))
  }

  // MARK: News

  /// Waits until a job says something or ends, or the display wants to be renewed.
  private mutating func waitForNews() throws {
    var events = running.map { job in
      pollfd(fd: job.process.descriptor, events: Int16(POLLIN), revents: 0)
    }
    guard poll(&events, nfds_t(events.count), Int32(display.pause * 1000)) > 0 else { return }
    for position in events.indices.reversed() where events[position].revents != 0 {
      let bytes = running[position].process.read()
      if bytes.isEmpty {
        try end(running.remove(at: position))
      } else {
        running[position].take(bytes)
      }
    }
  }

  private mutating func lookElsewhere() throws {
    let now = monotonicSeconds()
    guard now - lastLook >= 2 else { return }
    lastLook = now
    try queue.lookElsewhere { status.update($0.number, to: $0.record) }
  }

  private mutating func end(_ job: Job) throws {
    let number = job.entry.number
    let ending = job.process.end()
    var record = try folder.record(ofJob: number)
    let seconds = monotonicSeconds() - job.start
    switch ending {
    case .exited(JobRunner.Ending.done.rawValue):
      finished = (finished.count + 1, finished.seconds + seconds)
    case .exited(JobRunner.Ending.failed.rawValue):
      if record.state != .failed { record.error = "ended before it began; its log may say why" }
      record.state = .failed
    case .exited(JobRunner.Ending.stopped.rawValue):
      record.state = .waiting
      if !isStopping { queue.append(.init(number: number, attempts: record.attempts)) }
    case .exited(JobRunner.Ending.taken.rawValue):
      queue.isElsewhere(job.entry)
    default:
      try die(job, ending, &record)
    }
    status.update(number, to: record)
    display.tell(self, ending: number, record: record, seconds: seconds)
    if record.state == .failed {
      failures.append(number)
      if options.failsFast { stop() }
    }
  }

  /// A job that ended without a word waits again, but not for ever, whatever its record says.
  private mutating func die(
    _ job: Job, _ ending: ChildProcess.End, _ record: inout JobRecord
  ) throws {
    let number = job.entry.number
    deaths[number, default: 0] += 1
    if deaths[number]! > options.attemptLimit {
      record.state = .failed
      record.error = "its process ended \(deaths[number]!) times without a word: \(ending)"
    } else {
      queue.append(.init(number: number, attempts: record.attempts))
    }
  }
}

extension LocalWorkers.Job {
  /// Takes note of the last whole line.
  fileprivate mutating func take(_ bytes: [UInt8]) {
    unread += bytes
    guard let end = unread.lastIndex(of: UInt8(ascii: "\n")) else { return }
    let start = unread[..<end].lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
    if let news = JobProgress(String(decoding: unread[start..<end], as: UTF8.self)) {
      progress = news
    }
    unread.removeFirst(end + 1)
  }
}

/// When the index is due: at intervals that grow with the time that it takes, so that it costs a small share
/// of any sweep.
private struct IndexTimer {
  private var lastWritten = monotonicSeconds()
  private var cost = 0.0

  mutating func write(_ status: SweepStatus, of folder: SweepFolder) throws {
    let start = monotonicSeconds()
    guard start - lastWritten >= max(10, 50 * cost) else { return }
    try SweepIndex.write(status, of: folder)
    lastWritten = monotonicSeconds()
    cost = lastWritten - start
  }
}

import GrokTraining

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The page of a sweep, `report.html`, and its index, `jobs.csv`, made from the jobs as they stand.
struct SweepReport {
  let folder: SweepFolder
  let path: String
  let band: BandKind

  init(folder: SweepFolder, path: String? = nil, band: BandKind = .interval) {
    self.folder = folder
    self.path = path ?? folder.path + "/report.html"
    self.band = band
  }

  /// Looks at all jobs and writes both.
  func write() throws { try write(SweepStatus(scanning: folder)) }

  /// Writes both.
  ///
  /// - Parameter refreshSeconds: After so many seconds the page is to be loaded again, if at all.
  func write(_ status: SweepStatus, refreshSeconds: Int? = nil) throws {
    try SweepIndex.write(status, of: folder)
    var comparison = RunComparison(title: "Sweep \(lastName(of: folder.path))", band: band)
    comparison.refreshSeconds = refreshSeconds
    for number in 0..<folder.sweep.jobCount {
      let (job, run) = (status[job: number], folder.run(ofJob: number))
      comparison.append(
        ComparedRun(
          name: "\(number)", state: ComparedRun.State(job.state),
          settings: Dictionary(uniqueKeysWithValues: folder.sweep.varied(ofJob: number)),
          folder: job.attempts > 0 && exists(run) ? run : nil, error: job.error,
          outcome: job.outcome))
    }
    try comparison.write(to: path)
  }

  /// Writes both again and again until every job has ended, or a signal comes.
  ///
  /// - Parameter seconds: From one look to the next; more where looking takes long.
  /// - Parameter isWritten: Called when both are there for the first time.
  func follow(seconds: Int, isWritten: () throws -> Void) throws {
    StopSignal.listen()
    var isFirst = true
    while true {
      let start = monotonicSeconds()
      let status = try SweepStatus(scanning: folder)
      let isLast = StopSignal.number != nil || status[.waiting] + status[.running] == 0
      try write(status, refreshSeconds: isLast ? nil : seconds)
      if isFirst { try isWritten() }
      isFirst = false
      if isLast { return }
      let now = monotonicSeconds()
      let end = now + max(Double(seconds), 10 * (now - start))
      while monotonicSeconds() < end, StopSignal.number == nil { usleep(50_000) }
    }
  }
}

extension ComparedRun.State {
  fileprivate init(_ state: JobRecord.State) {
    self =
      switch state {
      case .waiting: .waiting
      case .running: .running
      case .done: .done
      case .failed: .failed
      }
  }
}

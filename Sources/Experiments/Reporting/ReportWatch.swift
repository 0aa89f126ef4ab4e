import GrokTraining

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Writes a page again and again while runs go on, and a last time when they have ended.
struct ReportWatch {
  /// The run folders.
  let folders: [String]
  /// Seconds from one look at the folders to the next.
  let seconds: Int

  /// Follows the runs until all have ended, or a signal comes.
  ///
  /// - Parameter write: Writes the page: one that is loaded again after so many seconds, or the last one.
  ///   It is called where a folder has changed.
  /// - Throws: What `write` throws three times in a row. A folder that is being cut back by a resume
  ///   may be unreadable once.
  func follow(_ write: (_ refreshSeconds: Int?) throws -> Void) throws {
    StopSignal.listen()
    var written: [Stamp]?
    var failureCount = 0
    while true {
      let isLast = StopSignal.number != nil || !folders.contains(where: Self.isGoingOn)
      let stamps = folders.map(Stamp.init)
      if isLast || stamps != written {
        do {
          try write(isLast ? nil : seconds)
          written = stamps
          failureCount = 0
        } catch {
          failureCount += 1
          if failureCount == 3 { throw error }
          usleep(100_000)
          continue
        }
      }
      if isLast { return }
      let end = monotonicSeconds() + Double(seconds)
      while monotonicSeconds() < end, StopSignal.number == nil { usleep(50_000) }
    }
  }

  /// Whether a run says that it goes on and nobody can tell otherwise.
  static func isGoingOn(_ folder: String) -> Bool {
    guard let state = try? Run.description(of: folder)["state"]?.string,
      state == Run.State.running.rawValue
    else { return false }
    if case .abandoned = Owner.state(of: folder) { return false }
    return true
  }

  /// What changes when a run goes on: its description and its records.
  private struct Stamp: Equatable {
    var description: FileStamp?
    var records: FileStamp?

    init(_ folder: String) {
      description = FileStamp(path: folder + "/run.json")
      records = FileStamp(path: folder + "/metrics.jsonl")
    }
  }
}

/// Size and time of a file, by which a change shows.
private struct FileStamp: Equatable {
  var size: Int
  var seconds: Int
  var nanoseconds: Int
  var number: UInt64

  init?(path: String) {
    var information = stat()
    guard stat(path, &information) == 0 else { return nil }
    size = Int(information.st_size)
    seconds = information.st_mtim.tv_sec
    nanoseconds = information.st_mtim.tv_nsec
    number = UInt64(information.st_ino)
  }
}

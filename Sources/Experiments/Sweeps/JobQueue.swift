/// The jobs that are still to be run, in order, and those that processes elsewhere are working on.
struct JobQueue {
  /// A job, and how often it had been begun when it was put here: more often means that somebody else ran it.
  struct Entry {
    let number: Int
    let attempts: Int
  }

  private let folder: SweepFolder
  private var entries: [Entry]
  private var next = 0
  /// Jobs that processes elsewhere work on.
  private(set) var elsewhere: [Entry] = []

  init(_ entries: [Entry], of folder: SweepFolder) {
    self.folder = folder
    self.entries = entries
  }

  /// Nothing is left to be begun.
  var isEmpty: Bool { next == entries.count }
  /// How many may still be begun.
  var count: Int { entries.count - next }

  /// What was found about a job that need not be begun here.
  typealias Finding = (number: Int, record: JobRecord)

  /// The next job to begin.
  ///
  /// - Parameter found: Told of jobs that others have ended, or work on, since they were put here.
  mutating func popFirst(found: (Finding) -> Void) throws -> Entry? {
    while next < entries.count {
      let entry = entries[next]
      next += 1
      if next > 1024 && next * 2 > entries.count {
        entries.removeFirst(next)
        next = 0
      }
      let record = try folder.record(ofJob: entry.number)
      if hasEnded(record, since: entry) {
        found((entry.number, record))
      } else if record.state == .running || folder.isOwned(job: entry.number) {
        elsewhere.append(entry)
        found((entry.number, record))
      } else {
        return Entry(number: entry.number, attempts: record.attempts)
      }
    }
    return nil
  }

  /// Puts a job at the end.
  mutating func append(_ entry: Entry) { entries.append(entry) }

  /// Takes note that somebody else has claimed a job.
  mutating func isElsewhere(_ entry: Entry) { elsewhere.append(entry) }

  /// Looks at the jobs elsewhere: those whose process has ended are found, or come back here.
  mutating func lookElsewhere(found: (Finding) -> Void) throws {
    var remaining: [Entry] = []
    for entry in elsewhere {
      let record = try folder.record(ofJob: entry.number)
      if hasEnded(record, since: entry) {
        found((entry.number, record))
      } else if folder.isOwned(job: entry.number) {
        remaining.append(entry)
      } else {
        entries.append(entry)
        found((entry.number, record))
      }
    }
    elsewhere = remaining
  }

  /// A job that had failed before it was put here has not ended until it is run again.
  private func hasEnded(_ record: JobRecord, since entry: Entry) -> Bool {
    record.state == .done || record.state == .failed && record.attempts > entry.attempts
  }
}

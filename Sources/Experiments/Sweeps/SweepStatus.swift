import GrokTraining

/// How all jobs of a sweep stand, and what came of them: what the index and the report are made from.
struct SweepStatus {
  /// What is kept of a job.
  struct Job {
    var state = JobRecord.State.waiting
    var attempts = 0
    var error: String?
    var outcome: ComparedRun.Outcome?
  }

  private var jobs: [Int: Job] = [:]
  private var counts: [JobRecord.State: Int] = [:]

  /// Looks at every job of a folder. Takes time in proportion to their number.
  init(scanning folder: SweepFolder) throws {
    try self.init(scanning: 0..<folder.sweep.jobCount, of: folder)
  }

  /// Looks at some jobs of a folder.
  init(scanning numbers: some Collection<Int>, of folder: SweepFolder) throws {
    jobs.reserveCapacity(numbers.count)
    let now = Owner.now(in: folder.path)
    for number in numbers { update(number, to: try folder.record(ofJob: number, now: now)) }
  }

  /// Takes note of how a job stands now.
  mutating func update(_ number: Int, to record: JobRecord) {
    let job = Job(
      state: record.state, attempts: record.attempts, error: record.error,
      outcome: ComparedRun.Outcome(record.outcome))
    if let before = jobs.updateValue(job, forKey: number) { counts[before.state]! -= 1 }
    counts[job.state, default: 0] += 1
  }

  /// How a job stands; one that was not looked at waits.
  subscript(job number: Int) -> Job { jobs[number] ?? Job() }

  /// How many jobs are in a state.
  subscript(state: JobRecord.State) -> Int { counts[state] ?? 0 }

  /// The numbers of the jobs in a state, rising.
  func numbers(_ wanted: Set<JobRecord.State>) -> [Int] {
    jobs.keys.filter { wanted.contains(self[job: $0].state) }.sorted()
  }
}

import GrokTraining

/// How all jobs of a sweep stand.
struct SweepStatus {
  private(set) var states: [JobRecord.State]
  /// What the index says of each job: the cells after the varied settings.
  private(set) var cells: [String]
  private var counts: [JobRecord.State: Int] = [:]

  /// Looks at every job of a folder. Takes time in proportion to their number.
  init(scanning folder: SweepFolder) throws {
    let count = folder.sweep.jobCount
    states = [JobRecord.State](repeating: .waiting, count: count)
    cells = [String](repeating: SweepIndex.cells(of: JobRecord()), count: count)
    counts[.waiting] = count
    let now = Owner.now(in: folder.path)
    for number in 0..<count { update(number, to: try folder.record(ofJob: number, now: now)) }
  }

  /// Takes note of how a job stands now.
  mutating func update(_ number: Int, to record: JobRecord) {
    counts[states[number], default: 0] -= 1
    counts[record.state, default: 0] += 1
    states[number] = record.state
    cells[number] = SweepIndex.cells(of: record)
  }

  /// How many jobs are in a state.
  subscript(state: JobRecord.State) -> Int { counts[state] ?? 0 }

  /// The numbers of the jobs in a state, rising.
  func jobs(_ wanted: Set<JobRecord.State>) -> [Int] {
    states.indices.filter { wanted.contains(states[$0]) }
  }
}

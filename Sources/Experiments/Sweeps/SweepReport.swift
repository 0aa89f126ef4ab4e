import GrokTraining

extension SweepFolder {
  /// Makes `jobs.csv` and `report.html` again from the jobs as they stand.
  func writeIndexAndReport(_ status: SweepStatus, band: BandKind = .interval) throws {
    try SweepIndex.write(status, of: self)
    var comparison = RunComparison(title: "Sweep \(lastName(of: path))", band: band)
    let open = status[.waiting] + status[.running]
    if open > 0 {
      comparison.warnings.append(
        open == 1 ? "One job has not ended yet" : "\(open) jobs have not ended yet")
    }
    for number in 0..<sweep.jobCount {
      let (job, run) = (status[job: number], run(ofJob: number))
      let varied = zip(sweep.variedPaths, sweep.variedValues(ofJob: number))
      comparison.append(
        ComparedRun(
          name: "\(number)", state: ComparedRun.State(job.state),
          settings: Dictionary(uniqueKeysWithValues: varied),
          folder: job.attempts > 0 && exists(run) ? run : nil, error: job.error,
          outcome: job.outcome))
    }
    try comparison.write(to: path + "/report.html")
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

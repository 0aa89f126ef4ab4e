import ArgumentParser
import GrokTraining

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// What a task of a Slurm array runs: its jobs, one after the other.
struct SweepTaskCommand<P: Program>: ParsableCommand {
  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: "sweep-task", abstract: "Run the jobs of one task of a Slurm array.",
      shouldDisplay: false)
  }

  @Argument var sweep: String
  @Option var array: Int
  @Option var task: Int
  @Flag var requeue = false
  @Option var attempts = 3
  @OptionGroup var common: CommonOptions

  // Long enough for a process that died on another machine to be found out.
  private static var patience: Double { 2 * Owner.Timing.standard.expiry }

  func run() throws {
    // Slurm may tell a task to stop more than once.
    StopSignal.listen(to: [SIGINT, SIGTERM, SIGUSR1])
    StopSignal.becomePatient()
    try reportingErrors {
      let folder = try SweepFolder(opening: sweep)
      let tasks = try SlurmSubmission.jobs(ofArray: array, in: folder)
      guard tasks.indices.contains(task - 1) else {
        throw RunError.unreadable(
          path: sweep, problem: "array \(array) has \(tasks.count) tasks, not \(task)")
      }
      var options = LocalWorkers.Options(
        attemptLimit: attempts, dataFolders: common.dataFolders + folder.dataFolders,
        patience: Self.patience)
      options.writesIndex = false
      let status = try SweepStatus(scanning: tasks[task - 1], of: folder)
      let jobs = status.numbers([.waiting, .running, .failed])
      var workers = LocalWorkers(
        jobs, of: folder, status: status, options: options,
        display: SweepDisplay(isQuiet: common.quiet, isTerminal: false))
      try workers.run()
      try end(workers.status)
    }
  }

  /// The exit status; a task that ran out of time goes back into the queue.
  private func end(_ status: SweepStatus) throws {
    guard let number = StopSignal.number else {
      throw ExitCode(status[.failed] > 0 ? 1 : 0)
    }
    if number == SIGUSR1, requeue, status[.waiting] > 0,
      let array = environment("SLURM_ARRAY_JOB_ID"), let task = environment("SLURM_ARRAY_TASK_ID")
    {
      printError("the time is nearly up; task \(array)_\(task) goes back into the queue")
      try Slurm.requeue("\(array)_\(task)")
    }
    throw ExitCode(128 + number)
  }
}

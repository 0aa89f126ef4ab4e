import ArgumentParser
import GrokTraining

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Runs one job of a sweep in this process: claims it, trains or continues its run, and says how it ended.
struct JobRunner {
  /// How the process of a job ends, as its exit status.
  enum Ending: Int32 {
    case done = 0
    case failed = 1
    /// Another process works on the job.
    case taken = 75
    /// A signal stopped it, after a checkpoint.
    case stopped = 143
  }

  /// The folder of the job.
  let folder: String
  let number: Int
  /// What distinguishes the job from others of the sweep.
  let varied: [(path: String, value: String)]
  let settings: Settings
  let program: String
  let preset: String?
  /// The presets of the program, which the report compares settings with.
  let presets: [Preset]
  let dataFolders: [String]
  /// After so many attempts in a row that ended without a word the job has failed.
  let attemptLimit: Int
  /// Where to send progress, if anybody wants it.
  let progressDescriptor: Int32?

  /// Runs the job to its end. What the training writes goes to the job's `log.txt`.
  ///
  /// - Throws: Only what keeps the job from being claimed or its state from being written.
  func run() throws -> Ending {
    let owner: Owner
    do {
      owner = try Owner.claim(folder)
    } catch RunError.owned {
      return .taken
    }
    defer { owner.release() }
    var record = try JobRecord(writtenIn: folder)
    if record.state == .done { return .done }
    try redirectOutput(to: folder + "/log.txt")
    // Nobody but this process runs the job now, so one that says so has died.
    if record.state == .running { record.deaths += 1 }
    if record.state == .failed { record.deaths = 0 }
    record.error = nil
    if record.deaths >= attemptLimit {
      record.state = .failed
      record.error = "was killed in \(record.deaths) attempts; the end of log.txt may say why"
      record.deaths = 0
      try record.write(to: folder, varied: varied)
      return .failed
    }
    record.state = .running
    record.attempts += 1
    try record.write(to: folder, varied: varied)
    let ending = train(&record)
    // Whoever has taken the job over says how it ends.
    if (try? owner.check()) == nil { return .taken }
    try record.write(to: folder, varied: varied)
    return ending
  }

  private func train(_ record: inout JobRecord) -> Ending {
    do {
      let run = folder + "/run"
      try startOrContinue(run)
      record.state = .done
      record.outcome = try Run.description(of: run)["outcome"]?.object
      return .done
    } catch is ExitCode {
      record.state = .waiting
      record.deaths = 0
      return .stopped
    } catch RunError.owned {
      // The last process that trained here gave a sign of life less than a minute ago.
      record.state = .waiting
      record.attempts -= 1
      return .taken
    } catch RunError.superseded(let path) {
      printError("error: \(RunError.superseded(path: path))")
      return .taken
    } catch {
      printError("error: \(error)")
      record.state = .failed
      record.error = "\(error)"
      return .failed
    }
  }

  private func startOrContinue(_ run: String) throws {
    let isContinued = exists(run)
    if isContinued, try Continuation.finishedOutcome(of: run, steps: settings.train.steps) != nil {
      return
    }
    var session = try isContinued ? continued(run) : begun(run)
    if let progressDescriptor {
      session.watcher = JobProgressSender(
        descriptor: progressDescriptor, stepCount: settings.train.steps)
    }
    try session.run(resuming: isContinued)
  }

  private func begun(_ run: String) throws -> Session {
    let experiment = try Experiment(settings, folders: dataFolders)
    let directory = try Run(
      creating: run,
      description: Provenance.members(
        program: program, preset: preset, experiment: experiment,
        dataFolders: dataFolders.map(absolute)),
      files: ["settings.yaml": settings.yaml])
    return Session(experiment: experiment, run: directory, isQuiet: false, presets: presets)
  }

  private func continued(_ run: String) throws -> Session {
    try Continuation(of: run, settings: settings, dataFolders: dataFolders)
      .session(isQuiet: false, presets: presets)
  }

  /// Standard output and error are the job's log from here on, after a line that begins the attempt.
  private func redirectOutput(to path: String) throws {
    let log = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o666)
    guard log >= 0, dup2(log, STDOUT_FILENO) >= 0, dup2(log, STDERR_FILENO) >= 0 else {
      throw RunError.system(
        path: path, operation: "write to this file", reason: String(cString: strerror(errno)))
    }
    close(log)
    let identity = ProcessIdentity.current
    printError(
      "job \(number) by process \(identity.process) on \(identity.host): "
        + varied.map { "\($0.path)=\($0.value)" }.joined(separator: " "))
  }
}

import ArgumentParser
import GrokReports
import GrokTraining

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

struct SweepCommand<P: Program>: ParsableCommand {
  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: "sweep",
      abstract: "Train with every combination of settings, several at a time.",
      discussion: """
        Settings come as with 'train'; those with several values vary: key=a,b,c, key=0..9, key=0..1:0.25, \
        key=1e-4..1:log5, key=0..1:linear5. Each job is one run on one thread. Jobs that fail lose only \
        themselves; --resume runs what is not done, also after a kill, and on several machines at once over one \
        shared folder.

        Examples:
          \(P.name) sweep train.weightDecay=0.1,1,10 --repeats 8 --out sweeps/decay
          \(P.name) sweep --preset route-output-scale --data FOLDER --out sweeps/route
          \(P.name) sweep --out sweeps/decay --resume
          \(P.name) sweep train.steps=1000,4000 seed=1,2 --zip train.steps,seed --out sweeps/zip --dry-run
        """)
  }

  @OptionGroup var start: SettingsOptions<P>
  @OptionGroup var axes: AxisOptions

  @Option(help: "The folder of the sweep.", completion: .directory)
  var out: String

  @Flag(help: "Run what is not done in a folder that is there; settings need not be given again.")
  var resume = false

  @Flag(help: "Print what would be run, and make nothing.")
  var dryRun = false

  @Option(help: "Jobs at a time; by default one for each core.")
  var workers: Int?

  @Flag(help: "Stop the other jobs when one fails.")
  var failFast = false

  @Option(help: "A job that is killed so often in a row has failed.")
  var attempts = 3

  @OptionGroup(title: "Slurm") var slurm: SlurmOptions

  @OptionGroup var common: CommonOptions

  @Argument(
    help: ArgumentHelp("Settings; those with several values vary.", valueName: "key=value"),
    completion: .settings)
  var arguments: [String] = []

  func validate() throws {
    if let workers, workers < 1 {
      throw ValidationError("--workers \(workers): expected at least 1")
    }
    if attempts < 1 { throw ValidationError("--attempts \(attempts): expected at least 1") }
  }

  func run() throws {
    try reportingErrors {
      let begin = monotonicSeconds()
      guard let folder = try resume ? opened() : created() else { return }
      let status = try SweepStatus(scanning: folder)
      if dryRun {
        print(try plan(of: folder.sweep, dataFolders: folder.dataFolders).text(status))
        if slurm.isWanted { showArray(of: folder, jobs: status.numbers([.waiting, .failed])) }
      } else if slurm.isWanted {
        try submit(folder, status)
      } else {
        try work(on: folder, status, since: begin)
      }
    }
  }

  private func work(on folder: SweepFolder, _ status: SweepStatus, since begin: Double) throws {
    StopSignal.listen()
    var options = LocalWorkers.Options(
      workerCount: workers ?? SweepCommand.coreCount, failsFast: failFast)
    options.attemptLimit = attempts
    options.dataFolders = common.dataFolders + folder.dataFolders
    var workers = LocalWorkers(
      status.numbers([.waiting, .failed, .running]), of: folder, status: status, options: options,
      display: SweepDisplay(isQuiet: common.quiet))
    try workers.run()
    try SweepSummary(folder: folder, status: workers.status, failures: workers.failures)
      .finish(seconds: monotonicSeconds() - begin, isQuiet: common.quiet)
  }

  // MARK: Slurm

  private func submission(of folder: SweepFolder) -> SlurmSubmission {
    var arguments = ["--attempts", "\(attempts)"]
    if let data = common.data { arguments += ["--data", absolute(data)] }
    return SlurmSubmission(folder: folder, request: slurm.request, arguments: arguments)
  }

  private func submit(_ folder: SweepFolder, _ status: SweepStatus) throws {
    let submission = submission(of: folder)
    let queued = try submission.queuedJobs()
    let jobs = status.numbers([.waiting, .failed]).filter { !queued.contains($0) }
    var identifiers: [JSONValue] = []
    if !jobs.isEmpty {
      let array = submission.array(of: jobs, limit: Slurm.largestTaskCount())
      let identifier = try submission.submit(array)
      identifiers.append(JSONValue(identifier))
      if !common.quiet {
        printError(
          "submitted array \(identifier): \(jobs.count) jobs in \(array.tasks.count) tasks; "
            + "script: \(folder.path)/slurm/\(SlurmArray.name(array.number)).sh")
      }
    }
    try SweepReport(folder: folder).write(status)
    let result: JSONObject = [
      "sweep": .string(folder.path), "jobs": JSONValue(folder.sweep.jobCount),
      "done": JSONValue(status[.done]), "failed": JSONValue(status[.failed]),
      "running": JSONValue(status[.running]), "waiting": JSONValue(status[.waiting]),
      "queued": JSONValue(queued.count), "submitted": JSONValue(jobs.count),
      "arrays": .array(identifiers),
    ]
    print(try JSONValue.object(result).text())
  }

  private func showArray(of folder: SweepFolder, jobs: [Int]) {
    guard !jobs.isEmpty else { return }
    let array = submission(of: folder).array(of: jobs, limit: Slurm.largestTaskCount())
    print("\n" + array.script, terminator: "")
  }

  // MARK: The folder

  /// A new folder; `nil` after a dry run.
  private func created() throws -> SweepFolder? {
    let (sweep, preset) = try asked()
    guard Folder.names(in: out).isEmpty else { throw SweepError.exists(out) }
    try sweep.check(folders: common.dataFolders)
    if dryRun {
      print(try plan(of: sweep).text(nil))
      if slurm.isWanted {
        showArray(
          of: SweepFolder(planned: sweep, at: out), jobs: Array(0..<sweep.jobCount))
      }
      return nil
    }
    return try SweepFolder.create(
      sweep, at: out, program: P.name, preset: preset, dataFolders: common.dataFolders)
  }

  private func plan(of sweep: Sweep, dataFolders: [String] = []) throws -> SweepPlan {
    try SweepPlan(sweep, at: out, dataFolders: common.dataFolders + dataFolders)
  }

  /// The folder that is there. What is asked for again must be what it was made for.
  private func opened() throws -> SweepFolder {
    let folder = try SweepFolder(opening: out)
    let isAsked = start.preset != nil || start.config != nil || axes.areGiven || !arguments.isEmpty
    if isAsked, let problem = folder.sweep.difference(from: try asked().sweep) {
      throw SweepError.differs(path: out, problem: problem)
    }
    return folder
  }

  private func asked() throws -> (sweep: Sweep, preset: String?) {
    var composition = try start.composition()
    // Jobs share the cores one by one; the numbers do not depend on it.
    try composition.apply(overrides: ["train.threads=1"])
    let sweep = try composition.sweep(
      arguments: arguments, zipping: axes.zips, repeats: axes.repeats)
    return (try sweep.anchored(in: currentFolder()), composition.preset)
  }

  /// The cores that this process may use.
  private static var coreCount: Int {
    let mask = systemText(of: "/proc/self/status")?.split(separator: "\n")
      .first { $0.hasPrefix("Cpus_allowed:") }?.dropFirst("Cpus_allowed:".count)
    let count = mask?.reduce(0) { $0 + ($1.hexDigitValue?.nonzeroBitCount ?? 0) } ?? 0
    return max(1, count > 0 ? count : Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))))
  }
}

/// How settings with several values make jobs.
struct AxisOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Settings that advance together, instead of in every combination.", valueName: "key,key"))
  var zip: [String] = []

  @Option(help: "Run each combination with so many seeds.")
  var repeats = 1

  var zips: [[String]] { zip.map { $0.split(separator: ",").map(String.init) } }
  var areGiven: Bool { !zip.isEmpty || repeats != 1 }
}

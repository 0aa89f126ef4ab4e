import Foundation
import TestSupport
import Testing

@testable import GrokExperiments
@testable import GrokTraining

@Suite struct SlurmTests {
  // MARK: Arrays

  @Test(.tags(.golden)) func theScriptSaysAllThatIsAsked() {
    let array = SlurmArray(
      number: 2, sweep: "/shared/my sweeps/decay", program: "/opt/grok/grokking",
      arguments: ["--attempts", "3", "--data", "/shared/data's"],
      request: SlurmArray.Request(
        partition: "cpu", time: "4:00:00", memory: "500M", parallelLimit: 16,
        options: ["--account=physics"]),
      tasks: [[0], [4], [17]])
    #expect(
      array.script == """
        #!/bin/bash
        # One job of the sweep a task: task 3 takes line 3 of array-002.jobs. A job that
        # is done, or that a process works on, is not run again; so this may be submitted again as it is.
        #SBATCH --job-name=decay
        #SBATCH --array=1-3%16
        #SBATCH --nodes=1
        #SBATCH --ntasks=1
        #SBATCH --cpus-per-task=1
        #SBATCH --partition=cpu
        #SBATCH --time=4:00:00
        #SBATCH --mem=500M
        #SBATCH --output='/shared/my sweeps/decay/slurm/array-002/%a.log'
        #SBATCH --open-mode=append
        #SBATCH --requeue
        # A minute before the time limit the training writes a checkpoint and the task queues itself again.
        #SBATCH --signal=B:USR1@60
        #SBATCH --account=physics

        exec /opt/grok/grokking sweep-task '/shared/my sweeps/decay' --array 2 --task \
        "$SLURM_ARRAY_TASK_ID" --requeue --attempts 3 --data '/shared/data'\\''s'

        """)
    #expect(array.files.map(\.name) == ["array-002.jobs", "array-002.sh"])
    #expect(array.files[0].text == "0\n4\n17\n")
  }

  @Test(.tags(.law)) func tasksShareAllJobsEvenlyWithinTheLimit() {
    #expect(SlurmArray.tasks([3, 5, 8], limit: 3) == [[3], [5], [8]])
    #expect(SlurmArray.tasks([3, 5, 8], limit: 2) == [[3, 5], [8]])
    for (count, limit) in [(1, 1), (1000, 1000), (1001, 1000), (100_000, 1000), (7, 3)] {
      let tasks = SlurmArray.tasks(Array(0..<count), limit: limit)
      #expect(tasks.count <= limit && tasks.flatMap { $0 } == Array(0..<count))
      #expect(tasks.dropLast().allSatisfy { $0.count == tasks[0].count })
    }
  }

  @Test func manyJobsAreTakenSeveralToATask() {
    let array = SlurmArray(
      number: 1, sweep: "/s", program: "/g", arguments: [], request: .init(),
      tasks: SlurmArray.tasks(Array(0..<100_000), limit: 1000))
    #expect(array.script.contains("# Up to 100 jobs, one after the other, of the sweep a task:"))
    #expect(array.script.contains("#SBATCH --array=1-1000\n"))
    #expect(array.files[0].text.hasPrefix("0 1 2 3 "))
  }

  // MARK: Commands

  /// A folder with stand-ins for Slurm's commands, which write down how they were called.
  private func withCommands(
    _ commands: [String: String], _ body: (String, [String: String]) throws -> Void
  ) throws {
    try withTemporaryFolder { folder in
      try makeFolder(folder + "/bin")
      for (name, text) in commands {
        let path = "\(folder)/bin/\(name)"
        try AtomicFile.write("#!/bin/sh\n\(text)\n", to: path)
        #expect(chmod(path, 0o755) == 0)
      }
      try body(folder, ["PATH": folder + "/bin"])
    }
  }

  private let jobs = [
    "data.modulus=7", "model.width=8", "model.perceptronWidth=12", "train.steps=5", "seed=0..4",
  ]

  private func result(_ output: String) throws -> JSONObject {
    let line = try #require(output.split(separator: "\n").last)
    return try #require(JSONValue(parsing: Array(line.utf8)).object)
  }

  @Test(.enabled(if: ProgramProcess.path != nil, "\(ProgramProcess.howToProvide)"))
  func withoutSbatchTheFolderIsWholeAndTheMessageClear() throws {
    try withCommands([:]) { folder, environment in
      let end = try ProgramProcess.run(
        ["sweep", "--out", "s", "--slurm"] + jobs, in: folder, environment: environment)
      #expect(end.status == 1)
      #expect(
        end.errors
          == "error: sbatch: is not here; run 'sweep --out … --resume --slurm' where Slurm's "
          + "commands are\n")
      #expect(try SweepFolder(opening: folder + "/s").sweep.jobCount == 5)
      // It can be run here, after all.
      let local = try ProgramProcess.run(["sweep", "--out", "s", "--resume"], in: folder)
      #expect(local.status == 0)
    }
  }

  @Test(.enabled(if: ProgramProcess.path != nil, "\(ProgramProcess.howToProvide)"))
  func onlyWhatIsNeitherDoneNorQueuedIsSubmitted() throws {
    let commands = [
      "sbatch": "echo 'sbatch: a warning' >&2; echo '77;cluster'",
      "squeue": "echo '77 2'; echo '77 3'; echo '78 1'; echo '79 N/A'",
      "scontrol": "echo 'MaxArraySize            = 4'",
    ]
    try withCommands(commands) { folder, environment in
      let first = try ProgramProcess.run(
        ["sweep", "--out", "s", "--slurm", "--quiet"] + jobs, in: folder, environment: environment)
      #expect(first.status == 0, "\(first.errors)")
      #expect(
        try result(first.output) == [
          "sweep": "s", "jobs": 5, "done": 0, "failed": 0, "running": 0, "waiting": 5, "queued": 0,
          "submitted": 5, "arrays": [77],
        ])
      func text(_ name: String) throws -> String {
        try String(contentsOfFile: "\(folder)/s/slurm/\(name)", encoding: .utf8)
      }
      #expect(try text("array-001.jobs") == "0 1\n2 3\n4\n")
      #expect(try text("array-001.id") == "77\n")
      // Tasks 2 and 3 are in the queue; job 1 is done.
      let sweep = try SweepFolder(opening: folder + "/s")
      try JobRecord(state: .done, attempts: 1).write(to: sweep.job(1), varied: [])
      let second = try ProgramProcess.run(
        ["sweep", "--out", "s", "--slurm", "--resume"], in: folder, environment: environment)
      #expect(second.status == 0)
      #expect(try result(second.output)["submitted"] == 1)
      #expect(try text("array-002.jobs") == "0\n")
    }
  }

  @Test(.enabled(if: ProgramProcess.path != nil, "\(ProgramProcess.howToProvide)"))
  func whatSbatchRefusesIsSaidInOneLine() throws {
    let refusal = "sbatch: error: invalid partition specified: x"
    try withCommands(["sbatch": "echo '\(refusal)' >&2; exit 1"]) { folder, environment in
      let end = try ProgramProcess.run(
        ["sweep", "--out", "s", "--slurm", "--partition", "x"] + jobs, in: folder,
        environment: environment)
      #expect(end.status == 1)
      #expect(end.errors == "error: sbatch: \(refusal)\n")
      #expect(exists(folder + "/s/sweep.json"))
    }
  }

  @Test(.enabled(if: ProgramProcess.path != nil, "\(ProgramProcess.howToProvide)"))
  func aTaskRunsItsJobsAndNoOthers() throws {
    try withCommands(["sbatch": "echo 5", "scontrol": "echo 'MaxArraySize = 4'"]) { folder, path in
      let made = try ProgramProcess.run(
        ["sweep", "--out", "s", "--slurm", "--quiet"] + jobs, in: folder, environment: path)
      #expect(made.status == 0)
      let task = try ProgramProcess.run(
        ["sweep-task", "s", "--array", "1", "--task", "2", "--requeue"], in: folder)
      #expect(task.status == 0, "\(task.errors)")
      let sweep = try SweepFolder(opening: folder + "/s")
      let states = try (0..<5).map { try sweep.record(ofJob: $0).state }
      #expect(states == [.waiting, .waiting, .done, .done, .waiting])
      let wrong = try ProgramProcess.run(
        ["sweep-task", "s", "--array", "1", "--task", "4"], in: folder)
      #expect(wrong.status == 1 && wrong.errors == "error: s: array 1 has 3 tasks, not 4\n")
    }
  }

  /// What Slurm sends before the time limit: a checkpoint, and the task goes back into the queue.
  @Test(.tags(.resume), .enabled(if: ProgramProcess.path != nil, "\(ProgramProcess.howToProvide)"))
  func aTaskWhoseTimeIsUpQueuesItselfAgain() throws {
    let commands = ["sbatch": "echo 5", "scontrol": "echo \"$@\" > called"]
    try withCommands(commands) { folder, environment in
      let long = jobs + ["train.steps=100000000"]
      let made = try ProgramProcess.run(
        ["sweep", "--out", "s", "--slurm", "--quiet"] + long, in: folder, environment: environment)
      #expect(made.status == 0)
      let slurm = ["SLURM_ARRAY_JOB_ID": "5", "SLURM_ARRAY_TASK_ID": "2"]
      let task = try ProgramProcess(
        ["sweep-task", "s", "--array", "1", "--task", "2", "--requeue"], in: folder,
        environment: environment.merging(slurm) { $1 })
      let run = try SweepFolder(opening: folder + "/s").run(ofJob: 1)
      #expect(wait { ((try? Run.checkpoints(in: run)) ?? []).count > 2 })
      task.send(SIGUSR1)
      task.send(SIGUSR1)
      #expect(task.end().status == 128 + SIGUSR1)
      #expect(try Run.description(of: run)["state"] == .string("stopped"))
      #expect(try String(contentsOfFile: folder + "/called", encoding: .utf8) == "requeue 5_2\n")
    }
  }

  @Test(arguments: [
    (
      ["--partition", "x"],
      "--partition, --time, --memory, --max-parallel and --sbatch-option need --slurm"
    ),
    (["--slurm", "--max-parallel", "0"], "--max-parallel 0: expected at least 1"),
    (
      ["--slurm", "--sbatch-option", "account"],
      "--sbatch-option account: expected an option, such as --account=physics"
    ),
    (["--slurm", "--time", "1\n#SBATCH --x"], "'1\n#SBATCH --x': expected one line for sbatch"),
  ])
  func optionsThatMakeNoSense(arguments: [String], message: String) {
    let error = #expect(throws: (any Error).self) {
      try SlurmOptions.parse(arguments)
    }
    #expect(error.map { SlurmOptions.message(for: $0) } == message)
  }
}

/// The whole way on a real Slurm: see Scripts/slurm-test.sh.
@Suite(.serialized) struct RealSlurmTests {
  private static let scripts = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent("Scripts").path

  private static func run(_ script: String, _ arguments: [String]) throws -> (
    status: Int32, output: String
  ) {
    try ChildProcess.run("/bin/bash", ["\(scripts)/\(script)"] + arguments)
  }

  /// Whether a Slurm can be started here: it is tried.
  static let canStart: Bool = {
    let started = try? withTemporaryFolder { folder in
      let end = try run("slurm-local.sh", ["start", folder + "/slurm"])
      _ = try run("slurm-local.sh", ["stop", folder + "/slurm"])
      return end.status == 0
    }
    return started == true && ProgramProcess.path != nil
  }()

  @Test(
    .tags(.slurm),
    .enabled(
      if: canStart, "needs root, the Debian packages slurm-wlm and munge, and the built grokking"))
  func aSweepGoesThroughSlurmAFailureAndACancellation() throws {
    try withTemporaryFolder { folder in
      let end = try Self.run("slurm-test.sh", [#require(ProgramProcess.path), folder + "/test"])
      #expect(end.status == 0, "\(end.output)")
      #expect(end.output.hasSuffix("Slurm: all well\n"))
    }
  }
}

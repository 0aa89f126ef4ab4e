/// A Slurm job array that runs jobs of a sweep: its script and the list of jobs for each task.
struct SlurmArray {
  /// What is asked of the cluster.
  struct Request {
    var partition: String?
    /// As Slurm writes it: `4:00:00`.
    var time: String?
    /// As Slurm writes it: `500M`.
    var memory: String?
    /// So many tasks run at a time.
    var parallelLimit: Int?
    /// Other options of sbatch, such as `--account=physics`.
    var options: [String] = []
  }

  /// Which array of the sweep it is, from 1.
  let number: Int
  /// The sweep folder, from the root.
  let sweep: String
  /// The program, from the root.
  let program: String
  /// More arguments for every task.
  let arguments: [String]
  let request: Request
  /// The jobs of each task; tasks are numbered from 1.
  let tasks: [[Int]]

  /// Shares jobs among tasks: one job each, or as many as keep the tasks within `limit`.
  static func tasks(_ jobs: [Int], limit: Int) -> [[Int]] {
    let size = max(1, (jobs.count + limit - 1) / limit)
    return stride(from: 0, to: jobs.count, by: size).map {
      Array(jobs[$0..<min($0 + size, jobs.count)])
    }
  }

  /// `array-001`.
  static func name(_ number: Int) -> String {
    "array-" + String(repeating: "0", count: max(0, 3 - String(number).count)) + String(number)
  }

  private var name: String { SlurmArray.name(number) }

  /// The files beside the script and their contents: `array-001.sh`, `array-001.jobs`.
  var files: [(name: String, text: String)] {
    let list = tasks.map { $0.map(String.init).joined(separator: " ") + "\n" }.joined()
    return [(name + ".jobs", list), (name + ".sh", script)]
  }

  /// The script for sbatch.
  var script: String {
    let size = tasks.map(\.count).max() ?? 0
    var lines = [
      "#!/bin/bash",
      "# \(size == 1 ? "One job" : "Up to \(size) jobs, one after the other,") of the sweep a task: "
        + "task 3 takes line 3 of \(name).jobs. A job that",
      "# is done, or that a process works on, is not run again; so this may be submitted again as it is.",
      "#SBATCH --job-name=\(quoted(lastName(of: sweep)))",
      "#SBATCH --array=1-\(tasks.count)" + (request.parallelLimit.map { "%\($0)" } ?? ""),
      "#SBATCH --nodes=1", "#SBATCH --ntasks=1", "#SBATCH --cpus-per-task=1",
    ]
    if let partition = request.partition { lines.append("#SBATCH --partition=\(partition)") }
    if let time = request.time { lines.append("#SBATCH --time=\(time)") }
    if let memory = request.memory { lines.append("#SBATCH --mem=\(memory)") }
    lines += [
      "#SBATCH --output=\(quoted("\(sweep)/slurm/\(name)/%a.log"))",
      "#SBATCH --open-mode=append",
      "#SBATCH --requeue",
      "# A minute before the time limit the training writes a checkpoint and the task queues itself again.",
      "#SBATCH --signal=B:USR1@60",
    ]
    lines += request.options.map { "#SBATCH \($0)" }
    lines += [
      "",
      (["exec", quoted(program), "sweep-task", quoted(sweep)]
        + ["--array", "\(number)", "--task", "\"$SLURM_ARRAY_TASK_ID\"", "--requeue"]
        + arguments.map(quoted)).joined(separator: " "),
    ]
    return lines.joined(separator: "\n") + "\n"
  }
}

/// A word for the shell, in quotes where it needs them.
private func quoted(_ text: String) -> String {
  let isPlain = text.utf8.allSatisfy {
    (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0)
      || "/._-%+=:".utf8.contains($0)
  }
  if isPlain && !text.isEmpty { return text }
  return "'"
    + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''")
    + "'"
}

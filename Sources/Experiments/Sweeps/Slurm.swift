#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The commands of Slurm that a sweep uses.
enum Slurm {
  /// Submits a script and gives the number of its array.
  ///
  /// - Throws: ``SweepError/command(_:problem:)`` with what sbatch says.
  static func submit(_ script: String) throws(SweepError) -> Int {
    let text = try run("sbatch", ["--parsable", script])
    // "17" or "17;cluster", after warnings.
    let line = text.split(separator: "\n").last ?? ""
    guard let number = Int(line.prefix { $0 != ";" }) else {
      throw .command("sbatch", problem: "gave no number of a job: \(oneLine(text))")
    }
    return number
  }

  /// The tasks of this user's arrays that wait or run.
  static func queuedTasks() throws(SweepError) -> [Int: Set<Int>] {
    let text = try run("squeue", ["--noheader", "--array", "--user=\(getuid())", "--format=%F %K"])
    var tasks: [Int: Set<Int>] = [:]
    for line in text.split(separator: "\n") {
      let parts = line.split(separator: " ").map { Int($0) }
      if parts.count == 2, let array = parts[0], let task = parts[1] {
        tasks[array, default: []].insert(task)
      }
    }
    return tasks
  }

  /// The most tasks of an array that are numbered from 1; Slurm's default where it does not say.
  static func largestTaskCount() -> Int {
    let text = (try? run("scontrol", ["show", "config"])) ?? ""
    let line = text.split(separator: "\n").first { $0.hasPrefix("MaxArraySize") }
    let size = line?.split(separator: "=").last.flatMap { Int($0.drop { $0 == " " }) } ?? 1001
    // The size is one above the largest number of a task; a folder gets a log from each.
    return max(1, min(size - 1, 1000))
  }

  /// Puts a task that runs back into the queue.
  static func requeue(_ task: String) throws(SweepError) {
    _ = try run("scontrol", ["requeue", task])
  }

  private static func run(_ command: String, _ arguments: [String]) throws(SweepError) -> String {
    let end: (status: Int32, output: String)
    do {
      end = try ChildProcess.run(command, arguments)
    } catch {
      throw .command(
        command,
        problem: "is not here; run 'sweep --out … --resume --slurm' where Slurm's commands are")
    }
    guard end.status == 0 else {
      let problem = oneLine(end.output)
      throw .command(
        command, problem: problem.isEmpty ? "ended with status \(end.status)" : problem)
    }
    return end.output
  }

  private static func oneLine(_ text: String) -> String {
    text.split(separator: "\n").joined(separator: "; ")
  }
}

import GrokTraining

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Hands the jobs of a sweep that are left to Slurm.
///
/// `slurm/` in the sweep folder keeps the script, the list of jobs and the number of each array that was submitted, so
/// that a later submission knows what is still in the queue.
struct SlurmSubmission {
  let folder: SweepFolder
  let request: SlurmArray.Request
  /// More arguments for every task.
  let arguments: [String]

  private var directory: String { folder.path + "/slurm" }

  /// The array of these jobs, not yet written.
  ///
  /// - Parameter limit: The most tasks of an array.
  func array(of jobs: [Int], limit: Int) -> SlurmArray {
    SlurmArray(
      number: (arrays().last ?? 0) + 1, sweep: absolute(folder.path),
      program: SlurmSubmission.program, arguments: arguments, request: request,
      tasks: SlurmArray.tasks(jobs, limit: limit))
  }

  /// Writes the files of an array and submits it.
  ///
  /// - Returns: Slurm's number of the array.
  func submit(_ array: SlurmArray) throws -> Int {
    let name = SlurmArray.name(array.number)
    try makeFolder(directory)
    try makeFolder("\(directory)/\(name)")
    for file in array.files { try AtomicFile.write(file.text, to: "\(directory)/\(file.name)") }
    let number = try Slurm.submit("\(directory)/\(name).sh")
    try AtomicFile.write("\(number)\n", to: "\(directory)/\(name).id")
    return number
  }

  /// The jobs of tasks that wait or run in Slurm's queue.
  func queuedJobs() throws -> Set<Int> {
    let arrays = arrays()
    guard !arrays.isEmpty else { return [] }
    let tasks = try Slurm.queuedTasks()
    var jobs: Set<Int> = []
    for number in arrays {
      let path = "\(directory)/\(SlurmArray.name(number))"
      guard let text = systemText(of: path + ".id"), let id = Int(text.prefix { $0.isNumber }),
        let queued = tasks[id]
      else { continue }
      let list = try SlurmSubmission.jobs(ofArray: number, in: folder)
      for task in queued where list.indices.contains(task - 1) { jobs.formUnion(list[task - 1]) }
    }
    return jobs
  }

  /// The jobs of each task of an array.
  static func jobs(ofArray number: Int, in folder: SweepFolder) throws -> [[Int]] {
    let path = "\(folder.path)/slurm/\(SlurmArray.name(number)).jobs"
    guard let text = systemText(of: path) else {
      throw RunError.unreadable(path: path, problem: "cannot be read")
    }
    return try text.split(separator: "\n", omittingEmptySubsequences: false).dropLast().map {
      let words = $0.split(separator: " ")
      let jobs = words.compactMap { Int($0) }
      guard jobs.count == words.count,
        jobs.allSatisfy({ (0..<folder.sweep.jobCount).contains($0) })
      else { throw RunError.unreadable(path: path, problem: "does not list jobs of this sweep") }
      return jobs
    }
  }

  /// The numbers of the arrays that were written, rising.
  private func arrays() -> [Int] {
    Folder.names(in: directory).compactMap { name in
      guard name.hasPrefix("array-"), name.hasSuffix(".sh") else { return nil }
      return Int(name.dropFirst("array-".count).dropLast(".sh".count))
    }.sorted()
  }

  /// The program that runs, wherever it is called from.
  private static var program: String {
    guard let path = realpath("/proc/self/exe", nil) else { return CommandLine.arguments[0] }
    defer { free(path) }
    return String(cString: path)
  }
}

import ArgumentParser

/// What is asked of Slurm.
struct SlurmOptions: ParsableArguments {
  @Flag(
    name: .customLong("slurm"),
    help: "Submit the jobs as an array to Slurm, instead of running them here.")
  var isWanted = false

  @Option(help: "Slurm: the partition.")
  var partition: String?

  @Option(
    help: ArgumentHelp(
      "Slurm: the time limit of a task; one that reaches it goes on in a later task.",
      valueName: "d-hh:mm:ss"))
  var time: String?

  @Option(help: ArgumentHelp("Slurm: the memory of a task, such as 500M.", valueName: "size"))
  var memory: String?

  @Option(help: ArgumentHelp("Slurm: so many tasks at a time.", valueName: "count"))
  var maxParallel: Int?

  @Option(
    name: .customLong("sbatch-option"), parsing: .unconditionalSingleValue,
    help: ArgumentHelp(
      "Slurm: another option of sbatch, such as --sbatch-option --account=physics.",
      valueName: "option"))
  var options: [String] = []

  func validate() throws {
    if let maxParallel, maxParallel < 1 {
      throw ValidationError("--max-parallel \(maxParallel): expected at least 1")
    }
    let texts = [partition, time, memory].compactMap { $0 } + options
    if let text = texts.first(where: { $0.isEmpty || $0.contains { $0.isNewline } }) {
      throw ValidationError("'\(text)': expected one line for sbatch")
    }
    if let option = options.first(where: { !$0.hasPrefix("-") }) {
      throw ValidationError(
        "--sbatch-option \(option): expected an option, such as --account=physics")
    }
    let isAsked = !texts.isEmpty || maxParallel != nil
    if isAsked && !isWanted {
      throw ValidationError(
        "--partition, --time, --memory, --max-parallel and --sbatch-option need --slurm")
    }
  }

  var request: SlurmArray.Request {
    SlurmArray.Request(
      partition: partition, time: time, memory: memory, parallelLimit: maxParallel,
      options: options)
  }
}

import ArgumentParser
import GrokTraining

/// What a sweep starts for each of its jobs. It reads no more of the sweep than the settings that all jobs
/// share, however many there are.
struct SweepJobCommand<P: Program>: ParsableCommand {
  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: "sweep-job", abstract: "Run one job of a sweep.", shouldDisplay: false)
  }

  @Argument var sweep: String
  @Argument var number: Int
  @Argument var varied: [String] = []
  @Option var preset: String?
  @Option var attempts = 3
  @Option var progressDescriptor: Int32?
  @Option var data: [String] = []

  func run() throws {
    StopSignal.listen()
    StopSignal.becomePatient()
    try reportingErrors {
      var settings = Settings()
      try settings.apply(file: sweep + "/settings.yaml")
      try settings.apply(overrides: varied)
      let pairs = varied.map { text in
        let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        return (path: String(parts[0]), value: String(parts[1]))
      }
      let runner = JobRunner(
        folder: SweepFolder.job(number, in: sweep), number: number, varied: pairs,
        settings: settings, program: P.name, preset: preset, presets: P.presets, dataFolders: data,
        attemptLimit: attempts, progressDescriptor: progressDescriptor)
      throw ExitCode(try runner.run().rawValue)
    }
  }
}

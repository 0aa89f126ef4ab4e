import ArgumentParser
import GrokTraining

struct ReportCommand<P: Program>: ParsableCommand {
  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: "report", abstract: "Make the report of a run folder again, or compare runs.",
      discussion: """
        One run: writes its report.html and figures. Several runs, or a sweep: one page with bands over \
        seeds, outcomes by setting and delays against settings.

          \(P.name) report runs/a
          \(P.name) report runs/decay-* --out decay.html --band range
        """)
  }

  @Argument(help: ArgumentHelp("Run folders.", valueName: "run"))
  var directories: [String]

  @Option(
    help: ArgumentHelp(
      "Where the page goes; by default report.html, in the run folder if there is one.",
      valueName: "file"))
  var out: String?

  @Option(
    help:
      "Several runs: what lines and bands show. interval: mean and 95 % interval; deviation: mean and one standard deviation; range: median, lowest and highest."
  )
  var band = BandKind.interval

  func run() throws {
    try reportingErrors {
      if directories.count == 1, exists(directories[0] + "/sweep.json") {
        let sweep = try SweepFolder(opening: directories[0])
        try sweep.writeIndexAndReport(try SweepStatus(scanning: sweep), band: band)
        print(directories[0] + "/report.html")
        return
      }
      if directories.count == 1 {
        let report = TrainingReport(
          name: lastName(of: directories[0]), records: try Run.records(in: directories[0]),
          description: try Run.description(of: directories[0]))
        try report.write(to: directories[0])
        print(directories[0] + "/report.html")
        return
      }
      var comparison = RunComparison(title: "Comparison of runs", band: band)
      for directory in directories { comparison.append(try ComparedRun(folder: directory)) }
      let path = out ?? "report.html"
      try comparison.write(to: path)
      print(path)
    }
  }
}

import ArgumentParser
import GrokTraining

struct ReportCommand<P: Program>: ParsableCommand {
  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: "report",
      abstract: "Make the report of a run again, follow one, or compare many.",
      discussion: """
        One run: writes its report.html and figures. Several, or a sweep: one page with bands over seeds, \
        outcomes by setting, and delays against settings.

        Examples:
          \(P.name) report runs/a                    again, as after training
          \(P.name) report runs/a --watch            renewed while the run goes on
          \(P.name) report runs/a --figures svg,pdf,png
          \(P.name) report runs/decay-* --out decay.html --band range
          \(P.name) report runs                      all runs in a folder
          \(P.name) report sweeps/decay              and its index, jobs.csv
        """)
  }

  @Argument(
    help: ArgumentHelp(
      "Run folders, a folder of runs, or the folder of a sweep.", valueName: "run"),
    completion: .directory)
  var folders: [String]

  @Option(
    help: ArgumentHelp(
      "Where the page goes. By default report.html: in the folder if it is a single one, else here.",
      valueName: "file"), completion: .file(extensions: ["html"]))
  var out: String?

  @Option(
    help: ArgumentHelp(
      """
      Several runs, or a sweep: what lines and bands show. interval: mean and its 95 % interval; deviation: mean and one \
      standard deviation; range: median, lowest and highest.
      """))
  var band = BandKind.interval

  @Option(help: "One run: the formats of its figures, of svg, pdf and png.")
  var figures = FigureFormats([.svg])

  @Flag(help: "One run: show in bits what is measured in nats.")
  var bits = false

  @Flag(help: "Renew the page while runs go on; ends with them, or with Ctrl-C.")
  var watch = false

  @Option(
    help: ArgumentHelp("With --watch: seconds between looks at the runs.", valueName: "seconds"))
  var every = 3

  func validate() throws {
    guard (1...3600).contains(every) else {
      throw ValidationError("--every \(every): expected 1 to 3600 seconds")
    }
  }

  func run() throws {
    try reportingErrors {
      if folders.count == 1, SweepFolder.isSweep(folders[0]) {
        return try reportSweep(folders[0])
      }
      let runs = try RunFolders.found(in: folders)
      try runs == folders && runs.count == 1 ? reportRun(runs[0]) : compare(runs)
    }
  }

  private func reportSweep(_ folder: String) throws {
    let path = out ?? folder + "/report.html"
    let report = SweepReport(
      folder: try SweepFolder(opening: folder), path: path, band: band)
    if watch {
      try report.follow(seconds: every) {
        try printOutput(path)
        printError("renewed every \(every) s or more until the end; Ctrl-C ends earlier")
      }
    } else {
      try report.write()
      print(path)
    }
  }

  private func reportRun(_ folder: String) throws {
    let path = out ?? folder + "/report.html"
    _ = try Run.description(of: folder)
    var curves = try RunCurves(folder: folder)
    func write(refreshSeconds: Int?) throws {
      try curves.update()
      var report = TrainingReport(
        curves: curves, description: try Run.description(of: folder), presets: P.presets,
        isInBits: bits)
      report.refreshSeconds = refreshSeconds
      // Files of figures are for when the run has ended.
      if refreshSeconds == nil { try report.writeFigures(figures.formats) }
      try report.writePage(to: path)
    }
    try repeated(path, [folder], write)
  }

  private func compare(_ runs: [String]) throws {
    let isOneFolder = folders.count == 1
    let title = isOneFolder ? lastName(of: folders[0]) : "Comparison of runs"
    let path = out ?? (isOneFolder ? folders[0] + "/report.html" : "report.html")
    func write(refreshSeconds: Int?) throws {
      var comparison = RunComparison(title: title, band: band)
      comparison.refreshSeconds = refreshSeconds
      for run in runs { comparison.append(try ComparedRun(folder: run)) }
      try comparison.write(to: path)
    }
    try repeated(path, runs, write)
  }

  /// Writes once, or until the runs have ended; the first page's path is printed as soon as it is there.
  private func repeated(
    _ path: String, _ runs: [String], _ write: (Int?) throws -> Void
  ) throws {
    guard watch else {
      try write(nil)
      try printOutput(path)
      return
    }
    var isFirst = true
    try ReportWatch(folders: runs, seconds: every).follow { seconds in
      try write(seconds)
      guard isFirst else { return }
      isFirst = false
      try printOutput(path)
      if seconds != nil {
        printError("renewed every \(every) s until the end; Ctrl-C ends earlier")
      }
    }
  }
}

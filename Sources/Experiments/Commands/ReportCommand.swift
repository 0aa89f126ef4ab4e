import ArgumentParser
import GrokTraining

struct ReportCommand<P: Program>: ParsableCommand {
  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: "report", abstract: "Make the report of a run folder again.")
  }

  @Argument(help: ArgumentHelp("The run folder.", valueName: "run"))
  var directory: String

  func run() throws {
    try reportingErrors {
      let report = TrainingReport(
        name: lastName(of: directory), records: try Run.records(in: directory),
        description: try Run.description(of: directory))
      try report.write(to: directory)
      print(directory + "/report.html")
    }
  }
}

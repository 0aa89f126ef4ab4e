import ArgumentParser
import GrokTraining

struct MeasuresCommand<P: Program>: ParsableCommand {
  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: "measures", abstract: "List the measures, or say all about one.")
  }

  @Argument(
    help: "Only this measure: what it gives and needs, its options, units and source.",
    completion: .list(NamedMeasure.all.map(\.name)))
  var name: String?

  func run() throws {
    try reportingErrors {
      guard let name else {
        let width = NamedMeasure.all.map(\.name.count).max() ?? 0
        for measure in NamedMeasure.all {
          let gap = String(repeating: " ", count: width - measure.name.count)
          print("\(measure.name)\(gap)  \(measure.summary)")
        }
        return
      }
      let measure = try NamedMeasure.named(name)
      print("\(measure.name): \(measure.summary)")
      print("gives")
      for (name, result) in measure.results { print("    \(name): \(result.meaning)") }
      let inputs = measure.arrayInputs
      print(inputs.isEmpty ? "needs a network: a run, or --checkpoints" : "reads from arrays")
      for (input, shape) in inputs { print("    \(input) \(shape)") }
      print("options")
      for option in ["examples", "exampleCount", "layers"] + measure.options {
        let setting = try Setting.named("measure." + option)
        print("    \(option)=\(setting.read(Settings())): \(setting.meaning)")
      }
      print("source\n    \(measure.source)")
    }
  }
}

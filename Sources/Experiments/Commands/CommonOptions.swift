import ArgumentParser

struct CommonOptions: ParsableArguments {
  @Option(help: "A folder with data files; GROK_DATA_DIR is searched as well.")
  var data: String?

  @Flag(help: "No progress, only the result.")
  var quiet = false

  var dataFolders: [String] { [data, environment("GROK_DATA_DIR")].compactMap { $0 } }
}

/// The last part of a path.
func lastName(of path: String) -> String {
  path.split(separator: "/").last.map(String.init) ?? path
}

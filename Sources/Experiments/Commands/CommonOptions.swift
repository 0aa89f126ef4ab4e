import ArgumentParser

struct CommonOptions: ParsableArguments {
  @Option(
    help:
      "A folder with data files; GROK_DATA_DIR and what 'data' has downloaded are searched as well."
  )
  var data: String?

  @Flag(help: "No progress, only the result.")
  var quiet = false

  /// Where data files are looked for, in this order: the option, the variable, the cache.
  var dataFolders: [String] {
    [data, environment("GROK_DATA_DIR"), exists(DataCache.folder) ? DataCache.folder : nil]
      .compactMap { $0 }
  }
}

/// The last part of a path.
func lastName(of path: String) -> String {
  path.split(separator: "/").last.map(String.init) ?? path
}

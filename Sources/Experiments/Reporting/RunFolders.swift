import GrokTraining

/// Run folders as they are named on the command line: themselves, or a folder that holds some.
enum RunFolders {
  /// How many levels below a folder its runs may lie.
  private static let depth = 3

  /// The run folders among `folders` and below those that are none themselves, in the order of their names.
  ///
  /// - Throws: `RunError.unreadable` for a folder that is no run and holds none.
  static func found(in folders: [String]) throws -> [String] {
    try folders.flatMap { folder -> [String] in
      if isRun(folder) { return [folder] }
      let below = runs(below: folder, depth)
      // No folder at all, or one of something else: what is wrong is said as for a single run.
      if below.isEmpty { _ = try Run.description(of: folder) }
      return below
    }
  }

  private static func isRun(_ folder: String) -> Bool { exists(folder + "/run.json") }

  private static func runs(below folder: String, _ depth: Int) -> [String] {
    guard depth > 0 else { return [] }
    return Folder.names(in: folder).filter { !$0.hasPrefix(".") }.flatMap { name -> [String] in
      let path = folder + "/" + name
      return isRun(path) ? [path] : runs(below: path, depth - 1)
    }
  }
}

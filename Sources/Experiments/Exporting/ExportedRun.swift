import GrokTraining

/// A run whose records are exported, and what it is called among others.
struct ExportedRun: Equatable {
  let name: String
  let directory: String

  /// The runs in folders: run folders themselves, and the jobs of sweep folders that have records.
  ///
  /// A run is called as its folder, a job of a sweep by its number; by their whole paths where that would
  /// not tell them apart.
  ///
  /// - Throws: ``RunError/unreadable(path:problem:)`` for a folder that is neither.
  static func all(in folders: [String]) throws -> [ExportedRun] {
    var runs: [ExportedRun] = []
    for folder in folders {
      if ByteSource.exists(folder + "/sweep.json") {
        runs += jobs(of: folder)
      } else {
        _ = try Run.description(of: folder)
        runs.append(ExportedRun(name: lastName(of: folder), directory: folder))
      }
    }
    if Set(runs.map(\.name)).count == runs.count { return runs }
    return runs.map { ExportedRun(name: $0.directory, directory: $0.directory) }
  }

  /// The jobs of a sweep by number, a thousand to a folder.
  private static func jobs(of sweep: String) -> [ExportedRun] {
    let jobs = sweep + "/jobs"
    return Folder.names(in: jobs).flatMap { thousand in
      Folder.names(in: "\(jobs)/\(thousand)").compactMap { number in
        let directory = "\(jobs)/\(thousand)/\(number)/run"
        guard ByteSource.exists(directory + "/metrics.jsonl") else { return nil }
        return ExportedRun(name: number, directory: directory)
      }
    }
  }
}

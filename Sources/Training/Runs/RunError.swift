import GrokNumerics

/// What can be wrong with a run folder.
public enum RunError: Error, CustomStringConvertible {
  /// A run folder is never overwritten.
  case exists(String)
  /// The system refused something.
  case system(path: String, operation: String, reason: String)
  /// A folder, or a file in one, that is no run or not a whole one.
  case unreadable(path: String, problem: String)
  /// There is no checkpoint to continue from.
  case noCheckpoint(String)
  /// Another process works in the folder.
  case owned(path: String, by: String)
  /// Another process has taken over the folder, because this one gave no sign of life for too long.
  case superseded(path: String)

  /// What is wrong and what to try, in one line.
  public var description: String {
    switch self {
    case .exists(let path):
      "\(path) exists already, and a run is never overwritten; give another --out or --name"
    case .system(let path, let operation, let reason): "\(path): cannot \(operation): \(reason)"
    case .unreadable(let path, let problem): "\(path): \(problem)"
    case .noCheckpoint(let path): "\(path) has no checkpoint to continue from"
    case .owned(let path, let owner):
      "\(path) belongs to \(owner); stop it first, or wait for its end"
    case .superseded(let path):
      "\(path) was taken over by another process, since this one gave no sign of life for too long; "
        + "nothing more is written here"
    }
  }
}

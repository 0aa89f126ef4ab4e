/// What can be wrong with a sweep once its settings are right.
enum SweepError: Error, CustomStringConvertible {
  /// Something is at the place of a new sweep.
  case exists(String)
  /// The folder to go on with was made for other settings.
  case differs(path: String, problem: String)
  /// A program that is needed is not here, or did not do what it should.
  case command(String, problem: String)
  /// A process could not be started.
  case cannotStart(program: String, reason: String)

  /// What is wrong and what to try, in one line.
  var description: String {
    switch self {
    case .exists(let path):
      "\(path) exists already; --resume goes on with a sweep, another --out begins a new one"
    case .differs(let path, let problem):
      "\(path) was made for other settings: \(problem); give another --out, or --resume alone"
    case .command(let name, let problem): "\(name): \(problem)"
    case .cannotStart(let program, let reason): "\(program) cannot be started: \(reason)"
    }
  }
}

import Foundation

/// Plays a contestant of `duel.py`: reads lines `go SECONDS` and answers each with `TIMES SECONDS`, how
/// often `measure` ran and how long that took; `quit` ends it.
///
/// - Parameter warmUp: how often `measure` runs before the contestant says that it is ready.
public func serve<Value>(warmUp: Int = 1, _ measure: () throws -> Value) throws {
  for _ in 0..<warmUp { _ = try measure() }
  try serveTurns { seconds in
    let start = clockSeconds()
    var times = 0
    while clockSeconds() - start < seconds {
      _ = try measure()
      times += 1
    }
    return (times, clockSeconds() - start)
  }
}

/// The same for work that counts by itself: `turn` gets the seconds that it has.
public func serveTurns(_ turn: (Double) throws -> (times: Int, seconds: Double)) throws {
  print("ready")
  fflush(nil)
  while let line = readLine(), line != "quit" {
    let (times, seconds) = try turn(Double(line.split(separator: " ").last ?? "") ?? 0.25)
    print("\(times) \(seconds)")
    fflush(nil)
  }
}

/// The number behind `name` on the command line, or `standard`.
public func option(_ name: String, _ standard: Int) -> Int {
  let arguments = CommandLine.arguments
  guard let place = arguments.firstIndex(of: name), place + 1 < arguments.count else {
    return standard
  }
  return Int(arguments[place + 1]) ?? standard
}

/// Says how the program is called, and ends it.
public func exitWithUsage(_ usage: String) -> Never {
  print("usage: \(usage)")
  exit(64)
}

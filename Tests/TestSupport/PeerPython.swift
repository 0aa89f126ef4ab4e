import Foundation

/// A Python with the packages of other projects, to check that other programs read what we write.
///
/// It is the program that the environment variable `GROK_PYTHON` names, or else `python3` on the path. Tests
/// say which modules they need, and are skipped where it lacks one:
/// `@Test(.enabled(if: PeerPython.has("numpy"), "\(PeerPython.howToProvide("numpy"))"))`.
public enum PeerPython {
  /// Whether that Python has all of these modules.
  public static func has(_ modules: String...) -> Bool {
    (try? run(["-c", "import " + modules.joined(separator: ", ")])) != nil
  }

  /// What a test that needs these modules says when it is skipped.
  public static func howToProvide(_ modules: String...) -> String {
    "set GROK_PYTHON to a Python with " + modules.joined(separator: ", ")
  }

  /// Runs a script with arguments and gives what it writes to standard output.
  public static func run(_ arguments: [String]) throws -> Data {
    let named = ProcessInfo.processInfo.environment["GROK_PYTHON"]
    return try InstalledProgram.output(
      of: (named.map { [$0] } ?? ["/usr/bin/env", "python3"]) + arguments)
  }
}

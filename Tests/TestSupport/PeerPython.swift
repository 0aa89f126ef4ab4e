import Foundation

/// A Python with NumPy, PyTorch and safetensors, to check that other programs read what we write.
///
/// It is the program that the environment variable `GROK_PYTHON` names, or else `python3` on the path if
/// that can import the three. Tests that need it are skipped where there is none:
/// `@Test(.enabled(if: PeerPython.isFound, "\(PeerPython.howToProvide)"))`.
public enum PeerPython {
  /// Whether there is such a Python here.
  public static var isFound: Bool { command != nil }

  /// What a skipped test says.
  public static let howToProvide =
    "set GROK_PYTHON to a Python with numpy, torch and safetensors"

  /// Runs a script with arguments and gives what it writes to standard output.
  public static func run(_ arguments: [String]) throws -> Data {
    guard let command else { throw InstalledProgram.Failure(description: howToProvide) }
    return try execute(command + arguments)
  }

  private static let command: [String]? = {
    let named = ProcessInfo.processInfo.environment["GROK_PYTHON"]
    let command = named.map { [$0] } ?? ["/usr/bin/env", "python3"]
    let canImport = try? execute(command + ["-c", "import numpy, torch, safetensors"])
    return canImport == nil ? nil : command
  }()

  private static func execute(_ command: [String]) throws -> Data {
    try InstalledProgram.output(of: command)
  }
}

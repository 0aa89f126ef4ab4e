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

  /// Whether that Python has a module that not every one has, such as `tensorboard`.
  public static func has(_ module: String) -> Bool {
    command.map { (try? execute($0 + ["-c", "import \(module)"])) != nil } ?? false
  }

  /// What a test that needs such a module says when it is skipped.
  public static func howToProvide(_ module: String) -> String {
    "\(howToProvide), and with \(module)"
  }

  /// What failed when Python ran.
  public struct Failure: Error, CustomStringConvertible {
    /// The last lines that Python wrote to its standard error.
    public let description: String
  }

  /// Runs a script with arguments and gives what it writes to standard output.
  public static func run(_ arguments: [String]) throws -> Data {
    guard let command else { throw Failure(description: howToProvide) }
    return try execute(command + arguments)
  }

  private static let command: [String]? = {
    let named = ProcessInfo.processInfo.environment["GROK_PYTHON"]
    let command = named.map { [$0] } ?? ["/usr/bin/env", "python3"]
    let canImport = try? execute(command + ["-c", "import numpy, torch, safetensors"])
    return canImport == nil ? nil : command
  }()

  private static func execute(_ command: [String]) throws -> Data {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: command[0])
    process.arguments = Array(command.dropFirst())
    process.environment = ProcessInfo.processInfo.environment.merging(
      ["PYTHONDONTWRITEBYTECODE": "1"]) { $1 }
    let (output, errors) = (Pipe(), Pipe())
    process.standardOutput = output
    process.standardError = errors
    try process.run()
    // Scripts here write little to standard error, so reading one pipe after the other cannot block.
    let data = output.fileHandleForReading.readDataToEndOfFile()
    let message = errors.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
      throw Failure(description: String(decoding: message.suffix(2000), as: UTF8.self))
    }
    return data
  }
}

import Foundation
import GrokTraining
import TestSupport

/// The built program `grokking`, run as a process of its own.
struct ProgramProcess {
  /// The program beside the tests, if it has been built.
  static let path: String? = {
    let tests = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
    let arguments = CommandLine.arguments.map { URL(fileURLWithPath: $0) }
    let bundles = [tests] + arguments.filter { $0.pathExtension == "xctest" }
    return bundles.map { $0.deletingLastPathComponent().appendingPathComponent("grokking").path }
      .first { FileManager.default.isExecutableFile(atPath: $0) }
  }()

  /// What a skipped test says.
  static let howToProvide = "build the product grokking, so that it stands beside the tests"

  private let process = Process()
  private let folder: String

  /// Starts the program in a folder; nothing of the environment is passed on but what is given.
  ///
  /// - Parameter fileLimit: Kilobytes that no file may exceed: the system refuses to write more.
  init(
    _ arguments: [String], in folder: String, environment: [String: String] = [:],
    fileLimit: Int? = nil
  ) throws {
    self.folder = folder
    if let fileLimit {
      process.executableURL = URL(fileURLWithPath: "/bin/sh")
      // The shell counts in blocks of 512 bytes. Without the trap the first refusal would end the program.
      let script = "trap '' XFSZ; ulimit -f \(2 * fileLimit); exec \"$0\" \"$@\""
      process.arguments = ["-c", script, Self.path!] + arguments
    } else {
      process.executableURL = URL(fileURLWithPath: Self.path!)
      process.arguments = arguments
    }
    process.currentDirectoryURL = URL(fileURLWithPath: folder)
    process.environment = environment
    for name in ["output", "errors"] {
      _ = FileManager.default.createFile(atPath: "\(folder)/\(name)", contents: nil)
    }
    process.standardOutput = FileHandle(forWritingAtPath: folder + "/output")
    process.standardError = FileHandle(forWritingAtPath: folder + "/errors")
    try process.run()
  }

  /// The process number.
  var number: Int { Int(process.processIdentifier) }

  var isRunning: Bool { process.isRunning }

  func send(_ signal: Int32) { kill(process.processIdentifier, signal) }

  /// Waits for the end: exit status (or 128 + signal), and what was written.
  func end() -> (status: Int32, output: String, errors: String) {
    process.waitUntilExit()
    let status =
      process.terminationReason == .exit
      ? process.terminationStatus : 128 + process.terminationStatus
    func text(_ name: String) -> String {
      (try? String(contentsOfFile: "\(folder)/\(name)", encoding: .utf8)) ?? ""
    }
    return (status, text("output"), text("errors"))
  }

  /// Runs the program to its end.
  static func run(
    _ arguments: [String], in folder: String, environment: [String: String] = [:],
    fileLimit: Int? = nil
  ) throws -> (status: Int32, output: String, errors: String) {
    try ProgramProcess(arguments, in: folder, environment: environment, fileLimit: fileLimit).end()
  }
}

/// Waits until `condition` holds, at most 20 seconds; whether it did.
func wait(until condition: () -> Bool) -> Bool {
  for _ in 0..<20_000 {
    if condition() { return true }
    usleep(1_000)
  }
  return false
}

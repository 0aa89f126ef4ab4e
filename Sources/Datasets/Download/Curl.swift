internal import Foundation

/// A transfer by the program `curl`.
struct Curl {
  let program: String
  let stallSeconds: Int

  struct Answer {
    /// What went wrong, `nil` if nothing did.
    var problem: String?
    /// The transfer ended too early.
    var brokeOff = false
    /// The server cannot send a file from the middle on.
    var cannotResume = false
  }

  /// Appends to `path` what is missing of a file.
  ///
  /// - Parameter limit: The most bytes that the file may have.
  /// - Parameter tick: Called a few times a second.
  /// - Throws: `DatasetError.noCurl` where the program does not start.
  func run(
    _ address: String, to path: String, limit: Int, tick: () -> Void
  ) throws(DatasetError) -> Answer {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    // Only the web, also behind redirections; -q: no settings of the user that change where things go.
    process.arguments = [
      program, "-q", "--fail", "--location", "--silent", "--show-error",
      "--proto", "=http,https", "--proto-redir", "=http,https", "--max-redirs", "5",
      "--connect-timeout", "\(stallSeconds)", "--speed-limit", "1000",
      "--speed-time", "\(stallSeconds)", "--max-filesize", "\(limit)",
      "--continue-at", "-", "--output", path, address,
    ]
    let errors = Pipe()
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = FileHandle.nullDevice
    process.standardError = errors
    do {
      try process.run()
    } catch {
      throw .noCurl(address: address)
    }
    while process.isRunning {
      tick()
      Thread.sleep(forTimeInterval: 0.05)
    }
    process.waitUntilExit()
    let said =
      String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
      .split(separator: "\n").last.map(String.init) ?? ""
    switch process.terminationStatus {
    case 0: return Answer()
    case 126, 127: throw .noCurl(address: address)
    case 18: return Answer(problem: "broke off", brokeOff: true)
    case 28: return Answer(problem: "nothing came for \(stallSeconds) seconds")
    case 33: return Answer(problem: "cannot go on in the middle", cannotResume: true)
    case 22: return Answer(problem: plain(said), cannotResume: said.contains("416"))
    case 63: return Answer(problem: "has more than \(limit) bytes")
    default:
      // Connections that are reset or end in the middle.
      let brokeOff = [52, 55, 56, 92].contains(process.terminationStatus)
      return Answer(problem: plain(said), brokeOff: brokeOff)
    }
  }

  /// `curl: (22) The requested URL returned error: 404` without its beginning.
  private func plain(_ message: String) -> String {
    let text = message.hasPrefix("curl: (") ? message.drop { $0 != ")" }.dropFirst(2) : message[...]
    return text.isEmpty ? "curl failed" : String(text)
  }
}

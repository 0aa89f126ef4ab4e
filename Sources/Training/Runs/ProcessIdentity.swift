#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Which process this is, in a way that is not fooled by process numbers that are used again.
package struct ProcessIdentity: Sendable, Hashable {
  /// The name of the machine, for people.
  package var host: String
  /// One start of one machine, and the namespace that its process numbers count in; empty where the system
  /// does not say.
  package var boot: String
  /// The process number.
  package var process: Int
  /// When the process started, in ticks since the machine did.
  package var start: Int

  /// This process.
  package static let current: ProcessIdentity = {
    let boot = systemText(of: "/proc/sys/kernel/random/boot_id")?.split(separator: "\n").first
    let processes = linkTarget(of: "/proc/self/ns/pid")
    let number = Int(getpid())
    return ProcessIdentity(
      host: hostName(), boot: boot.map { "\($0) \(processes ?? "")" } ?? "", process: number,
      start: startOfRunning(number) ?? 0)
  }()

  /// Whether the process still runs; `nil` where that cannot be told from here, as of another machine.
  package var isRunning: Bool? {
    let here = ProcessIdentity.current
    guard !boot.isEmpty, boot == here.boot, start > 0, here.start > 0 else { return nil }
    return ProcessIdentity.startOfRunning(process) == start
  }

  /// When a process started, `nil` where it has ended, even if nobody has taken note of its end yet.
  private static func startOfRunning(_ process: Int) -> Int? {
    guard let text = systemText(of: "/proc/\(process)/stat") else { return nil }
    // The name of the program stands in parentheses and may hold anything.
    let fields = text[(text.lastIndex(of: ")") ?? text.startIndex)...].split(separator: " ")
    guard fields.count > 20, !["Z", "X", "x"].contains(fields[1]) else { return nil }
    return Int(fields[20])
  }
}

/// The whole of a file of the system, whose size is not known before it has been read.
package func systemText(of path: String) -> String? {
  let descriptor = open(path, O_RDONLY | O_CLOEXEC)
  guard descriptor >= 0 else { return nil }
  defer { close(descriptor) }
  return readAll(descriptor).map { String(decoding: $0, as: UTF8.self) }
}

/// What is left to read of an open file, `nil` where the system refuses.
func readAll(_ descriptor: Int32) -> [UInt8]? {
  var bytes: [UInt8] = []
  var piece = [UInt8](repeating: 0, count: 4096)
  while true {
    let count = read(descriptor, &piece, piece.count)
    if count < 0 && errno == EINTR { continue }
    if count < 0 { return nil }
    if count == 0 { return bytes }
    bytes += piece[..<count]
  }
}

private func linkTarget(of path: String) -> String? {
  var bytes = [UInt8](repeating: 0, count: 256)
  let count = bytes.withUnsafeMutableBytes {
    readlink(path, $0.baseAddress!.assumingMemoryBound(to: CChar.self), $0.count)
  }
  return count > 0 ? String(decoding: bytes[..<count], as: UTF8.self) : nil
}

private func hostName() -> String {
  var bytes = [CChar](repeating: 0, count: 257)
  guard gethostname(&bytes, bytes.count - 1) == 0 else { return "unknown host" }
  return String(decoding: bytes.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
}

import GrokNumerics

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

extension Owner {
  /// Whether a process works in a folder.
  package enum State: Sendable, Equatable {
    /// Nobody does.
    case free
    /// This one does.
    case held(Holder)
    /// One did, and has ended without giving the folder back.
    case abandoned(Holder)
  }

  /// Who works, or worked, in a folder.
  package struct Holder: Sendable, Equatable {
    /// The process; `nil` where its file says nothing yet.
    package var identity: ProcessIdentity?
    /// When it began, such as `2026-11-22 10:15:00 UTC`.
    package var started: String
    /// Seconds since its last sign of life, where they count: not for a process of this machine.
    package var silence: Double?

    /// Process, machine, beginning and last sign of life, for messages.
    package var text: String {
      guard let identity else { return "a process that has not said its name yet" }
      return "process \(identity.process) on \(identity.host) since \(started)"
        + (silence.map { ", last heard of \(Int($0.rounded())) s ago" } ?? "")
    }
  }

  /// Whether a process works in a folder; looks only.
  ///
  /// - Parameter now: The time by the clock of the folder's file system, where many folders are looked at.
  package static func state(
    of path: String, expiry: Double = Timing.standard.expiry, now: Double? = nil
  ) -> State {
    guard let folder = try? OpenFolder(path) else { return .free }
    return OwnerFile.state(of: OwnerFile.all(in: folder), in: folder, expiry: expiry, now: now)
  }

  /// Now, by the clock of a folder's file system; by this machine's where nothing can be written.
  package static func now(in path: String) -> Double {
    (try? OpenFolder(path))?.now ?? Double(time(nil))
  }
}

/// A file `owner-N.json`.
struct OwnerFile {
  let number: Int
  /// `nil` in a file that has not been written yet.
  var identity: ProcessIdentity?
  var started = ""
  var token = ""
  /// When it was last renewed, by the clock of its file system.
  var renewed = 0.0

  static func name(_ number: Int) -> String { "owner-\(number).json" }

  init(number: Int, identity: ProcessIdentity, started: String, token: String) {
    self.number = number
    self.identity = identity
    self.started = started
    self.token = token
  }

  private init?(_ name: String, in folder: OpenFolder) {
    guard name.hasPrefix("owner-"), name.hasSuffix(".json"),
      let number = Int(name.dropFirst("owner-".count).dropLast(".json".count)), number > 0
    else { return nil }
    self.init(name, number: number, in: folder)
  }

  private init?(_ name: String, number: Int, in folder: OpenFolder) {
    guard let (bytes, attributes) = folder.read(name) else { return nil }
    self.number = number
    renewed = attributes.time
    guard let json = try? JSONValue(parsing: bytes), let host = json["host"]?.string,
      let process = json["process"]?.integer
    else { return }
    identity = ProcessIdentity(
      host: host, boot: json["boot"]?.string ?? "", process: process,
      start: json["processStart"]?.integer ?? 0)
    started = json["started"]?.string ?? ""
    token = json["token"]?.string ?? ""
  }

  var bytes: [UInt8] {
    let object: JSONObject = [
      "host": .string(identity?.host ?? ""), "process": JSONValue(identity?.process ?? 0),
      "started": .string(started), "boot": .string(identity?.boot ?? ""),
      "processStart": JSONValue(identity?.start ?? 0), "token": .string(token),
    ]
    let text = (try? JSONValue.object(object).text(.indented)) ?? ""
    return Array((text + "\n").utf8)
  }

  /// The files of a folder by rising number.
  static func all(in folder: OpenFolder) -> [OwnerFile] {
    folder.names.compactMap { OwnerFile($0, in: folder) }.sorted { $0.number < $1.number }
  }

  /// What processes left that were killed while they made an owner's file, and what others are making now.
  static func unfinished(in folder: OpenFolder) -> [String] {
    folder.names.filter {
      ($0.hasPrefix(".owner-") || $0.hasPrefix(".now-")) && $0.hasSuffix(".partial")
    }
  }

  /// What the newest of some files says.
  static func state(
    of files: [OwnerFile], in folder: OpenFolder, expiry: Double, now: Double? = nil
  ) -> Owner.State {
    guard let newest = files.last else { return .free }
    var holder = Owner.Holder(identity: newest.identity, started: newest.started)
    if let isRunning = newest.identity?.isRunning {
      return isRunning ? .held(holder) : .abandoned(holder)
    }
    let silence = max(0, (now ?? folder.now ?? Double(time(nil))) - newest.renewed)
    holder.silence = silence
    return silence < expiry ? .held(holder) : .abandoned(holder)
  }
}

/// The time, for people: `2026-11-22 10:15:00 UTC`.
func currentTime() -> String {
  var (seconds, parts) = (time(nil), tm())
  gmtime_r(&seconds, &parts)
  func two(_ number: Int32) -> String { number < 10 ? "0\(number)" : "\(number)" }
  return "\(1900 + parts.tm_year)-\(two(parts.tm_mon + 1))-\(two(parts.tm_mday)) "
    + "\(two(parts.tm_hour)):\(two(parts.tm_min)):\(two(parts.tm_sec)) UTC"
}

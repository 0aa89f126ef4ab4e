/// The right of one process to work in a folder.
///
/// A file `owner-1.json` in the folder says which process has it, and a thread renews the file's time as long
/// as the process lives. Who finds a folder whose owner has ended, or has given no sign of life
/// for too long, makes the file of the next number; the file system lets only one do so. No file is ever locked.
///
/// ```swift
/// let owner = try Owner.claim(folder)  // throws where another process is at work
/// try owner.check()                    // before each write
/// owner.release()
/// ```
package final class Owner: Sendable {
  /// How often an owner gives a sign of life, and for how long one counts.
  package struct Timing: Sendable {
    /// Seconds from one sign to the next.
    package var interval: Double
    /// Seconds without a sign after which an owner on another machine counts as dead.
    package var expiry: Double

    /// Every ten seconds, for a minute.
    package static let standard = Timing(interval: 10, expiry: 60)

    /// Times in seconds.
    package init(interval: Double, expiry: Double) {
      self.interval = interval
      self.expiry = expiry
    }
  }

  private let signs: SignsOfLife

  /// Takes a folder that no living process owns.
  ///
  /// - Parameter name: What messages call the folder, where it is to be renamed.
  /// - Parameter identity: Who claims; another than this process only in tests.
  /// - Throws: ``RunError/owned(path:by:)`` with who has it and since when, or what the system says.
  package static func claim(
    _ path: String, calling name: String? = nil, timing: Timing = .standard,
    as identity: ProcessIdentity = .current
  ) throws(RunError) -> Owner {
    let folder = try OpenFolder(path, called: name)
    let token = String(UInt64.random(in: .min ... .max), radix: 36)
    while true {
      let before = OwnerFile.all(in: folder)
      let state = OwnerFile.state(of: before, in: folder, expiry: timing.expiry)
      if case .held(let holder) = state { throw .owned(path: path, by: holder.text) }
      let number = (before.last?.number ?? 0) + 1
      let name = OwnerFile.name(number)
      let file = OwnerFile(number: number, identity: identity, started: currentTime(), token: token)
      guard try folder.create(name, file.bytes, writtenAs: ".owner-\(token).partial") else {
        continue  // another process was faster; see who
      }
      guard let fileNumber = folder.attributes(of: name)?.number else { continue }
      // Somebody may have come, and may even have gone and been followed by somebody else, since the folder
      // was looked at.
      let others = OwnerFile.all(in: folder).filter { other in
        other.number != number && !before.contains { $0.token == other.token }
      }
      if case .held = OwnerFile.state(of: others, in: folder, expiry: timing.expiry) {
        folder.remove(name)
        continue
      }
      for old in before { folder.remove(OwnerFile.name(old.number)) }
      // Whoever is making an owner's file now comes too late, and starts anew.
      for name in OwnerFile.unfinished(in: folder) { folder.remove(name) }
      return Owner(
        try SignsOfLife(of: folder, number: number, fileNumber: fileNumber, timing: timing))
    }
  }

  /// Removes what an owner left that died when its work was done, or before it began.
  package static func removeAbandoned(in path: String) throws(RunError) {
    switch state(of: path) {
    case .held: return
    case .abandoned: break
    case .free: if OwnerFile.unfinished(in: try OpenFolder(path)).isEmpty { return }
    }
    try claim(path).release()
  }

  private init(_ signs: SignsOfLife) { self.signs = signs }

  deinit { release() }

  /// Gives the folder back. The folder may be gone by then.
  package func release() { signs.end() }

  /// To be called before something is written into the folder.
  ///
  /// Costs nothing while signs of life are given in time. A process that stood still looks first whether the
  /// folder is still its own.
  ///
  /// - Throws: ``RunError/superseded(path:)``.
  package func check() throws(RunError) {
    if !signs.areValid { throw .superseded(path: signs.folder.path) }
  }
}

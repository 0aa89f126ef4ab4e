import Foundation
import TestSupport
import Testing

@testable import GrokTraining

@Suite struct OwnerTests {
  /// A process of another machine, whose end cannot be seen from here.
  private let elsewhere = ProcessIdentity(host: "elsewhere", boot: "b", process: 7, start: 9)
  private let fast = Owner.Timing(interval: 0.01, expiry: 0.2)

  private func names(_ folder: String) -> [String] { Folder.names(in: folder) }

  /// What a process leaves that is killed: its file, which nobody renews any more.
  private func leave(_ identity: ProcessIdentity, number: Int = 1, age: Double, in folder: String)
    throws
  {
    let file = OwnerFile(
      number: number, identity: identity, started: "2026-01-02 03:04:05 UTC",
      token: "t\(number)")
    let path = folder + "/owner-\(number).json"
    try Data(file.bytes).write(to: URL(fileURLWithPath: path))
    try FileManager.default.setAttributes(
      [.modificationDate: Date(timeIntervalSinceNow: -age)], ofItemAtPath: path)
  }

  @Test func aFolderHasOneOwnerUntilItIsReleased() throws {
    try withTemporaryFolder { folder in
      #expect(Owner.state(of: folder) == .free)
      let owner = try Owner.claim(folder)
      #expect(names(folder) == ["owner-1.json"])
      try owner.check()
      guard case .held(let holder) = Owner.state(of: folder) else {
        Issue.record("not held")
        return
      }
      #expect(holder.identity == .current && holder.silence == nil)
      let error = #expect(throws: RunError.self) { try Owner.claim(folder) }
      #expect(
        error?.description
          == "\(folder) belongs to process \(getpid()) on \(ProcessIdentity.current.host) since "
          + "\(holder.started); stop it first, or wait for its end")
      owner.release()
      owner.release()
      #expect(names(folder) == [])
      let next = try Owner.claim(folder)
      #expect(names(folder) == ["owner-1.json"])
      next.release()
    }
  }

  @Test func anOwnerThatGoesAwayReleases() throws {
    try withTemporaryFolder { folder in
      do { _ = try Owner.claim(folder) }
      #expect(names(folder) == [])
    }
  }

  @Test func aLivingProcessElsewhereIsBelievedForAMinute() throws {
    try withTemporaryFolder { folder in
      try leave(elsewhere, age: 20, in: folder)
      let error = #expect(throws: RunError.self) { try Owner.claim(folder) }
      #expect(
        error?.description
          == "\(folder) belongs to process 7 on elsewhere since 2026-01-02 03:04:05 UTC, last heard "
          + "of 20 s ago; stop it first, or wait for its end")
      try leave(elsewhere, age: 61, in: folder)
      guard case .abandoned = Owner.state(of: folder) else {
        Issue.record("not abandoned")
        return
      }
      let owner = try Owner.claim(folder)
      #expect(names(folder) == ["owner-2.json"])
      owner.release()
    }
  }

  /// Process numbers are used again; the time of the start tells processes apart.
  @Test func aProcessOfThisMachineThatHasEndedIsSeenAtOnce() throws {
    try withTemporaryFolder { folder in
      var gone = ProcessIdentity.current
      gone.start += 1
      #expect(gone.isRunning == false)
      #expect(ProcessIdentity.current.isRunning == true)
      #expect(elsewhere.isRunning == nil)
      try leave(gone, age: 0, in: folder)
      let owner = try Owner.claim(folder)
      #expect(names(folder) == ["owner-2.json"])
      owner.release()
    }
  }

  @Test func whatADeadOwnerLeftIsRemoved() throws {
    try withTemporaryFolder { folder in
      var gone = ProcessIdentity.current
      gone.start += 1
      try leave(gone, age: 0, in: folder)
      try Owner.removeAbandoned(in: folder)
      #expect(names(folder) == [])
      try leave(elsewhere, age: 0, in: folder)
      try Owner.removeAbandoned(in: folder)
      #expect(names(folder) == ["owner-1.json"])
    }
  }

  @Test func aProcessWhoseEndNobodyTookNoteOfHasEnded() throws {
    var child = pid_t()
    var arguments: [UnsafeMutablePointer<CChar>?] = [strdup("sleep"), strdup("100"), nil]
    defer { for argument in arguments { free(argument) } }
    #expect(posix_spawnp(&child, "sleep", nil, nil, &arguments, environ) == 0)
    let stat = try #require(systemText(of: "/proc/\(child)/stat"))
    let start = try #require(Int(stat.split(separator: ")").last!.split(separator: " ")[19]))
    var identity = ProcessIdentity.current
    (identity.process, identity.start) = (Int(child), start)
    #expect(identity.isRunning == true)
    kill(child, SIGKILL)
    let hasEnded = (0..<2_000).contains { _ in
      usleep(1_000)
      return identity.isRunning == false
    }
    #expect(hasEnded)
    waitpid(child, nil, 0)
    #expect(identity.isRunning == false)
  }

  /// Its maker was killed between making and writing it, on a file system without links.
  @Test func aFileWithoutContentsCountsForAMinute() throws {
    try withTemporaryFolder { folder in
      try Data().write(to: URL(fileURLWithPath: folder + "/owner-3.json"))
      let error = #expect(throws: RunError.self) { try Owner.claim(folder) }
      #expect(
        error?.description
          == "\(folder) belongs to a process that has not said its name yet; stop it first, or wait "
          + "for its end")
      let owner = try Owner.claim(folder, timing: .init(interval: 1, expiry: 0))
      #expect(names(folder) == ["owner-4.json"])
      owner.release()
    }
  }

  @Test func signsOfLifeAreGivenUntilTheEnd() throws {
    try withTemporaryFolder { folder in
      let owner = try Owner.claim(folder, timing: fast, as: elsewhere)
      usleep(600_000)  // three times the expiry
      guard case .held(let holder) = Owner.state(of: folder, expiry: fast.expiry) else {
        Issue.record("not held")
        return
      }
      #expect(try #require(holder.silence) < fast.expiry)
      try owner.check()
      owner.release()
      #expect(names(folder) == [])
    }
  }

  @Test func anOwnerThatWasTakenOverStops() throws {
    try withTemporaryFolder { folder in
      let owner = try Owner.claim(folder, timing: .init(interval: 1_000, expiry: 0), as: elsewhere)
      // It stood still, and another one came.
      let next = try Owner.claim(folder, timing: .init(interval: 1_000, expiry: 0), as: elsewhere)
      #expect(names(folder) == ["owner-2.json"])
      let error = #expect(throws: RunError.self) { try owner.check() }
      #expect(
        error?.description
          == "\(folder) was taken over by another process, since this one gave no sign of life for "
          + "too long; nothing more is written here")
      owner.release()
      #expect(names(folder) == ["owner-2.json"])
      next.release()
      #expect(names(folder) == [])
    }
  }

  @Test func aTakeoverIsNoticedByTheThread() throws {
    try withTemporaryFolder { folder in
      let owner = try Owner.claim(
        folder, timing: .init(interval: 0.01, expiry: 1_000), as: elsewhere)
      try owner.check()
      try leave(elsewhere, number: 2, age: 0, in: folder)
      let wasNoticed = (0..<2_000).contains { _ in
        usleep(1_000)
        return (try? owner.check()) == nil
      }
      #expect(wasNoticed)
    }
  }

  @Test func aFolderMayBeRenamedUnderItsOwner() throws {
    try withTemporaryFolder { folder in
      try Folder.create(folder + "/a")
      let owner = try Owner.claim(folder + "/a", timing: .init(interval: 1_000, expiry: 0))
      #expect(rename(folder + "/a", folder + "/b") == 0)
      usleep(2_000)
      guard case .held = Owner.state(of: folder + "/b") else {
        Issue.record("not held")
        return
      }
      owner.release()
      #expect(names(folder + "/b") == [])
    }
  }

  /// What a process leaves that is killed while it makes its file goes with the next owner, and from a folder
  /// that nobody continues any more.
  @Test(.tags(.resume), arguments: [".owner-x.partial", ".now-x.partial"])
  func unfinishedOwnersAreClearedAway(name: String) throws {
    try withTemporaryFolder { folder in
      let leftover = folder + "/" + name
      #expect(FileManager.default.createFile(atPath: leftover, contents: nil))
      try Owner.claim(folder).release()
      #expect(!FileManager.default.fileExists(atPath: leftover))
      #expect(FileManager.default.createFile(atPath: leftover, contents: nil))
      try Owner.removeAbandoned(in: folder)
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == [])
    }
  }

  /// Of many that find an abandoned folder at once, one gets it.
  @Test(.tags(.law), arguments: 0..<20) func oneOfManyClaimantsWins(round: Int) throws {
    try withTemporaryFolder { folder in
      if round % 2 == 0 { try leave(elsewhere, age: 1_000, in: folder) }
      let owners = Collected<Owner>()
      DispatchQueue.concurrentPerform(iterations: 8) { index in
        var claimant = ProcessIdentity.current
        claimant.host = "claimant \(index)"
        if let owner = try? Owner.claim(folder, as: claimant) { owners.append(owner) }
      }
      #expect(owners.all.count == 1)
      #expect(names(folder) == ["owner-\(round % 2 == 0 ? 2 : 1).json"])
      try owners.all.first?.check()
    }
  }

  @Test func whatTheSystemRefusesIsSaid() throws {
    try withTemporaryFolder { folder in
      let error = #expect(throws: RunError.self) { try Owner.claim(folder + "/none") }
      #expect(
        error?.description == "\(folder)/none: cannot open this folder: No such file or directory")
      #expect(Owner.state(of: folder + "/none") == .free)
    }
  }
}

/// Values that several threads add to.
private final class Collected<Value: Sendable>: @unchecked Sendable {
  private let lock = NSLock()
  private var values: [Value] = []
  func append(_ value: Value) { lock.withLock { values.append(value) } }
  var all: [Value] { lock.withLock { values } }
}

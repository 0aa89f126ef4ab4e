import Foundation
import TestSupport
import Testing

@testable import GrokTraining

/// Run folders appear whole, one to a name, and killed creations leave nothing for long.
@Suite struct ProvisionalFolderTests {
  private func age(_ path: String, by seconds: Double) throws {
    try FileManager.default.setAttributes(
      [.modificationDate: Date(timeIntervalSinceNow: -seconds)], ofItemAtPath: path)
  }

  @Test func nothingIsAtThePlaceBeforeItIsWhole() throws {
    try withTemporaryFolder { folder in
      let provisional = try ProvisionalFolder(for: folder + "/deep/a")
      #expect(Folder.names(in: folder + "/deep").count == 1)
      #expect(provisional.path.hasPrefix(folder + "/deep/.a."))
      #expect(provisional.path.hasSuffix(".partial"))
      try AtomicFile.write("x", to: provisional.path + "/file")
      try provisional.becomeFinal()
      #expect(Folder.names(in: folder + "/deep") == ["a"])
      #expect(Folder.names(in: folder + "/deep/a") == ["file"])
    }
  }

  @Test func placesThatEndInASlashAreTheSame() throws {
    try withTemporaryFolder { folder in
      _ = try Run(directory: folder + "/a/")
      #expect(Folder.names(in: folder) == ["a"])
    }
  }

  /// An empty folder has nothing that could be lost.
  @Test func anEmptyFolderIsFree() throws {
    try withTemporaryFolder { folder in
      try Folder.create(folder + "/a")
      _ = try Run(directory: folder + "/a")
      #expect(Folder.names(in: folder + "/a").contains("run.json"))
    }
  }

  @Test func whatIsAtThePlaceStays() throws {
    try withTemporaryFolder { folder in
      try AtomicFile.write("x", to: folder + "/file")
      #expect(symlink("nowhere", folder + "/link") == 0)
      try Folder.create(folder + "/full")
      try AtomicFile.write("x", to: folder + "/full/mine")
      for name in ["file", "link", "full"] {
        let error = #expect(throws: RunError.self) { try Run(directory: folder + "/" + name) }
        #expect(
          error?.description
            == "\(folder)/\(name) exists already, and a run is never overwritten; give another --out "
            + "or --name")
      }
      #expect(Folder.names(in: folder) == ["file", "full", "link"])
      #expect(Folder.names(in: folder + "/full") == ["mine"])
    }
  }

  /// All of them saw a free name.
  @Test(.tags(.law)) func oneOfManyWithOneNameSucceeds() throws {
    try withTemporaryFolder { folder in
      let folders = try (0..<8).map { index in
        let provisional = try ProvisionalFolder(for: folder + "/a")
        try AtomicFile.write("\(index)", to: provisional.path + "/file")
        return provisional
      }
      let winners = folders.filter { (try? $0.becomeFinal()) != nil }
      #expect(winners.count == 1)
      for other in folders { other.remove() }
      #expect(Folder.names(in: folder) == ["a"])
    }
  }

  @Test func whatKilledMakersLeftIsRemoved() throws {
    try withTemporaryFolder { folder in
      var gone = ProcessIdentity.current
      gone.start += 1
      func leave(_ name: String, _ owner: ProcessIdentity?, _ files: [String]) throws {
        try Folder.create(folder + "/" + name)
        if let owner {
          let file = OwnerFile(number: 1, identity: owner, started: "", token: "t")
          try AtomicFile.write(file.bytes, to: "\(folder)/\(name)/owner-1.json")
        }
        for file in files { try AtomicFile.write("", to: "\(folder)/\(name)/\(file)") }
      }
      try leave(".dead.x.partial", gone, ["metrics.jsonl", "run.json.y.partial"])
      try Folder.create(folder + "/.dead.x.partial/checkpoints")
      try leave(".alive.x.partial", .current, ["metrics.jsonl"])
      try leave(".young.x.partial", nil, [])
      try leave(".old.x.partial", nil, [])
      try age(folder + "/.old.x.partial", by: 100)
      try leave(".mine.partial", gone, ["thesis.tex"])
      try age(folder + "/.mine.partial", by: 100)
      _ = try Run(directory: folder + "/a")
      #expect(
        Folder.names(in: folder) == [".alive.x.partial", ".mine.partial", ".young.x.partial", "a"])
    }
  }

  @Test func aFailedCreationLeavesNothing() throws {
    try withTemporaryFolder { folder in
      #expect(throws: (any Error).self) {
        try Run(creating: folder + "/a", description: [:], files: ["no/folder": ""])
      }
      #expect(Folder.names(in: folder) == [])
    }
  }
}

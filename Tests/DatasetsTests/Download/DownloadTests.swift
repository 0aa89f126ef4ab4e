import Foundation
import GrokDatasets
import Synchronization
import TestSupport
import Testing

private let curl = InstalledProgram("curl", package: "curl")

/// Downloads from a server of this machine that truncates, corrupts, stalls and does not know; see the script.
@Suite(
  .serialized,
  .enabled(
    if: InstalledProgram.python.isFound && curl.isFound,
    "\(InstalledProgram.python.howToProvide); \(curl.howToProvide)"))
struct DownloadTests {
  private let contents = (0..<200_000).map { UInt8(truncatingIfNeeded: $0 * $0 >> 5) }

  /// Runs `body` with a folder, and a function that gives the data set of one file from some of the server's places.
  private func withServer(
    _ body: (
      _ folder: String, _ dataset: ([String]) -> PublishedDataset, _ log: () throws -> [String]
    )
      throws -> Void
  ) throws {
    try withTemporaryFolder { folder in
      let source = folder + "/source"
      try Data(contents).write(to: URL(fileURLWithPath: source))
      let process = Process()
      process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
      process.arguments = ["python3", fixtureURL("download/server.py").path, source]
      let (input, output) = (Pipe(), Pipe())
      process.standardInput = input
      process.standardOutput = output
      try process.run()
      defer {
        try? input.fileHandleForWriting.close()
        process.waitUntilExit()
      }
      let line = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
      let port = try #require(Int(line.trimmingCharacters(in: .whitespacesAndNewlines)))
      let base = "http://127.0.0.1:\(port)"
      try body(
        folder + "/cache",
        { places in
          PublishedDataset(
            name: "set", summary: "",
            files: [
              PublishedFile(
                name: "file", byteCount: contents.count, sha256: SHA256.hexadecimal(of: contents),
                mirrors: places.map { "\(base)/\($0)/file" })
            ])
        },
        {
          String(decoding: try curl.run(["-s", base + "/log"]), as: UTF8.self)
            .split(separator: "\n").map(String.init)
        })
    }
  }

  private func files(_ folder: String) -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: folder + "/set")) ?? []).sorted()
  }

  private func bytes(_ path: String) throws -> [UInt8] {
    Array(try Data(contentsOf: URL(fileURLWithPath: path)))
  }

  @Test(arguments: ["whole", "moved", "truncated", "slow"])
  func aFileComesWhole(place: String) throws {
    try withServer { folder, dataset, log in
      let download = Download(into: folder, stallSeconds: 5)
      let set = dataset([place])
      #expect(!download.has(set.files[0], of: set))
      let counts = Mutex<[Int]>([])
      let found = try download.fetch(set) { progress in
        counts.withLock { $0.append(progress.byteCount) }
      }
      #expect(found == folder + "/set")
      #expect(try bytes(folder + "/set/file") == contents)
      #expect(files(folder) == ["file", "file.lock"])
      #expect(download.has(set.files[0], of: set))
      let seen = counts.withLock { $0 }
      #expect(seen.last == contents.count && seen == seen.sorted())
      if place == "slow" { #expect(Set(seen).count > 3) }
      if place == "truncated" {
        // Each connection goes on where the one before broke off.
        #expect(
          try log() == [
            "/truncated/file all", "/truncated/file bytes=40000-", "/truncated/file bytes=80000-",
            "/truncated/file bytes=120000-", "/truncated/file bytes=160000-",
          ])
      }
      let before = try log().count
      try download.fetch(set)
      #expect(try log().count == before, "what is there is not fetched again")
    }
  }

  @Test func mirrorsAreTriedInTurn() throws {
    try withServer { folder, dataset, log in
      try Download(into: folder, stallSeconds: 1).fetch(
        dataset(["missing", "corrupt", "short", "long", "elsewhere", "stalled", "no-ranges"]))
      #expect(try bytes(folder + "/set/file") == contents)
      #expect(files(folder) == ["file", "file.lock"])
      // The stalled one left 1,000 bytes; the last has no ranges, so all came anew.
      #expect(try log().suffix(2) == ["/no-ranges/file bytes=1000-", "/no-ranges/file all"])
    }
  }

  @Test func nothingPartialIsTakenForWhole() throws {
    try withServer { folder, dataset, _ in
      let download = Download(into: folder, stallSeconds: 1)
      let set = dataset(["truncated-once", "missing", "stalled"])
      let error = #expect(throws: DatasetError.self) { try download.fetch(set) }
      let base = set.files[0].mirrors[0].replacingOccurrences(of: "/truncated-once/file", with: "")
      #expect(
        error?.description
          == "file could not be fetched: \(base)/truncated-once/file: broke off; "
          + "\(base)/missing/file: The requested URL returned error: 404; "
          + "\(base)/stalled/file: nothing came for 1 seconds; try again to go on, or put the file "
          + "into \(folder)/set")
      #expect(files(folder) == ["file.lock", "file.part"])
      #expect(!download.has(set.files[0], of: set))
      // The next goes on where this one ended: 40,000 bytes, and 1,000 more of the stalled one.
      #expect(try bytes(folder + "/set/file.part") == Array(contents.prefix(41_000)))
      try download.fetch(dataset(["whole"]))
      #expect(try bytes(folder + "/set/file") == contents)
    }
  }

  @Test func corruptContentsAreRefusedAndRemoved() throws {
    try withServer { folder, dataset, _ in
      let download = Download(into: folder, stallSeconds: 2)
      let error = #expect(throws: DatasetError.self) { try download.fetch(dataset(["corrupt"])) }
      #expect(error?.description.contains("/corrupt/file: SHA-256 is ") == true)
      #expect(files(folder) == ["file.lock"])
      // A part of something else is thrown away with what came behind it.
      for part in [[UInt8](repeating: 7, count: 50_000), [UInt8](repeating: 7, count: 300_000)] {
        try? FileManager.default.removeItem(atPath: folder + "/set/file")
        try Data(part).write(to: URL(fileURLWithPath: folder + "/set/file.part"))
        try download.fetch(dataset(["whole"]))
        #expect(try bytes(folder + "/set/file") == contents)
      }
    }
  }

  @Test func withoutCurlAMessageSaysSo() throws {
    try withTemporaryFolder { folder in
      let file = PublishedFile(
        name: "a", byteCount: 1, sha256: "", mirrors: ["http://127.0.0.1:9/a"])
      let error = #expect(throws: DatasetError.self) {
        try Download(into: folder, program: "no-such-curl").fetch(
          PublishedDataset(name: "set", summary: "", files: [file]))
      }
      #expect(
        error?.description
          == "curl does not start; install it (Debian: apt install curl), or fetch "
          + "http://127.0.0.1:9/a by hand")
    }
  }

  @Test func datasetsByName() throws {
    #expect(try PublishedDataset.named("kmnist").files.count == 4)
    for dataset in PublishedDataset.all {
      for file in dataset.files {
        #expect(file.sha256.count == 64 && file.sha256.allSatisfy(\.isHexDigit))
        #expect(file.byteCount > 4_000 && !file.mirrors.isEmpty)
      }
    }
    let error = #expect(throws: DatasetError.self) { try PublishedDataset.named("knmist") }
    #expect(
      error?.description
        == "no data set 'knmist' can be fetched; did you mean 'kmnist' or 'emnist'?")
  }
}

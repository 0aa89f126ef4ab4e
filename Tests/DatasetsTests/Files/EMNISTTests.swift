import Foundation
import TestSupport
import Testing

@testable import GrokDatasets
@testable import GrokNumerics

@Suite struct EMNISTTests {
  @Test(.tags(.law), arguments: EMNIST.Split.allCases)
  func everySplitIsReadFromTheZipAsPublished(split: EMNIST.Split) throws {
    try withTemporaryFolder { folder in
      try AtomicFile.write(zip(split), to: folder + "/gzip.zip")
      let data = try EMNIST(split, in: ["/nowhere", folder], trainCount: 3)
      #expect(data.source == folder + "/gzip.zip")
      #expect((data.train.count, data.test.count) == (3, 4))
      #expect(data.train.classCount == split.classCount)
      // The labels of letters begin with 1 in the file.
      #expect(data.train.labels == [0, 1, 2])
      #expect(data.digests.count == 4)
      let name = "emnist-\(split.rawValue)-test-labels-idx1-ubyte"
      #expect(data.digests[name] == SHA256.hexadecimal(of: labels(4, of: split)))
    }
  }

  @Test(.tags(.law)) func everySplitHasTheClassesOfThePaper() {
    let counts = EMNIST.Split.allCases.map(\.classCount)
    #expect(counts == [62, 47, 47, 26, 10, 10])
    for split in EMNIST.Split.allCases {
      #expect(Set(split.characters).count == split.classCount)
    }
    // The last line of emnist-balanced-mapping.txt: 46 is the character 116.
    #expect(EMNIST.Split.balanced.characters[46] == Character(UnicodeScalar(116)))
    #expect(EMNIST.Split.balanced.characters[36] == "a")
  }

  @Test(.tags(.law)) func picturesAreUprightUnlessTheTranspositionIsKept() throws {
    try withTemporaryFolder { folder in
      try write(.digits, to: folder + "/emnist", isCompressed: true)
      let upright = try pixels(EMNIST.load(.test, of: .digits, in: [folder]).examples)
      let kept = try pixels(
        EMNIST.load(.test, of: .digits, in: [folder], transposition: .kept).examples)
      for example in 0..<4 {
        for row in 0..<28 {
          for column in 0..<28 {
            let stored = Float((example * 784 + row * 28 + column) * 7 % 256) / 255
            #expect(kept[example, row * 28 + column] == stored)
            #expect(upright[example, column * 28 + row] == stored)
          }
        }
      }
    }
  }

  @Test func looksInTheFoldersWhereTheFilesLieOnceUnpacked() throws {
    try withTemporaryFolder { folder in
      let places = [
        "a", "b/gzip", "c/emnist", "d/EMNIST/raw", "e/EMNIST/raw/gzip", "f/emnist/gzip",
      ]
      for (index, place) in places.enumerated() {
        try write(.letters, to: "\(folder)/\(place)", isCompressed: index % 2 == 0)
        let root = "\(folder)/\(place.prefix(1))"
        let data = try EMNIST(.letters, in: [root])
        #expect(data.source == "\(folder)/\(place)")
        #expect(data.test.labels == [0, 1, 2, 3])
      }
      try FileManager.default.createDirectory(
        atPath: folder + "/g/emnist", withIntermediateDirectories: true)
      try AtomicFile.write(zip(.digits), to: folder + "/g/emnist/emnist.zip")
      #expect(
        try EMNIST(.digits, in: [folder + "/g"]).source == folder + "/g/emnist/emnist.zip")
    }
  }

  @Test func messagesSayWhatIsWrongAndWhatToDo() throws {
    try withTemporaryFolder { folder in
      func message(_ body: () throws -> Void) -> String? {
        #expect(throws: DatasetError.self) { try body() }?.description
      }
      func load(_ split: EMNIST.Split = .letters, count: Int? = nil) throws {
        _ = try EMNIST(split, in: [folder], trainCount: count)
      }
      #expect(
        message { try load(.balanced) }
          == "EMNIST balanced was not found: no emnist-balanced-train-images-idx3-ubyte[.gz] and no "
          + "gzip.zip in \(folder)/emnist, \(folder)/EMNIST/raw, \(folder); give the folder that has "
          + "its files, or name it in GROK_DATA_DIR")
      try AtomicFile.write(zip(.letters), to: folder + "/gzip.zip")
      #expect(
        message { try load(count: 6) }
          == "the number of examples of EMNIST letters for train is 6; expected at most 5")
      try write(.letters, to: folder, isCompressed: false)
      let prefix = folder + "/emnist-letters-train"
      try AtomicFile.write(
        idx(0x08, [5], [1, 2, 27, 3, 4]), to: prefix + "-labels-idx1-ubyte")
      #expect(
        message { try load() }
          == "label 26 of example 2 is not in 0..<26; "
          + "raise the number of classes or renumber the labels")
      try AtomicFile.write(
        idx(0x08, [4], [1, 2, 3, 4]), to: prefix + "-labels-idx1-ubyte")
      #expect(
        message { try load() }
          == "\(prefix)-labels-idx1-ubyte: expected uint8 labels [5], found uint8 [4]")
      try FileManager.default.removeItem(atPath: prefix + "-labels-idx1-ubyte")
      #expect(
        message { try load() }
          == "\(folder) has only some files of EMNIST letters: "
          + "emnist-letters-train-labels-idx1-ubyte[.gz] is missing")
      try AtomicFile.write([80, 75, 3, 4], to: folder + "/gzip.zip")
      #expect(
        message { try load(.digits) }
          == "\(folder)/gzip.zip, byte 4: expected the end record of a zip file, found none")
    }
  }

  @Test(.timeLimit(.minutes(5))) func damagedZipsGiveExamplesOrAnError() throws {
    let original = try zip(.letters, trainCount: 2)
    var mutator = FileMutator(seed: 11)
    var readCount = 0
    try withTemporaryFolder { folder in
      let path = folder + "/gzip.zip"
      for _ in 0..<400 {
        try AtomicFile.write(mutator.mutated(original), to: path)
        do {
          let data = try EMNIST(.letters, in: [folder])
          #expect(data.train.count == data.train.inputs.exampleCount)
          readCount += 1
        } catch let error as DatasetError {
          #expect(!error.description.contains("\n"))
        }
      }
    }
    #expect(readCount > 0 && readCount < 400, "\(readCount) were read")
  }

  // MARK: Files of our own

  private func pixels(_ examples: LabeledExamples) throws -> Matrix<Float> {
    guard case .features(let pictures) = examples.inputs else {
      throw DatasetError.invalidSetting(name: "inputs", value: "tokens", expected: "features")
    }
    return pictures
  }

  private func images(_ count: Int) -> [UInt8] {
    idx(0x08, [count, 28, 28], (0..<count * 784).map { UInt8($0 * 7 % 256) })
  }

  private func labels(_ count: Int, of split: EMNIST.Split) -> [UInt8] {
    idx(0x08, [count], (0..<count).map { UInt8($0 + (split == .letters ? 1 : 0)) })
  }

  private func files(_ split: EMNIST.Split, trainCount: Int = 5) -> [(String, [UInt8])] {
    let prefix = "emnist-\(split.rawValue)"
    return [
      ("\(prefix)-train-images-idx3-ubyte", images(trainCount)),
      ("\(prefix)-train-labels-idx1-ubyte", labels(trainCount, of: split)),
      ("\(prefix)-test-images-idx3-ubyte", images(4)),
      ("\(prefix)-test-labels-idx1-ubyte", labels(4, of: split)),
    ]
  }

  /// A zip as the published one: gzip files in a folder `gzip`, beside a list of classes.
  private func zip(_ split: EMNIST.Split, trainCount: Int = 5) throws -> [UInt8] {
    var writer = ZipWriter()
    var bytes: [UInt8] = []
    func add(_ name: String, _ contents: [UInt8]) throws {
      let member = try writer.member("gzip/\(name)", contents, isDeflated: true)
      bytes += member.header + member.data
    }
    try add("", [])  // the folder itself
    try add("emnist-\(split.rawValue)-mapping.txt", Array("0 48\n".utf8))
    for (name, contents) in files(split, trainCount: trainCount) {
      try add(name + ".gz", deflated(contents, format: .gzip))
    }
    return bytes + writer.directory()
  }

  private func write(_ split: EMNIST.Split, to folder: String, isCompressed: Bool) throws {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    for (name, contents) in files(split) {
      if isCompressed {
        try AtomicFile.write(deflated(contents, format: .gzip), to: "\(folder)/\(name).gz")
      } else {
        try AtomicFile.write(contents, to: "\(folder)/\(name)")
      }
    }
  }
}

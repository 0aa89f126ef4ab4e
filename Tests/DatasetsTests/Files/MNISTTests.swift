import Foundation
import TestSupport
import Testing

@testable import GrokDatasets

@Suite struct MNISTTests {
  // MARK: The real files

  @Test(.enabled(if: DataFolder.path != nil, "\(DataFolder.howToProvide)"), .tags(.golden))
  func theRealFilesAreThePublishedOnes() throws {
    let folder = try #require(DataFolder.path)
    let data = try MNIST(in: ["/nowhere", folder], trainCount: 20)
    #expect(data.digests == MNIST.publishedDigests)
    #expect(data.folder == folder + "/mnist")
    #expect((data.train.count, data.test.count) == (20, 10_000))
    // The first labels of both files, as every tutorial shows them.
    #expect(data.train.labels == [5, 0, 4, 1, 9, 2, 1, 3, 1, 4, 3, 5, 3, 6, 1, 7, 2, 8, 6, 9])
    #expect(data.test.labels.prefix(10) == [7, 2, 1, 0, 4, 1, 4, 9, 5, 9])
    guard case .features(let pictures) = data.train.inputs else {
      Issue.record("pictures are features")
      return
    }
    #expect((pictures.rowCount, pictures.columnCount) == (20, 784))
    // Row 5 of the first picture, the top stroke of a five.
    let stroke: [Float] = [3, 18, 18, 18, 126, 136, 175, 26, 166, 255, 247, 127]
    #expect((0..<12).map { pictures[0, 5 * 28 + 12 + $0] } == stroke.map { $0 / 255 })
    #expect(pictures[0, 0] == 0)
  }

  @Test(.enabled(if: DataFolder.path != nil, "\(DataFolder.howToProvide)"), .tags(.golden))
  func wholeSplitsHaveTheKnownSizeMeanAndSpread() throws {
    let folder = try #require(DataFolder.path)
    let train = try MNIST.load(.train, in: [folder])
    #expect(train.examples.count == 60_000)
    #expect(train.digests.count == 2)
    let test = try MNIST.load(.test, in: [folder])
    guard case .features(let pictures) = test.examples.inputs else {
      Issue.record("pictures are features")
      return
    }
    var (sum, sumOfSquares) = (0.0, 0.0)
    for pixel in pictures.values {
      sum += Double(pixel)
      sumOfSquares += Double(pixel) * Double(pixel)
    }
    // As NumPy computes them from the same file.
    let mean = sum / Double(pictures.values.count)
    let spread = (sumOfSquares / Double(pictures.values.count) - mean * mean).squareRoot()
    #expect(abs(mean - 0.13251460584) < 1e-8)
    #expect(abs(spread - 0.31048024793) < 1e-8)
  }

  // MARK: Files of our own

  @Test func loadsFilesOfTheFamilyWhoseContentsAreAccepted() throws {
    try withTemporaryFolder { folder in
      try write(to: folder + "/fashion-mnist", isCompressed: true)
      let data = try MNIST(
        .fashion, in: [folder], trainCount: 3, acceptsUnknownContents: true)
      #expect((data.train.count, data.test.count) == (3, 4))
      #expect(data.train.labels == [0, 1, 2])
      #expect(data.folder == folder + "/fashion-mnist")
      #expect(data.digests["t10k-labels-idx1-ubyte"] == SHA256.hexadecimal(of: labels(4)))
      guard case .features(let pictures) = data.train.inputs else {
        Issue.record("pictures are features")
        return
      }
      for pixel in 0..<784 { #expect(pictures[2, pixel] == Float((2 * 784 + pixel) % 256) / 255) }
    }
  }

  @Test func looksInTheFoldersInOrderAndInTheirSubfolders() throws {
    try withTemporaryFolder { folder in
      for (name, count) in [("a", 5), ("b/mnist", 6), ("c/MNIST/raw", 7)] {
        try write(to: "\(folder)/\(name)", trainCount: count, isCompressed: name == "a")
      }
      func count(_ names: [String]) throws -> Int {
        let folders = names.map { "\(folder)/\($0)" }
        return try MNIST.load(.train, in: folders, acceptsUnknownContents: true).examples.count
      }
      #expect(try count(["a", "b"]) == 5)
      #expect(try count(["none", "b", "a"]) == 6)
      #expect(try count(["b/"]) == 6)
      #expect(try count(["c"]) == 7)
    }
  }

  @Test func messagesSayWhatIsWrongAndWhatToDo() throws {
    try withTemporaryFolder { folder in
      func message(_ body: () throws -> Void) -> String? {
        #expect(throws: DatasetError.self) { try body() }?.description
      }
      func load(
        _ variant: MNIST.Variant = .digits, count: Int? = nil, accepting: Bool = true
      ) throws {
        _ = try MNIST(
          variant, in: [folder], trainCount: count, acceptsUnknownContents: accepting)
      }
      #expect(
        message { _ = try MNIST(in: []) }
          == "MNIST was not found: no train-images-idx3-ubyte[.gz] in any folder, as none was "
          + "given; give the folder that has its files, or name it in GROK_DATA_DIR")
      #expect(
        message { try load() }
          == "MNIST was not found: no train-images-idx3-ubyte[.gz] in \(folder)/mnist, "
          + "\(folder)/MNIST/raw, \(folder); give the folder that has its files, or name it in "
          + "GROK_DATA_DIR")

      try write(to: folder)
      let digest = SHA256.hexadecimal(of: images(5))
      #expect(
        message { try load(accepting: false) }
          == "\(folder)/train-images-idx3-ubyte: SHA-256 of the unpacked contents is \(digest); "
          + "the published file has "
          + "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db; "
          + "accept unknown contents to use it all the same")
      #expect(
        message { try load(.kuzushiji, accepting: false) }
          == "\(folder)/train-images-idx3-ubyte: SHA-256 of the unpacked contents is \(digest); "
          + "no published one is known; accept unknown contents to use it all the same")
      #expect(
        message { try load(count: 6) }
          == "the number of examples of MNIST for train is 6; expected at most 5")

      try AtomicFile.write(
        idx(0x08, [5, 27, 29], [UInt8](repeating: 0, count: 5 * 27 * 29)),
        to: folder + "/train-images-idx3-ubyte")
      #expect(
        message { try load() }
          == "\(folder)/train-images-idx3-ubyte: expected uint8 pictures [n, 28, 28], "
          + "found uint8 [5, 27, 29]")
      try AtomicFile.write(images(4), to: folder + "/train-images-idx3-ubyte")
      #expect(
        message { try load() }
          == "\(folder)/train-labels-idx1-ubyte: expected uint8 labels [4], found uint8 [5]")
      try AtomicFile.write(
        idx(0x08, [4], [0, 1, 10, 3]), to: folder + "/train-labels-idx1-ubyte")
      #expect(
        message { try load() }
          == "label 10 of example 2 is not in 0..<10; "
          + "raise the number of classes or renumber the labels")
      try AtomicFile.write([0, 0, 8], to: folder + "/train-labels-idx1-ubyte")
      #expect(
        message { try load() }
          == "\(folder)/train-labels-idx1-ubyte, byte 3: expected an IDX header of 4 bytes, "
          + "found the end")

      try FileManager.default.removeItem(atPath: folder + "/t10k-labels-idx1-ubyte")
      #expect(
        message { try load() }
          == "\(folder) has only some files of MNIST: t10k-labels-idx1-ubyte[.gz] is missing")
    }
  }

  @Test(.enabled(if: DataFolder.path != nil, "\(DataFolder.howToProvide)"))
  func theDigitsAreNotTakenForAnotherVariant() throws {
    let folder = try #require(DataFolder.path) + "/mnist"
    let error = #expect(throws: DatasetError.self) {
      try MNIST.load(.test, of: .fashion, in: [folder], acceptsUnknownContents: true)
    }
    #expect(
      error?.description
        == "\(folder)/t10k-images-idx3-ubyte.gz: expected a file of Fashion-MNIST, "
        + "found the one of MNIST")
  }

  private func images(_ count: Int) -> [UInt8] {
    idx(0x08, [count, 28, 28], (0..<count * 784).map { UInt8($0 % 256) })
  }

  private func labels(_ count: Int) -> [UInt8] {
    idx(0x08, [count], (0..<count).map { UInt8($0 % 10) })
  }

  private func write(
    to folder: String, trainCount: Int = 5, isCompressed: Bool = false
  ) throws {
    try FileManager.default.createDirectory(
      atPath: folder, withIntermediateDirectories: true)
    let files = [
      ("train-images-idx3-ubyte", images(trainCount)),
      ("train-labels-idx1-ubyte", labels(trainCount)),
      ("t10k-images-idx3-ubyte", images(4)), ("t10k-labels-idx1-ubyte", labels(4)),
    ]
    for (name, bytes) in files {
      if isCompressed {
        try AtomicFile.write(deflated(bytes, format: .gzip), to: "\(folder)/\(name).gz")
      } else {
        try AtomicFile.write(bytes, to: "\(folder)/\(name)")
      }
    }
  }
}

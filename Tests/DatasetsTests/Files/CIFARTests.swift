import Foundation
import GrokDatasets
import TestSupport
import Testing

@Suite struct CIFARTests {
  /// A record: labels, then pixels that tell the record and the place.
  private func record(_ labels: [UInt8], _ number: Int) -> [UInt8] {
    labels + (0..<3072).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ number) }
  }

  private func write(_ files: [String: [UInt8]], to folder: String) throws {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    for (name, bytes) in files {
      try Data(bytes).write(to: URL(fileURLWithPath: "\(folder)/\(name)"))
    }
  }

  /// Three training files and the test file of CIFAR-10.
  private var ten: [String: [UInt8]] {
    [
      "data_batch_1.bin": record([3], 1) + record([9], 2), "data_batch_2.bin": record([0], 3),
      "data_batch_3.bin": record([5], 4), "test_batch.bin": record([1], 5) + record([2], 6),
    ]
  }

  private func pixels(_ examples: LabeledExamples) throws -> Matrix<Float> {
    guard case .features(let pixels) = examples.inputs else { throw CocoaError(.coderInvalidValue) }
    return pixels
  }

  @Test func foldersAreReadInTheOrderOfTheNames() throws {
    try withTemporaryFolder { folder in
      try write(ten, to: folder + "/cifar-10-batches-bin")
      let data = try CIFAR(.ten, in: ["/nowhere", folder])
      #expect(data.train.labels == [3, 9, 0, 5])
      #expect(data.test.labels == [1, 2])
      #expect(data.train.classCount == 10)
      let found = try pixels(data.train)
      #expect((found.rowCount, found.columnCount) == (4, 3072))
      #expect(found[2, 100] == Float(UInt8(truncatingIfNeeded: 703)) / 255)
      #expect(data.digests.count == 4)
      #expect(
        data.digests["data_batch_2.bin"] == SHA256.hexadecimal(of: ten["data_batch_2.bin"]!))
      let few = try CIFAR(.ten, in: [folder], trainCount: 3, testCount: 1)
      #expect(few.train == data.train.prefix(3))
      #expect(few.test == data.test.prefix(1))
      #expect(few.digests == data.digests)
    }
  }

  static let tar = InstalledProgram("tar", package: "tar")

  /// Files stand in archives in any order.
  @Test(.enabled(if: tar.isFound, "\(tar.howToProvide)")) func archivesGiveTheSame() throws {
    try withTemporaryFolder { folder in
      try write(ten, to: folder + "/cifar-10-batches-bin")
      let expected = try CIFAR(.ten, in: [folder])
      _ = try Self.tar.run(
        ["-czf", folder + "/cifar-10-binary.tar.gz", "-C", folder]
          + ["data_batch_3", "test_batch", "data_batch_1", "data_batch_2"].map {
            "cifar-10-batches-bin/\($0).bin"
          })
      try FileManager.default.removeItem(atPath: folder + "/cifar-10-batches-bin")
      let found = try CIFAR(.ten, in: [folder])
      #expect(found.source == folder + "/cifar-10-binary.tar.gz")
      #expect((found.train, found.test) == (expected.train, expected.test))
      #expect(found.digests == expected.digests)
    }
  }

  @Test func aHundredClassesOrTwenty() throws {
    try withTemporaryFolder { folder in
      try write(
        ["train.bin": record([4, 77], 1), "test.bin": record([19, 99], 2)],
        to: folder + "/cifar100")
      let fine = try CIFAR(.hundred, in: [folder])
      let coarse = try CIFAR(.hundredCoarse, in: [folder])
      #expect((fine.train.labels, fine.test.labels, fine.train.classCount) == ([77], [99], 100))
      #expect((coarse.train.labels, coarse.test.labels, coarse.train.classCount) == ([4], [19], 20))
      #expect(fine.train.inputs == coarse.train.inputs)
    }
  }

  @Test func messages() throws {
    try withTemporaryFolder { folder in
      func refuses(_ files: [String: [UInt8]], count: Int? = nil, _ message: String) throws {
        let place = folder + "/cifar10"
        try? FileManager.default.removeItem(atPath: place)
        try write(files, to: place)
        let error = #expect(throws: DatasetError.self) {
          try CIFAR(.ten, in: [folder], trainCount: count)
        }
        #expect(
          error?.description.replacingOccurrences(of: folder, with: "FOLDER") == message)
      }
      try refuses(
        ["test_batch.bin": record([1], 1)],
        "FOLDER/cifar10 has only some files of CIFAR-10: data_batch_1.bin[.gz] is missing")
      try refuses(
        ["test_batch.bin": record([1], 1), "data_batch_1.bin": [1, 2, 3]],
        "FOLDER/cifar10/data_batch_1.bin, byte 0: expected 1 to 50000 records of 3073 bytes in "
          + "'data_batch_1.bin', found 3 bytes")
      try refuses(
        ["test_batch.bin": record([1], 1), "data_batch_1.bin": record([10], 1)],
        "label 10 of example 0 is not in 0..<10; raise the number of classes or renumber the labels"
      )
      try refuses(
        ten, count: 5,
        "the number of examples of CIFAR-10 for train is 5; expected at most 4")
      try refuses(
        ["cifar-10-binary.tar.gz": [1, 2, 3]],
        "FOLDER/cifar10/cifar-10-binary.tar.gz, byte 3: expected the end mark of a tar archive, "
          + "found the end")
    }
    let error = #expect(throws: DatasetError.self) { try CIFAR(.hundred, in: ["/a"]) }
    #expect(
      error?.description
        == "CIFAR-100 was not found: no cifar-100-binary.tar.gz and no train.bin in /a, /a/cifar100, "
        + "/a/cifar-100-binary, /a/cifar100/cifar-100-binary, /a/cifar100-jpeg; give the folder that "
        + "has its files, or name it in GROK_DATA_DIR")
  }

  /// Real pictures, if they went through JPEG once.
  @Test(.enabled(if: DataFolder.path != nil, "\(DataFolder.howToProvide)"))
  func realPictures() throws {
    let data = try CIFAR(.ten, in: [#require(DataFolder.path)])
    #expect((data.train.count, data.test.count) == (5000, 1000))
    for examples in [data.train, data.test] {
      var counts = [Int](repeating: 0, count: 10)
      for label in examples.labels { counts[Int(label)] += 1 }
      #expect(counts.allSatisfy { $0 > examples.count / 20 })
    }
    // The channels have about the published means and deviations.
    let normal = try pixels(data.train.normalized(byChannel: PixelNormalization.cifar10))
    for channel in 0..<3 {
      var (sum, squares) = (0.0, 0.0)
      for row in 0..<normal.rowCount {
        for column in channel * 1024..<(channel + 1) * 1024 {
          let value = Double(normal[row, column])
          (sum, squares) = (sum + value, squares + value * value)
        }
      }
      let count = Double(normal.rowCount * 1024)
      #expect(abs(sum / count) < 0.05)
      #expect(abs(squares / count - 1) < 0.1)
    }
  }
}

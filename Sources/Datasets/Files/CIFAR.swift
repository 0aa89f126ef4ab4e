/// The small color pictures of CIFAR-10 and CIFAR-100, from their binary version.
///
/// ```swift
/// let data = try CIFAR(.ten, in: ["data"], trainCount: 5000)  // the first 5000
/// ```
///
/// - Shapes: features are `[n, 3072]`: the 32 × 32 pixels of red, row by row, then green, then blue, each divided by
///   255; labels are in `0..<classCount`.
/// - Source: Krizhevsky, *Learning Multiple Layers of Features from Tiny Images* (2009);
///   https://www.cs.toronto.edu/~kriz/cifar.html.
public struct CIFAR: Sendable, Equatable {
  /// The examples to train on, in the order of the files.
  public let train: LabeledExamples
  /// The examples to test with, in the order of the file.
  public let test: LabeledExamples
  /// SHA-256 of each file of pictures, unpacked, by its published name; for the record of a run.
  public let digests: [String: String]
  /// The archive or folder that the files were found in.
  public let source: String

  /// Which data set, with which labels.
  public enum Variant: String, Sendable, CaseIterable {
    /// CIFAR-10: 50,000 and 10,000 pictures of 10 classes.
    case ten = "cifar10"
    /// CIFAR-100: 50,000 and 10,000 pictures of 100 classes.
    case hundred = "cifar100"
    /// The same pictures in 20 classes of five each.
    case hundredCoarse = "cifar100-coarse"

    /// The number of classes.
    public var classCount: Int {
      switch self {
      case .ten: 10
      case .hundred: 100
      case .hundredCoarse: 20
      }
    }
  }

  /// Loads both halves from the first of `folders` that has them.
  ///
  /// In each folder, and in the subfolders `cifar10` and `cifar-10-batches-bin` (`cifar100`, `cifar-100-binary`), the
  /// published archive (`cifar-10-binary.tar.gz`) is looked for first, then its files as such. Of CIFAR-10's five
  /// training files, those that are there are read from the first on, at least one.
  ///
  /// - Parameter trainCount: The number of examples from the start of the files; all if nil.
  /// - Parameter testCount: The same for testing.
  /// - Throws: `DatasetError.notFound`, `.incomplete`, `.unreadable`, `.invalidSetting`, `.labelOutOfRange`.
  public init(
    _ variant: Variant, in folders: [String], trainCount: Int? = nil, testCount: Int? = nil
  ) throws(DatasetError) {
    let place = try CIFARPlace(variant, in: folders)
    let layout = CIFARLayout(variant)
    // Archives keep files in any order; examples are counted in that of the names.
    var files: [String: [UInt8]] = [:]
    var digests: [String: SHA256] = [:]
    try place.read { name, piece throws(ArchiveError) in
      digests[name, default: SHA256()].update(piece)
      let wanted = (name == variant.testFile ? testCount : trainCount) ?? Int.max
      let count = min(layout.byteCount(of: wanted) - files[name, default: []].count, piece.count)
      files[name, default: []].append(contentsOf: piece.prefix(max(0, count)))
    }
    let present = variant.trainFiles.prefix { files[$0] != nil }
    guard !present.isEmpty, let testFile = files[variant.testFile] else {
      let missing = [variant.trainFiles[0], variant.testFile].filter { files[$0] == nil }
      throw .incomplete(dataset: variant.title, folder: place.path, missing: missing)
    }
    train = try layout.examples(present.map { files[$0] ?? [] }, half: "train", count: trainCount)
    test = try layout.examples([testFile], half: "test", count: testCount)
    self.digests = digests.filter { present.contains($0.key) || $0.key == variant.testFile }
      .mapValues(\.hexadecimal)
    source = place.path
  }
}

// MARK: - Names

extension CIFAR.Variant {
  var title: String { self == .ten ? "CIFAR-10" : "CIFAR-100" }

  var archive: String { self == .ten ? "cifar-10-binary.tar.gz" : "cifar-100-binary.tar.gz" }

  var subfolders: [String] {
    self == .ten
      ? ["cifar10", "cifar-10-batches-bin", "cifar10/cifar-10-batches-bin"]
      : ["cifar100", "cifar-100-binary", "cifar100/cifar-100-binary"]
  }

  /// The training files in their order.
  var trainFiles: [String] {
    self == .ten ? (1...5).map { "data_batch_\($0).bin" } : ["train.bin"]
  }

  var testFile: String { self == .ten ? "test_batch.bin" : "test.bin" }

}

// MARK: - Records

/// How the files hold pictures: a record each, of labels and pixels.
private struct CIFARLayout {
  static let pixelCount = 3 * 32 * 32

  let variant: CIFAR.Variant
  /// The number of label bytes before the pixels.
  let labelCount: Int
  /// Which of them is the label; CIFAR-100 has the coarse one first.
  let labelIndex: Int

  init(_ variant: CIFAR.Variant) {
    self.variant = variant
    labelCount = variant == .ten ? 1 : 2
    labelIndex = variant == .hundred ? 1 : 0
  }

  var recordCount: Int { labelCount + Self.pixelCount }

  /// The bytes of so many pictures; no file has more than `Int.max`.
  func byteCount(of count: Int) -> Int {
    let product = count.multipliedReportingOverflow(by: recordCount)
    return product.overflow ? Int.max : product.partialValue
  }

  /// The first `count` pictures of files of whole records, one after the other.
  func examples(
    _ files: [[UInt8]], half: String, count: Int?
  ) throws(DatasetError) -> LabeledExamples {
    let available = files.reduce(0) { $0 + $1.count / recordCount }
    let count = count ?? available
    guard count >= 0, count <= available else {
      throw .invalidSetting(
        name: "the number of examples of \(variant.title) for \(half)", value: "\(count)",
        expected: "at most \(available)")
    }
    let scale = (0...255).map { Float($0) / 255 }
    var pixels = Matrix<Float>(rowCount: count, columnCount: Self.pixelCount)
    var labels: [Int32] = []
    for file in files {
      for start in stride(from: 0, to: file.count, by: recordCount) where labels.count < count {
        let row = labels.count
        labels.append(Int32(file[start + labelIndex]))
        pixels.withUnsafeMutableBufferPointer { pixels in
          let first = start + labelCount
          for index in 0..<Self.pixelCount {
            pixels[row * Self.pixelCount + index] = scale[Int(file[first + index])]
          }
        }
      }
    }
    return try LabeledExamples(
      inputs: .features(pixels), labels: labels, classCount: variant.classCount)
  }

  /// Refuses files that hold no whole records, or more than were published.
  func check(_ member: TarMember, of path: String) throws(ArchiveError) {
    guard member.count > 0, member.count % recordCount == 0,
      member.count <= 50_000 * recordCount
    else {
      throw .malformed(
        path: path, byteOffset: 0,
        expected: "1 to 50000 records of \(recordCount) bytes in '\(member.name)'",
        found: "\(member.count) bytes")
    }
  }
}

// MARK: - Files

/// The archive, or the folder with its files.
private struct CIFARPlace {
  let variant: CIFAR.Variant
  let path: String
  private let isArchive: Bool
  /// The files to read.
  private let names: [String]

  init(_ variant: CIFAR.Variant, in folders: [String]) throws(DatasetError) {
    let bases = folders.flatMap { folder in
      // Converted pictures are told apart by the name of their folder.
      [folder] + (variant.subfolders + ["\(variant.subfolders[0])-jpeg"]).map { joined(folder, $0) }
    }
    for base in bases {
      let archive = joined(base, variant.archive)
      if ByteSource.exists(archive) {
        self.init(variant, archive, isArchive: true, names: variant.trainFiles + [variant.testFile])
        return
      }
      let train = variant.trainFiles.prefix { ByteSource.exists(joined(base, $0)) }
      let hasTest = ByteSource.exists(joined(base, variant.testFile))
      guard !train.isEmpty || hasTest else { continue }
      guard !train.isEmpty, hasTest else {
        throw .incomplete(
          dataset: variant.title, folder: base,
          missing: [train.isEmpty ? variant.trainFiles[0] : variant.testFile])
      }
      self.init(variant, base, isArchive: false, names: Array(train) + [variant.testFile])
      return
    }
    throw .notFound(
      dataset: variant.title, files: "\(variant.archive) and no \(variant.trainFiles[0])",
      folders: bases)
  }

  private init(_ variant: CIFAR.Variant, _ path: String, isArchive: Bool, names: [String]) {
    (self.variant, self.path, self.isArchive, self.names) = (variant, path, isArchive, names)
  }

  /// Hands on the files piece by piece, by name.
  func read(
    _ consume: (String, UnsafeRawBufferPointer) throws(ArchiveError) -> Void
  ) throws(DatasetError) {
    do throws(ArchiveError) {
      if isArchive { try readArchive(consume) } else { try readFolder(consume) }
    } catch {
      throw .unreadable(error)
    }
  }

  private func readFolder(
    _ consume: (String, UnsafeRawBufferPointer) throws(ArchiveError) -> Void
  ) throws(ArchiveError) {
    for name in names {
      let source = try ByteSource(path: joined(path, name))
      try CIFARLayout(variant).check(TarMember(name: name, count: source.count), of: source.path)
      let pieceSize = 1 << 20
      for start in stride(from: 0, to: source.count, by: pieceSize) {
        let piece = try source.bytes(
          at: start, count: min(pieceSize, source.count - start), for: "the pictures")
        try piece.withUnsafeBufferPointer { (piece) throws(ArchiveError) in
          try consume(name, UnsafeRawBufferPointer(piece))
        }
      }
    }
  }

  private func readArchive(
    _ consume: (String, UnsafeRawBufferPointer) throws(ArchiveError) -> Void
  ) throws(ArchiveError) {
    var found: Set<String> = []
    try ByteSource(path: path).readTar { (member) throws(ArchiveError) in
      let name = last(member.name)
      guard names.contains(name) else { return false }
      try CIFARLayout(variant).check(member, of: path)
      guard found.insert(name).inserted else {
        throw .malformed(
          path: path, byteOffset: 0, expected: "one '\(name)'", found: "'\(member.name)' too")
      }
      return true
    } consume: { (member, piece) throws(ArchiveError) in
      try consume(last(member.name), piece)
    }
  }

  private func last(_ name: String) -> String {
    String(name.split(separator: "/").last ?? "")
  }
}

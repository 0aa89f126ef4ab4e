/// The handwritten digits of MNIST, or the pictures of a data set with the same files.
///
/// ```swift
/// let data = try MNIST(in: ["data"], trainCount: 1000)  // the first 1000, and all to test with
/// ```
///
/// - Shapes: features are `[n, 784]`, the rows of a 28 × 28 picture one after the other, each pixel
///   divided by 255; labels are in `0..<10`.
/// - Source: LeCun, Cortes & Burges; Xiao, Rasul & Vollgraf, arXiv 1708.07747 (Fashion-MNIST);
///   Clanuwat et al., arXiv 1812.01718 (KMNIST).
public struct MNIST: Sendable, Equatable {
  /// The examples to train on, at most 60,000, in the order of the file.
  public let train: LabeledExamples
  /// The examples to test with, at most 10,000, in the order of the file.
  public let test: LabeledExamples
  /// SHA-256 of the unpacked contents of each file, by its published name; for the record of a run.
  public let digests: [String: String]
  /// The folder that the files were found in.
  public let folder: String

  /// Which data set of the family.
  public enum Variant: String, Sendable, CaseIterable {
    /// MNIST itself. The digests of its files are known and checked.
    case digits = "mnist"
    /// Fashion-MNIST: clothes.
    case fashion = "fashion-mnist"
    /// KMNIST: cursive hiragana.
    case kuzushiji = "kmnist"
  }

  /// The two files that make one half of the data set.
  public enum Split: String, Sendable, CaseIterable {
    /// 60,000 examples.
    case train
    /// 10,000 examples.
    case test
  }

  /// Loads both splits from the first of `folders` that has the files.
  ///
  /// Of each folder the subfolder named as the variant is looked at, then the one where torchvision puts
  /// the files, then the folder itself. Files are gzip or plain.
  ///
  /// - Parameter trainCount: The number of examples from the start of the file; all if nil.
  /// - Parameter testCount: The same for testing.
  /// - Parameter acceptsUnknownContents: Whether files whose digest is not a published one that is known
  ///   here are used. Needed for the other variants; their digests are in `digests`.
  /// - Throws: `DatasetError.notFound`, `.incomplete`, `.unknownContents`, `.unreadable`,
  ///   `.unexpectedArray`, `.countMismatch`, `.labelOutOfRange`.
  public init(
    _ variant: Variant = .digits, in folders: [String], trainCount: Int? = nil,
    testCount: Int? = nil, acceptsUnknownContents: Bool = false
  ) throws(DatasetError) {
    let files = try MNISTFiles(
      variant, in: folders, splits: Split.allCases, acceptsUnknownContents: acceptsUnknownContents)
    folder = files.folder
    let train = try files.load(.train, count: trainCount)
    let test = try files.load(.test, count: testCount)
    self.train = train.examples
    self.test = test.examples
    digests = train.digests.merging(test.digests) { $1 }
  }

  /// Loads one split; see `init(_:in:trainCount:testCount:acceptsUnknownContents:)`.
  ///
  /// - Throws: As that initializer.
  public static func load(
    _ split: Split, of variant: Variant = .digits, in folders: [String], count: Int? = nil,
    acceptsUnknownContents: Bool = false
  ) throws(DatasetError) -> (examples: LabeledExamples, digests: [String: String]) {
    let files = try MNISTFiles(
      variant, in: folders, splits: [split], acceptsUnknownContents: acceptsUnknownContents)
    return try files.load(split, count: count)
  }

  /// SHA-256 of the unpacked contents of the four files of MNIST, by name.
  public static let publishedDigests = [
    "train-images-idx3-ubyte": "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
    "train-labels-idx1-ubyte": "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
    "t10k-images-idx3-ubyte": "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
    "t10k-labels-idx1-ubyte": "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
  ]
}

// MARK: - Files

extension MNIST.Split {
  /// The names of the file of pictures and the file of labels, without `.gz`.
  fileprivate var fileNames: [String] {
    let prefix = self == .train ? "train" : "t10k"
    return ["\(prefix)-images-idx3-ubyte", "\(prefix)-labels-idx1-ubyte"]
  }
}

extension MNIST.Variant {
  /// The subfolders that are looked in, besides the folder itself.
  fileprivate var subfolders: [String] {
    switch self {
    case .digits: ["mnist", "MNIST/raw"]
    case .fashion: ["fashion-mnist", "FashionMNIST/raw"]
    case .kuzushiji: ["kmnist", "KMNIST/raw"]
    }
  }

  fileprivate var title: String {
    switch self {
    case .digits: "MNIST"
    case .fashion: "Fashion-MNIST"
    case .kuzushiji: "KMNIST"
    }
  }
}

/// The files of a variant in the folder where they were found.
private struct MNISTFiles {
  let variant: MNIST.Variant
  let folder: String
  let acceptsUnknownContents: Bool

  init(
    _ variant: MNIST.Variant, in folders: [String], splits: [MNIST.Split],
    acceptsUnknownContents: Bool
  ) throws(DatasetError) {
    let names = splits.flatMap(\.fileNames)
    let candidates = folders.flatMap { folder in
      variant.subfolders.map { joined(folder, $0) } + [folder]
    }
    for candidate in candidates {
      let missing = names.filter { Self.path(of: $0, in: candidate) == nil }
      if missing.count == names.count { continue }
      guard missing.isEmpty else {
        throw .incomplete(dataset: variant.title, folder: candidate, missing: missing)
      }
      self.variant = variant
      self.folder = candidate
      self.acceptsUnknownContents = acceptsUnknownContents
      return
    }
    throw .notFound(
      dataset: variant.title, files: "\(names[0])[.gz]", folders: candidates)
  }

  func load(
    _ split: MNIST.Split, count: Int?
  ) throws(DatasetError) -> (examples: LabeledExamples, digests: [String: String]) {
    let names = split.fileNames
    let pictures = LabeledPictures(title: variant.title, classCount: 10)
    return try pictures.load(split, names: names, count: count) { name throws(DatasetError) in
      try read(name)
    }
  }

  private func read(_ name: String) throws(DatasetError) -> (file: IDX, path: String) {
    let path = Self.path(of: name, in: folder) ?? joined(folder, name)
    let file = try IDX(contentsOf: path)
    let published = MNIST.publishedDigests[name]
    switch variant {
    case .digits where !acceptsUnknownContents && file.sha256 != published:
      throw .unknownContents(path: path, sha256: file.sha256, expected: published)
    case .fashion where file.sha256 == published, .kuzushiji where file.sha256 == published:
      // The digits lie in a folder of their own or right in the one that was given; they are never meant.
      throw .unexpectedArray(
        path: path, expected: "a file of \(variant.title)", found: "the one of MNIST")
    case .fashion where !acceptsUnknownContents, .kuzushiji where !acceptsUnknownContents:
      throw .unknownContents(path: path, sha256: file.sha256, expected: nil)
    default: break
    }
    return (file, path)
  }

  /// The path of a file, plain or gzip; nil if it is not there.
  private static func path(of name: String, in folder: String) -> String? {
    let path = joined(folder, name)
    return [path, path + ".gz"].first(where: ByteSource.exists)
  }
}

/// A path inside a folder.
func joined(_ folder: String, _ name: String) -> String {
  folder.hasSuffix("/") ? folder + name : "\(folder)/\(name)"
}

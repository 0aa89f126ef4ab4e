/// The handwritten letters and digits of EMNIST, in any of its six splits.
///
/// ```swift
/// let data = try EMNIST(.balanced, in: ["data"], trainCount: 1000)  // the first 1000
/// ```
///
/// - Shapes: features are `[n, 784]`, the rows of a 28 × 28 picture one after the other, each pixel
///   divided by 255; labels are in `0..<classCount`, and the class is ``Split/characters`` of that number.
/// - Source: Cohen, Afshar, Tapson & van Schaik, arXiv 1702.05373.
/// - Differs from: the files of the split *letters*, whose labels are 1 to 26: here 0 to 25. The
///   pictures in the files lie on their side (rows and columns exchanged); they are upright here
///   unless ``Transposition/kept`` is asked for.
public struct EMNIST: Sendable, Equatable {
  /// The examples to train on, in the order of the file.
  public let train: LabeledExamples
  /// The examples to test with, in the order of the file.
  public let test: LabeledExamples
  /// SHA-256 of the unpacked contents of each file, by its published name; for the record of a run.
  public let digests: [String: String]
  /// The folder or zip file that the files were found in.
  public let source: String

  /// Which of the published selections of characters and classes.
  public enum Split: String, Sendable, CaseIterable {
    /// 62 classes, as unequal as they were written: 697,932 and 116,323 examples.
    case byClass = "byclass"
    /// The same pictures in 47 classes: capital and small letters of one shape are one class.
    case byMerge = "bymerge"
    /// 47 classes of equal size: 112,800 and 18,800 examples.
    case balanced
    /// 26 classes, capital and small letters together: 124,800 and 20,800 examples.
    case letters
    /// 10 classes of equal size: 240,000 and 40,000 examples.
    case digits
    /// 10 classes, 60,000 and 10,000 examples: made as MNIST was.
    case mnist

    /// What is written in the pictures of each class; the capital where capital and small letters are one.
    public var characters: [Character] {
      let digits = Array("0123456789")
      let capitals = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
      switch self {
      case .byClass: return digits + capitals + Array("abcdefghijklmnopqrstuvwxyz")
      case .byMerge, .balanced: return digits + capitals + Array("abdefghnqrt")
      case .letters: return capitals
      case .digits, .mnist: return digits
      }
    }

    /// The number of classes.
    public var classCount: Int { characters.count }
  }

  /// Which way the pictures are turned.
  public enum Transposition: String, Sendable, CaseIterable {
    /// Upright, as the digits of MNIST.
    case corrected
    /// Rows and columns exchanged, as in the files and in torchvision.
    case kept
  }

  /// Loads both halves from the first of `folders` that has the files.
  ///
  /// In each folder, and in the subfolders `emnist` and `EMNIST/raw` before it, the files are looked for as
  /// such, gzip or plain, in `gzip/`, and in the published zip file (`gzip.zip` or `emnist.zip`).
  ///
  /// - Parameter trainCount: The number of examples from the start of the file; all if nil.
  /// - Parameter testCount: The same for testing.
  /// - Throws: `DatasetError.notFound`, `.incomplete`, `.unreadable`, `.unexpectedArray`,
  ///   `.invalidSetting`, `.labelOutOfRange`.
  public init(
    _ split: Split, in folders: [String], trainCount: Int? = nil, testCount: Int? = nil,
    transposition: Transposition = .corrected
  ) throws(DatasetError) {
    let files = try EMNISTFiles(split, in: folders, halves: MNIST.Split.allCases)
    source = files.place.path
    let train = try files.load(.train, count: trainCount, transposition)
    let test = try files.load(.test, count: testCount, transposition)
    self.train = train.examples
    self.test = test.examples
    digests = train.digests.merging(test.digests) { $1 }
  }

  /// Loads one half; see `init(_:in:trainCount:testCount:transposition:)`.
  ///
  /// - Throws: As that initializer.
  public static func load(
    _ half: MNIST.Split, of split: Split, in folders: [String], count: Int? = nil,
    transposition: Transposition = .corrected
  ) throws(DatasetError) -> (examples: LabeledExamples, digests: [String: String]) {
    let files = try EMNISTFiles(split, in: folders, halves: [half])
    return try files.load(half, count: count, transposition)
  }
}

// MARK: - Files

extension EMNIST.Split {
  /// What messages call the split.
  fileprivate var title: String { "EMNIST \(rawValue)" }

  /// The names of the file of pictures and the file of labels, without `.gz`.
  fileprivate func fileNames(of half: MNIST.Split) -> [String] {
    let prefix = "emnist-\(rawValue)-\(half.rawValue)"
    return ["\(prefix)-images-idx3-ubyte", "\(prefix)-labels-idx1-ubyte"]
  }
}

/// The files of a split in the place where they were found.
private struct EMNISTFiles {
  let split: EMNIST.Split
  let place: Place

  /// A folder with the files, or a zip file that has them.
  enum Place {
    case folder(String)
    case zip(ZipReader, path: String)

    var path: String {
      switch self {
      case .folder(let path), .zip(_, let path): path
      }
    }

    func has(_ name: String) -> Bool {
      switch self {
      case .folder(let folder): file(name, in: folder) != nil
      case .zip(let zip, _): member(name, of: zip) != nil
      }
    }
  }

  init(
    _ split: EMNIST.Split, in folders: [String], halves: [MNIST.Split]
  ) throws(DatasetError) {
    let names = halves.flatMap { split.fileNames(of: $0) }
    let bases = folders.flatMap { folder in
      [joined(folder, "emnist"), joined(folder, "EMNIST/raw"), folder]
    }
    for base in bases {
      for place in try Self.places(in: base) {
        let missing = names.filter { !place.has($0) }
        if missing.count == names.count { continue }
        guard missing.isEmpty else {
          throw .incomplete(dataset: split.title, folder: place.path, missing: missing)
        }
        self.split = split
        self.place = place
        return
      }
    }
    throw .notFound(
      dataset: split.title, files: "\(names[0])[.gz] and no gzip.zip", folders: bases)
  }

  private static func places(in base: String) throws(DatasetError) -> [Place] {
    var places = [Place.folder(base), .folder(joined(base, "gzip"))]
    for name in ["gzip.zip", "emnist.zip"] {
      let path = joined(base, name)
      guard ByteSource.exists(path) else { continue }
      do throws(ArchiveError) {
        places.append(.zip(try ZipReader(ByteSource(path: path)), path: path))
      } catch {
        throw .unreadable(error)
      }
    }
    return places
  }

  func load(
    _ half: MNIST.Split, count: Int?, _ transposition: EMNIST.Transposition
  ) throws(DatasetError) -> (examples: LabeledExamples, digests: [String: String]) {
    let pictures = LabeledPictures(
      title: split.title, classCount: split.classCount, firstLabel: split == .letters ? 1 : 0,
      isTransposed: transposition == .corrected)
    return try pictures.load(half, names: split.fileNames(of: half), count: count) {
      name throws(DatasetError) in try read(name)
    }
  }

  private func read(_ name: String) throws(DatasetError) -> (file: IDX, path: String) {
    do throws(ArchiveError) {
      switch place {
      case .folder(let folder):
        let path = file(name, in: folder) ?? joined(folder, name)
        return (try IDX(ByteSource(path: path)), path)
      case .zip(let zip, let zipPath):
        guard let member = member(name, of: zip) else { break }
        let path = "\(zipPath):\(member.name)"
        return (try IDX(ByteSource(try zip.contents(of: member), path: path)), path)
      }
    } catch {
      throw .unreadable(error)
    }
    throw .incomplete(dataset: split.title, folder: place.path, missing: [name])
  }
}

/// The path of a file in a folder, plain or gzip; nil if it is not there.
private func file(_ name: String, in folder: String) -> String? {
  let path = joined(folder, name)
  return [path, path + ".gz"].first(where: ByteSource.exists)
}

/// The member of a zip file with that name, plain or gzip, in whatever folder; nil if there is none.
private func member(_ name: String, of zip: ZipReader) -> ZipReader.Member? {
  zip.members.first { member in
    let last = member.name.split(separator: "/").last ?? ""
    return last == name || last == name + ".gz"
  }
}

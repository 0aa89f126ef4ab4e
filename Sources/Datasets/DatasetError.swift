/// What can be wrong with the examples, indices or sizes that a dataset is made from.
public enum DatasetError: Error, Equatable, Sendable, CustomStringConvertible {
  /// Two things that belong together have different counts.
  case countMismatch(what: String, expected: Int, found: Int)
  /// A label is no class.
  case labelOutOfRange(example: Int, label: Int, classCount: Int)
  /// A sequence has no target at any position.
  case noTarget(example: Int)
  /// A token is not in the vocabulary.
  case tokenOutOfRange(example: Int, position: Int, token: Int, vocabularySize: Int)
  /// An index names no example.
  case indexOutOfRange(index: Int, count: Int)
  /// An index occurs twice where each may occur once.
  case repeatedIndex(index: Int)
  /// A size or choice with which no dataset exists.
  case invalidSetting(name: String, value: String, expected: String)
  /// A file could not be read.
  case unreadable(ArchiveError)
  /// A file holds an array of another shape or type than the dataset has.
  case unexpectedArray(path: String, expected: String, found: String)
  /// The files of a dataset are in none of the folders.
  case notFound(dataset: String, files: String, folders: [String])
  /// A folder has some of the files of a dataset but not all.
  case incomplete(dataset: String, folder: String, missing: [String])
  /// No data set of that name can be fetched.
  case unknownDataset(name: String, known: [String])
  /// No mirror gave a file; what each said.
  case notDownloaded(file: String, problems: [String], folder: String)
  /// The program curl does not start.
  case noCurl(address: String)
  /// A file's contents are not the published ones; `expected` is nil where none are known.
  case unknownContents(path: String, sha256: String, expected: String?)

  /// What is wrong, where, and what to try.
  public var description: String {
    switch self {
    case .countMismatch(let what, let expected, let found):
      "\(what): expected \(expected), found \(found)"
    case .labelOutOfRange(let example, let label, let classCount):
      "label \(label) of example \(example) is not in 0..<\(classCount); "
        + "raise the number of classes or renumber the labels"
    case .noTarget(let example):
      "example \(example) has a target at no position; leave it out or give it one"
    case .tokenOutOfRange(let example, let position, let token, let vocabularySize):
      "token \(token) at position \(position) of example \(example) is not in "
        + "0..<\(vocabularySize); raise the vocabulary size or encode the tokens again"
    case .indexOutOfRange(let index, let count):
      "index \(index) is not in 0..<\(count); the indices belong to another dataset"
    case .repeatedIndex(let index):
      "index \(index) occurs twice; list each training example once"
    case .invalidSetting(let name, let value, let expected):
      "\(name) is \(value); expected \(expected)"
    case .unreadable(let error):
      error.description
    case .unexpectedArray(let path, let expected, let found):
      "\(path): expected \(expected), found \(found)"
    case .notFound(let dataset, let files, let folders):
      "\(dataset) was not found: no \(files) in "
        + (folders.isEmpty ? "any folder, as none was given" : folders.joined(separator: ", "))
        + "; give the folder that has its files, or name it in GROK_DATA_DIR"
    case .incomplete(let dataset, let folder, let missing):
      "\(folder) has only some files of \(dataset): "
        + missing.map { "\($0)[.gz]" }.joined(separator: ", ")
        + (missing.count == 1 ? " is missing" : " are missing")
    case .unknownDataset(let name, let known):
      "no data set '\(name)' can be fetched\(suggestion(for: name, among: known))"
    case .notDownloaded(let file, let problems, let folder):
      "\(file) could not be fetched: \(problems.joined(separator: "; ")); try again to go on, or put "
        + "the file into \(folder)"
    case .noCurl(let address):
      "curl does not start; install it (Debian: apt install curl), or fetch \(address) by hand"
    case .unknownContents(let path, let sha256, let expected):
      "\(path): SHA-256 of the unpacked contents is \(sha256); "
        + (expected.map { "the published file has \($0); " } ?? "no published one is known; ")
        + "accept unknown contents to use it all the same"
    }
  }
}

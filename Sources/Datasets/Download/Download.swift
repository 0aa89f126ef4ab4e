#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// Fetches published files into a folder that many programs and runs share.
///
/// A file gets its name when its size and SHA-256 are the published ones, and not before: until then it is
/// `NAME.part`, which a later download goes on with. Mirrors are tried in turn.
///
/// ```swift
/// try Download(into: "/home/me/.cache/grok").fetch(.named("kmnist")) { progress in … }
/// ```
///
/// The transfer is done by the program `curl`, which knows proxies, certificates and redirections of the machine; this
/// library opens no connection itself.
public struct Download: Sendable {
  /// The folder that has a subfolder for each data set.
  public let folder: String
  /// Seconds with less than 1,000 bytes each after which a mirror is given up.
  public let stallSeconds: Int
  /// The path or name of curl.
  public let program: String

  /// Downloads into a folder, which is made where it is missing.
  public init(into folder: String, stallSeconds: Int = 30, program: String = "curl") {
    self.folder = folder
    self.stallSeconds = max(1, stallSeconds)
    self.program = program
  }

  /// How far a download has come.
  public struct Progress: Sendable, Equatable {
    /// The file.
    public let file: PublishedFile
    /// Bytes of it that are here.
    public let byteCount: Int
  }

  /// Fetches the files of a data set that are not there yet.
  ///
  /// - Parameter report: Told from time to time how far it is.
  /// - Returns: The folder of the files.
  /// - Throws: `DatasetError.notDownloaded` with what each mirror said, `.unreadable`.
  @discardableResult
  public func fetch(
    _ dataset: PublishedDataset, report: (Progress) -> Void = { _ in }
  ) throws(DatasetError) -> String {
    let place = joined(folder, dataset.name)
    for file in dataset.files { try fetch(file, into: place, report: report) }
    return place
  }

  /// Whether a file of the right size is there; its digest was checked when it came.
  public func has(_ file: PublishedFile, of dataset: PublishedDataset) -> Bool {
    size(of: joined(joined(folder, dataset.name), file.name)) == file.byteCount
  }
}

// MARK: - One file

extension Download {
  private func fetch(
    _ file: PublishedFile, into place: String, report: (Progress) -> Void
  ) throws(DatasetError) {
    let path = joined(place, file.name)
    if size(of: path) == file.byteCount { return }
    do {
      try makeFolders(place)
    } catch {
      throw .unreadable(error)
    }
    let lock = try DownloadLock(path + ".lock")
    defer { lock.release() }
    // Another process may have done it in between.
    if size(of: path) == file.byteCount { return }
    let part = path + ".part"
    var problems: [String] = []
    for mirror in file.mirrors {
      guard let problem = try fetch(file, from: mirror, to: part, report: report) else {
        guard rename(part, path) == 0 else {
          throw .unreadable(.cannotWrite(path: path, reason: String(cString: strerror(errno))))
        }
        report(Progress(file: file, byteCount: file.byteCount))
        return
      }
      problems.append("\(mirror): \(problem)")
    }
    throw .notDownloaded(file: file.name, problems: problems, folder: place)
  }

  private static let largestAttemptCount = 50

  /// Fetches from one mirror, going on with what is there. A connection that breaks off is taken up again as long as
  /// each gives something.
  ///
  /// - Returns: What is wrong with the mirror; `nil` where `part` is the published file now.
  private func fetch(
    _ file: PublishedFile, from mirror: String, to part: String, report: (Progress) -> Void
  ) throws(DatasetError) -> String? {
    var wasFresh = false
    for _ in 0..<Self.largestAttemptCount {
      let before = size(of: part) ?? 0
      if before > file.byteCount { unlink(part) }
      if before == 0 || before > file.byteCount { wasFresh = true }
      if (size(of: part) ?? 0) < file.byteCount {
        let answer = try Curl(program: program, stallSeconds: stallSeconds).run(
          mirror, to: part, limit: file.byteCount
        ) {
          report(Progress(file: file, byteCount: min(size(of: part) ?? 0, file.byteCount)))
        }
        let after = size(of: part) ?? 0
        if let problem = answer.problem, after < file.byteCount {
          // A server that cannot go on in the middle, or has no such middle: from the start, once.
          if answer.cannotResume, before > 0, !wasFresh {
            unlink(part)
            continue
          }
          if after > before, answer.brokeOff { continue }
          return problem
        }
        if after < file.byteCount {
          if after > before { continue }
          return "gave \(after) of \(file.byteCount) bytes"
        }
      }
      let found = try digest(of: part)
      if found == file.sha256, size(of: part) == file.byteCount { return nil }
      unlink(part)
      // The first bytes may have come from elsewhere, long ago: all from here, once.
      if wasFresh { return "SHA-256 is \(found), not the published \(file.sha256)" }
    }
    return "broke off \(Self.largestAttemptCount) times"
  }

  private func digest(of path: String) throws(DatasetError) -> String {
    do throws(ArchiveError) {
      let source = try ByteSource(path: path)
      var digest = SHA256()
      let pieceSize = 1 << 20
      for start in stride(from: 0, to: source.count, by: pieceSize) {
        digest.update(
          try source.bytes(at: start, count: min(pieceSize, source.count - start), for: "the file"))
      }
      return digest.hexadecimal
    } catch {
      throw .unreadable(error)
    }
  }

  private func size(of path: String) -> Int? {
    var information = stat()
    guard stat(path, &information) == 0, information.st_mode & S_IFMT == S_IFREG else { return nil }
    return Int(information.st_size)
  }
}

/// What keeps two processes from writing one part. It ends with the process, however that ends.
private struct DownloadLock {
  private let descriptor: Int32
  private let path: String

  init(_ path: String) throws(DatasetError) {
    self.path = path
    descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else {
      throw .unreadable(.cannotWrite(path: path, reason: String(cString: strerror(errno))))
    }
    // Waits while another process fetches the file.
    while flock(descriptor, LOCK_EX) != 0 {
      guard errno == EINTR else { break }
    }
  }

  func release() { close(descriptor) }
}

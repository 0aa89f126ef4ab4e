#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// An open folder: what is done through it meets the same folder whatever its name has become.
final class OpenFolder: Sendable {
  /// What messages call it.
  let path: String
  private let descriptor: Int32

  init(_ path: String, called name: String? = nil) throws(RunError) {
    self.path = name ?? path
    descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    if descriptor < 0 { throw Folder.failure(path, "open this folder") }
  }

  deinit { close(descriptor) }

  /// What the system knows about a file.
  struct Attributes: Equatable {
    /// The file itself, whatever it is called.
    let number: UInt64
    /// How many names it has.
    let nameCount: Int
    /// When it was last renewed, in seconds of the file system's clock.
    let time: Double

    fileprivate init(_ information: stat) {
      number = UInt64(information.st_ino)
      nameCount = Int(information.st_nlink)
      let time = information.st_mtim
      self.time = Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
    }
  }

  /// The names in the folder.
  var names: [String] {
    // A descriptor of its own, since reading moves it.
    let copy = openat(descriptor, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard copy >= 0 else { return [] }
    guard let entries = fdopendir(copy) else {
      close(copy)
      return []
    }
    return Folder.names(readingAndClosing: entries)
  }

  /// A file's attributes, `nil` where there is none.
  func attributes(of name: String) -> Attributes? {
    var information = stat()
    return fstatat(descriptor, name, &information, AT_SYMLINK_NOFOLLOW) == 0
      ? Attributes(information) : nil
  }

  /// A file's contents and attributes, `nil` where there is none. The file is opened first, upon which a
  /// network file system asks its server for both.
  func read(_ name: String) -> (bytes: [UInt8], attributes: Attributes)? {
    let file = openat(descriptor, name, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard file >= 0 else { return nil }
    defer { close(file) }
    var information = stat()
    guard let bytes = readAll(file), fstat(file, &information) == 0 else { return nil }
    return (bytes, Attributes(information))
  }

  /// Makes a file that must not exist yet, and is there whole or not at all; whether the name was free.
  ///
  /// - Parameter provisional: A name that nobody else uses, under which it is written first.
  func create(_ name: String, _ bytes: [UInt8], writtenAs provisional: String) throws(RunError)
    -> Bool
  {
    guard try write(bytes, toNew: provisional) else {
      throw Folder.failure("\(path)/\(provisional)", "make this file", EEXIST)
    }
    defer { remove(provisional) }
    if linkat(descriptor, provisional, descriptor, name, 0) == 0 { return true }
    let code = errno
    // Over a network the answer can be lost after the work was done.
    if attributes(of: provisional)?.nameCount == 2 { return true }
    switch code {
    // Without its provisional name, a new owner has cleared it away.
    case EEXIST, ENOENT: return false
    // File systems without links: the file is there a moment before its contents.
    case EPERM, EOPNOTSUPP, ENOSYS: return try write(bytes, toNew: name)
    default: throw Folder.failure("\(path)/\(name)", "make this file", code)
    }
  }

  /// Whether the name was free.
  private func write(_ bytes: [UInt8], toNew name: String) throws(RunError) -> Bool {
    let file = openat(descriptor, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
    if file < 0 && errno == EEXIST { return false }
    guard file >= 0 else { throw Folder.failure("\(path)/\(name)", "make this file") }
    defer { close(file) }
    let written = Glibc.write(file, bytes, bytes.count)
    guard written == bytes.count else {
      let code = written < 0 ? errno : ENOSPC
      remove(name)
      throw Folder.failure("\(path)/\(name)", "write to this file", code)
    }
    return true
  }

  /// Now, by the clock of the file system; `nil` where nothing can be written.
  var now: Double? {
    let name = ".now-\(String(UInt64.random(in: .min ... .max), radix: 36)).partial"
    let file = openat(descriptor, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
    guard file >= 0 else { return nil }
    defer {
      close(file)
      remove(name)
    }
    // Asked of the open file: a new owner may have cleared its name away.
    var information = stat()
    return fstat(file, &information) == 0 ? Attributes(information).time : nil
  }

  /// Sets a file's time to now, by the clock of the file system; whether that worked.
  func renew(_ name: String) -> Bool { utimensat(descriptor, name, nil, 0) == 0 }

  /// Removes a file, if it is there.
  func remove(_ name: String) { unlinkat(descriptor, name, 0) }
}

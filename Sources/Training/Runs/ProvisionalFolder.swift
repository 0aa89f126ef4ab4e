#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A folder that is made whole beside its place, as `.NAME.RANDOM.partial`, and then renamed: at its place there
/// is nothing, or all of it, whenever its maker is killed.
package struct ProvisionalFolder {
  /// Where it is made.
  package let path: String
  private let place: String

  /// Makes an empty folder; folders above it are made where missing. Removes what killed makers left beside it.
  ///
  /// - Throws: ``RunError/exists(_:)`` where there is something at the place already, other than an empty folder.
  package init(for place: String) throws(RunError) {
    self.place = place
    guard !ProvisionalFolder.isTaken(place) else { throw .exists(place) }
    try Folder.createAll(above: place)
    let end = place.lastIndex { $0 != "/" } ?? place.startIndex
    let trimmed = place[...end]
    let slash = trimmed.lastIndex(of: "/")
    let above = slash.map { String(trimmed[...$0]) } ?? ""
    let name = slash.map { trimmed[trimmed.index(after: $0)...] } ?? trimmed
    ProvisionalFolder.removeLeftovers(in: above.isEmpty ? "." : above)
    let random = String(UInt64.random(in: .min ... .max), radix: 36)
    path = "\(above).\(name).\(random).partial"
    if mkdir(path, 0o777) != 0 { throw Folder.failure(place, "make this folder") }
  }

  /// Puts the folder at its place. Of several that do so, one succeeds.
  package func becomeFinal() throws(RunError) {
    if rename(path, place) != 0 {
      switch errno {
      case ENOTEMPTY, EEXIST, ENOTDIR: throw .exists(place)
      default: throw Folder.failure(place, "make this folder")
      }
    }
  }

  /// Removes the folder, before it is final.
  package func remove() { Folder.removeTree(path) }

  private static func isTaken(_ place: String) -> Bool {
    var information = stat()
    guard lstat(place, &information) == 0 else { return false }
    return information.st_mode & S_IFMT != S_IFDIR || !Folder.names(in: place).isEmpty
  }

  // MARK: Leftovers

  /// Removes the provisional folders whose makers have died: those of an owner that has, and those that have had
  /// no owner for a minute. A folder with anything else in it is left alone.
  private static func removeLeftovers(in folder: String) {
    for name in Folder.names(in: folder) where name.hasPrefix(".") && name.hasSuffix(".partial") {
      let path = folder + "/" + name
      var information = stat()
      guard lstat(path, &information) == 0, information.st_mode & S_IFMT == S_IFDIR,
        Folder.names(in: path).allSatisfy(isProvisional),
        Folder.names(in: path + "/checkpoints").isEmpty
      else { continue }
      switch Owner.state(of: path) {
      case .held: continue
      case .abandoned: Folder.removeTree(path)
      case .free:
        let age = Owner.now(in: path) - Double(information.st_mtim.tv_sec)
        if age > Owner.Timing.standard.expiry { Folder.removeTree(path) }
      }
    }
  }

  /// Whether a name is one of those that are made in a provisional folder, of a run or of a sweep.
  private static func isProvisional(_ name: String) -> Bool {
    ["checkpoints", "metrics.jsonl", "run.json", "settings.yaml", "jobs", "sweep.json"].contains(
      name)
      || name.hasPrefix("owner-") || name.hasSuffix(".partial")
  }
}

import GrokNumerics

extension Run {
  /// Adds a row to `motion.bin`; it is written with others, at the latest before the next checkpoint.
  func record(_ row: MotionRow) throws {
    if motion == nil {
      try check()
      motion = try MotionFile(path: directory + "/" + MotionFile.name, columns: row.columns)
    }
    motion!.append(row)
    if motion!.isFull { try flushMotion() }
  }

  /// Writes the rows that are kept back.
  func flushMotion() throws {
    guard let motion else { return }
    try check()
    try motion.flush()
  }

  /// Takes the rows away that do not belong to the first `steps` updates, and with them one that is not whole. They
  /// will be made again with the same bits.
  func cutMotion(to steps: Int) throws {
    let path = directory + "/" + MotionFile.name
    guard ByteSource.exists(path) else { return }
    do {
      let end = try MotionTable(path: path).end(ofSteps: steps)
      try AppendedFile(path: path).truncate(to: end)
    } catch let error as RunError {
      try Folder.rename(path, to: path + ".damaged")
      notices.append("\(error); set aside as \(path).damaged")
    }
  }
}

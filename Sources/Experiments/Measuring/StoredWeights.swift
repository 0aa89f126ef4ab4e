import GrokMeasures
import GrokTraining

/// Files of weights that other programs have written, of networks that need not be known.
struct StoredWeights {
  /// By rising step, or number of tokens.
  let files: [StoredTraining.Checkpoint]

  /// How fast the circuits of attention heads, and all weights, changed between one file and the next.
  ///
  /// - Returns: the number of files, and of records in `measures/circuitChange.jsonl`.
  /// - Throws: `ArchiveError` for files without heads, and for weights that are not those of the file before;
  ///   ``ConfigurationError`` for a single file.
  func measureCircuitChange(into directory: String) throws -> (checkpoints: Int, records: Int) {
    guard files.count > 1 else {
      throw ConfigurationError.conflict(
        "--checkpoints: a change needs two files at least; there is one")
    }
    var result = try MeasurementFile(
      of: .circuitChange, in: directory, options: [:], reference: nil, experiment: "weights",
      isAnew: true)
    var before: (archive: Archive, heads: [HeadWeights], step: Int)?
    for file in files {
      let archive = try Archive(contentsOf: file.path)
      let heads = try HeadWeights.all(in: archive)
      if let before {
        guard before.heads.count == heads.count else {
          throw ArchiveError.unexpectedShape(
            name: "\(file.path): attention heads", shape: [heads.count],
            expected: "\(before.heads.count) as in the file before")
        }
        let count = Double(file.step - before.step)
        var findings = Findings()
        try findings.addChange(from: before.heads, to: heads, tokenCount: count)
        let squares = try Self.squaredDistance(before.archive, archive)
        findings.add("circuitChange/speed", squares / (count * count))
        result.add(findings, atStep: file.step)
      }
      result.finish(
        step: file.step, digest: SHA256.hexadecimal(of: try ByteSource(path: file.path).all()))
      before = (archive, heads, file.step)
    }
    try result.write()
    return (files.count, result.recordCount)
  }

  /// Σ(Δθ)² over all arrays of numbers that both files have.
  private static func squaredDistance(_ first: Archive, _ second: Archive) throws -> Double {
    var sum = 0.0
    for name in first.names where second.names.contains(name) {
      guard let before = try? first.doubles(name) else { continue }
      let after = try second.doubles(name)
      guard before.count == after.count else {
        throw ArchiveError.unexpectedShape(
          name: name, shape: try second.array(name).shape,
          expected: "\(try first.array(name).shape) as in the file before")
      }
      // Equal numbers may be infinite, as those of a mask.
      for (x, y) in zip(before, after) where x != y { sum += (y - x) * (y - x) }
    }
    return sum
  }
}

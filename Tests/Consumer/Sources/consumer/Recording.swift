import GrokMeasures

/// An array type of this program's own: what each channel recorded, one channel after the other.
struct Recording {
  let channels: [[Float]]

  /// Reads an npy file of shape `[samples, channels]`.
  init(contentsOf path: String) throws {
    let file = try Archive(contentsOf: path)
    // The array of an npy file is called as the file is. Where it may be larger than memory, give the
    // measures a MappedMatrix of it instead.
    let values = try file.floatMatrix(file.names[0])
    channels = (0..<values.columnCount).map { values.column($0) }
  }
}

extension Recording: SampleMatrix {  // All that measures need to know.
  var rowCount: Int { channels.first?.count ?? 0 }
  var columnCount: Int { channels.count }
  subscript(row: Int, column: Int) -> Double { Double(channels[column][row]) }
}

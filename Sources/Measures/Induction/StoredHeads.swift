extension HeadWeights {
  /// Every attention head in a file of weights, layer by layer: what a published checkpoint holds, without its network.
  ///
  /// Weights are `blocks.L.attn.W_Q` and so on. With three axes they are TransformerLens's, `[heads, width, headWidth]` and
  /// `[heads, headWidth, width]` for W_O; with two they are this package's, the heads' rows (W_O: columns) one after the other.
  ///
  /// ```swift
  /// let heads = try HeadWeights.all(in: Archive(contentsOf: "attn-only-2l/00001000.safetensors"))
  /// ```
  ///
  /// - Parameter headCount: heads of a layer; needed for weights with two axes.
  /// - Throws: `ArchiveError` for weights that are missing or of other shapes, `MeasureError.nonFiniteInput`.
  /// - Complexity: O(weights).
  public static func all(in archive: Archive, headCount: Int? = nil) throws -> [HeadWeights] {
    var heads: [HeadWeights] = []
    for layer in 0... {
      let name = { (matrix: String) in "blocks.\(layer).attn.\(matrix)" }
      guard layer == 0 || archive.names.contains(name("W_Q")) else { break }
      let parts = try ["W_Q", "W_K", "W_V", "W_O"].map {
        try perHead(name($0), of: archive, headCount: headCount, areInputsFirst: $0 == "W_O")
      }
      let count = parts.map(\.count).min() ?? 0
      for head in 0..<count {
        heads.append(
          try HeadWeights(
            layer: layer, head: head, queries: parts[0][head], keys: parts[1][head],
            values: parts[2][head], output: parts[3][head].transposed))
      }
    }
    return heads
  }

  /// The matrices `[headWidth, width]` of a layer's heads.
  ///
  /// - Parameter areInputsFirst: whether the axis of a head's width comes first, as in W_O.
  private static func perHead(
    _ name: String, of archive: Archive, headCount: Int?, areInputsFirst isOutput: Bool
  ) throws -> [Matrix<Double>] {
    let shape = try archive.array(name).shape
    let values = try archive.doubles(name)
    switch shape.count {
    case 3:
      let (rows, columns) = (shape[1], shape[2])
      return (0..<shape[0]).map { head in
        let slice = Array(values[head * rows * columns..<(head + 1) * rows * columns])
        let matrix = Matrix(values: slice, rowCount: rows, columnCount: columns)
        return isOutput ? matrix : matrix.transposed
      }
    case 2:
      let whole = Matrix(values: values, rowCount: shape[0], columnCount: shape[1])
      let rows = isOutput ? whole.transposed : whole
      guard let headCount, headCount > 0, rows.rowCount % headCount == 0 else {
        throw ArchiveError.unexpectedShape(
          name: name, shape: shape,
          expected: headCount.map { "heads that \($0) divides" }
            ?? "[heads, width, headWidth], or the number of heads to be given")
      }
      let width = rows.rowCount / headCount
      return (0..<headCount).map { rows.selectingRows($0 * width..<($0 + 1) * width) }
    default:
      throw ArchiveError.unexpectedShape(name: name, shape: shape, expected: "two or three axes")
    }
  }
}

/// An intrinsic dimension, estimated from distances to near neighbours.
public struct IntrinsicDimension: Sendable, Equatable, Codable {
  /// The dimension. Its standard error is that of samples whose neighbourhoods do not overlap, which is
  /// a little too small where they do.
  public var dimension: Estimate
  /// Samples that are equal to an earlier one and were left out: they say nothing about the dimension.
  public var duplicateCount: Int
  /// The mean distance to the farthest neighbour that was used, in the unit of the samples: the scale
  /// that the dimension is seen at.
  public var meanDistance: Double
}

/// Samples without those that equal an earlier one, element by element.
func distinct(
  _ samples: any SampleMatrix, atLeast needed: Int, measure: String
) throws(MeasureError) -> (samples: any SampleMatrix, duplicateCount: Int) {
  try requireRows([samples], atLeast: needed, measure: measure)
  var (kept, rowsByHash) = ([Int](), [Int: [Int]]())
  func row(_ index: Int) -> [Double] {
    var values = [Double](repeating: 0, count: samples.columnCount)
    values.withUnsafeMutableBufferPointer {
      guard let first = $0.baseAddress else { return }
      samples.copy(
        rows: index..<index + 1, columns: 0..<samples.columnCount, to: first,
        stride: samples.columnCount)
    }
    return values
  }
  for index in 0..<samples.rowCount {
    let values = row(index)
    let hash = values.hashValue
    if rowsByHash[hash, default: []].contains(where: { row($0) == values }) { continue }
    rowsByHash[hash, default: []].append(index)
    kept.append(index)
  }
  let duplicateCount = samples.rowCount - kept.count
  guard kept.count >= needed else {
    throw .undefined(
      measure: measure,
      reason: "only \(kept.count) of \(samples.rowCount) samples differ from each other; at least "
        + "\(needed) are needed")
  }
  return duplicateCount == 0 ? (samples, 0) : (RowSelection(samples, kept), duplicateCount)
}

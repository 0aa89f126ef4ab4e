/// The rule of the nearest class centre as a linear readout: scores μ_c · x − ½‖μ_c‖².
///
/// The score is largest where ‖x − μ_c‖ is smallest.
///
/// - Shapes: `samples` is `[n, features]`; `labels` has one element per row.
/// - Throws: `MeasureError.rowCountMismatch`, `.nonFiniteInput`, `.tooFewSamples`, `.undefined` for one
///   class.
/// - Complexity: O(n features) time and one pass, block by block; sums in `Double`.
public func nearestCenterReadout(
  of samples: some SampleMatrix, labels: [Int], workers: Workers? = nil
) throws(MeasureError) -> LinearReadout {
  let measure = "nearestCenterReadout"
  let classes = try LabeledRows(labels, rowCount: samples.rowCount, measure: measure)
  try requireFinite([samples], measure: measure)
  return nearestCenterReadout(ClassMeans(of: samples, classes: classes, workers: workers))
}

func nearestCenterReadout(_ centers: ClassMeans) -> LinearReadout {
  LinearReadout(
    centers.means, squaredNorms(centers.means).map { -$0 / 2 }, centers.classes.labels)
}

/// Every sample classified by the nearest mean of a class, its own class's mean taken without it.
///
/// ‖x − μ_c^(−x)‖ = n_c/(n_c − 1) ‖x − μ_c‖ for the own class c of n_c samples. For other samples than
/// those the means are of, see `nearestCenterReadout(of:labels:)`.
///
/// - Shapes: `samples` is `[n, features]`; `labels` has one element per row.
/// - Throws: `MeasureError.rowCountMismatch`, `.nonFiniteInput`, `.tooFewSamples` for a class of fewer
///   than 2, `.undefined` for one class.
/// - Complexity: O(n classes features) time and two passes, block by block; all in `Double`.
public func nearestCenterClassification(
  of samples: some SampleMatrix, labels: [Int], workers: Workers? = nil
) throws(MeasureError) -> Classification {
  let measure = "nearestCenterClassification"
  let classes = try LabeledRows(
    labels, rowCount: samples.rowCount, measure: measure, minimumOfEach: 2)
  try requireFinite([samples], measure: measure)
  let means = ClassMeans(of: samples, classes: classes, workers: workers).means
  let blocks = SampleBlocks<Double>(samples, isShifted: false)
  let d = means.columnCount
  let lanes = foldRows(of: blocks, workers: workers, from: [Int]()) { found, rows, block in
    for (offset, row) in rows.enumerated() {
      var distances = [Double](repeating: 0, count: classes.classCount)
      means.values.withUnsafeBufferPointer { means in
        for index in distances.indices {
          for column in 0..<d {
            let difference = block[offset * d + column] - means[index * d + column]
            distances[index] -= difference * difference
          }
        }
      }
      let own = classes.classes[row]
      let count = Double(classes.counts[own])
      distances[own] *= count * count / ((count - 1) * (count - 1))
      found.append(classes.labels[indexOfLargest(distances[...])])
    }
  }
  return Classification(predictions: Array(lanes.joined()), labels: labels)
}

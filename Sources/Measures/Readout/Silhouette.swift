/// How well samples lie within their classes.
public struct Silhouette: Sendable, Equatable, Codable {
  /// The mean over samples, in −1...1; its error takes samples to be independent.
  public var mean: Estimate
  /// (b − a)/max(a, b) of each sample.
  public var values: [Double]
  /// The labels of ``classMeans``, ascending.
  public var labels: [Int]
  /// The mean over the samples of each class.
  public var classMeans: [Double]
}

/// The silhouette of samples with class labels, from the distances of all pairs.
///
/// For each sample, a is the mean distance to the others of its class, b the least mean distance to the
/// samples of another class; its value is (b − a)/max(a, b): 1 where classes are tight and far apart, 0
/// on a border, negative where another class is nearer. A sample alone in its class has 0.
///
/// - Shapes: `samples` is `[n, features]`; `labels` has one element per row.
/// - Units: none; Euclidean distances.
/// - Throws: `MeasureError.rowCountMismatch`, `.nonFiniteInput`, `.tooFewSamples` (3), `.undefined` for
///   one class or for squares too large.
/// - Complexity: O(n² features) time, tile by tile; n C numbers of memory. All in `Double`.
/// - Source: Rousseeuw, J. Comput. Appl. Math. 20, 53 (1987). Where samples coincide and a = b = 0 the
///   value is 0.
public func silhouette(
  of samples: some SampleMatrix, labels: [Int], workers: Workers? = nil
) throws(MeasureError) -> Silhouette {
  let measure = "silhouette"
  try requireRows([samples], atLeast: 3, measure: measure)
  let classes = try LabeledRows(labels, rowCount: samples.rowCount, measure: measure)
  _ = try pairPrecision(of: samples, measure: measure)
  let (n, count) = (samples.rowCount, classes.classCount)
  var sums = [Double](repeating: 0, count: n * count)
  sums.withUnsafeMutableBufferPointer { sums in
    let job = SilhouetteJob(
      blocks: SampleBlocks<Double>(samples, isShifted: true), classes: classes,
      sums: sums.baseAddress!)
    if let workers {
      workers.run(job, blockCount: job.tileCount)
    } else {
      for tile in 0..<job.tileCount { job.run(block: tile) }
    }
  }
  let values = (0..<n).map { row in
    let own = classes.classes[row]
    guard classes.counts[own] > 1 else { return 0.0 }
    let within = sums[row * count + own] / Double(classes.counts[own] - 1)
    var between = Double.infinity
    for index in 0..<count where index != own {
      between = min(between, sums[row * count + index] / Double(classes.counts[index]))
    }
    let larger = max(within, between)
    return larger > 0 ? (between - within) / larger : 0
  }
  var classSums = [Double](repeating: 0, count: count)
  for (index, value) in zip(classes.classes, values) { classSums[index] += value }
  return Silhouette(
    mean: try Estimate(meanOf: values, measure: measure), values: values, labels: classes.labels,
    classMeans: zip(classSums, classes.counts).map { $0 / Double($1) })
}

/// Each row of tiles writes the sums of its own samples, so every pair is computed twice.
private struct SilhouetteJob: BlockJob {
  let blocks: SampleBlocks<Double>
  let classes: LabeledRows
  /// Σ of distances from each sample to the samples of each class, `[n, classes]`.
  let sums: UnsafeMutablePointer<Double>

  var tileCount: Int { (blocks.rowCount + pairTileRows - 1) / pairTileRows }

  func run(block top: Int) {
    let pairs = PairTiles(blocks, top: top)
    let count = classes.classCount
    for left in 0..<tileCount {
      let tile = pairs.squaredDistances(left: left)
      let leftRows = pairs.rows(of: left)
      tile.values.withUnsafeBufferPointer { squares in
        classes.classes.withUnsafeBufferPointer { classes in
          for (row, i) in pairs.rows(of: top).enumerated() {
            for (column, j) in leftRows.enumerated() {
              sums[i * count + classes[j]] += squares[row * leftRows.count + column].squareRoot()
            }
          }
        }
      }
    }
  }
}

/// The width σ of a Gaussian kernel exp(−‖x − y‖²/2σ²).
public enum GaussianBandwidth: Sendable, Equatable {
  /// A fraction of the median distance between two different samples; 0.2 to 0.8 are usual.
  ///
  /// - Source: Kornblith et al., ICML 2019, §4.
  case medianFraction(Double)
  /// σ itself, in the unit of the samples.
  case width(Double)

  func width(
    for samples: any SampleMatrix, measure: String, workers: Workers?
  ) throws(MeasureError) -> Double {
    switch self {
    case .width(let width):
      guard width > 0, width.isFinite else {
        throw .outOfRange(
          measure: measure, what: "the bandwidth", value: width, expected: "a positive number")
      }
      return width
    case .medianFraction(let fraction):
      guard fraction > 0, fraction.isFinite else {
        throw .outOfRange(
          measure: measure, what: "the fraction of the median distance", value: fraction,
          expected: "a positive number")
      }
      let median = try medianDistance(of: samples, measure: measure, workers: workers)
      guard median > 0 else {
        throw .undefined(
          measure: measure,
          reason:
            "half of all pairs of samples are equal, so the median distance is 0; give a width")
      }
      return fraction * median
    }
  }
}

/// The median over all pairs i < j of ‖x_i − x_j‖, the lower of two where the number of pairs is even;
/// each distance is rounded to `Float`.
///
/// Two passes over all pairs count how many fall where: first by the upper half of their bits, then,
/// within the part that holds the median, by the lower. Nothing is sampled and no list of pairs is
/// held.
func medianDistance(
  of samples: any SampleMatrix, measure: String, workers: Workers?
) throws(MeasureError) -> Double {
  try requireRows([samples], atLeast: 2, measure: measure)
  let median =
    try pairPrecision(of: samples, measure: measure) == .float
    ? medianSquaredDistance(SampleBlocks<Float>([samples]), workers)
    : medianSquaredDistance(SampleBlocks<Double>([samples]), workers)
  return Double(median).squareRoot()
}

private func medianSquaredDistance<Scalar: RealScalar>(
  _ blocks: SampleBlocks<Scalar>, _ workers: Workers?
) -> Float {
  let pairCount = blocks.rowCount * (blocks.rowCount - 1) / 2
  var wanted = (pairCount - 1) / 2
  var prefix: UInt32?
  // Bits of positive numbers are ordered as the numbers are.
  for _ in 0..<2 {
    let counts = histogram(blocks, prefix: prefix, workers)
    var bin = 0
    while wanted >= counts[bin] {
      wanted -= counts[bin]
      bin += 1
    }
    prefix = (prefix ?? 0) << 16 | UInt32(bin)
  }
  return Float(bitPattern: prefix ?? 0)
}

/// How many squared distances have which upper 16 bits; with a prefix, which lower among those that
/// have it.
private func histogram<Scalar: RealScalar>(
  _ blocks: SampleBlocks<Scalar>, prefix: UInt32?, _ workers: Workers?
) -> [Int] {
  let tileCount = (blocks.rowCount + pairTileRows - 1) / pairTileRows
  let lanes = (0..<min(8, tileCount)).map { _ in HistogramLane() }
  let job = HistogramJob(blocks: blocks, prefix: prefix, tileCount: tileCount, lanes: lanes)
  if let workers {
    workers.run(job, blockCount: lanes.count)
  } else {
    for lane in lanes.indices { job.run(block: lane) }
  }
  return (0..<1 << 16).map { bin in lanes.reduce(0) { $0 + $1.counts[bin] } }
}

private final class HistogramLane: @unchecked Sendable {
  var counts = [Int](repeating: 0, count: 1 << 16)
}

private struct HistogramJob<Scalar: RealScalar>: BlockJob {
  let blocks: SampleBlocks<Scalar>
  let prefix: UInt32?
  let tileCount: Int
  let lanes: [HistogramLane]

  func run(block number: Int) {
    for top in stride(from: number, to: tileCount, by: lanes.count) {
      let pairs = PairTiles(blocks, top: top)
      for left in top..<tileCount {
        let tile = pairs.squaredDistances(left: left)
        count(tile, isDiagonal: top == left, prefix: prefix, in: &lanes[number].counts)
      }
    }
  }
}

@specialized(where S == Float)
@specialized(where S == Double)
private func count<S: RealScalar>(
  _ tile: Matrix<S>, isDiagonal: Bool, prefix: UInt32?, in counts: inout [Int]
) {
  let width = tile.columnCount
  tile.values.withUnsafeBufferPointer { values in
    counts.withUnsafeMutableBufferPointer { counts in
      for row in 0..<tile.rowCount {
        for column in isDiagonal ? min(width, row + 1)..<width : 0..<width {
          let bits = Float(values[row &* width &+ column]).bitPattern
          guard let prefix else {
            counts[Int(bits &>> 16)] &+= 1
            continue
          }
          if bits &>> 16 == prefix { counts[Int(bits & 0xFFFF)] &+= 1 }
        }
      }
    }
  }
}

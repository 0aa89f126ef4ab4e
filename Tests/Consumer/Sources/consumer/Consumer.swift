import GrokMeasures

/// A program that has never heard of our tensors or trainer, with arrays of its own.
struct SensorLog: SampleMatrix {
  let readings: [[Float]]
  var rowCount: Int { readings.count }
  var columnCount: Int { readings.first?.count ?? 0 }
  subscript(row: Int, column: Int) -> Double { Double(readings[row][column]) }
}

@main
struct Consumer {
  static func main() throws {
    let curves = AccuracyCurves(
      steps: [0, 10, 100, 1_000, 10_000, 20_000],
      trainAccuracy: [0.1, 1, 1, 1, 1, 1], testAccuracy: [0.1, 0.1, 0.2, 1, 1, 1])
    let result = try grokkingDelay(of: curves)
    precondition(result.fitStep == 10 && result.generalizationStep == 1_000)
    let log = SensorLog(readings: [[1, 2], [3, 4]])
    precondition(log[1, 0] == 3)
    print("fit at \(result.fitStep ?? -1), generalized at \(result.generalizationStep ?? -1)")
  }
}

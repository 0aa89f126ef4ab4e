import GrokMeasures

/// Writes two layers of 40 and 60 channels, and the labels of their 600 samples: three classes, each a
/// curved patch of two dimensions, and what a random layer of rectified units makes of them.
func writeExample(into folder: String) throws {
  let key = RandomKey(seed: 7)
  let labels = (0..<600).map { $0 % 3 }
  let place: Matrix<Double> = key.normalMatrix(rowCount: 600, columnCount: 2)
  var features = Matrix<Double>(rowCount: 600, columnCount: 8)
  for row in 0..<600 {
    let (u, v) = (0.3 * place[row, 0], 0.3 * place[row, 1])
    features[row, labels[row]] = 1
    for (index, value) in [u, v, u * u, u * v, v * v].enumerated() {
      features[row, 3 + index] = value
    }
  }
  let first = features.multiplied(
    by: key.fork("first").normalMatrix(rowCount: 8, columnCount: 40))
  let second = first.multiplied(
    by: key.fork("second").normalMatrix(rowCount: 40, columnCount: 60)
  ).map { max(0, $0) }
  for (name, layer) in [("layer1", first), ("layer2", second)] {
    var file = Archive()
    file.set(name, Matrix<Float>(layer))
    try file.write(to: "\(folder)/\(name).npy")
  }
  var file = Archive()
  file.set("labels", labels)
  try file.write(to: "\(folder)/labels.npy")
}

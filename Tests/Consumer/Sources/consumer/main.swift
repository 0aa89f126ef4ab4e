import GrokMeasures

// What another program needs of this package to measure its own recordings: one import, three members
// of its array type (Recording.swift), and a call for each measure.
//
//   consumer layer1.npy layer2.npy labels.npy    capacity, alignment and dimension of two layers
//   consumer --example FOLDER                    writes such files

let arguments = Array(CommandLine.arguments.dropFirst())
do {
  switch arguments.count {
  case 2 where arguments[0] == "--example":
    try writeExample(into: arguments[1])
  case 3:
    try measure(arguments[0], arguments[1], labels: arguments[2])
  default:
    print("usage: consumer LAYER.npy LAYER.npy LABELS.npy | consumer --example FOLDER")
  }
} catch {
  print("consumer: \(error)")  // One line: what is wrong, where, and what was expected.
}

func measure(_ first: String, _ second: String, labels path: String) throws {
  let file = try Archive(contentsOf: path)
  let labels = try file.integers(file.names[0])
  let layers = [try Recording(contentsOf: first), try Recording(contentsOf: second)]
  for (name, layer) in zip([first, second], layers) {
    let manifolds = try Manifolds(layer, labels: labels)
    let capacity = try manifoldCapacity(of: manifolds, key: RandomKey(seed: 1)).capacity
    let dimension = try twoNN(of: layer).dimension
    print("\(name): \(layer.rowCount) samples of \(layer.columnCount) channels")
    print("  capacity \(rounded(capacity.value)) ± \(rounded(capacity.standardError))")
    print("  dimension \(rounded(dimension.value)) ± \(rounded(dimension.standardError))")
  }
  let alignment = try centeredKernelAlignment(of: layers[0], with: layers[1])
  print("alignment \(rounded(alignment))")
}

func rounded(_ number: Double) -> Double { (number * 10_000).rounded() / 10_000 }

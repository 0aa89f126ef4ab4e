import Foundation
import GrokTraining

/// `curvature-benchmark hvp|gauss-newton|eigenvalues --threads N` is a contestant of `duel.py`: it reads
/// lines `go SECONDS` and answers each with `TIMES SECONDS`; `quit` ends it.
///
/// The network is 784-200-200-10, ReLU, cross-entropy, on 1,000 random pictures with MNIST's share of zeros:
/// products of the Hessian and of the Gauss–Newton matrix with a vector, and the five largest eigenvalues
/// of the Hessian to 1e-4 of the largest.
@main
struct CurvatureBenchmark {
  static func main() throws {
    let arguments = CommandLine.arguments
    let threads = arguments.firstIndex(of: "--threads").flatMap { Int(arguments[$0 + 1]) } ?? 1
    let (snapshot, examples) = try network(ComputeContext(threadCount: threads))
    let key = RandomKey(seed: 2)
    let vector: [Double] = key.fork("vector").normal(count: snapshot.model.layout.count)
    switch arguments.dropFirst().first {
    case "hvp":
      let hessian = try snapshot.hessian(on: examples)
      try serve { try hessian.product(with: vector)[0] }
    case "gauss-newton":
      let matrix = try snapshot.gaussNewton(on: examples)
      try serve { try matrix.product(with: vector)[0] }
    case "eigenvalues":
      let hessian = try snapshot.hessian(on: examples)
      let found = try leadingEigenvalues(of: hessian, count: 5, tolerance: 1e-4, key: key)
      FileHandle.standardError.write(Data("\(found.values), \(found.productCount)\n".utf8))
      try serve {
        try leadingEigenvalues(of: hessian, count: 5, tolerance: 1e-4, key: key).values[0]
      }
    default:
      print("usage: curvature-benchmark hvp|gauss-newton|eigenvalues [--threads N]")
      exit(64)
    }
  }

  private static func network(
    _ context: ComputeContext
  ) throws -> (Snapshot<Float>, LabeledExamples) {
    let key = RandomKey(seed: 0)
    let kept: [Float] = key.fork("zeros").uniform(count: 784_000, in: 0..<1)
    let values: [Float] = key.fork("values").uniform(count: 784_000, in: 0..<1)
    let pixels = zip(kept, values).map { $0 < 0.81 ? 0 : $1 }
    let examples = try LabeledExamples(
      inputs: .features(Matrix(values: pixels, rowCount: 1_000, columnCount: 784)),
      labels: key.fork("labels").integers(count: 1_000, in: 0..<10).map { Int32($0) },
      classCount: 10)
    let model = MLP(inputs: 784, hidden: [200, 200], outputs: 10)
    let trainer = try Trainer(
      model, parameters: model.initialParameters(as: Float.self, key: key), loss: .crossEntropy,
      optimizer: .adamW(), context: context)
    return (trainer.snapshot, examples)
  }

  private static func serve(_ measure: () throws -> Double) throws {
    for _ in 0..<3 { _ = try measure() }
    print("ready")
    fflush(nil)
    while let line = readLine(), line != "quit" {
      let seconds = Double(line.split(separator: " ").last ?? "") ?? 0.25
      let start = clock()
      var times = 0
      while clock() - start < seconds {
        _ = try measure()
        times += 1
      }
      print("\(times) \(clock() - start)")
      fflush(nil)
    }
  }

  private static func clock() -> Double { ProcessInfo.processInfo.systemUptime }
}

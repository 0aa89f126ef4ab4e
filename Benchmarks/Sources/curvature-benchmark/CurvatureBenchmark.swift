import BenchmarkSupport
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
    let examples = try randomPictures()
    let snapshot = try network(ComputeContext(threadCount: option("--threads", 1)))
    let key = RandomKey(seed: 2)
    let vector: [Double] = key.fork("vector").normal(count: snapshot.model.layout.count)
    switch arguments.dropFirst().first {
    case "hvp":
      let hessian = try snapshot.hessian(on: examples)
      try serve(warmUp: 3) { try hessian.product(with: vector)[0] }
    case "gauss-newton":
      let matrix = try snapshot.gaussNewton(on: examples)
      try serve(warmUp: 3) { try matrix.product(with: vector)[0] }
    case "eigenvalues":
      let hessian = try snapshot.hessian(on: examples)
      let found = try leadingEigenvalues(of: hessian, count: 5, tolerance: 1e-4, key: key)
      FileHandle.standardError.write(Data("\(found.values), \(found.productCount)\n".utf8))
      try serve(warmUp: 3) {
        try leadingEigenvalues(of: hessian, count: 5, tolerance: 1e-4, key: key).values[0]
      }
    default:
      exitWithUsage("curvature-benchmark hvp|gauss-newton|eigenvalues [--threads N]")
    }
  }

  private static func network(_ context: ComputeContext) throws -> Snapshot<Float> {
    let model = MLP(inputs: 784, hidden: [200, 200], outputs: 10)
    let trainer = try Trainer(
      model, parameters: model.initialParameters(as: Float.self, key: RandomKey(seed: 0)),
      loss: .crossEntropy,
      optimizer: .adamW(), context: context)
    return trainer.snapshot
  }
}

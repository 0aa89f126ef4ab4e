import Foundation
import GrokTraining

/// One contestant of `duel.py`: trains ResNet-18 when told to, with the norm of every parameter's gradient at every
/// step, and says how many steps it did.
///
/// `resnet-benchmark resnet|resnet-imagenet --threads N` reads lines `go SECONDS` and answers each with
/// `STEPS SECONDS`; `quit` ends it, and the peak memory goes to the error output.
@main
struct ResNetBenchmark {
  static func main() throws {
    let arguments = CommandLine.arguments
    let threads = arguments.firstIndex(of: "--threads").flatMap { Int(arguments[$0 + 1]) } ?? 1
    guard let work = arguments.dropFirst().first, ["resnet", "resnet-imagenet"].contains(work)
    else {
      print("usage: resnet-benchmark resnet|resnet-imagenet [--threads N]")
      exit(64)
    }
    var (trainer, data) = try contestant(
      stem: work == "resnet" ? .small : .imageNet, ComputeContext(threadCount: threads))
    let plan = Trainer<Float>.Plan(batching: .full, recording: .never, checkpoints: .init(.never))
    func train(until deadline: Double) throws -> Outcome {
      var first = true
      return try trainer.fit(data, steps: .max, plan: plan, key: RandomKey(seed: 1)) { _ in
        defer { first = false }
        return first || clock() < deadline
      }
    }
    _ = try train(until: clock())
    print("ready")
    fflush(nil)
    while let line = readLine(), line != "quit" {
      let before = trainer.step
      let seconds = Double(line.split(separator: " ").last ?? "") ?? 0.25
      let outcome = try train(until: clock() + seconds)
      let steps = trainer.step - before
      print("\(steps) \(Double(steps) / outcome.stepsPerSecond)")
      fflush(nil)
    }
  }

  /// Batch 128 of random pictures of 3 × 32 × 32; SGD with momentum 0.9 and weight decay 5e-4.
  private static func contestant(stem: ResNet.Stem, _ context: ComputeContext) throws
    -> (Trainer<Float>, TrainTestSplit)
  {
    let key = RandomKey(seed: 0)
    let size = PictureSize(channels: 3, height: 32, width: 32)
    let examples = try LabeledExamples(
      inputs: .features(key.fork("x").normalMatrix(rowCount: 128, columnCount: size.featureCount)),
      labels: key.fork("labels").integers(count: 128, in: 0..<10).map { Int32($0) },
      classCount: 10)
    let model = ResNet.resNet18(pictures: size, stem: stem, outputs: 10)
    var trainer = try Trainer(
      model, parameters: model.initialParameters(as: Float.self, key: key), loss: .crossEntropy,
      optimizer: .sgd(learningRate: 0.01, momentum: 0.9, weightDecay: 5e-4), context: context)
    let names = model.layout.names
    let keeper = NormKeeper()
    trainer.observeGradient(.every(1)) { _, gradient in
      keeper.norms = names.map { gradient[$0].norm }
    }
    return (
      trainer,
      TrainTestSplit(
        train: examples, test: examples.prefix(0), trainIndices: Array(0..<examples.count),
        testIndices: [])
    )
  }

  private static func clock() -> Double { ProcessInfo.processInfo.systemUptime }
}

/// The norms of the last step. Filled by the thread that trains.
private final class NormKeeper: @unchecked Sendable {
  var norms: [Double] = []
}

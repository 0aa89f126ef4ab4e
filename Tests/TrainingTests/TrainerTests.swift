import Synchronization
import TestSupport
import Testing

@testable import GrokTraining

@Suite struct TrainerTests {
  // MARK: Equal bits

  /// Wide enough that products, activations and updates are cut into several blocks.
  private static let wide: [(name: String, training: SmallTraining)] = [
    (
      "perceptron in batches of 200",
      SmallTraining.perceptron(modulus: 53, hidden: [150, 150], batchSize: 200, steps: 25)
    ),
    ("transformer on the full batch", SmallTraining.transformer(modulus: 29, width: 64, steps: 12)),
  ]

  @Test(.tags(.resume), arguments: [0, 1])
  func theNumberOfThreadsDoesNotChangeABit(index: Int) throws {
    var training = Self.wide[index].training
    var expected: (parameters: [Float], records: [String])?
    for threads in [1, 2, 3, 1] {
      training.threads = threads
      let keeper = RecordKeeper()
      var trainer = try training.trainer(as: Float.self)
      trainer.report(to: keeper)
      _ = try training.fit(&trainer)
      if let expected {
        #expect(trainer.parameters == expected.parameters, "\(threads) threads")
        #expect(keeper.records.timeless == expected.records, "\(threads) threads")
      } else {
        expected = (trainer.parameters, keeper.records.timeless)
      }
    }
  }

  @Test(.tags(.resume)) func aTrainingInTwoPartsEqualsOneInOne() throws {
    let training = SmallTraining.perceptron()
    var (whole, parts) = (
      try training.trainer(as: Double.self), try training.trainer(as: Double.self)
    )
    _ = try training.fit(&whole)
    for steps in [0, 1, 13, 13, 40] { _ = try training.fit(&parts, steps: steps) }
    #expect(parts.parameters == whole.parameters)
    #expect(parts.step == 40)
  }

  @Test(.tags(.law)) func aCopyOfATrainerGoesItsOwnWay() throws {
    let training = SmallTraining.perceptron()
    var first = try training.trainer(as: Float.self)
    _ = try training.fit(&first, steps: 10)
    var second = first
    _ = try training.fit(&first)
    #expect(second.step == 10)
    _ = try training.fit(&second)
    #expect(first.parameters == second.parameters)
  }

  @Test(.tags(.law), arguments: [SmallTraining.perceptron(), .transformer()])
  func precisionsStayClose(training: SmallTraining) throws {
    var (single, double) = (
      try training.trainer(as: Float.self), try training.trainer(as: Double.self)
    )
    let (coarse, fine) = (try training.fit(&single), try training.fit(&double))
    // 40 steps of Adam: single precision has relative errors of 6e-8 a step, which the division by
    // small second moments enlarges.
    #expect(abs(coarse.trainLoss - fine.trainLoss) < 1e-4 * fine.trainLoss)
    #expect(abs(coarse.testLoss - fine.testLoss) < 1e-4 * fine.testLoss)
    #expect(coarse.trainAccuracy == fine.trainAccuracy)
  }

  // MARK: Observers

  @Test func observersFireAtTheirStepsAndChangeNothing() throws {
    let training = SmallTraining.perceptron()
    var (plain, observed) = (
      try training.trainer(as: Float.self), try training.trainer(as: Float.self)
    )
    let (plainRecords, records) = (RecordKeeper(), RecordKeeper())
    plain.report(to: plainRecords)
    observed.report(to: records)
    observed.observe(.every(6), as: "largest") { snapshot in
      Double(snapshot.parameterVector.map(abs).max()!)
    }
    let data = training.data
    observed.observe(.at([0, 3, 40]), as: "activation") { snapshot in
      Double(try snapshot.activations(of: "hidden.0", on: data.test).values.max()!)
    }
    let outcome = try training.fit(&observed)
    #expect(try training.fit(&plain).timeless == outcome.timeless)
    #expect(plain.parameters == observed.parameters)
    let largest = records.records.filter { $0.name == "largest" }
    #expect(largest.map(\.step) == [0, 6, 12, 18, 24, 30, 36])
    let activations = records.records.filter { $0.name == "activation" }
    #expect(activations.map(\.step) == [0, 3, 40])
    let others = records.records.filter { $0.name != "largest" && $0.name != "activation" }
    #expect(others.timeless == plainRecords.records.timeless)
  }

  @Test func anObserverThatNeverFiresIsAnErrorAtTheStart() throws {
    let training = SmallTraining.perceptron()
    for schedule in [Schedule.never, .at([41, -1])] {
      var trainer = try training.trainer(as: Float.self)
      trainer.observe(schedule, as: "norm") { _ in 0 }
      #expect(throws: TrainingError.observerNeverFires("norm", steps: 40)) {
        try training.fit(&trainer)
      }
      #expect(trainer.step == 0)
    }
  }

  @Test func anErrorOfAnObserverEndsTheTraining() throws {
    let training = SmallTraining.perceptron()
    var trainer = try training.trainer(as: Float.self)
    trainer.observe(.at([9]), as: "tap") { snapshot in
      Double(try snapshot.activations(of: "hiden.0", on: training.data.test).rowCount)
    }
    let error = #expect(throws: TrainingError.self) { try training.fit(&trainer) }
    #expect(error?.description == "unknown value 'hiden.0'; did you mean 'hidden.0'?")
    #expect(trainer.step == 9)
  }

  @Test(.tags(.law)) func aSnapshotDoesNotChangeWhenTrainingGoesOn() throws {
    let training = SmallTraining.perceptron()
    let kept = Mutex<[Snapshot<Float>]>([])
    let seen = Mutex<[[Float]]>([])
    var trainer = try training.trainer(as: Float.self)
    trainer.observe(.at([0, 5, 17]), as: "keep") { snapshot in
      kept.withLock { $0.append(snapshot) }
      seen.withLock { $0.append(snapshot.parameterVector) }
      return 0
    }
    let start = trainer.snapshot
    let initial = trainer.parameters
    _ = try training.fit(&trainer)
    #expect(start.parameterVector == initial)
    #expect(kept.withLock { $0.map(\.parameterVector) } == seen.withLock { $0 })
    #expect(kept.withLock { $0.map(\.step) } == [0, 5, 17])
    #expect(Set(seen.withLock { $0 } + [trainer.parameters]).count == 4)
    var unobserved = try training.trainer(as: Float.self)
    _ = try training.fit(&unobserved)
    #expect(unobserved.parameters == trainer.parameters)
  }

  // MARK: Losses that are not finite

  private func diverging() -> SmallTraining {
    var training = SmallTraining.perceptron()
    training.optimizer = .sgd(learningRate: 1e22)
    training.learningRate = .constant
    training.plan.recording = .at([0, 1])
    return training
  }

  @Test func aLossThatIsNotFiniteStopsWithStepAndTap() throws {
    var trainer = try diverging().trainer(as: Float.self)
    let error = #expect(throws: TrainingError.self) { try diverging().fit(&trainer) }
    guard case .nonFiniteLoss(let step, let loss, let tap?, nil) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(step == trainer.step && step > 0 && step < 10)
    #expect(!loss.isFinite)
    #expect(["hidden.0", "output"].contains(tap))
    #expect(
      error?.description
        == "the loss is \(loss) at step \(step); the first value that is not finite is at "
        + "'\(tap)'; try a smaller train.learningRate")
  }

  /// A training whose last step broke the network ended well and left not-a-number in its records.
  @Test func aLossThatIsNotFiniteAfterTheLastStepIsAnErrorToo() throws {
    var trainer = try diverging().trainer(as: Float.self)
    let failure = #expect(throws: TrainingError.self) { try diverging().fit(&trainer) }
    guard case .nonFiniteLoss(let failing, _, _, _) = failure else { return }
    let keeper = RecordKeeper()
    var short = try diverging().trainer(as: Float.self)
    short.report(to: keeper)
    #expect(throws: TrainingError.self) { try diverging().fit(&short, steps: failing) }
    #expect(keeper.records.allSatisfy { $0.value.isFinite })
  }

  /// A checkpoint of a broken network was written, and named as the last good one.
  @Test func aNetworkThatIsNotFiniteIsNeverACheckpoint() throws {
    try withTemporaryFolder { folder in
      var training = diverging()
      training.loss = .meanSquaredError
      training.optimizer = .sgd(learningRate: 1e30)
      training.plan.checkpoints = .init(.every(1))
      let run = try Run(directory: folder + "/run")
      var trainer = try training.trainer(as: Float.self, run: run)
      let error = #expect(throws: TrainingError.self) { try training.fit(&trainer) }
      let last = try #require(Run.checkpoints(in: run.directory).last)
      #expect(error?.description.contains("the last good checkpoint is \(last.path);") == true)
      let archive = try Archive(contentsOf: last.path)
      #expect(try archive.names.allSatisfy { try archive.floats($0).allSatisfy(\.isFinite) })
    }
  }

  // MARK: Arguments

  @Test func refusesWhatDoesNotFit() throws {
    let training = SmallTraining.perceptron()
    #expect(throws: TrainingError.parameterCount(found: 3, expected: 271)) {
      try Trainer<Float>(
        training.model, parameters: [1, 2, 3], loss: .crossEntropy, optimizer: .adam())
    }
    var trainer = try training.trainer(as: Float.self)
    let empty = TrainTestSplit(
      train: training.data.test.selecting([]), test: training.data.test, trainIndices: [],
      testIndices: training.data.testIndices)
    #expect(throws: TrainingError.noExamples) {
      try trainer.fit(empty, steps: 1, key: RandomKey(seed: 0))
    }
    let other = SmallTraining.perceptron(modulus: 11)
    #expect(throws: TrainingError.labelOutOfRange(9, outputCount: 7)) {
      try trainer.fit(other.data, steps: 1, key: RandomKey(seed: 0))
    }
    let tokens = SmallTraining.transformer()
    let error = #expect(throws: ModelError.self) {
      try trainer.fit(tokens.data, steps: 1, key: RandomKey(seed: 0))
    }
    #expect(
      error?.description
        == "the examples are sequences of 3 tokens of a vocabulary of 8, but the network reads "
        + "vectors of 14 features")
  }

  @Test(.tags(.law)) func evaluationIsTheMeanOverExamples() throws {
    let training = SmallTraining.perceptron()
    let trainer = try training.trainer(as: Double.self)
    let examples = training.data.test
    let outputs = try trainer.snapshot.outputs(on: examples)
    var (loss, correct) = (0.0, 0)
    for (row, label) in examples.labels.enumerated() {
      let logits = (0..<7).map { outputs[row, $0] }
      let total = logits.reduce(0) { $0 + power(2.718281828459045, $1) }
      loss +=
        -logarithm10(power(2.718281828459045, logits[Int(label)]) / total)
        / logarithm10(2.718281828459045)
      if logits[Int(label)] == logits.max() { correct += 1 }
    }
    let found = try trainer.evaluate(on: examples)
    #expect(abs(found.loss - loss / Double(examples.count)) < 1e-12)
    #expect(found.accuracy == Double(correct) / Double(examples.count))
    #expect(
      abs(try trainer.snapshot.lossAndGradient(on: examples).loss - found.loss) < 1e-12)
  }
}

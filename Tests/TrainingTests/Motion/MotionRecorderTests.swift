import TestSupport
import Testing

@testable import GrokTraining

/// Rows of motion against plain recomputation from every gradient and all weights.
@Suite struct MotionRecorderTests {
  struct Case: CustomTestStringConvertible, Sendable {
    let testDescription: String
    var training = SmallTraining.perceptron(steps: 12)
    var options = UpdateOptions()

    init(
      _ name: String, _ optimizer: Optimizer, _ training: SmallTraining = .perceptron(steps: 12),
      _ change: (inout UpdateOptions) -> Void = { _ in }
    ) {
      testDescription = name
      self.training = training
      self.training.optimizer = optimizer
      change(&options)
    }

    func trainer<Scalar: RealScalar>(
      _ motion: MotionRecording?, run: Run? = nil
    ) throws -> Trainer<Scalar> {
      try Trainer(
        training.model, parameters: training.model.initialParameters(key: training.key.fork("w")),
        loss: training.loss, optimizer: training.optimizer, learningRate: training.learningRate,
        updateOptions: options, accuracyThreshold: 0.6, motion: motion, run: run,
        context: ComputeContext(threadCount: training.threads))
    }
  }

  private static let momentum = Optimizer.sgd(
    learningRate: 0.1, momentum: 0.9, weightDecay: 0.05)

  static let cases: [Case] = [
    Case("SGD", .sgd(learningRate: 0.1)),
    Case("SGD with decay", .sgd(learningRate: 0.1, weightDecay: 0.1)),
    Case("momentum and decay", momentum),
    Case("dampening", .sgd(learningRate: 0.1, momentum: 0.8, dampening: 0.3)),
    Case("Nesterov", .sgd(learningRate: 0.1, momentum: 0.9, weightDecay: 0.01, nesterov: true)),
    Case("Adam with decay", .adam(learningRate: 0.01, weightDecay: 0.1)),
    Case("AdamW", .adamW(learningRate: 0.01, weightDecay: 0.5)),
    Case("AdamW, heads", .adamW(learningRate: 0.01, weightDecay: 0.5), .transformer(steps: 12)),
    Case("momentum, large blocks", momentum, .perceptron(hidden: [1_000, 24], steps: 4)),
    Case("groups", momentum) {
      $0.groups = [
        ParameterGroup("*.bias", weightDecayFactor: 0),
        ParameterGroup("output.*", learningRateFactor: 0.3, weightDecayFactor: 2),
      ]
    },
    Case("clipped", momentum) { $0.maximumGradientNorm = 0.1 },
    Case("kept norm", momentum) { $0.keepsNorm = true },
    Case("filtered", momentum) { $0.gradientFilter = .exponentialAverage() },
    Case("orthogonal", .adamW(learningRate: 0.01)) { $0.isOrthogonal = true },
  ]

  @Test(.tags(.oracle), arguments: cases)
  func rowsAreThoseOfPlainLoopsInDouble(of test: Case) throws {
    try check(test, as: Double.self, tolerance: 1e-9)
  }

  /// The update of the step before is the momentum, but for what rounding the weights has done to it.
  @Test(.tags(.oracle), arguments: cases)
  func rowsAreThoseOfPlainLoopsInFloat(of test: Case) throws {
    try check(test, as: Float.self, tolerance: 2e-4)
  }

  private func check<Scalar: RealScalar>(_ test: Case, as: Scalar.Type, tolerance: Double) throws {
    var trainer: Trainer<Scalar> = try test.trainer(MotionRecording())
    let plain = PlainMotion(watching: &trainer)
    _ = try test.training.fit(&trainer)
    #expect(plain.rows.map(\.step) == Array(0..<test.training.steps))
    for row in plain.rows {
      let rate =
        test.training.optimizer.learningRate
        * test.training.learningRate.factor(atStep: row.step)
      #expect(row.learningRate == rate)
      for component in row.columns.components {
        let vectors = plain.vectors(of: component, row.step, rate: rate)
        for quantity in MotionQuantity.allCases {
          let found = try #require(row[quantity, of: component.name])
          let sources = [quantity] + quantity.sources
          if row.step == 0 && sources.contains(where: MotionQuantity.comparisons.contains) {
            #expect(found.isNaN)
            continue
          }
          let (expected, scale) = (vectors.value(quantity), vectors.scale(quantity))
          #expect(
            expected.isNaN || !scale.isFinite
              ? found.isNaN : abs(found - expected) <= tolerance * scale,
            "\(quantity) of \(component.name) at \(row.step): \(found), not \(expected)")
        }
      }
    }
  }

  @Test(.tags(.law), arguments: cases)
  func recordingChangesNothingAndThreadsDoNotMatter(of test: Case) throws {
    var plain: Trainer<Float> = try test.trainer(nil)
    _ = try test.training.fit(&plain)
    var rows: [[MotionRow]] = []
    for threads in [1, 3] {
      var other = test
      other.training.threads = threads
      var trainer: Trainer<Float> = try other.trainer(MotionRecording())
      let keeper = RowKeeper()
      trainer.observeMotion { keeper.rows.append($0) }
      _ = try other.training.fit(&trainer)
      #expect(trainer.parameters == plain.parameters)
      rows.append(keeper.rows)
    }
    #expect(rows[0].map(\.bits) == rows[1].map(\.bits))
  }

  @Test(.tags(.law), arguments: cases)
  func aRowDoesNotDependOnWhichOthersAreRecorded(of test: Case) throws {
    func rows(_ recording: MotionRecording) throws -> [MotionRow] {
      var trainer: Trainer<Float> = try test.trainer(recording)
      let keeper = RowKeeper()
      trainer.observeMotion { keeper.rows.append($0) }
      _ = try test.training.fit(&trainer)
      return keeper.rows
    }
    let all = try rows(MotionRecording())
    let some = try rows(MotionRecording(interval: 3))
    #expect(some.map(\.step) == all.map(\.step).filter { $0 % 3 == 2 })
    #expect(some.map(\.bits) == all.filter { $0.step % 3 == 2 }.map(\.bits))
    let bare = try rows(MotionRecording(comparesSteps: false, measuresDisplacement: false))
    for (row, full) in zip(bare, all) {
      for component in row.columns.components {
        for quantity in MotionQuantity.basic {
          #expect(row[quantity, of: component.name] == full[quantity, of: component.name])
        }
        #expect(row[.updateCosine, of: component.name] == nil)
        #expect(row[.displacement, of: component.name] == nil)
        #expect(row[.gradientPartNorm, of: component.name] != nil)
      }
    }
  }

  @Test func stepsAreCountedInEpochsWhereAskedFor() {
    let recording = MotionRecording(interval: 20, countsInEpochs: true)
    let steps = (0..<782).filter { recording.contains($0, stepsPerEpoch: 391) }
    #expect(steps.prefix(2) == [19, 39] && steps[18] == 379 && steps[19] == 391 + 19)
    #expect(steps.count == 38 && recording.count(steps: 782, stepsPerEpoch: 391) == 38)
    let through = MotionRecording(interval: 20)
    #expect((0..<782).filter { through.contains($0, stepsPerEpoch: 391) }.count == 39)
    #expect(through.count(steps: 782, stepsPerEpoch: 391) == 39)
  }

  @Test func aRecordThatWouldNeverBeMadeIsAnError() throws {
    let test = Self.cases[0]
    var trainer: Trainer<Float> = try test.trainer(MotionRecording(interval: 13))
    let error = #expect(throws: TrainingError.self) { try test.training.fit(&trainer) }
    #expect(error?.description == "the measure 'motion' would never be taken in 12 steps")
  }
}

/// Keeps rows in memory. Filled by the thread that trains.
final class RowKeeper: @unchecked Sendable {
  var rows: [MotionRow] = []
}

extension MotionRow {
  /// What must be equal in equal rows.
  var bits: [UInt64] {
    [UInt64(step), loss.bitPattern, learningRate.bitPattern]
      + values.map { $0.isNaN ? 1 : $0.bitPattern }
  }
}

import Foundation
import TestSupport
import Testing

@testable import GrokTraining

/// Schedules, groups and changed gradients against PyTorch and against what they promise.
@Suite struct UpdateRuleTests {
  private struct File: Decodable {
    let widths: [Int]
    let inputs: [Double]
    let labels: [Int32]
    let initial: [String: [Double]]
    let cases: [String: Case]
  }

  private struct Case: Decodable {
    let losses: [Double]
    let weights: [String: [Double]]
  }

  private static let sgd = Optimizer.sgd(learningRate: 0.3, momentum: 0.9)
  private static let adamW = Optimizer.adamW(learningRate: 0.02, beta2: 0.98, weightDecay: 1)

  private struct Rule {
    var optimizer = sgd
    var schedule = LearningRateSchedule.constant
    var options = UpdateOptions()
    var loss = Loss.crossEntropy

    init(
      _ optimizer: Optimizer = sgd, _ course: LearningRateSchedule.Course = .constant,
      loss: Loss = .crossEntropy, _ change: (inout UpdateOptions) -> Void = { _ in }
    ) {
      self.optimizer = optimizer
      schedule = LearningRateSchedule(course)
      self.loss = loss
      change(&options)
    }
  }

  private static let rules: [String: Rule] = [
    "cosine": Rule(sgd, .cosine(steps: 10)),
    "linear": Rule(sgd, .linear(steps: 8, final: 0.25)),
    "stepwise": Rule(sgd, .stepwise(every: 3, factor: 0.5)),
    "clipped": Rule { $0.maximumGradientNorm = 0.2 },
    "groups": Rule(adamW) {
      $0.groups = [
        ParameterGroup("*.bias", weightDecayFactor: 0),
        ParameterGroup("output.*", learningRateFactor: 10, weightDecayFactor: 0.5),
      ]
    },
    "filtered": Rule(adamW) {
      $0.gradientFilter = .exponentialAverage(decay: 0.9, amplification: 3)
    },
    "orthogonal": Rule(adamW) { $0.isOrthogonal = true },
    "keptNorm": Rule { $0.keepsNorm = true },
    "stableMax": Rule(loss: .stableMax),
  ]

  @Test(.tags(.golden), arguments: rules.keys.sorted())
  func tenStepsAreThoseOfPyTorch(name: String) throws {
    let file = try fixture("update-rules/cases.json", as: File.self)
    let (rule, golden) = try (#require(Self.rules[name]), #require(file.cases[name]))
    let model = MLP(
      inputs: file.widths[0], hidden: [file.widths[1]], outputs: file.widths[2], activation: .tanh)
    let examples = try LabeledExamples(
      inputs: .features(
        Matrix(
          values: file.inputs.map { Float($0) }, rowCount: file.labels.count,
          columnCount: file.widths[0])), labels: file.labels, classCount: file.widths[2])
    var trainer = try Trainer(
      model, parameters: model.layout.names.flatMap { file.initial[$0]! }, loss: rule.loss,
      optimizer: rule.optimizer, learningRate: rule.schedule, updateOptions: rule.options)
    let data = TrainTestSplit(
      train: examples, test: examples.selecting([]), trainIndices: Array(0..<examples.count),
      testIndices: [])
    for loss in golden.losses {
      #expect(abs(try trainer.evaluate(on: examples).loss - loss) < 1e-12, "\(trainer.step)")
      _ = try trainer.fit(data, steps: trainer.step + 1, key: RandomKey(seed: 0))
    }
    let expected = model.layout.names.flatMap { golden.weights[$0]! }
    #expect(zip(trainer.parameters, expected).map { abs($0 - $1) }.max()! < 1e-12)
  }

  @Test(.tags(.resume), arguments: ["filtered", "keptNorm", "groups", "cosine"])
  func stoppedAndResumedIsNeverHavingStopped(name: String) throws {
    try withTemporaryFolder { folder in
      let rule = try #require(Self.rules[name])
      let training = SmallTraining.perceptron()
      func trainer(_ run: Run) throws -> Trainer<Float> {
        try Trainer(
          training.model,
          parameters: training.model.initialParameters(key: training.key.fork("weights")),
          loss: rule.loss, optimizer: rule.optimizer, learningRate: rule.schedule,
          updateOptions: rule.options, run: run)
      }
      var whole = try trainer(Run(directory: folder + "/whole"))
      _ = try training.fit(&whole)
      var first = try trainer(Run(directory: folder + "/parts"))
      _ = try training.fit(&first, stoppingAt: 17)
      var second = try trainer(Run(continuing: folder + "/parts"))
      try second.resume(training.trainerPlan(), steps: training.steps)
      _ = try training.fit(&second)
      #expect(second.parameters == whole.parameters)
      let last = try (
        Run.checkpoints(in: folder + "/whole"), Run.checkpoints(in: folder + "/parts")
      )
      #expect(
        try bytes(of: #require(last.0.last).path) == bytes(of: #require(last.1.last).path))
    }
  }

  @Test(.tags(.law)) func whatTheOptionsPromise() throws {
    let training = SmallTraining.perceptron()
    let initial: [Double] = training.model.initialParameters(key: training.key)
    func moved(_ options: UpdateOptions, steps: Int = 1) throws -> [Double] {
      var trainer = try Trainer(
        training.model, parameters: initial, loss: .crossEntropy,
        optimizer: .sgd(learningRate: 1), updateOptions: options)
      _ = try trainer.fit(training.data, steps: steps, key: training.key)
      return trainer.parameters
    }
    func length(_ values: [Double]) -> Double { dot(values, values).squareRoot() }
    func change(_ options: UpdateOptions) throws -> [Double] {
      zip(try moved(options), initial).map { $0 - $1 }
    }
    let plain = try change(UpdateOptions())
    var clipped = UpdateOptions()
    clipped.maximumGradientNorm = length(plain) / 10
    #expect(abs(length(try change(clipped)) / length(plain) - 0.1) < 1e-4)
    clipped.maximumGradientNorm = length(plain) * 2
    #expect(try change(clipped) == plain)
    var orthogonal = UpdateOptions()
    orthogonal.isOrthogonal = true
    let sideways = try change(orthogonal)
    for entry in training.model.layout.entries {
      let (w, d) = (Array(initial[entry.range]), Array(sideways[entry.range]))
      #expect(abs(dot(w, d)) < 1e-12 * length(w) * length(d))
      #expect(abs(length(d) / length(Array(plain[entry.range])) - 1) < 1e-12)
    }
    var sphere = UpdateOptions()
    sphere.keepsNorm = true
    #expect(abs(length(try moved(sphere, steps: 30)) / length(initial) - 1) < 1e-13)
    var frozen = UpdateOptions()
    frozen.groups = [ParameterGroup("hidden.*", learningRateFactor: 0)]
    let partly = try change(frozen)
    for entry in training.model.layout.entries {
      #expect(partly[entry.range].allSatisfy { $0 == 0 } == entry.name.hasPrefix("hidden"))
    }
  }

  @Test(.tags(.law)) func ratesRiseAndFall() {
    let cosine = LearningRateSchedule(warmUpSteps: 10, .cosine(steps: 110, final: 0.1))
    #expect((0...10).map { cosine.factor(atStep: $0) } == (0...10).map { Double($0) / 10 })
    #expect(abs(cosine.factor(atStep: 60) - 0.55) < 1e-15)
    #expect(cosine.factor(atStep: 110) == 0.1 && cosine.factor(atStep: 10_000) == 0.1)
    let steps = LearningRateSchedule(.stepwise(every: 4, factor: 0.5))
    #expect((0..<9).map { steps.factor(atStep: $0) } == [1, 1, 1, 1, 0.5, 0.5, 0.5, 0.5, 0.25])
    #expect(LearningRateSchedule(.linear(steps: 0)).factor(atStep: 0) == 0)
    // Each part is a course of its own length.
    let parts = LearningRateSchedule(warmUpSteps: 2, .cosine(steps: 18), restarts: [6, 14])
    let (first, second) = (
      LearningRateSchedule(.cosine(steps: 4)), LearningRateSchedule(.cosine(steps: 8))
    )
    #expect((2..<6).map { parts.factor(atStep: $0) } == (0..<4).map { first.factor(atStep: $0) })
    #expect((6..<14).map { parts.factor(atStep: $0) } == (0..<8).map { second.factor(atStep: $0) })
    #expect((14...18).map { parts.factor(atStep: $0) } == (0...4).map { first.factor(atStep: $0) })
  }

  @Test func patternsOfNames() {
    for (pattern, name, isMatch) in [
      ("*", "a", true), ("*.bias", "hidden.0.bias", true), ("*.bias", "hidden.0.biases", false),
      ("hidden.*.weight", "hidden.10.weight", true), ("hidden", "hidden.0", false),
      ("a*b*c", "abbc", true), ("a*b*c", "acb", false), ("", "", true),
    ] {
      #expect(ParameterGroup(pattern).contains(name) == isMatch, "\(pattern) \(name)")
    }
  }
}

import Foundation
import TestSupport
import Testing

@testable import GrokTraining

/// Trainings of which parts are frozen.
@Suite struct FreezingTests {
  private static let network = SmallTraining.residual  // two stages of one block
  private static let growing = GrowingResNet(network)
  private static let sgd = Optimizer.sgd(learningRate: 0.05, momentum: 0.9, weightDecay: 1e-2)
  private static let rule = CoolingRule(
    quantile: 0.9, patience: 1, interval: 2, smoothing: 0.5, minimumCount: 1)

  private func trainer<Scalar: RealScalar>(
    _ freezing: Freezing, _ model: any Model = network, optimizer: Optimizer = sgd,
    options: UpdateOptions = UpdateOptions(), motion: MotionRecording? = nil, run: Run? = nil,
    as type: Scalar.Type = Float.self
  ) throws -> Trainer<Scalar> {
    try Trainer(
      model, parameters: model.initialParameters(key: RandomKey(seed: 3)), loss: .crossEntropy,
      optimizer: optimizer, updateOptions: options, motion: motion, freezing: freezing,
      countsOperations: true, run: run)
  }

  private func fit<Scalar: RealScalar>(_ trainer: inout Trainer<Scalar>, to steps: Int) throws {
    _ = try SmallTraining.pictures(trainer.model).fit(&trainer, steps: steps)
  }

  /// Names of what differs between two states.
  private func moved(_ a: Trainer<Float>, _ b: Trainer<Float>) -> Set<String> {
    let layout = a.model.layout
    var names = Set(
      layout.entries.filter { a.parameters[$0.range] != b.parameters[$0.range] }.map(\.name))
    let (before, after) = (a.state.modelState!.values, b.state.modelState!.values)
    names.formUnion(
      layout.stateEntries.filter { before[$0.range] != after[$0.range] }.map(\.name))
    return names
  }

  @Test(arguments: [
    sgd, .adamW(learningRate: 1e-2, weightDecay: 0.1), .adam(learningRate: 1e-2, weightDecay: 0.1),
    .sgd(learningRate: 0.05, momentum: 0.9, weightDecay: 1e-2, nesterov: true),
  ]) func whatIsFrozenStaysBitForBit(optimizer: Optimizer) throws {
    var options = UpdateOptions()
    options.gradientFilter = .exponentialAverage()
    options.maximumGradientNorm = 1
    for options in [UpdateOptions(), options] {
      let freezing = Freezing.scheduled([.init("stem", from: 5), .init("layer1", from: 8)])
      var trainer: Trainer<Float> = try trainer(freezing, optimizer: optimizer, options: options)
      try fit(&trainer, to: 5)
      let five = trainer
      try fit(&trainer, to: 8)
      let eight = trainer
      try fit(&trainer, to: 12)
      let all = Set(
        trainer.model.layout.names + trainer.model.layout.stateEntries.map(\.name))
      func isStem(_ name: String) -> Bool { name.hasPrefix("conv1") || name.hasPrefix("bn1") }
      #expect(moved(five, eight) == all.filter { !isStem($0) })
      #expect(moved(eight, trainer) == all.filter { !isStem($0) && !$0.hasPrefix("layer1.") })
    }
  }

  /// Networks that read several parameters in one piece find a gradient for what is frozen, which is taken out.
  @Test(arguments: ["embed", "blocks.0", "blocks.0.attn.W_K", "blocks.0.mlp.b_*", "unembed"])
  func partsOfTransformersStay(part: String) throws {
    let training = SmallTraining.transformer()
    var trainer: Trainer<Float> = try Trainer(
      training.model, parameters: training.model.initialParameters(key: RandomKey(seed: 3)),
      loss: .crossEntropy, optimizer: .adamW(learningRate: 1e-2, weightDecay: 0.1),
      freezing: .scheduled([.init(part, from: 3)]))
    _ = try training.fit(&trainer, steps: 3)
    let before = trainer.parameters
    _ = try training.fit(&trainer, steps: 8)
    for entry in training.model.layout.entries {
      let group = [ParameterGroup(part), ParameterGroup(part + ".*")]
      let isFrozen = group.contains { $0.contains(entry.name) }
      #expect((before[entry.range] == trainer.parameters[entry.range]) == isFrozen, "\(entry.name)")
    }
  }

  @Test(.tags(.law)) func trainingIsTheSameUpToTheFirstFrozenStep() throws {
    var plain: Trainer<Float> = try trainer(.never)
    var frozen: Trainer<Float> = try trainer(.scheduled([.init("stem", from: 6)]))
    try fit(&plain, to: 6)
    try fit(&frozen, to: 6)
    #expect(plain.parameters == frozen.parameters)
    try fit(&plain, to: 7)
    try fit(&frozen, to: 7)
    #expect(plain.parameters != frozen.parameters)
  }

  /// The gradient by what is trained is that of the whole network whose frozen batch norms use their running statistics,
  /// by differences of the loss; that by what is frozen is 0.
  @Test(.tags(.gradient)) func gradientsAreThoseOfTheFrozenNetwork() throws {
    let freezing = Freezing.scheduled([.init("stem", from: 3), .init("layer2.0.conv2", from: 3)])
    var trainer: Trainer<Double> = try trainer(freezing, as: Double.self)
    try fit(&trainer, to: 3)
    let model = trainer.model
    let frozen = Set(
      model.layout.names.filter {
        $0.hasPrefix("conv1") || $0.hasPrefix("bn1") || $0.hasPrefix("layer2.0.conv2")
      })
    let batch = try trainer.prepare(SmallTraining.pictures(model).data.train).all
    let state = trainer.state.modelState
    func loss(_ vector: Tensor<Double>) -> Tensor<Double> {
      let parameters = Parameters(
        vector, state: state, layout: model.layout, frozenNames: frozen)
      let pass = Pass<Double>(.training(key: RandomKey(seed: 1)))
      return Loss.crossEntropy(
        model.readout(for: batch.input, parameters: parameters, pass: pass), batch)
    }
    let start = trainer.parameters
    let point = Tensor(start, shape: Shape(start.count))
    let gradient = valueAndGradient(at: point, of: loss).gradient.values
    for entry in model.layout.entries {
      let part = gradient[entry.range]
      if frozen.contains(entry.name) {
        #expect(part.allSatisfy { $0 == 0 }, "\(entry.name)")
        continue
      }
      let place = entry.range.lowerBound + entry.range.count / 2
      func moved(_ step: Double) -> Double {
        var values = start
        values[place] += step
        return loss(Tensor(values, shape: Shape(values.count))).value
      }
      let slope = (moved(1e-5) - moved(-1e-5)) / 2e-5
      #expect(abs(slope - gradient[place]) < 1e-6 * max(1, abs(slope)), "\(entry.name)")
    }
  }

  /// Momentum is gone when a stage is trained again: its first update is that of a new optimizer.
  @Test func momentumIsLost() throws {
    var trainer: Trainer<Float> = try trainer(
      .layerwise(beginnings: [4, 8]), Self.growing)
    try fit(&trainer, to: 8)
    let momentum = trainer.state.optimizer.vectors[0].values
    let layout = trainer.model.layout
    #expect(momentum[layout["layer1.0.conv1.weight"]!.range].allSatisfy { $0 == 0 })
    #expect(momentum[layout["layer2.0.conv1.weight"]!.range].contains { $0 != 0 })
  }

  @Test(
    .tags(.resume),
    arguments: [
      Freezing.scheduled([.init("stem", from: 6), .init("layer1.0.conv*", from: 9)]),
      .whenCool(rule), .layerwise(beginnings: [8]), .layerwise(beginnings: [7, 14]),
    ]) func stoppedEqualsNeverStopped(freezing: Freezing) throws
  {
    let grows = if case .layerwise = freezing { true } else { false }
    let model: any Model = grows ? Self.growing : Self.network
    let training = SmallTraining.pictures(model, steps: 21)
    let motion = MotionRecording()
    try withTemporaryFolder { folder in
      var whole: Trainer<Float> = try trainer(
        freezing, model, motion: motion, run: Run(directory: folder + "/whole"))
      _ = try training.fit(&whole)
      #expect(!whole.state.freezing.frozenNames.isEmpty)
      for stop in [6, 8, 13, 17] {
        let run = folder + "/\(stop)"
        var first: Trainer<Float> = try trainer(
          freezing, model, motion: motion, run: Run(directory: run))
        _ = try training.fit(&first, stoppingAt: stop)
        var second: Trainer<Float> = try trainer(
          freezing, model, motion: motion, run: Run(continuing: run))
        try second.resume(training.trainerPlan(), steps: training.steps)
        _ = try training.fit(&second)
        for file in ["motion.bin", "checkpoints/step-00000021.safetensors"] {
          #expect(
            try bytes(of: "\(run)/\(file)") == bytes(of: "\(folder)/whole/\(file)"), "\(stop)")
        }
        let (own, other) = try (
          Run.records(in: run).timeless, Run.records(in: folder + "/whole").timeless
        )
        #expect(own == other)
      }
    }
  }

  @Test func checkpointsSayWhatIsFrozen() throws {
    try withTemporaryFolder { folder in
      var trainer: Trainer<Float> = try trainer(
        .scheduled([.init("fc", from: 5), .init("stem", from: 5)]),
        run: Run(directory: folder + "/a"))
      try fit(&trainer, to: 14)
      func frozen(_ step: String) throws -> String? {
        try Archive(contentsOf: folder + "/a/checkpoints/step-000000\(step).safetensors")
          .metadata["frozen"]
      }
      #expect(try frozen("00") == nil)
      #expect(try frozen("07") == "conv1.weight bn1.weight bn1.bias fc.weight fc.bias")
      var other: Trainer<Float> = try self.trainer(.whenCool(Self.rule))
      let archive = try Archive(
        contentsOf: folder + "/a/checkpoints/step-00000014.safetensors")
      let error = #expect(throws: TrainingError.self) {
        try Checkpoint.restore(
          &other.state, from: archive, layout: other.model.layout, in: other.context)
      }
      #expect(
        error?.description == archive.path
          + ": and this training do not freeze the same stages when they cool")
    }
  }

  @Test func motionOfWhatIsFrozenIsZero() throws {
    for optimizer in [Self.sgd, .adamW(learningRate: 1e-2, weightDecay: 0.1)] {
      var trainer: Trainer<Float> = try trainer(
        .scheduled([.init("stem", from: 4)]), optimizer: optimizer, motion: MotionRecording())
      let rows = MotionRows()
      trainer.observeMotion { rows.append($0) }
      try fit(&trainer, to: 8)
      for row in rows.all {
        let (still, moving) = (row.step >= 4, "layer1.0.conv1.weight")
        for quantity in [MotionQuantity.gradientNorm, .updateNorm, .decayNorm, .gradientPartNorm] {
          #expect((row[quantity, of: "conv1.weight"] == 0) == still, "\(quantity) \(row.step)")
          #expect(row[quantity, of: moving]! > 0)
        }
        #expect(row[.weightNorm, of: "conv1.weight"]! > 0)
        if still { #expect(row[.updateCosine, of: "conv1.weight"]!.isNaN) }
      }
      #expect(rows.all[7][.displacement, of: "conv1.weight"]! > 0)
      #expect(
        rows.all[4][.displacement, of: "conv1.weight"]
          == rows.all[7][.displacement, of: "conv1.weight"])
    }
  }

  @Test(.tags(.law)) func arithmeticIsThatOfTheStages() throws {
    let keeper = RecordKeeper()
    var trainer: Trainer<Float> = try trainer(.scheduled([.init("stem", from: 7)]))
    trainer.report(to: keeper)
    try fit(&trainer, to: 10)
    func total(_ frozen: Set<String>) throws -> Int {
      try OperationCount(
        of: Self.network, reading: .features(Tensor<Float>(repeating: 0, shape: [1, 128])),
        frozenNames: frozen
      ).total
    }
    let (all, some) = try (total([]), total(["conv1.weight", "bn1.weight", "bn1.bias"]))
    // Epochs of 28 examples are three batches of 8 and one of 4.
    let found = keeper.records.filter { $0.name == "compute/operations" }.map {
      ($0.step, $0.value)
    }
    #expect(found.map(\.0) == [0, 5, 10])
    #expect(found[1].1 == Double(all) * 36)
    #expect(found[2].1 == Double(all) * 52 + Double(some) * 20)
    let frozen = keeper.records.filter { $0.name == "compute/frozen" }.map(\.value)
    #expect(frozen == [0, 0, Double(2 * 9 * 4 + 8) / Double(Self.network.layout.count)])
  }

  @Test(arguments: [
    (
      Freezing.scheduled([.init("layr1", from: 3)]), false,
      "no stage or parameter is named 'layr1'; did you mean 'layer1'?; the stages are stem, layer1, layer2, fc"
    ),
    (.scheduled([.init("*", from: 3)]), false, "nothing would be left to train"),
    (
      .layerwise(beginnings: [3]), false,
      "layer by layer is for networks that grow, with a head for each stage"
    ),
    (
      .layerwise(beginnings: [3, 2]), true,
      "2 stages begin at 1 rising steps, and at one more all are trained together; found 3, 2"
    ),
  ])
  func errorsSayWhatIsWrong(freezing: Freezing, grows: Bool, message: String) throws {
    let model: any Model = grows ? Self.growing : Self.network
    let error = #expect(throws: TrainingError.self) { try freezing.check(for: model) }
    #expect(error?.description == "freezing: " + message)
    var options = UpdateOptions()
    options.keepsNorm = true
    #expect(
      throws: TrainingError.unsuitableFreezing(
        "the parameters are scaled back to their norm after each step, which would move what is frozen"
      )
    ) { try freezing.check(for: model, options: options) }
    #expect(throws: Never.self) { try Freezing.never.check(for: model, options: options) }
  }
}

/// Keeps rows in memory.
private final class MotionRows: @unchecked Sendable {
  // Trainers tell them from the thread that trains.
  private(set) var all: [MotionRow] = []
  func append(_ row: MotionRow) { all.append(row) }
}

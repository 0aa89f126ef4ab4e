internal import Foundation
@_exported import GrokMeasures
@_exported import GrokModels

/// An autoencoder that was trained on some samples: it maps samples to codes, and codes to samples.
///
/// ```swift
/// let recipe = AutoencoderRecipe.pictures(epochCount: 20)
/// let encoder = try TrainedEncoder(of: pictures, recipe: recipe, key: key.fork("encoder"))
/// let x = try encoder.prepared(pictures, named: "x")
/// try encoder.archive.write(to: "encoder.safetensors")
/// ```
public struct TrainedEncoder: Sendable {
  /// How it was trained.
  public let recipe: AutoencoderRecipe
  /// The digest of recipe, key and samples; see ``AutoencoderRecipe/digest(of:key:)``.
  public let digest: String
  /// The mean loss over the steps of every epoch.
  public let losses: [Double]
  /// The number of features of a sample.
  public let featureCount: Int
  /// The network.
  public let model: any Model
  /// θ in the layout of the network.
  public let parameters: [Float]

  /// Trains an autoencoder on samples.
  ///
  /// The result is a function of samples, recipe and key, whatever the number of threads.
  ///
  /// - Shapes: `samples` is `[n, features]`; 784 of them, row by row, for the convolutional one.
  /// - Parameter mayContinue: asked after every epoch with the number of epochs done and the mean loss; false ends the
  ///   training there.
  /// - Throws: `MeasureError.tooFewSamples` without samples, `.nonFiniteInput`, `.outOfRange`, `.undefined` where the loss
  ///   does not stay finite, `ModelError` for samples that are no pictures of the right size.
  /// - Complexity: epochs · n forward and backward passes.
  public init(
    of samples: Matrix<Float>, recipe: AutoencoderRecipe,
    context: ComputeContext = ComputeContext(),
    key: RandomKey, mayContinue: (_ epoch: Int, _ loss: Double) -> Bool = { _, _ in true }
  ) throws {
    try recipe.check()
    guard samples.rowCount > 0 else {
      throw MeasureError.tooFewSamples(measure: "autoencoder", found: 0, needed: 1)
    }
    if let index = samples.values.firstIndex(where: { !$0.isFinite }) {
      throw MeasureError.nonFiniteInput(
        measure: "autoencoder", array: "the samples", index: index)
    }
    let model = recipe.model(featureCount: samples.columnCount)
    let rows = Tensor<Float>(samples, in: context)
    try model.check(ModelInput.features(rows))
    var batches = try Batches(
      .epochPermutation(batchSize: recipe.batchSize), exampleCount: samples.rowCount,
      key: key.fork("batches"))
    var descent = Descent(
      from: model.initialParameters(key: key.fork("weights")), layout: model.layout,
      optimizer: .adam(learningRate: recipe.learningRate), in: context)
    let noise = key.fork("noise")
    var (losses, indices) = ([Double](), [Int32]())
    for epoch in 0..<recipe.epochCount {
      var total = 0.0
      for step in epoch * batches.stepsPerEpoch..<(epoch + 1) * batches.stepsPerEpoch {
        batches.indices(ofStep: step, into: &indices)
        let batch = rows.gather(rows: indices)
        let loss = descent.step { parameters in
          let outputs = model.outputs(
            for: .features(batch), parameters: parameters,
            pass: Pass(.training(key: noise.fork(step))))
          return recipe.loss(outputs, batch)
        }
        guard loss.isFinite else {
          throw MeasureError.undefined(
            measure: "autoencoder",
            reason:
              "the loss is \(loss) at step \(step); scale the samples or lower the learning rate")
        }
        total += loss * Double(indices.count)
      }
      losses.append(total / Double(samples.rowCount))
      guard mayContinue(epoch + 1, losses[epoch]) else { break }
    }
    self.recipe = recipe
    self.losses = losses
    self.model = model
    featureCount = samples.columnCount
    digest = recipe.digest(of: samples, key: key)
    parameters = descent.parameters.values
  }

  /// The codes of samples, without dropout or noise: `[n, codes]`, each in 0...1.
  ///
  /// - Throws: `ModelError` for samples of another width.
  public func codes(
    of samples: Matrix<Float>, context: ComputeContext = ComputeContext()
  ) throws -> Matrix<Float> {
    try snapshot(context).activations(of: "code", on: examples(samples))
  }

  /// The samples as they are made from their codes, `[n, features]`.
  ///
  /// - Throws: `ModelError` for samples of another width.
  public func reconstructions(
    of samples: Matrix<Float>, context: ComputeContext = ComputeContext()
  ) throws -> Matrix<Float> {
    try snapshot(context).outputs(on: examples(samples))
  }

  /// The mean over samples and features of (reconstruction − sample)²: what
  /// ``reconstructionLossBound(meanSquaredError:dimension:noiseVariance:)`` takes.
  ///
  /// - Shapes: `samples` is `[n, features]`, with the features that the encoder was trained on.
  /// - Units: those of the samples, squared.
  /// - Throws: `ModelError` for samples of another width.
  public func meanSquaredError(
    on samples: Matrix<Float>, context: ComputeContext = ComputeContext()
  ) throws -> Double {
    let outputs = try reconstructions(of: samples, context: context)
    let total = zip(outputs.values, samples.values).reduce(0.0) {
      let difference = Double($1.0) - Double($1.1)
      return $0 + difference * difference
    }
    return total / Double(max(1, samples.count))
  }

  /// The codes as a variable whose record says where they are from.
  ///
  /// - Shapes: `samples` is `[n, features]`; the codes are `[n, codes]`.
  /// - Parameter preparation: what is done to the codes; by default they are as they are. Fitted to these codes.
  /// - Throws: `ModelError` for samples of another width, `MeasureError` of the preparation.
  public func prepared(
    _ samples: Matrix<Float>, by preparation: Preparation = .none, named name: String = "x",
    context: ComputeContext = ComputeContext()
  ) throws -> PreparedSamples {
    let codes = try codes(of: samples, context: context)
    var result = try preparation.fitted(to: codes).applied(to: codes, named: name)
    result.record.insert(
      "\(name): \(recipe.description), \(losses.count) epochs, \(digest.prefix(8))", at: 0)
    return result
  }

  private func snapshot(_ context: ComputeContext) -> Snapshot<Float> {
    Snapshot(
      step: 0, model: model,
      parameters: Parameters(
        Tensor(parameters, shape: Shape(model.layout.count), in: context), layout: model.layout),
      loss: .crossEntropy, context: context)
  }

  private func examples(_ samples: Matrix<Float>) throws -> LabeledExamples {
    try LabeledExamples(
      inputs: .features(samples), labels: Array(repeating: 0, count: samples.rowCount),
      classCount: 1)
  }
}

extension AutoencoderRecipe.Loss {
  /// A scalar.
  func callAsFunction(_ outputs: Tensor<Float>, _ samples: Tensor<Float>) -> Tensor<Float> {
    switch self {
    case .absoluteError: (outputs - samples).absoluteValue().mean()
    case .squaredError: outputs.meanSquaredError(to: samples)
    }
  }
}

// MARK: - Storing

extension TrainedEncoder {
  private static let format = "grok-encoder-1"

  /// The encoder as an archive: θ by name, and recipe, digest, losses and width as metadata.
  ///
  /// - Throws: what writing the recipe as JSON throws.
  public var archive: Archive {
    get throws {
      let encoder = JSONEncoder()
      encoder.outputFormatting = .sortedKeys
      var archive = Archive()
      archive.metadata = [
        "format": Self.format, "digest": digest, "features": "\(featureCount)",
        "recipe": String(decoding: try encoder.encode(recipe), as: UTF8.self),
        "losses": String(decoding: try encoder.encode(losses), as: UTF8.self),
      ]
      for entry in model.layout.entries {
        archive.set(entry.name, Array(parameters[entry.range]), shape: entry.shape.dimensions)
      }
      return archive
    }
  }

  /// The encoder in an archive that ``archive`` gave.
  ///
  /// - Throws: ``TrainingError/unsuitableCheckpoint(path:problem:)`` for another archive.
  public init(_ archive: Archive) throws {
    let decoder = JSONDecoder()
    guard archive.metadata["format"] == Self.format, let digest = archive.metadata["digest"],
      let featureCount = archive.metadata["features"].flatMap({ Int($0) }), featureCount >= 1,
      let recipe = try? decoder.decode(
        AutoencoderRecipe.self, from: Data((archive.metadata["recipe"] ?? "").utf8)),
      let losses = try? decoder.decode(
        [Double].self, from: Data((archive.metadata["losses"] ?? "").utf8))
    else {
      throw TrainingError.unsuitableCheckpoint(
        path: archive.path, problem: "is no trained encoder")
    }
    try recipe.check()
    let model = recipe.model(featureCount: featureCount)
    let stored: (step: Int?, parameters: Parameters<Float>) = try Checkpoint.parameters(
      in: archive, layout: model.layout, context: ComputeContext())
    self.recipe = recipe
    self.digest = digest
    self.losses = losses
    self.featureCount = featureCount
    self.model = model
    parameters = stored.parameters.vector.values
  }
}

import GrokMeasures
import GrokTraining

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

// The autoencoder by which examples become few numbers.

extension Experiment {
  /// The encoder of the examples: trained once on pictures that there are to train on, more than the training takes, or
  /// else on the training examples, and kept for all runs.
  func inputEncoder(_ context: MeasureContext) throws -> TrainedEncoder {
    let options = context.options
    let examples = (try allTrainingPictures() ?? data.train).prefix(options.encoderExamples)
    guard case .features(let features) = examples.inputs else {
      throw ConfigurationError.conflict(
        "measure.inputCompression=autoencoder needs examples that are vectors")
    }
    let isGray = settings.data.name.pictureShape == .mnist
    let recipe: AutoencoderRecipe =
      isGray
      ? .quickPictures(codeCount: options.codeCount, epochCount: options.encoderEpochs)
      : .layer(codeCount: options.codeCount, epochCount: options.encoderEpochs)
    let key = RandomKey(seed: options.seed).fork("input encoder")
    let samples = Matrix<Float>(features)
    let path = DataCache.encoders + "/\(recipe.digest(of: samples, key: key)).safetensors"
    // What cannot be read is trained again; where nothing can be kept, each run trains its own.
    if let kept = try? TrainedEncoder(Archive(contentsOf: path)) { return kept }
    // Of the jobs of a sweep, that all want it at once, one trains it; the others wait.
    let owner = try EncoderOwner(of: path)
    defer { owner.release() }
    if let kept = try? TrainedEncoder(Archive(contentsOf: path)) { return kept }
    var line = StatusLine(isQuiet: context.isQuiet)
    let encoder = try TrainedEncoder(
      of: samples, recipe: recipe,
      context: ComputeContext(threadCount: context.workers.threadCount), key: key
    ) { epoch, loss in
      line.show(
        "training the encoder of the examples, once for all runs: epoch \(epoch) of "
          + "\(recipe.epochCount)")
      return StopSignal.number == nil
    }
    line.finish()
    guard encoder.losses.count == recipe.epochCount else { throw StoppedEncoder() }
    do {
      try makeFolders(DataCache.encoders)
      try encoder.archive.write(to: path)
    } catch {
      printError("warning: the encoder is not kept for other runs: \(error)")
    }
    return encoder
  }
}

/// The right to train an encoder, for as long as it is held.
private struct EncoderOwner {
  private let folder: String
  /// `nil` where nothing can be written: then each trains its own.
  private let owner: Owner?

  /// Waits until no other process trains this encoder.
  ///
  /// - Throws: ``StoppedEncoder`` where a signal comes first.
  init(of path: String) throws {
    folder = path + ".training"
    while (try? makeFolders(folder)) != nil {
      do {
        owner = try Owner.claim(folder)
        return
      } catch RunError.owned {
        guard StopSignal.number == nil else { throw StoppedEncoder() }
        usleep(200_000)
      } catch {
        // Whoever had it may have removed the folder just now.
        if exists(folder) { break }
      }
    }
    owner = nil
  }

  /// Lets the others go on.
  func release() {
    owner?.release()
    rmdir(folder)
  }
}

/// The training of an encoder was stopped by a signal.
struct StoppedEncoder: Error {}

import GrokTraining

// Networks of sequences, as the settings describe them.

extension Experiment {
  /// A transformer for sequences of tokens.
  ///
  /// - Parameter reading: whether the examples have one target, or one at every position.
  static func transformer(
    _ settings: Settings, vocabularySize: Int, context: Int,
    reading: Transformer.Reading = .lastPosition
  ) throws -> any Model {
    let options = settings.model
    guard options.width % options.headCount == 0 else {
      throw ConfigurationError.conflict(
        "model.width=\(options.width) is no multiple of model.headCount=\(options.headCount)")
    }
    var form = TransformerForm()
    form.normalization = options.layerNorm
    form.positions = options.positions
    form.isTied = options.tied
    form.hasAttentionBiases = options.attentionBiases
    form.smearsKeys = options.smearedKeys
    form.isCausal = options.causal
    return Transformer(
      vocabularySize: vocabularySize, context: context, width: options.width,
      depth: options.depth, headCount: options.headCount,
      perceptronWidth: options.perceptronWidth, activation: options.activation.activation,
      outputScale: options.outputScale, form: form, reading: reading)
  }

  /// A long short-term memory for sequences of tokens, read at its last step.
  static func memory(
    _ settings: Settings, vocabularySize: Int, context: Int, classes: Int
  ) throws -> any Model {
    let options = settings.model
    guard !options.hidden.counts.isEmpty else {
      throw ConfigurationError.conflict(
        "model.kind=lstm needs model.hidden, the widths of its layers, such as 256x256")
    }
    return LSTMClassifier(
      steps: .tokens(vocabularySize: vocabularySize, width: options.width), context: context,
      units: options.hidden.counts, outputs: classes, outputScale: options.outputScale)
  }
}

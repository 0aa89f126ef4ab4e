import TestSupport
import Testing

@testable import GrokTraining

// Networks of sequences among the golden trainings; see generate_sequences.py beside the data.

extension GoldenTraining {
  struct TransformerOptions: Decodable {
    let vocabularySize, context, width, depth, headCount, perceptronWidth: Int
    let activation, normalization, positions, reading: String
    let isTied, hasAttentionBiases, smearsKeys, isCausal: Bool
  }

  struct MemoryOptions: Decodable {
    let context, width, outputs: Int
    let units: [Int]
    let vocabularySize: Int?
  }

  /// The examples of a network of sequences, nil for others.
  func sequenceExamples(labels: [Int32]) throws -> LabeledExamples? {
    guard let context = network.transformer?.context ?? network.memory?.context else { return nil }
    let classCount = network.transformer?.vocabularySize ?? network.memory!.outputs
    guard let vocabularySize = network.transformer?.vocabularySize ?? network.memory?.vocabularySize
    else {
      return try LabeledExamples(
        inputs: .features(archive.floatMatrix("inputs")), labels: labels, classCount: classCount)
    }
    let values = try archive.integers("inputs").map { Int32($0) }
    let tokens = try TokenMatrix(
      values: values, exampleCount: values.count / context, contextLength: context,
      vocabularySize: vocabularySize)
    return labels.count == values.count
      ? try LabeledExamples(sequences: tokens, targets: labels, classCount: classCount)
      : try LabeledExamples(inputs: .tokens(tokens), labels: labels, classCount: classCount)
  }
}

extension GoldenTraining.Network {
  /// The network, where it reads sequences in one of the general ways.
  var sequenceModel: (any Model)? {
    if let memory {
      let steps: LSTMClassifier.Steps =
        memory.vocabularySize.map { .tokens(vocabularySize: $0, width: memory.width) }
        ?? .features(width: memory.width)
      return LSTMClassifier(
        steps: steps, context: memory.context, units: memory.units, outputs: memory.outputs)
    }
    guard let options = transformer else { return nil }
    var form = TransformerForm()
    form.normalization = .init(rawValue: options.normalization)!
    form.positions = .init(rawValue: options.positions)!
    form.isTied = options.isTied
    form.hasAttentionBiases = options.hasAttentionBiases
    form.smearsKeys = options.smearsKeys
    form.isCausal = options.isCausal
    return Transformer(
      vocabularySize: options.vocabularySize, context: options.context, width: options.width,
      depth: options.depth, headCount: options.headCount, perceptronWidth: options.perceptronWidth,
      activation: options.activation == "gelu" ? .gelu : .relu, form: form,
      reading: .init(rawValue: options.reading)!)
  }
}

/// What is known of a network that computes a cyclic task: its outputs, and as much of its inside as there is.
public struct CyclicObservations<Scalar: RealScalar>: Sendable {
  /// The logits of all pairs, `[pairs, p or more]`.
  public var logits: Matrix<Scalar>
  /// What the neurons say to all pairs, `[pairs, neurons]`: of a transformer at the last position.
  public var activations: Matrix<Scalar>?
  /// The embedding of each number, `[p or more, width]`: W_Eᵀ, or the transposed first weights of a perceptron for a.
  public var embedding: Matrix<Scalar>?
  /// W_L = W_Uᵀ W_out, `[p or more, neurons]`.
  public var outputWeights: Matrix<Scalar>?
  /// The attention scores of each number from the last position, `[p or more, heads]`.
  public var attentionScores: Matrix<Scalar>?
  /// The attention of the last position to a, `[pairs, heads]`.
  public var attention: Matrix<Scalar>?

  /// What is known of a network; logits are enough for the losses.
  ///
  /// - Shapes: as the properties say, `[pairs, …]` or `[p or more, …]`.
  public init(
    logits: Matrix<Scalar>, activations: Matrix<Scalar>? = nil, embedding: Matrix<Scalar>? = nil,
    outputWeights: Matrix<Scalar>? = nil, attentionScores: Matrix<Scalar>? = nil,
    attention: Matrix<Scalar>? = nil
  ) {
    self.logits = logits
    self.activations = activations
    self.embedding = embedding
    self.outputWeights = outputWeights
    self.attentionScores = attentionScores
    self.attention = attention
  }
}

/// Everything that Fourier analysis says of one checkpoint.
public struct FourierProgress: Sendable, Equatable, Codable {
  /// The frequencies taken for key, and by which rule.
  public var keyFrequencies: KeyFrequencies
  /// Full, restricted and excluded losses.
  public var losses: ProgressLosses
  /// What each frequency explains of the logits; nil where these are the same for all pairs.
  public var logits: LogitFrequencies?
  /// The spectrum of the embedding.
  public var embedding: FourierSpectrum?
  /// The spectrum of W_L.
  public var output: FourierSpectrum?
  /// The frequency of each neuron.
  public var neurons: [NeuronFrequency?]?
  /// How W_L reads the neurons out.
  public var directions: OutputDirections?
  /// The frequencies of the scores of each head.
  public var scores: [AttentionFrequencies]?
  /// The frequency of the attention of each head to a, over all pairs.
  public var attention: [NeuronFrequency?]?
}

/// The Fourier analysis of one checkpoint of a network that computes a cyclic task.
///
/// - Parameter keyFrequencies: those of the end of the training. Without them they are found here, by the rule: right for
///   the last checkpoint, and for any other a different question.
/// - Parameter rule: by default `.neuronClusters()` where activations are known, else `.logits()`.
/// - Throws: `MeasureError`, as the measures that it is made of.
/// - Complexity: O(p⁴) in products of matrices, O(p² neurons) besides.
/// - Source: Nanda, Chan, Lieberum, Smith & Steinhardt, arXiv 2301.05217.
public func fourierProgress<Scalar>(
  of network: CyclicObservations<Scalar>, task: CyclicTask, trainedPairs: [Int]? = nil,
  keyFrequencies known: KeyFrequencies? = nil, rule: KeyFrequencyRule? = nil,
  workers: Workers? = nil
) throws(MeasureError) -> FourierProgress {
  let logits = try CyclicLogits(
    network.logits, task: task, trainedPairs: trainedPairs, workers: workers)
  let frequencies = logits.isConstant ? nil : try logits.frequencies()
  var neurons: [NeuronFrequency?]?
  if let activations = network.activations {
    neurons = try neuronFrequencies(of: activations, task: task, workers: workers)
  }
  let embedding = try network.embedding.map { (rows) throws(MeasureError) in
    try FourierSpectrum(of: rows, task: task)
  }
  let output = try network.outputWeights.map { (rows) throws(MeasureError) in
    try FourierSpectrum(of: rows, task: task)
  }
  let keys: KeyFrequencies
  if let known {
    keys = known
  } else {
    keys = try keyFrequencies(
      by: rule ?? (neurons == nil ? .logits() : .neuronClusters()), embedding: embedding,
      output: output, neurons: neurons, logits: frequencies)
  }
  var directions: OutputDirections?
  if let weights = network.outputWeights, let activations = network.activations,
    weights.values.contains(where: { $0 != 0 })
  {
    directions = try outputDirections(
      of: weights, activations: activations, keyFrequencies: keys.frequencies, task: task,
      workers: workers)
  }
  return FourierProgress(
    keyFrequencies: keys,
    losses: try logits.progressLosses(keyFrequencies: keys.frequencies, workers: workers),
    logits: frequencies, embedding: embedding, output: output, neurons: neurons,
    directions: directions,
    scores: try network.attentionScores.map { (scores) throws(MeasureError) in
      try attentionFrequencies(of: scores, task: task)
    },
    attention: try network.attention.map { (attention) throws(MeasureError) in
      try neuronFrequencies(of: attention, task: task, workers: workers)
    })
}

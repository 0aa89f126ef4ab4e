/// A rule for which frequencies a network computes with.
///
/// The literature has several, and they differ. Whichever it is, it is applied once, to the end of a training.
public enum KeyFrequencyRule: Sendable, Hashable, Codable {
  /// Frequencies whose norm in the embedding, ‖F W_Eᵀ‖ with cosine and sine together, is above a share of the largest. The
  /// paper's main text; it publishes no share.
  case embeddingNorm(share: Double)
  /// The same of W_L = W_Uᵀ W_out, the paper's appendix C.2; it publishes no share.
  case outputNorm(share: Double)
  /// Every frequency that explains more of any neuron than the others do, however little. The notebook's rule; a stray
  /// neuron adds a frequency.
  case anyNeuron
  /// Frequencies with a cosine or a sine in the embedding above a share of the largest: TransformerLens's demonstration, with a
  /// quarter.
  case embeddingComponent(share: Double = 0.25)
  /// Frequencies that explain at least `leastVariance` of at least `count` neurons: this package's.
  case neuronClusters(count: Int = 3, leastVariance: Double = 0.85)
  /// Frequencies whose projection explains at least a share of the logits' variance over pairs: this package's for networks
  /// of which only the outputs are known.
  case logits(share: Double = 0.01)
}

/// The frequencies that a network computes with, and how they were found.
public struct KeyFrequencies: Sendable, Equatable, Codable {
  /// The frequencies, rising.
  public var frequencies: [Int]
  /// The rule that found them.
  public var rule: KeyFrequencyRule
  /// Of ``frequencies``, those with a component of W_L above a quarter of its largest; nil where W_L is not known. A check
  /// beside the rule.
  public var confirmedByOutput: [Int]?

  /// Frequencies found elsewhere.
  public init(frequencies: [Int], rule: KeyFrequencyRule, confirmedByOutput: [Int]? = nil) {
    self.frequencies = frequencies
    self.rule = rule
    self.confirmedByOutput = confirmedByOutput
  }
}

/// The frequencies that a network computes with, by a rule.
///
/// Each rule reads one of the arguments: give at least that one. An empty result says that no frequency stands out, as in a
/// network that has memorised.
///
/// - Parameter embedding: the spectrum of the embedding of the numbers, in the order of ``CyclicTask/answers``.
/// - Parameter output: the spectrum of W_L.
/// - Parameter neurons: the frequency of each neuron, by `neuronFrequencies`.
/// - Parameter logits: what each frequency explains of the logits.
/// - Throws: `MeasureError.undefined` where the rule's argument is missing, `.outOfRange` for a share outside of 0...1.
/// - Source: see ``KeyFrequencyRule``; Nanda et al., arXiv 2301.05217.
public func keyFrequencies(
  by rule: KeyFrequencyRule, embedding: FourierSpectrum? = nil, output: FourierSpectrum? = nil,
  neurons: [NeuronFrequency?]? = nil, logits: LogitFrequencies? = nil
) throws(MeasureError) -> KeyFrequencies {
  let found: [Int]
  switch rule {
  case .embeddingNorm(let share):
    found = above(
      try checked(share), of: try present(embedding, "spectrum of the embedding").frequencyNorms)
  case .outputNorm(let share):
    found = above(try checked(share), of: try present(output, "spectrum of W_L").frequencyNorms)
  case .anyNeuron:
    found = Set(try present(neurons, "frequencies of neurons").compactMap { $0?.frequency })
      .sorted()
  case .embeddingComponent(let share):
    found = try componentsAbove(
      try checked(share), of: try present(embedding, "spectrum of the embedding"))
  case .neuronClusters(let count, let leastVariance):
    let clusters = NeuronClusters(
      of: try present(neurons, "frequencies of neurons"),
      leastVariance: try checked(leastVariance))
    found = clusters.neurons.filter { $0.value.count >= count }.keys.sorted()
  case .logits(let share):
    let explained = try present(logits, "frequencies of the logits").explained
    let least = try checked(share)
    found = explained.indices.filter { explained[$0] >= least }.map { $0 + 1 }
  }
  let confirmed = try output.map { output throws(MeasureError) in
    Set(try componentsAbove(0.25, of: output))
  }
  return KeyFrequencies(
    frequencies: found, rule: rule,
    confirmedByOutput: confirmed.map { confirmed in found.filter(confirmed.contains) })
}

private let measure = "keyFrequencies"

private func checked(_ share: Double) throws(MeasureError) -> Double {
  guard share >= 0, share <= 1 else {
    throw .outOfRange(measure: measure, what: "a share", value: share, expected: "0 to 1")
  }
  return share
}

private func present<Value>(_ value: Value?, _ name: String) throws(MeasureError) -> Value {
  guard let value else {
    throw .undefined(measure: measure, reason: "this rule needs the \(name)")
  }
  return value
}

private func above(_ share: Double, of norms: [Double]) -> [Int] {
  let largest = norms.max() ?? 0
  return norms.indices.filter { norms[$0] > share * largest }.map { $0 + 1 }
}

private func componentsAbove(
  _ share: Double, of spectrum: FourierSpectrum
) throws(MeasureError) -> [Int] {
  let basis = try FourierBasis(period: spectrum.period)
  let norms = spectrum.componentNorms
  let largest = norms.dropFirst().max() ?? 0
  return basis.frequencies.filter { frequency in
    basis.rows(of: frequency).contains { norms[$0] > share * largest }
  }
}

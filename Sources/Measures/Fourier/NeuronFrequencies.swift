/// The frequency that explains most of a neuron.
public struct NeuronFrequency: Sendable, Equatable, Codable {
  /// The frequency; of equals the lowest.
  public var frequency: Int
  /// The share of the neuron's variance over all pairs in the terms of this frequency.
  public var explainedVariance: Double

  /// A frequency with what it explains.
  public init(frequency: Int, explainedVariance: Double) {
    self.frequency = frequency
    self.explainedVariance = explainedVariance
  }
}

/// The frequency of every neuron, or of any other function of the pairs of a cyclic task such as attention.
///
/// Terms of a frequency are {1, cos w_k u, sin w_k u} × {1, cos w_k v, sin w_k v} without 1 × 1: eight, or three for the alternating
/// frequency of an even n. Its share is that of their power in the power of the neuron less its mean.
///
/// - Shapes: `activations` is `[pairs, neurons]`, rows in the order of a, then b.
/// - Returns: for each neuron its frequency; nil for one that has the same value for all pairs, such as a dead one.
/// - Throws: `MeasureError.rowCountMismatch`, `.nonFiniteInput`, `.outOfRange`.
/// - Complexity: O(n² neurons) time; in `Double`.
/// - Source: Nanda et al., arXiv 2301.05217, §4.3 and its code.
/// - Differs from: the code, which looks for frequencies up to the last but one only.
public func neuronFrequencies<Scalar>(
  of activations: Matrix<Scalar>, task: CyclicTask, workers: Workers? = nil
) throws(MeasureError) -> [NeuronFrequency?] {
  let basis = try FourierBasis(period: task.period)
  let sums = try GridSums(
    of: task.arranged(activations), period: task.period, measure: "neuronFrequencies",
    workers: workers)
  let powers = sums.powersByFrequency(basis)
  return sums.centeredPowers.indices.map { neuron in
    let total = sums.centeredPowers[neuron]
    guard total > 0 else { return nil }
    var best = 0
    for row in 1..<powers.rowCount where powers[row, neuron] > powers[best, neuron] { best = row }
    return NeuronFrequency(
      frequency: best + 1, explainedVariance: powers[best, neuron] / total)
  }
}

/// Neurons that belong together because one frequency explains them.
public struct NeuronClusters: Sendable, Equatable, Codable {
  /// The neurons of each frequency that has any, rising.
  public var neurons: [Int: [Int]]
  /// The neurons that no frequency explains well enough.
  public var unexplained: [Int]
  /// The neurons with one value for all pairs.
  public var constant: [Int]

  /// The share of all neurons in clusters.
  public var clusteredShare: Double {
    let clustered = neurons.values.reduce(0) { $0 + $1.count }
    return Double(clustered) / Double(max(1, clustered + unexplained.count + constant.count))
  }

  /// Clusters of neurons by their frequencies.
  ///
  /// - Parameter leastVariance: what its frequency must explain of a neuron of a cluster.
  /// - Source: Nanda et al., arXiv 2301.05217, §4.3: 0.85.
  public init(of frequencies: [NeuronFrequency?], leastVariance: Double = 0.85) {
    (neurons, unexplained, constant) = ([:], [], [])
    for (index, neuron) in frequencies.enumerated() {
      guard let neuron else {
        constant.append(index)
        continue
      }
      if neuron.explainedVariance >= leastVariance {
        neurons[neuron.frequency, default: []].append(index)
      } else {
        unexplained.append(index)
      }
    }
  }
}

/// A linear classifier that was fitted to some samples and tried on others.
public struct LinearProbe: Sendable, Equatable, Codable {
  /// The classifier, for features as they are: standardisation is in its weights.
  public var readout: LinearReadout
  /// The share of held-out samples that it classifies correctly.
  public var accuracy: Proportion
  /// The share of the samples it was fitted to.
  public var trainAccuracy: Proportion
  /// The mean of −ln p over held-out samples, in nats; nil for a ridge probe, which has no probabilities.
  public var crossEntropy: Estimate?
  /// The penalty λ that was chosen.
  public var penalty: Double
  /// What it was chosen from, in descending order of λ; empty where there was no choice. A logistic probe
  /// tries no smaller penalty once two in a row were worse than the best.
  public var candidates: [Candidate]
  /// How well the fit converged; nil for a ridge probe, which is exact.
  public var convergence: Convergence?

  /// A penalty that was tried.
  public struct Candidate: Sendable, Equatable, Codable {
    /// λ.
    public var penalty: Double
    /// The mean cross-entropy on the validation part, in nats; for a ridge probe the generalised
    /// cross-validation error.
    public var error: Double
  }

  /// The end of an iteration.
  public struct Convergence: Sendable, Equatable, Codable {
    /// Evaluations of the gradient in all fits together, each a pass over the samples.
    public var evaluationCount: Int
    /// The largest element of the gradient where the last fit ended.
    public var largestGradient: Double
  }
}

/// How much of the labels a linear classifier finds in features: fitted to some samples, tried on others.
///
/// Mean and scale of the features, the penalty and the weights come from the training samples alone.
/// Features that are constant there have weight 0.
///
/// - Shapes: `features` is `[n, d]`, `heldOut` is `[m, d]`; labels have one element per row each.
/// - Units: accuracies in 0...1, to be read with `Proportion.interval(confidence:)`.
/// - Parameter method: `.logistic()` by default; `.ridge()` is the fast one.
/// - Parameter key: which training samples choose the penalty of a logistic probe.
/// - Throws: `MeasureError.rowCountMismatch`, `.tooFewSamples`, `.nonFiniteInput`, `.outOfRange`,
///   `.undefined` for one class, a held-out label that was not trained on, features that do not vary, or
///   a fit that has not converged after 2,000 steps.
/// - Complexity: ridge O(n (d + C)² + d³), one pass; logistic that and O(n d C) for each evaluation, a few
///   tens for each penalty. Block by block, beside (d + C)² numbers for each lane. All in `Double`.
/// - Source: Alain & Bengio, arXiv 1610.01644. The logistic fit is L-BFGS (Liu & Nocedal, Math. Program.
///   45, 503 (1989)) started from the second derivatives averaged over classes; the choice of λ in ridge
///   Golub, Heath & Wahba, Technometrics 21, 215 (1979).
public func linearProbe(
  of features: some SampleMatrix, labels: [Int], heldOut: some SampleMatrix,
  heldOutLabels: [Int], method: ProbeMethod = .logistic(),
  memoryBudget: Int = defaultMemoryBudget, workers: Workers? = nil, key: RandomKey
) throws(MeasureError) -> LinearProbe {
  try method.check(measure: measure)
  let classes = try LabeledRows(labels, rowCount: features.rowCount, measure: measure)
  let heldOutClasses = try LabeledRows(
    heldOutLabels, rowCount: heldOut.rowCount, measure: measure, minimumClassCount: 1)
  if let label = heldOutClasses.labels.first(where: { !classes.labels.contains($0) }) {
    throw .undefined(
      measure: measure, reason: "the held-out label \(label) does not occur in training")
  }
  try requireRows([heldOut], atLeast: 2, measure: "\(measure), held-out samples")
  try requireSameFeatures(features, heldOut, measure: measure)
  try requireFinite([features], measure: "\(measure), training samples")
  try requireFinite([heldOut], measure: "\(measure), held-out samples")

  let fit: ProbeFit
  var crossEntropy: Estimate?
  switch method {
  case .logistic(let penalties, let fraction, let tolerance):
    fit = try logisticFit(
      features, classes, penalties, validationFraction: fraction, tolerance: tolerance,
      memoryBudget: memoryBudget, workers: workers, key: key)
    let positions = Dictionary(
      uniqueKeysWithValues: zip(classes.labels, classes.labels.indices))
    let scores = try outputScores(
      of: fit.readout.scores(of: heldOut), labels: heldOutLabels.map { positions[$0] ?? 0 })
    crossEntropy = try Estimate(meanOf: scores.losses, measure: measure)
  case .ridge(let penalties):
    fit = try ridgeFit(
      features, classes, penalties, memoryBudget: memoryBudget, workers: workers)
  }
  let found = try fit.readout.predictions(for: heldOut, workers: workers)
  let foundInTraining = try fit.readout.predictions(for: features, workers: workers)
  return LinearProbe(
    readout: fit.readout,
    accuracy: Classification(predictions: found, labels: heldOutLabels).accuracy,
    trainAccuracy: Classification(predictions: foundInTraining, labels: labels).accuracy,
    crossEntropy: crossEntropy, penalty: fit.penalty, candidates: fit.candidates,
    convergence: fit.convergence)
}

/// How much of the labels a linear classifier finds in features, tried on a random part of them that it
/// was not fitted to.
///
/// As `linearProbe(of:labels:heldOut:heldOutLabels:)`. Of every class the same share is held out, rounded,
/// at least one sample and not all.
///
/// - Parameter heldOutFraction: the share of samples held out, above 0, below 1.
/// - Throws: as there; `.tooFewSamples` for a class of fewer than 2.
public func linearProbe(
  of features: some SampleMatrix, labels: [Int], heldOutFraction: Double = 0.25,
  method: ProbeMethod = .logistic(), memoryBudget: Int = defaultMemoryBudget,
  workers: Workers? = nil, key: RandomKey
) throws(MeasureError) -> LinearProbe {
  guard heldOutFraction > 0, heldOutFraction < 1 else {
    throw .outOfRange(
      measure: measure, what: "the held-out fraction", value: heldOutFraction,
      expected: "above 0, below 1")
  }
  let classes = try LabeledRows(
    labels, rowCount: features.rowCount, measure: measure, minimumOfEach: 2)
  let isHeldOut = classes.stratifiedPart(heldOutFraction, key: key.fork("held out"))
  let test = labels.indices.filter { isHeldOut[$0] }
  let train = labels.indices.filter { !isHeldOut[$0] }
  return try linearProbe(
    of: RowSelection(features, train), labels: train.map { labels[$0] },
    heldOut: RowSelection(features, test), heldOutLabels: test.map { labels[$0] },
    method: method, memoryBudget: memoryBudget, workers: workers, key: key)
}

private let measure = "linearProbe"

// MARK: - Fits

private struct ProbeFit {
  var readout: LinearReadout
  var penalty: Double
  var candidates: [LinearProbe.Candidate]
  var convergence: LinearProbe.Convergence?
}

private func logisticFit(
  _ features: some SampleMatrix, _ classes: LabeledRows, _ penalties: [Double],
  validationFraction: Double, tolerance: Double, memoryBudget: Int, workers: Workers?,
  key: RandomKey
) throws(MeasureError) -> ProbeFit {
  let moments = try CenteredMoments(
    of: [features], measure: measure, inDouble: true, memoryBudget: memoryBudget,
    workers: workers)
  let standardization = try Standardization(moments, measure: measure)
  let objective = LogisticObjective(
    features, classes: classes, standardization: standardization, workers: workers)
  var fit = LogisticFit(objective, tolerance: tolerance, measure: measure)
  let descending = Set(penalties).sorted(by: >)
  var candidates: [LinearProbe.Candidate] = []
  var best = (error: Double.infinity, penalty: descending[0], weights: fit.weights)
  if descending.count > 1 {
    let isHeld = classes.stratifiedPart(validationFraction, key: key.fork("validation"))
    guard isHeld.contains(true) else {
      throw .tooFewSamples(
        measure: "\(measure), largest class", found: classes.counts.max() ?? 0, needed: 2)
    }
    fit.objective.isHeldOut = isHeld
    var worseCount = 0
    for penalty in descending where worseCount < 2 {
      let error = try fit.minimize(penalty: penalty)
      candidates.append(LinearProbe.Candidate(penalty: penalty, error: error))
      worseCount = error < best.error ? 0 : worseCount + 1
      if error < best.error { best = (error, penalty, fit.weights) }
    }
  }
  fit.objective.isHeldOut = nil
  fit.weights = best.weights
  _ = try fit.minimize(penalty: best.penalty)
  return ProbeFit(
    readout: standardization.readout(fit.weights, labels: classes.labels), penalty: best.penalty,
    candidates: candidates,
    convergence: LinearProbe.Convergence(
      evaluationCount: fit.evaluationCount, largestGradient: fit.largestGradient))
}

private func ridgeFit(
  _ features: some SampleMatrix, _ classes: LabeledRows, _ penalties: [Double],
  memoryBudget: Int, workers: Workers?
) throws(MeasureError) -> ProbeFit {
  let moments = try CenteredMoments(
    of: [features, OneHot(classes.classes, precision: features.precision)], measure: measure,
    inDouble: true, memoryBudget: memoryBudget, workers: workers)
  let standardization = try Standardization(moments, measure: measure)
  let descending = Set(penalties).sorted(by: >)
  let fit = try decomposing(measure) { () throws(NumericsError) in
    try RidgeFit(standardization.applied(to: moments), penalties: descending)
  }
  let weights = LogisticWeights(
    weights: fit.coefficients.transposed, biases: Array(moments.means[moments.ranges[1]]))
  return ProbeFit(
    readout: standardization.readout(weights, labels: classes.labels), penalty: fit.penalty,
    candidates: descending.count > 1
      ? zip(descending, fit.errors).map { LinearProbe.Candidate(penalty: $0, error: $1) } : [])
}

extension LabeledRows {
  /// For every row whether it belongs to a random part with the same share of every class, rounded; at
  /// least one row of a class, but not the only one.
  func stratifiedPart(_ fraction: Double, key: RandomKey) -> [Bool] {
    var isPart = [Bool](repeating: false, count: classes.count)
    for index in labels.indices where counts[index] > 1 {
      let members = rows(of: index)
      let share = Int((fraction * Double(members.count)).rounded())
      let chosen = key.fork(labels[index]).choice(
        max(1, min(members.count - 1, share)), of: members.count)
      for position in chosen { isPart[members[position]] = true }
    }
    return isPart
  }
}

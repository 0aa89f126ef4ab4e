internal import Foundation

/// What the outputs of a classifier say of each example, one number each.
public struct OutputScores: Sendable, Equatable, Codable {
  /// The output with the largest logit, and the true label.
  public var classification: Classification
  /// The logit of the true label less the largest other one: positive where the answer is right.
  public var margins: [Double]
  /// The largest probability of the softmax, in 1/C...1.
  public var confidences: [Double]
  /// ln p/(1 − p) of that probability p, exact where p itself is 1 to all digits.
  public var confidenceLogOdds: [Double]
  /// −Σ p ln p over the probabilities, in nats, 0...ln C.
  public var entropies: [Double]
  /// −ln Σ exp(logit), lower for inputs that the network knows.
  public var energies: [Double]
  /// −ln p of the true label, in nats.
  public var losses: [Double]
}

/// Margin, confidence, entropy, energy and loss of every example, from a network's outputs.
///
/// - Shapes: `logits` is `[n, C]`, C ≥ 2; `labels` has one element per row, each the number of an output.
/// - Units: margins and energies in those of the logits, entropies and losses in nats.
/// - Throws: `MeasureError.rowCountMismatch`, `.nonFiniteInput`, `.outOfRange` for a label that is no
///   output, `.undefined` for fewer than two outputs, `.tooFewSamples`.
/// - Complexity: O(n C) time, one pass; all in `Double`.
/// - Source: energy: Liu et al., NeurIPS 2020, Eq. 4 at temperature 1; the others are textbook.
public func outputScores(
  of logits: some SampleMatrix, labels: [Int]
) throws(MeasureError) -> OutputScores {
  let measure = "outputScores"
  try requireOutputs(logits, labels: labels, measure: measure)
  let blocks = SampleBlocks<Double>(logits, isShifted: false)
  let count = blocks.columnCount
  let zero = (predictions: [Int](), rows: [RowScores]())
  let lanes = foldRows(of: blocks, workers: nil, from: zero) { found, rows, block in
    for (offset, row) in rows.enumerated() {
      let values = UnsafeBufferPointer(start: block + offset * count, count: count)
      let scores = RowScores(values, label: labels[row])
      found.predictions.append(scores.prediction)
      found.rows.append(scores)
    }
  }
  let rows = lanes.flatMap(\.rows)
  return OutputScores(
    classification: Classification(
      predictions: lanes.flatMap(\.predictions), labels: labels),
    margins: rows.map(\.margin), confidences: rows.map(\.confidence),
    confidenceLogOdds: rows.map(\.logOdds), entropies: rows.map(\.entropy),
    energies: rows.map(\.energy), losses: rows.map(\.loss))
}

private struct RowScores {
  let prediction: Int
  let margin: Double
  let confidence: Double
  let logOdds: Double
  let entropy: Double
  let energy: Double
  let loss: Double

  init(_ logits: UnsafeBufferPointer<Double>, label: Int) {
    var (best, largestOther) = (0, -Double.infinity)
    for index in logits.indices {
      if logits[index] > logits[best] { best = index }
      if index != label { largestOther = max(largestOther, logits[index]) }
    }
    // With the largest logit 0: Σ exp over the others is small where the network is sure, and is not
    // lost beside the 1 of the largest.
    let largest = logits[best]
    var (others, weighted) = (0.0, 0.0)
    for index in logits.indices where index != best {
      let shifted = logits[index] - largest
      let term = exp(shifted)
      others += term
      if term > 0 { weighted += term * shifted }
    }
    let excess = log1p(others)
    prediction = best
    margin = logits[label] - largestOther
    confidence = 1 / (1 + others)
    logOdds = -Self.logSum(logits, except: best, less: largest)
    entropy = max(0, excess - weighted / (1 + others))
    energy = -largest - excess
    loss = max(0, excess + largest - logits[label])
  }

  /// ln Σ exp(x − shift) over all but one element, without underflow.
  private static func logSum(
    _ logits: UnsafeBufferPointer<Double>, except skipped: Int, less shift: Double
  ) -> Double {
    var largest = -Double.infinity
    for index in logits.indices where index != skipped { largest = max(largest, logits[index]) }
    var sum = 0.0
    for index in logits.indices where index != skipped { sum += exp(logits[index] - largest) }
    return log(sum) + largest - shift
  }
}

/// The output with the largest logit for every example, among all outputs or some.
///
/// With `outputs` it asks a network of many classes about few, for example one trained on letters and
/// digits about digits alone: the direct evaluation out of distribution. Of equal logits the one that
/// comes first wins.
///
/// - Shapes: `logits` is `[n, C]`; `labels` has one element per row, each the number of an output.
/// - Parameter outputs: the outputs that may be chosen, at least 2; all where nil.
/// - Throws: as `outputScores(of:labels:)`; `.outOfRange` also for a number in `outputs` that is no
///   output.
/// - Complexity: O(n C) time, one pass.
public func outputClassification(
  of logits: some SampleMatrix, labels: [Int], among outputs: [Int]? = nil
) throws(MeasureError) -> Classification {
  let measure = "outputClassification"
  try requireOutputs(logits, labels: labels, measure: measure)
  let count = logits.columnCount
  let outputs = outputs ?? Array(0..<count)
  guard outputs.count >= 2 else {
    throw .tooFewSamples(measure: "\(measure), outputs", found: outputs.count, needed: 2)
  }
  for output in outputs where output < 0 || output >= count {
    throw .outOfRange(
      measure: measure, what: "an output to choose among", value: Double(output),
      expected: "0 to \(count - 1), as there are \(count) outputs")
  }
  let blocks = SampleBlocks<Double>(logits, isShifted: false)
  let lanes = foldRows(of: blocks, workers: nil, from: [Int]()) { found, rows, block in
    for offset in 0..<rows.count {
      let chosen = outputs.map { block[offset * count + $0] }
      found.append(outputs[indexOfLargest(chosen[...])])
    }
  }
  return Classification(predictions: Array(lanes.joined()), labels: labels)
}

private func requireOutputs(
  _ logits: some SampleMatrix, labels: [Int], measure: String
) throws(MeasureError) {
  let count = logits.columnCount
  _ = try LabeledRows(
    labels, rowCount: logits.rowCount, measure: measure, minimumClassCount: 1)
  guard count >= 2 else {
    throw .undefined(measure: measure, reason: "\(count) outputs; at least 2 are needed")
  }
  for label in labels where label < 0 || label >= count {
    throw .outOfRange(
      measure: measure, what: "a label", value: Double(label),
      expected: "0 to \(count - 1), as there are \(count) outputs")
  }
  try requireFinite([logits], measure: measure)
}

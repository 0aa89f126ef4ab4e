internal import Foundation
import GrokMeasures
import GrokModels

/// A lower bound of I(X; Y) from a network that learns to tell pairs that belong together from pairs torn apart.
///
/// The critic is trained on a part of the samples, and the value is from the others, so that it is not made larger by what
/// the critic has learnt by heart. Pairs torn apart are samples against samples in another order. Bring both variables to a
/// similar scale first: ``Preparation/standardized``, or `.robustlyScaled` with heavy tails.
///
/// ```swift
/// let estimate = try preparedInformation(between: x, and: y) { x, y throws(MeasureError) in
///   try criticInformation(between: x, and: y, recipe: CriticRecipe(.donskerVaradhan), key: key)
/// }
/// ```
///
/// - Shapes: `x` is `[n, d_x]`, `y` is `[n, d_y]`; row i of both belongs to one sample.
/// - Units: nats; may be below 0. With m held-out pairs no bound can be trusted much above ln m; InfoNCE has the ceiling ln K.
///   The naive error is that of the means over held-out pairs: what another training would give is not in it.
/// - Parameter key: weights, batches, and which samples are held out.
/// - Throws: `MeasureError.rowCountMismatch`, `.tooFewSamples` (4, and a batch of held-out ones for InfoNCE), `.nonFiniteInput`,
///   `.outOfRange`, `.undefined` where the training does not stay finite.
/// - Complexity: steps · batch evaluations of the critic, of InfoNCE steps · batch².
/// - Source: as the cases of ``CriticRecipe/Bound``; McAllester & Stratos, AISTATS 2020, for the limit ln m.
public func criticInformation(
  between x: some SampleMatrix, and y: some SampleMatrix, recipe: CriticRecipe,
  context: ComputeContext = ComputeContext(), key: RandomKey
) throws(MeasureError) -> InformationEstimate {
  try recipe.check()
  let n = x.rowCount
  guard n == y.rowCount else {
    throw .rowCountMismatch(measure: criticMeasure, first: n, second: y.rowCount)
  }
  let heldOutCount = Int((Double(n) * recipe.heldOutFraction).rounded())
  let (batchSize, heldOutNeeded) =
    recipe.bound == .infoNCE ? (recipe.batchSize, recipe.batchSize) : (2, 2)
  guard n - heldOutCount >= batchSize, heldOutCount >= heldOutNeeded else {
    throw .tooFewSamples(
      measure: criticMeasure, found: n, needed: batchSize + heldOutNeeded)
  }
  let (left, right) = (Matrix<Float>(x), Matrix<Float>(y))
  for (index, matrix) in [left, right].enumerated() {
    if let element = matrix.values.firstIndex(where: { !$0.isFinite }) {
      throw .nonFiniteInput(
        measure: criticMeasure, array: "array \(index + 1)", index: element)
    }
  }
  let order = key.fork("held out").permutation(of: n)
  func tensors(_ rows: ArraySlice<Int>) -> CriticSamples {
    CriticSamples(
      x: Tensor(left.selectingRows(rows), in: context),
      y: Tensor(right.selectingRows(rows), in: context))
  }
  let critic = Critic(
    xCount: left.columnCount, yCount: right.columnCount, hiddenWidths: recipe.hiddenWidths)
  let parameters = try train(
    critic, recipe, on: tensors(order[heldOutCount...]), context, key)
  var result = CriticEvaluation(
    critic: critic, parameters: parameters, samples: tensors(order[..<heldOutCount]),
    key: key.fork("evaluation")
  ).estimate(recipe)
  guard result.value.isFinite else {
    throw .undefined(
      measure: criticMeasure,
      reason: "the critic gives held-out pairs no finite value; scale the variables or train less")
  }
  if let ceiling = result.ceiling, result.value > ceiling - 1 {
    result.cautions.append(.nearCeiling(ceiling: ceiling))
  }
  return result
}

/// Paired samples as tensors.
struct CriticSamples {
  let x, y: Tensor<Float>
  var count: Int { x.shape[0] }
}

// MARK: - Training

private func train(
  _ critic: Critic, _ recipe: CriticRecipe, on samples: CriticSamples, _ context: ComputeContext,
  _ key: RandomKey
) throws(MeasureError) -> Parameters<Float> {
  var descent = Descent(
    from: critic.layout.initialValues(key: key.fork("weights")), layout: critic.layout,
    optimizer: .adam(learningRate: recipe.learningRate), in: context)
  let (batches, marginals) = (key.fork("batches"), key.fork("marginals"))
  let size = min(recipe.batchSize, samples.count)
  var logPartition: Double?
  for step in 0..<recipe.stepCount {
    let pairs = batches.fork(step).choice(size, of: samples.count).map { Int32($0) }
    let (x, y) = (samples.x.gather(rows: pairs), samples.y.gather(rows: pairs))
    let torn = y.gather(rows: marginals.fork(step).permutation(of: size).map { Int32($0) })
    let loss = descent.step { parameters in
      switch recipe.bound {
      case .donskerVaradhan:
        let together = critic.ofPairs(x, y, parameters).mean()
        let apart = critic.ofPairs(x, torn, parameters)
        let batch = logMeanExponential(apart.values.map { Double($0) })
        let average = logPartition.map { logarithmOfAverage($0, batch, rate: 0.01) } ?? batch
        logPartition = average
        // The gradient of the mean of e^T over its moving average, which is held fixed.
        return (apart - Float(average)).exponential().mean() - together
      case .nguyenWainwrightJordan:
        let together = critic.ofPairs(x, y, parameters).mean()
        return (critic.ofPairs(x, torn, parameters) - 1).exponential().mean() - together
      case .infoNCE:
        return critic.ofAll(x, y, parameters).crossEntropy(labels: Array(0..<Int32(size)))
      case .smile:
        let together = softPlus(-critic.ofPairs(x, y, parameters)).mean()
        return together + softPlus(critic.ofPairs(x, torn, parameters)).mean()
      }
    }
    guard loss.isFinite else {
      throw .undefined(
        measure: criticMeasure,
        reason: "the loss is \(loss) at step \(step); scale the variables, or lower the learning "
          + "rate")
    }
  }
  return descent.current
}

/// ln(1 + e^x) = max(x, 0) + ln(1 + e^{−|x|}).
private func softPlus(_ x: Tensor<Float>) -> Tensor<Float> {
  x.activated(.relu) + ((-x.absoluteValue()).exponential() + 1).logarithm()
}

/// ln of the mean of e^x.
func logMeanExponential(_ values: [Double]) -> Double {
  let largest = values.max() ?? 0
  guard largest.isFinite else { return largest }
  return largest + log(values.reduce(0) { $0 + exp($1 - largest) } / Double(values.count))
}

/// ln((1 − rate) e^a + rate e^b).
private func logarithmOfAverage(_ a: Double, _ b: Double, rate: Double) -> Double {
  let largest = max(a, b)
  return largest + log((1 - rate) * exp(a - largest) + rate * exp(b - largest))
}

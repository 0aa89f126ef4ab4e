import GrokMeasures

// Gradients of the loss by single examples.

extension Snapshot {
  /// What is to be known of the gradients of single examples to judge a batch: ‖ḡ‖², Σ ‖g_i‖², Σ ⟨g_i, ḡ⟩², for the noise scale and
  /// its like.
  ///
  /// No gradient of a single example is ever written out: the products of all pairs follow from the inputs and
  /// sensitivities of the layers.
  ///
  /// ```swift
  /// let moments = try snapshot.gradientMoments(on: data.train.prefix(512))
  /// print(moments.noiseScale)
  /// ```
  ///
  /// - Throws: As ``lossGradientFactors(on:memoryBudget:)``; `MeasureError.tooFewSamples` below two examples.
  /// - Complexity: One pass forward, one backward, and products of all pairs of examples at every layer.
  /// - Source: McCandlish et al., arXiv 1812.06162, §2.2.
  public func gradientMoments(
    on examples: LabeledExamples, memoryBudget: Int = defaultMemoryBudget
  ) throws -> GradientMoments {
    let factors = try lossGradientFactors(on: examples, memoryBudget: memoryBudget)
    let products = try TangentKernel(of: factors, form: .full)
      .matrix(memoryBudget: memoryBudget, workers: context.engine.workers)
    return try GradientMoments(products: products, weightCount: model.layout.count)
  }
}

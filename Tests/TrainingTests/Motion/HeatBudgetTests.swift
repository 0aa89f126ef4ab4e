import TestSupport
import Testing

@testable import GrokTraining

/// Heat by components adds up to the fall of the loss.
@Suite struct HeatBudgetTests {
  private func budget(_ optimizer: Optimizer, steps: Int, rateFactor: Double = 1) throws
    -> HeatBudget
  {
    var training = SmallTraining.perceptron(steps: steps)
    // Without kinks, at which gradients jump: units that stay at one keep the budget open at any rate.
    training.model = MLP(inputs: 14, hidden: [12], outputs: 7, activation: .tanh)
    training.plan.batching = .full
    training.learningRate = .constant
    training.optimizer = optimizer
    return try withTemporaryFolder { folder in
      var trainer: Trainer<Double> = try Trainer(
        training.model, parameters: training.model.initialParameters(key: training.key),
        loss: .crossEntropy, optimizer: optimizer, motion: MotionRecording(),
        run: Run(directory: folder + "/run"))
      _ = try training.fit(&trainer)
      return try MotionTable(ofRun: folder + "/run").heatBudget()
    }
  }

  @Test(
    .tags(.law),
    arguments: [
      Optimizer.sgd(learningRate: 0.2), .sgd(learningRate: 0.05, momentum: 0.9, weightDecay: 1e-3),
      .adamW(learningRate: 2e-3, weightDecay: 0.1),
    ])
  func theBudgetClosesToAThousandthOfTheFall(optimizer: Optimizer) throws {
    let budget = try budget(optimizer, steps: 200)
    #expect(budget.lossDrop > 0.3)
    let residual = try #require(budget.relativeResidual)
    #expect(residual < 1e-3, "\(residual)")
  }

  /// The same way at half the rate: half as far a step, twice the steps, a quarter of the error.
  @Test(.tags(.law)) func theResidualFallsWithTheSquareOfTheRate() throws {
    let residuals = try [0.4, 0.2, 0.1].enumerated().map { halvings, rate in
      // One more step, since the last row only ends the heat of the one before.
      try #require(
        try budget(.sgd(learningRate: rate), steps: (200 << halvings) + 1).relativeResidual)
    }
    #expect((3.5...4.5).contains(residuals[0] / residuals[1]), "\(residuals)")
    #expect((3.7...4.3).contains(residuals[1] / residuals[2]), "\(residuals)")
  }
}

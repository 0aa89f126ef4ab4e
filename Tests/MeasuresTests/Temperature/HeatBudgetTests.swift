import Foundation
import TestSupport
import Testing

@testable import GrokMeasures

@Suite struct HeatBudgetTests {
  /// A loss and its gradient at given weights.
  private typealias Problem = (_ weights: [Double]) -> (loss: Double, gradient: [Double])

  /// Gradient descent, its budget by left points and by the trapezoid.
  private func descent(
    _ problem: Problem, from start: [Double], parts: [VectorPart], learningRate: Double, steps: Int
  ) throws -> (left: HeatBudget, trapezoid: HeatBudget) {
    var weights = start
    var (left, middle) = ([[Double]](), [[Double]]())
    var before = problem(weights)
    let first = before.loss
    for _ in 0..<steps {
      let update = before.gradient.map { -learningRate * $0 }
      for index in weights.indices { weights[index] += update[index] }
      let after = problem(weights)
      left.append(try lossRates(gradient: before.gradient, update: update, parts: parts))
      middle.append(
        try lossRates(
          gradient: before.gradient, gradientAfter: after.gradient, update: update, parts: parts))
      before = after
    }
    func budget(_ rates: [[Double]]) throws -> HeatBudget {
      try heatBudget(
        of: HeatTable(
          steps: Array(0..<steps), names: parts.map(\.name), values: Matrix(rows: rates)),
        lossBefore: first, lossAfter: before.loss)
    }
    return (try budget(left), try budget(middle))
  }

  private let halves = [VectorPart("a", 0..<3), VectorPart("b", 3..<6)]

  /// Two weights a class and a bias, on four points.
  private func softmax(_ w: [Double]) -> (loss: Double, gradient: [Double]) {
    let points = [([1.0, 0.2], 0), ([0.3, 1.1], 1), ([-0.4, 0.9], 1), ([0.8, -0.5], 0)]
    var (loss, gradient) = (0.0, [Double](repeating: 0, count: 6))
    for (x, label) in points {
      let scores = (0..<2).map { w[3 * $0] * x[0] + w[3 * $0 + 1] * x[1] + w[3 * $0 + 2] }
      let total = scores.reduce(0) { $0 + exp($1) }
      loss += (log(total) - scores[label]) / 4
      for k in 0..<2 {
        let error = (exp(scores[k]) / total - (k == label ? 1 : 0)) / 4
        gradient[3 * k] += error * x[0]
        gradient[3 * k + 1] += error * x[1]
        gradient[3 * k + 2] += error
      }
    }
    return (loss, gradient)
  }

  /// ½ Σ h w², whose budget by the trapezoid is exact.
  private func quadratic(_ w: [Double]) -> (loss: Double, gradient: [Double]) {
    let h = [4.0, 1, 0.5, 2, 0.1, 3]
    let gradient = zip(h, w).map { $0 * $1 }
    return (zip(gradient, w).reduce(0) { $0 + $1.0 * $1.1 } / 2, gradient)
  }

  @Test(.tags(.law)) func closesOnAQuadratic() throws {
    let start = [1.0, -2, 3, 0.5, 1, -1]
    let found = try descent(quadratic, from: start, parts: halves, learningRate: 0.1, steps: 50)
    #expect((found.trapezoid.relativeResidual ?? 1) < 1e-14)
    let part = found.trapezoid.parts[0]
    #expect(abs((part.share ?? 0) - part.lossDrop / found.trapezoid.explainedDrop) < 1e-15)
    #expect(abs(found.trapezoid.parts.reduce(0) { $0 + ($1.share ?? 0) } - 1) < 1e-14)
    // Left points are of first order: half the rate, half the residual.
    let half = try descent(quadratic, from: start, parts: halves, learningRate: 0.05, steps: 100)
    let order = log2((found.left.relativeResidual ?? 0) / (half.left.relativeResidual ?? 1))
    #expect(abs(order - 1) < 0.2, "order \(order)")
  }

  @Test(.tags(.law)) func closesOnSoftmaxRegressionWithTheSquareOfTheRate() throws {
    let start = [0.3, -0.2, 0.1, -0.5, 0.4, 0.2]
    let residuals = try [(0.5, 80), (0.25, 160), (0.125, 320)].map { rate, steps in
      let found = try descent(softmax, from: start, parts: halves, learningRate: rate, steps: steps)
      return try #require(found.trapezoid.relativeResidual)
    }
    #expect(residuals[0] < 1e-3, "\(residuals)")
    #expect(abs(log2(residuals[0] / residuals[1]) - 2) < 0.2, "\(residuals)")
    #expect(abs(log2(residuals[1] / residuals[2]) - 2) < 0.1, "\(residuals)")
  }

  @Test func refusals() throws {
    expectMessage("lossRates: 'x' is elements 0..<3 of a vector of 2") {
      _ = try lossRates(gradient: [1.0, 2], update: [1.0, 2], parts: [VectorPart("x", 0..<3)])
    }
    expectMessage("lossRates: the loss rate of 'x' is inf") {
      _ = try lossRates(
        gradient: [Double.infinity], update: [-1.0], parts: [VectorPart("x", 0..<1)])
    }
    expectMessage("heatBudget: the loss after is nan; expected a finite number") {
      _ = try heatBudget(of: table([[1]]), lossBefore: 1, lossAfter: .nan)
    }
    let flat = try heatBudget(of: table([[0, 0]]), lossBefore: 1, lossAfter: 1)
    #expect(flat.relativeResidual == nil && flat.parts[0].share == nil)
  }
}

import Foundation
import TestSupport
import Testing

@testable import GrokTraining

@Suite struct CriticInformationTests {
  private let key = RandomKey(seed: 1)

  private func recipe(_ bound: CriticRecipe.Bound, steps: Int = 300) -> CriticRecipe {
    CriticRecipe(
      bound, hiddenWidths: [32, 32], stepCount: steps, batchSize: bound == .infoNCE ? 32 : 128,
      learningRate: 3e-3)
  }

  /// Near the truth of a normal pair, and near 0 for independent ones.
  @Test(
    .tags(.statistical),
    arguments: [
      CriticRecipe.Bound.donskerVaradhan, .nguyenWainwrightJordan, .infoNCE, .smile(clip: 5),
    ])
  func normalPairs(bound: CriticRecipe.Bound) throws {
    for (correlation, slack) in [(0.0, 0.1), (0.8, 0.2)] {
      let family = KnownInformation.normal(correlations: [correlation])
      let sample = try family.sample(count: 2000, key: key.fork("sample"))
      let found = try criticInformation(
        between: sample.x, and: sample.y, recipe: recipe(bound), key: key)
      let truth = try family.information()
      #expect(abs(found.value - truth) < slack, "\(bound): \(found.value), \(truth)")
      let error = try #require(found.naiveStandardError)
      #expect(error > 0 && error < 0.15)
      #expect(found.sampleCount == 1000)
      #expect(found.ceiling == (bound == .infoNCE ? log(32) : nil))
    }
  }

  @Test(.tags(.resume)) func threadsChangeNothing() throws {
    let sample = try KnownInformation.normal(correlations: [0.5, 0.2]).sample(count: 400, key: key)
    for bound in [CriticRecipe.Bound.donskerVaradhan, .infoNCE] {
      let one = try criticInformation(
        between: sample.x, and: sample.y, recipe: recipe(bound, steps: 5), key: key)
      let two = try criticInformation(
        between: sample.x, and: sample.y, recipe: recipe(bound, steps: 5),
        context: ComputeContext(threadCount: 2), key: key)
      #expect(one == two)
      let other = try criticInformation(
        between: sample.x, and: sample.y, recipe: recipe(bound, steps: 5), key: key.fork("other"))
      #expect(one.value != other.value)
    }
  }

  /// The shared first layer against one critic for each pair.
  @Test(.tags(.oracle)) func allPairsEqualSinglePairs() throws {
    let critic = Critic(xCount: 3, yCount: 2, hiddenWidths: [8, 4])
    let parameters = Parameters(
      Tensor<Float>(
        critic.layout.initialValues(key: key), shape: Shape(critic.layout.count)),
      layout: critic.layout)
    let x = Tensor<Float>(key.fork("x").normalMatrix(rowCount: 5, columnCount: 3) as Matrix<Float>)
    let y = Tensor<Float>(key.fork("y").normalMatrix(rowCount: 4, columnCount: 2) as Matrix<Float>)
    let all = critic.ofAll(x, y, parameters).values
    for row in 0..<5 {
      for column in 0..<4 {
        let one = critic.ofPairs(
          x.rows(row..<row + 1), y.rows(column..<column + 1), parameters
        ).values[0]
        #expect(abs(one - all[row * 4 + column]) < 1e-6)
      }
    }
  }

  @Test func recordsWhatItWas() throws {
    let sample = try KnownInformation.normal(correlations: [0.9]).sample(count: 100, key: key)
    let found = try criticInformation(
      between: sample.x, and: sample.y, recipe: recipe(.smile(clip: 5), steps: 2), key: key)
    #expect(found.estimator == "critic, SMILE, clip 5.0, 32-32, 2 steps of 128")
  }

  @Test func messages() throws {
    let sample = try KnownInformation.normal(correlations: [0.9]).sample(count: 20, key: key)
    func description(
      _ recipe: CriticRecipe, _ y: Matrix<Double>? = nil
    ) -> String? {
      #expect(throws: MeasureError.self) {
        try criticInformation(between: sample.x, and: y ?? sample.y, recipe: recipe, key: key)
      }?.description
    }
    #expect(
      description(CriticRecipe(.infoNCE, batchSize: 16))
        == "criticInformation: 20 samples; at least 32 are needed")
    #expect(
      description(CriticRecipe(.smile(clip: 0)))
        == "criticInformation: the clip is 0.0; expected above 0")
    #expect(
      description(CriticRecipe(.donskerVaradhan, heldOutFraction: 1))
        == "criticInformation: heldOutFraction is 1.0; expected above 0 and below 1")
    #expect(
      description(CriticRecipe(.donskerVaradhan), sample.y.selectingRows([0]))
        == "criticInformation: 20 rows cannot be paired with 1; row i of both must belong to one "
        + "sample")
  }
}

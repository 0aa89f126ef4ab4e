import Foundation
import GrokDatasets
import Testing
import TestSupport

@testable import GrokMeasures

@Suite struct MixtureInformationTests {
  /// Algorithm 1 of the paper, and the program that its authors published, word for word.
  private static func plain(
    _ x: Matrix<Double>, _ y: Matrix<Double>, _ form: MixtureForm, _ k: Int
  ) -> Double {
    let (n, distances) = (x.rowCount, [x, y].map(PlainKraskov.distances))
    let terms = (0..<n).map { i in
      let others = (0..<n).filter { $0 != i }
      let joint = others.map { max(distances[0][i][$0], distances[1][i][$0]) }.sorted()
      let radius = joint[k - 1]
      switch form {
      case .paper:
        let equals = radius == 0 ? joint.count { $0 == 0 } : k
        let counts = distances.map { v in others.count { v[i][$0] <= radius } }
        return GammaFunctions.digamma(Double(equals)) + log(Double(n))
          - counts.reduce(0) { $0 + log(Double($1 + 1)) }
      case .program:
        let equals = radius == 0 ? joint.count { $0 == 0 } + 1 : k
        let counts = distances.map { v in
          (0..<n).count { radius == 0 ? v[i][$0] == 0 : v[i][$0] < radius }
        }
        return GammaFunctions.digamma(Double(equals)) + log(Double(n))
          - counts.reduce(0) { $0 + GammaFunctions.digamma(Double($1)) }
      }
    }
    return terms.reduce(0, +) / Double(n)
  }

  @Test(.tags(.oracle), arguments: KraskovInformationTests.families)
  func everyFamilyEqualsTheAlgorithm(name: String, family: KnownInformation) throws {
    let sample = try KraskovInformationTests.sample(family, 80)
    for form in MixtureForm.allCases {
      for k in [1, 5] {
        let result = try mixtureInformation(
          between: sample.x, and: sample.y, form: form, neighborCount: k)
        #expect(abs(result.value - Self.plain(sample.x, sample.y, form, k)) < 1e-12)
        #expect(result.value <= (try #require(result.ceiling)) + 1e-12)
      }
    }
  }

  @Test(
    .tags(.statistical),
    arguments: [
      KnownInformation.noisyChannel(letterCount: 4, redrawProbability: 0.3),
      .quantized(probabilities: [0.5, 0.25, 0.25]),
      .smoothedDiscreteUniform(levelCount: 4, sharpness: 2),
      .normal(correlations: [0.8]),
    ])
  func atomsAndDensitiesHaveTheirInformation(family: KnownInformation) throws {
    let sample = try family.sample(count: 1500, key: RandomKey(seed: 4))
    let result = try mixtureInformation(between: sample.x, and: sample.y)
    let error = try #require(result.naiveStandardError)
    #expect(abs(result.value - (try family.information())) < 4 * error + 0.02)
    #expect(error < 0.03)
  }

  @Test func constantsHaveNoInformation() throws {
    let constant = Matrix<Double>(repeating: 1, rowCount: 50, columnCount: 1)
    // ψ(50) − ln 50 and ψ(49) − ln 50: off by 1/(2n) and 3/(2n).
    for form in MixtureForm.allCases {
      let value = try mixtureInformation(between: constant, and: constant, form: form).value
      #expect(abs(value) < 0.04)
    }
  }
}

import Foundation
import Testing
import TestSupport

@testable import GrokMeasures

@Suite struct NeighborEntropyTests {
  @Test(.tags(.oracle), arguments: NeighborNorm.allCases, [1, 3])
  func equalsTheFormula(norm: NeighborNorm, d: Int) throws {
    let x = RandomSamples.smooth.matrix(100, d)
    let k = 4
    let distances = (0..<100).map { i in
      (0..<100).filter { $0 != i }.map { j in
        let differences = zip(x.row(i), x.row(j)).map { abs($0 - $1) }
        return norm == .maximum
          ? differences.max() ?? 0 : differences.reduce(0) { $0 + $1 * $1 }.squareRoot()
      }.sorted()[k - 1]
    }
    let volumes =
      norm == .maximum ? [1: 2.0, 3: 8] : [1: 2.0, 3: 4.0 / 3 * Double.pi]
    let expected =
      GammaFunctions.digamma(100) - GammaFunctions.digamma(4) + log(volumes[d, default: 0])
      + Double(d) * distances.reduce(0) { $0 + log($1) } / 100
    let result = try differentialEntropy(of: x, norm: norm, neighborCount: k)
    #expect(abs(result.value - expected) < 1e-11)
  }

  @Test(.tags(.statistical), arguments: NeighborNorm.allCases)
  func normalSamplesHaveTheirEntropy(norm: NeighborNorm) throws {
    let x: Matrix<Double> = RandomKey(seed: 9).normalMatrix(rowCount: 1000, columnCount: 2)
    let result = try differentialEntropy(of: x, norm: norm)
    let truth = log(2 * Double.pi) + 1
    #expect(abs(result.value - truth) < 4 * (try #require(result.naiveStandardError)))
    let shrunk = try differentialEntropy(of: x.map { $0 / 8 }, norm: norm)
    #expect(abs(result.value - shrunk.value - 2 * log(8)) < 1e-12)
  }

  @Test(.tags(.law), arguments: [(1, 5), (3, 20), (4, 4), (4, 20), (7, 20), (8, 20), (12, 40)])
  func weightsDoWhatTheyMust(d: Int, k: Int) throws {
    let weights = try entropyWeights(dimension: d, neighborCount: k)
    #expect(weights.count == k)
    #expect(abs(weights.reduce(0, +) - 1) < 1e-10)
    for l in 1..<max(1, d / 4) + 1 where d >= 4 {
      let terms = weights.enumerated().map { place, weight in
        weight
          * exp(
            GammaFunctions.logGamma(Double(place + 1) + 2 * Double(l) / Double(d))
              - GammaFunctions.logGamma(Double(place + 1)))
      }
      let size = terms.reduce(0) { $0 + abs($1) }
      #expect(abs(terms.reduce(0, +)) < 1e-10 * size)
    }
    let allowed = Set((1...d).map { $0 * k / d })
    #expect(weights.indices.allSatisfy { weights[$0] == 0 || allowed.contains($0 + 1) })
  }

  @Test(.tags(.statistical)) func weightsLowerTheBiasInFourDimensions() throws {
    let x: Matrix<Double> = RandomKey(seed: 10).normalMatrix(rowCount: 800, columnCount: 4)
    let truth = 2 * (log(2 * Double.pi) + 1)
    let weighted = try weightedEntropy(of: x, neighborCount: 20)
    let plain = try differentialEntropy(of: x, norm: .euclidean, neighborCount: 20)
    #expect(abs(weighted.value - truth) < 4 * (try #require(weighted.naiveStandardError)))
    #expect(abs(weighted.value - truth) < abs(plain.value - truth))
  }

  @Test(.tags(.law)) func belowFourDimensionsTheWeightIsOnOneNeighbor() throws {
    let x = RandomSamples.smooth.matrix(80, 2)
    let weighted = try weightedEntropy(of: x, neighborCount: 6).value
    let plain = try differentialEntropy(of: x, norm: .euclidean, neighborCount: 6).value
    #expect(abs(weighted - plain - (log(79) - GammaFunctions.digamma(80))) < 1e-12)
  }

  @Test func messages() throws {
    let twice = Matrix<Double>(rows: (0..<20).map { [Double($0 / 2)] })
    let cases: [(() throws -> Any, String)] = [
      (
        { try differentialEntropy(of: twice, neighborCount: 1) },
        "differentialEntropy: 20 samples equal at least 1 others: the entropy of an atom is -∞; add jitter"
      ),
      (
        { try differentialEntropy(of: twice, neighborCount: 20) },
        "differentialEntropy: 20 samples; at least 21 are needed"
      ),
      (
        { try entropyWeights(dimension: 8, neighborCount: 7) },
        "weightedEntropy: the number of neighbours is 7.0; expected at least 8 in 8 dimensions"
      ),
      (
        { try entropyWeights(dimension: 0, neighborCount: 7) },
        "weightedEntropy: the dimension is 0.0; expected at least 1"
      ),
      (
        { try weightedEntropy(of: [[1.0, .nan], [2, 3]], neighborCount: 1) },
        "weightedEntropy: element 1 of the samples is not finite; remove such samples or find their cause"
      ),
    ]
    for (body, message) in cases {
      let error = #expect(throws: MeasureError.self) { try body() }
      #expect(error?.description == message)
    }
  }
}

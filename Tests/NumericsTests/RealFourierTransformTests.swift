import Foundation
import Testing
import TestSupport

@testable import GrokNumerics

@Suite struct RealFourierTransformTests {
  @Test(.tags(.oracle), arguments: [2, 4, 8, 64, 512])
  func equalsTheSumOfTheDefinition(_ count: Int) {
    let x: [Double] = RandomKey(seed: 1).fork(count).normal(count: count)
    let found = RealFourierTransform(count: count).coefficients(of: x)
    for k in 0...count / 2 {
      var (real, imaginary) = (0.0, 0.0)
      for (j, value) in x.enumerated() {
        let angle = 2 * Double.pi * Double(j * k % count) / Double(count)
        real += value * cos(angle)
        imaginary -= value * sin(angle)
      }
      // Rounding of sums of so many numbers of size 1.
      let tolerance = 1e-14 * Double(count)
      #expect(abs(found.real[k] - real) < tolerance, "\(k)")
      #expect(abs(found.imaginary[k] - imaginary) < tolerance, "\(k)")
    }
    #expect(found.imaginary[0] == 0 && found.imaginary[count / 2] == 0)
  }

  @Test(.tags(.law), arguments: [2, 16, 1024]) func obeysParseval(_ count: Int) {
    let x: [Double] = RandomKey(seed: 2).fork(count).normal(count: count)
    let powers = RealFourierTransform(count: count).coefficients(of: x).squaredMagnitudes
    let sum = powers[0] + powers[count / 2] + 2 * powers[1..<count / 2].reduce(0, +)
    #expect(abs(sum / Double(count) / dot(x, x) - 1) < 1e-14)
  }

  @Test(.tags(.law), arguments: [2, 4, 128]) func leadsBack(_ count: Int) {
    let x: [Double] = RandomKey(seed: 3).fork(count).normal(count: count)
    let transform = RealFourierTransform(count: count)
    let back = transform.values(of: transform.coefficients(of: x))
    for (a, b) in zip(x, back) { #expect(abs(a - b) < 1e-14) }
  }

  @Test(.tags(.law)) func aCosineHasOneCoefficient() {
    let x = (0..<32).map { 3 * cos(2 * Double.pi * 5 * Double($0) / 32) }
    let found = RealFourierTransform(count: 32).coefficients(of: x)
    for k in 0...16 { #expect(abs(found.real[k] - (k == 5 ? 48 : 0)) < 1e-13, "\(k)") }
  }
}

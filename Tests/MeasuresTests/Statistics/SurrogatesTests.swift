import Foundation
import GrokNumerics
import TestSupport
import Testing

@testable import GrokMeasures

@Suite struct SurrogatesTests {
  /// The transform by its definition.
  private func slowTransform(_ x: [Double], _ y: [Double]) -> (real: [Double], imaginary: [Double])
  {
    let n = x.count
    var result = (real: [Double](), imaginary: [Double]())
    for k in 0..<n {
      var (real, imaginary) = (0.0, 0.0)
      for j in 0..<n {
        let angle = -2 * Double.pi * Double(j * k % n) / Double(n)
        real += x[j] * cos(angle) - y[j] * sin(angle)
        imaginary += x[j] * sin(angle) + y[j] * cos(angle)
      }
      result.real.append(real)
      result.imaginary.append(imaginary)
    }
    return result
  }

  @Test(.tags(.oracle), arguments: [1, 2, 3, 4, 5, 17, 30, 64, 97])
  func chirpsTransformAnyNumber(count: Int) {
    let key = RandomKey(seed: 1)
    let x: [Double] = key.fork("x").normal(count: count)
    let y: [Double] = key.fork("y").normal(count: count)
    let found = ChirpTransform(count: count).coefficients(of: x, imaginary: y)
    let expected = slowTransform(x, y)
    for k in 0..<count {
      #expect(abs(found.real[k] - expected.real[k]) < 1e-11)
      #expect(abs(found.imaginary[k] - expected.imaginary[k]) < 1e-11)
    }
  }

  @Test(.tags(.law), arguments: [50, 51, 64])
  func randomPhasesKeepTheSpectrum(count: Int) throws {
    let key = RandomKey(seed: 2)
    let values = autoregression(0.8, count: count, key: key).map { $0 + 3 }
    let surrogate = try phaseRandomized(values, key: key.fork("phases"))
    let zeros = [Double](repeating: 0, count: count)
    let (before, after) = (slowTransform(values, zeros), slowTransform(surrogate, zeros))
    for k in 0..<count {
      let expected = hypot(before.real[k], before.imaginary[k])
      #expect(abs(hypot(after.real[k], after.imaginary[k]) - expected) < 1e-9)
    }
    #expect(abs(surrogate.reduce(0, +) - values.reduce(0, +)) < 1e-9)
    #expect(zip(values, surrogate).contains { abs($0 - $1) > 0.5 })
    #expect(try surrogate == phaseRandomized(values, key: key.fork("phases")))
    #expect(try surrogate != phaseRandomized(values, key: key.fork("others")))
  }

  @Test(.tags(.law)) func shiftsGoAround() {
    #expect(circularlyShifted([1, 2, 3, 4], by: 1) == [4, 1, 2, 3])
    #expect(circularlyShifted([1, 2, 3, 4], by: -1) == [2, 3, 4, 1])
    #expect(circularlyShifted([1, 2, 3, 4], by: 9) == [4, 1, 2, 3])
    #expect(circularlyShifted([], by: 3).isEmpty)
  }

  @Test func refusals() {
    expectMessage("phaseRandomized: 3 samples; at least 4 are needed") {
      _ = try phaseRandomized([1, 2, 3], key: RandomKey(seed: 1))
    }
  }
}

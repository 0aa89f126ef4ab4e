/// ψ(1), ψ(2), … ψ(n): neighbours are counted, so that no estimator needs it anywhere else.
struct DigammaTable: Sendable {
  private let values: [Double]

  /// - Complexity: O(n) time and memory.
  init(upTo count: Int) {
    values = (0...max(1, count)).map { $0 == 0 ? -.infinity : GammaFunctions.digamma(Double($0)) }
  }

  /// ψ of a number from 1 on.
  subscript(number: Int) -> Double { values[number] }
}

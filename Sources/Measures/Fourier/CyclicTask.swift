/// A task whose answer is the sum of two numbers on a cycle, if need be under other names.
///
/// Pairs (a, b) get coordinates u and v on a cycle of n places such that the answer's coordinate is u + v modulo n: for
/// subtraction v is −b; for multiplication and division modulo a prime the coordinates are discrete logarithms, n is p − 1, and
/// pairs and answers with 0, which have no logarithm, are left out. What is measured is then measured in the order of the
/// coordinates. Another primitive root numbers the frequencies in another order.
public struct CyclicTask: Sendable, Equatable, Codable {
  /// What is computed from a and b.
  public enum Operation: String, Sendable, Hashable, Codable, CaseIterable {
    /// a + b
    case addition
    /// a − b
    case subtraction
    /// a b, modulo a prime
    case multiplication
    /// a / b, modulo a prime, with b ≠ 0
    case division
  }

  /// What is computed.
  public let operation: Operation
  /// p.
  public let modulus: Int
  /// The number of places on the cycle: p, or p − 1 with logarithms.
  public let period: Int
  /// The base of the logarithms, the least primitive root of p; nil without.
  public let root: Int?
  /// The number that each coordinate stands for.
  let numbers: [Int]

  /// A task.
  ///
  /// - Throws: `MeasureError.outOfRange` for a modulus below 3 or, with logarithms, one that is not a prime of at least 5.
  public init(_ operation: Operation = .addition, modulus: Int) throws(MeasureError) {
    self.operation = operation
    self.modulus = modulus
    switch operation {
    case .addition, .subtraction:
      guard modulus >= 3 else {
        throw .outOfRange(
          measure: "CyclicTask", what: "modulus", value: Double(modulus), expected: "at least 3")
      }
      (period, root, numbers) = (modulus, nil, Array(0..<max(0, modulus)))
    case .multiplication, .division:
      let bases = 2..<max(2, modulus)
      guard modulus >= 5,
        let base = bases.first(where: { powers(of: $0, modulus: modulus).count == modulus - 1 })
      else {
        throw .outOfRange(
          measure: "CyclicTask", what: "modulus", value: Double(modulus),
          expected: "a prime of at least 5 for \(operation.rawValue)")
      }
      (period, root, numbers) = (modulus - 1, base, powers(of: base, modulus: modulus))
    }
  }

  /// The number of rows that logits of all pairs have: p², for division p (p − 1), row by row in the order of a, then b.
  public var pairCount: Int { modulus * (operation == .division ? modulus - 1 : modulus) }

  /// The row of each pair of coordinates (u, v), at index u n + v, among those of all pairs.
  public var pairRows: [Int] {
    let inverse = (0..<period).map { ($0 == 0 ? 0 : period - $0) }
    return (0..<period).flatMap { u in
      (0..<period).map { v in
        switch operation {
        case .addition, .multiplication: numbers[u] * modulus + numbers[v]
        case .subtraction: numbers[u] * modulus + numbers[inverse[v]]
        case .division: numbers[u] * (modulus - 1) + numbers[inverse[v]] - 1
        }
      }
    }
  }

  /// The answers in the order of their coordinates, also the order of tokens in an embedding of a.
  public var answers: [Int] { numbers }

  /// Whatever has a row for every pair, in the order of the coordinates.
  ///
  /// - Shapes: `[pairCount, columns]` gives `[n², columns]`, row u n + v.
  /// - Throws: `MeasureError.rowCountMismatch`.
  public func arranged<Scalar>(
    _ rows: Matrix<Scalar>
  ) throws(MeasureError) -> Matrix<Scalar> {
    guard rows.rowCount == pairCount else {
      throw .rowCountMismatch(measure: "CyclicTask", first: rows.rowCount, second: pairCount)
    }
    return operation == .addition ? rows : rows.selectingRows(pairRows)
  }
}

/// 1, g, g², … modulo p as far as they are different and not 0.
private func powers(of base: Int, modulus: Int) -> [Int] {
  var (powers, power) = ([1], base % modulus)
  while power > 1 && powers.count < modulus {
    powers.append(power)
    power = power * base % modulus
  }
  return power == 1 ? powers : []
}

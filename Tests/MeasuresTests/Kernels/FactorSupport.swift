import GrokMeasures

/// Random factors with every kind of part that there is, and the Jacobian that they stand for.
struct FactorExample {
  let factors: KernelFactors<Double>
  /// For each part of ``factors``, for weights and bias apart, `[n C, elements]` by name.
  let jacobians: [String: Matrix<Double>]

  static let names = [
    "table", "shared.weight", "shared.bias", "linear.weight", "linear.bias", "scale",
    "last.weight", "last.bias", "output.weight", "output.bias",
  ]

  init(exampleCount n: Int, outputCount c: Int, key: RandomKey) throws {
    func random(_ name: String, _ rows: Int, _ columns: Int) -> Matrix<Double> {
      key.fork(name).normalMatrix(rowCount: rows, columnCount: columns)
    }
    let u = random("u", c, 4)
    let v = random("v", n, 4)
    let w = random("w", c, 3)
    let indices = (0..<n * 2).map { Int32(key.fork("rows").integer(at: $0, in: 0..<5)) }
    let shared = LayerFactors(
      weight: "shared.weight", bias: "shared.bias", inputs: .vectors(random("a", n * 3, 4)),
      sensitivities: .vectors(random("d", n * c * 3, 5)), positionCount: 3)
    let layers = [
      LayerFactors(
        weight: "table", inputs: .rows(indices),
        sensitivities: .vectors(random("t", n * c * 2, 3)), positionCount: 2),
      shared,
      LayerFactors(
        weight: "linear.weight", bias: "linear.bias", inputs: .vectors(random("b", n, 6)),
        sensitivities: .vectors(random("e", n * c, 5))),
      LayerFactors(jacobian: random("j", n * c, 7), name: "scale"),
      LayerFactors(
        weight: "last.weight", bias: "last.bias", inputs: .vectors(random("f", n, 3)),
        sensitivities: .separable(outputs: u, examples: v)),
      LayerFactors(
        weight: "output.weight", bias: "output.bias", inputs: .vectors(random("g", n, 4)),
        sensitivities: .separable(outputs: w, examples: nil)),
    ]
    factors = try KernelFactors(exampleCount: n, outputCount: c, layers: layers)
    var jacobians: [String: Matrix<Double>] = [:]
    for layer in layers {
      if let weight = layer.weight { jacobians[weight] = layer.weightJacobian(n, c) }
      if let bias = layer.bias { jacobians[bias] = layer.biasJacobian(n, c) }
    }
    self.jacobians = jacobians
  }

  /// The Jacobian by some parameters, side by side.
  func jacobian(_ names: [String] = names) -> Matrix<Double> {
    let parts = names.compactMap { jacobians[$0] }
    return Matrix(
      rows: (0..<parts[0].rowCount).map { row in parts.flatMap { Array($0.row(row)) } })
  }
}

extension LayerFactors<Double> {
  private func sensitivity(_ n: Int, _ c: Int, _ outputs: Int, _ p: Int) -> [Double] {
    switch sensitivities {
    case .vectors(let matrix): Array(matrix.row((n * outputs + c) * positionCount + p))
    case .separable(let u, nil): Array(u.row(c))
    case .separable(let u, let v?): zip(u.row(c), v.row(n * positionCount + p)).map { $0 * $1 }
    }
  }

  private func input(_ row: Int) -> [Double] {
    switch inputs {
    case .vectors(let matrix): Array(matrix.row(row))
    case .rows(let rows): (0..<5).map { $0 == rows[row] ? 1 : 0 }
    case nil: []
    }
  }

  fileprivate func weightJacobian(_ examples: Int, _ outputs: Int) -> Matrix<Double> {
    rows(examples, outputs) { n, p, delta in
      delta.flatMap { d in input(n * positionCount + p).map { d * $0 } }
    }
  }

  fileprivate func biasJacobian(_ examples: Int, _ outputs: Int) -> Matrix<Double> {
    rows(examples, outputs) { _, _, delta in delta }
  }

  private func rows(
    _ examples: Int, _ outputs: Int, _ term: (Int, Int, [Double]) -> [Double]
  ) -> Matrix<Double> {
    Matrix(
      rows: (0..<examples).flatMap { n in
        (0..<outputs).map { c in
          (0..<positionCount).map { p in term(n, p, sensitivity(n, c, outputs, p)) }
            .reduce([]) { sum, next in sum.isEmpty ? next : zip(sum, next).map { $0 + $1 } }
        }
      })
  }
}

/// The largest difference between elements, as a fraction of the largest element.
func relativeDifference(_ a: Matrix<Double>, _ b: Matrix<Double>) -> Double {
  guard a.rowCount == b.rowCount, a.columnCount == b.columnCount else { return .infinity }
  return largestDifference(a.values, b.values) / b.values.reduce(0) { max($0, abs($1)) }
}

/// A form of the kernel JJᵀ by plain sums over its elements.
func plainKernel(
  _ jacobian: Matrix<Double>, _ other: Matrix<Double>? = nil, outputCount c: Int,
  form: TangentKernelForm
) -> Matrix<Double> {
  let full = jacobian.multiplied(by: other ?? jacobian, transposingOther: true)
  if form == .full { return full }
  return Matrix(
    rows: (0..<full.rowCount / c).map { n in
      (0..<full.columnCount / c).map { m in
        var (trace, sum) = (0.0, 0.0)
        for a in 0..<c {
          trace += full[n * c + a, m * c + a]
          for b in 0..<c { sum += full[n * c + a, m * c + b] }
        }
        switch form {
        case .singleOutput(let output): return full[n * c + output, m * c + output]
        case .sumOfOutputs: return sum
        default: return trace / Double(c)
        }
      }
    })
}

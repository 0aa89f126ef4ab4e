/// Which part of the tangent kernel Θ[(n, c), (m, d)] = ∂f_c(x_n)/∂θ · ∂f_d(x_m)/∂θ is asked for.
public enum TangentKernelForm: Sendable, Hashable {
  /// All of it, `[n C, n C]`, rows ordered by example, then output.
  case full
  /// (1/C) Σ_c Θ[(n, c), (m, c)], `[n, n]`: the mean of the outputs' own kernels, which wide networks
  /// have C equal ones of.
  case classTrace
  /// Σ_cd Θ[(n, c), (m, d)], `[n, n]`: the kernel of the sum of all outputs. A published stand-in for
  /// the class trace and another quantity: outputs' cross terms are in it.
  case sumOfOutputs
  /// Θ[(n, c), (m, c)] of output c, `[n, n]`.
  case singleOutput(Int)
}

/// One layer's part of a kernel in one form: Σ_pq (a_p · a_q + b) (s_p · s_q) for every pair of kernel
/// rows, where each example has `rowCount` kernel rows.
struct KernelTerm<Scalar: RealScalar>: Sendable {
  enum Rows: Sendable {
    /// s: `[examples · rowCount · positions, width]`.
    case own(Matrix<Scalar>)
    /// s, the same for every example and position: `[rowCount, width]`.
    case shared(Matrix<Scalar>)
  }

  /// a; nil where a_p · a_q counts as 0.
  let inputs: LayerFactors<Scalar>.Inputs?
  /// b is 1 with a bias, else 0.
  let hasBias: Bool
  let rows: Rows
  let positionCount: Int
  /// A factor on the whole term.
  let scale: Scalar
}

extension KernelFactors {
  /// The terms of a kernel by the named parameters; nil: by all.
  func terms(
    form: TangentKernelForm, parameters: [String]?
  ) throws(MeasureError) -> [KernelTerm<Scalar>] {
    if case .singleOutput(let output) = form, !(0..<outputCount).contains(output) {
      throw .outOfRange(
        measure: tangentKernelName, what: "the output", value: Double(output),
        expected: "0 to \(outputCount - 1)")
    }
    let known = parameterNames
    for name in parameters ?? [] where !known.contains(name) {
      throw .undefined(
        measure: tangentKernelName,
        reason: "unknown parameter '\(name)'" + suggestion(for: name, among: known))
    }
    let chosen = parameters.map { Set($0) }
    return layers.compactMap { layer in
      let isChosen = { (name: String?) in
        name.map { name in chosen?.contains(name) ?? true } ?? false
      }
      let (usesWeight, usesBias) = (isChosen(layer.weight), isChosen(layer.bias))
      if !usesWeight && !usesBias { return nil }
      let scale: Scalar = form == .classTrace ? 1 / Scalar(outputCount) : 1
      let term = KernelTerm(
        inputs: usesWeight ? layer.inputs : nil, hasBias: usesBias,
        rows: rows(layer, form), positionCount: layer.positionCount, scale: scale)
      return usesWeight ? term : term.withoutPositions(exampleCount: exampleCount)
    }
  }

  /// The number of kernel rows of one example.
  func rowCount(_ form: TangentKernelForm) -> Int { form == .full ? outputCount : 1 }

  // MARK: Sensitivities of a form

  private func rows(
    _ layer: LayerFactors<Scalar>, _ form: TangentKernelForm
  ) -> KernelTerm<Scalar>.Rows {
    switch (layer.sensitivities, form) {
    case (.vectors(let all), .full): .own(all)
    case (.vectors(let all), .classTrace): .own(sideBySide(all, layer.positionCount))
    case (.vectors(let all), .sumOfOutputs):
      .own(combined(all, layer.positionCount, [Scalar](repeating: 1, count: outputCount)))
    case (.vectors(let all), .singleOutput(let output)):
      .own(combined(all, layer.positionCount, (0..<outputCount).map { $0 == output ? 1 : 0 }))
    case (.separable(let u, let v?), .full): .own(spread(u, v, layer.positionCount))
    case (.separable(let u, let v?), .classTrace):
      // Σ_c (u_c ∘ v) · (u_c ∘ w) = (ũ ∘ v) · (ũ ∘ w) with ũ = √Σ_c u_c²: one vector in place of C.
      .own(scaled(v, by: columns(of: u) { $0.reduce(0) { $0 + $1 * $1 }.squareRoot() }))
    case (.separable(let u, let v?), .sumOfOutputs):
      .own(scaled(v, by: columns(of: u) { $0.reduce(0, +) }))
    case (.separable(let u, let v?), .singleOutput(let output)):
      .own(scaled(v, by: Array(u.row(output))))
    case (.separable(let u, nil), .full): .shared(u)
    case (.separable(let u, nil), .classTrace):
      .shared(Matrix(values: u.values, rowCount: 1, columnCount: u.count))
    case (.separable(let u, nil), .sumOfOutputs):
      .shared(Matrix(rows: [columns(of: u) { $0.reduce(0, +) }]))
    case (.separable(let u, nil), .singleOutput(let output)):
      .shared(u.selectingRows([output]))
    }
  }

  /// δ of all outputs of an example and position in one row: their products add up over outputs.
  private func sideBySide(_ all: Matrix<Scalar>, _ positions: Int) -> Matrix<Scalar> {
    let width = all.columnCount * outputCount
    if positions == 1 {
      return Matrix(values: all.values, rowCount: exampleCount, columnCount: width)
    }
    let order = (0..<exampleCount).flatMap { n in
      (0..<positions).flatMap { p in
        (0..<outputCount).map { c in (n * outputCount + c) * positions + p }
      }
    }
    return Matrix(
      values: all.selectingRows(order).values, rowCount: exampleCount * positions,
      columnCount: width)
  }

  /// Σ_c factor_c δ_ncp: `[examples · positions, units]`.
  private func combined(
    _ all: Matrix<Scalar>, _ positions: Int, _ factors: [Scalar]
  ) -> Matrix<Scalar> {
    let width = all.columnCount
    return Matrix(rowCount: exampleCount * positions, columnCount: width) { result in
      guard let result = result.baseAddress else { return }
      fill(result, with: 0, count: exampleCount * positions * width)
      all.values.withUnsafeBufferPointer { source in
        for row in 0..<exampleCount * outputCount * positions {
          let (n, c) = (row / positions / outputCount, row / positions % outputCount)
          if factors[c] == 0 { continue }
          let target = (n * positions + row % positions) * width
          addMultiple(
            factors[c], source.baseAddress! + row * width, to: result + target, count: width)
        }
      }
    }
  }

  /// u_c ∘ v_np for every example, output and position.
  private func spread(
    _ u: Matrix<Scalar>, _ v: Matrix<Scalar>, _ positions: Int
  ) -> Matrix<Scalar> {
    products(of: u, v, rowCount: exampleCount * outputCount * positions) { row in
      let (n, c) = (row / positions / outputCount, row / positions % outputCount)
      return (c, n * positions + row % positions)
    }
  }

  private func scaled(_ v: Matrix<Scalar>, by factors: [Scalar]) -> Matrix<Scalar> {
    products(of: Matrix(rows: [factors]), v, rowCount: v.rowCount) { (0, $0) }
  }

  /// Rows that are products, element by element, of a row of u and a row of v.
  private func products(
    of u: Matrix<Scalar>, _ v: Matrix<Scalar>, rowCount: Int, _ choose: (Int) -> (u: Int, v: Int)
  ) -> Matrix<Scalar> {
    let width = u.columnCount
    return Matrix(rowCount: rowCount, columnCount: width) { result in
      guard let result = result.baseAddress else { return }
      u.values.withUnsafeBufferPointer { u in
        v.values.withUnsafeBufferPointer { v in
          for row in 0..<rowCount {
            let chosen = choose(row)
            multiplyElements(
              u.baseAddress! + chosen.u * width, v.baseAddress! + chosen.v * width,
              to: result + row * width, count: width)
          }
        }
      }
    }
  }

  private func columns(of u: Matrix<Scalar>, _ body: ([Scalar]) -> Scalar) -> [Scalar] {
    (0..<u.columnCount).map { body(u.column($0)) }
  }
}

extension KernelTerm {
  /// The same term with one position, for terms whose inputs do not depend on it: Σ_pq s_p · s_q =
  /// (Σ_p s_p) · (Σ_q s_q).
  fileprivate func withoutPositions(exampleCount: Int) -> KernelTerm {
    if positionCount == 1 { return self }
    switch rows {
    case .shared(let matrix):
      return KernelTerm(
        inputs: nil, hasBias: hasBias, rows: .shared(matrix), positionCount: 1,
        scale: scale * Scalar(positionCount * positionCount))
    case .own(let matrix):
      let (positions, width) = (positionCount, matrix.columnCount)
      let sums = Matrix<Scalar>(rowCount: matrix.rowCount / positions, columnCount: width) {
        result in
        guard let result = result.baseAddress else { return }
        fill(result, with: 0, count: matrix.count / positions)
        matrix.values.withUnsafeBufferPointer { source in
          for row in 0..<matrix.rowCount {
            addMultiple(
              1, source.baseAddress! + row * width, to: result + row / positions * width,
              count: width)
          }
        }
      }
      return KernelTerm(
        inputs: nil, hasBias: hasBias, rows: .own(sums), positionCount: 1, scale: scale)
    }
  }
}

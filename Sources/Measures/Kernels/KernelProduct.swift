extension TangentKernel {
  /// The kernel times a vector, as Jᵀ and then J by factors: the kernel is not formed.
  ///
  /// - Shapes: `vector` has `columnCount` elements, the result `rowCount`.
  /// - Units: those of the kernel times those of the vector.
  /// - Complexity: about 2 (n C w + n in w) multiply-adds for a layer of w units: that of two backward
  ///   passes. The working memory is that of the layer's weights.
  /// - Source: definition.
  public func multiplied(by vector: [Scalar]) -> [Scalar] {
    precondition(
      vector.count == columnCount,
      "product: a kernel of \(columnCount) columns cannot meet \(vector.count) elements")
    var result = [Scalar](repeating: 0, count: rowCount)
    for (left, right) in zip(tiles.left, tiles.right) {
      let gradient = right.gradient(along: vector, rowsPerExample, exampleCounts.columns)
      left.addProduct(
        with: gradient, scale: left.scale, to: &result, rowsPerExample, exampleCounts.rows)
    }
    return result
  }

  /// The kernel times every column of a matrix.
  ///
  /// - Shapes: `[columnCount, k]` gives `[rowCount, k]`.
  /// - Throws: `MeasureError` by its signature; no case is thrown today.
  public func multiplied(
    by matrix: Matrix<Scalar>, workers: Workers? = nil
  ) throws(MeasureError) -> Matrix<Scalar> {
    let columns = try concurrentMap(count: matrix.columnCount, workers: workers) {
      multiplied(by: matrix.column($0))
    }
    return columns.isEmpty
      ? Matrix(rowCount: rowCount, columnCount: 0) : Matrix(rows: columns).transposed
  }
}

/// A vector in the space of one part's parameters: for its weights and for its bias.
private struct TermGradient<Scalar: RealScalar> {
  /// `[width, inputs]`, or for tables by row of the table.
  var weights: Weights
  /// `[width]`
  var bias: [Scalar]?

  enum Weights {
    case none
    case matrix(Matrix<Scalar>)
    case table([Int32: [Scalar]])
  }
}

extension KernelTerm {
  private var width: Int {
    switch rows {
    case .own(let matrix), .shared(let matrix): matrix.columnCount
    }
  }

  /// Jᵀ v: Σ v_i s_ip ⊗ a_p.
  fileprivate func gradient(
    along vector: [Scalar], _ rowCount: Int, _ exampleCount: Int
  ) -> TermGradient<Scalar> {
    // u_np = Σ_q v_nq s_nqp: what flows back into the layer.
    var flow = Matrix<Scalar>(rowCount: exampleCount * positionCount, columnCount: width)
    forEachRow(rowCount, exampleCount) { source, kernelRow, flowRow in
      flow.withUnsafeMutableBufferPointer {
        guard let target = $0.baseAddress else { return }
        addMultiple(vector[kernelRow], source, to: target + flowRow * width, count: width)
      }
    }
    var gradient = TermGradient<Scalar>(weights: .none, bias: nil)
    switch inputs {
    case .vectors(let a)?:
      gradient.weights = .matrix(flow.multiplied(by: a, transposingSelf: true))
    case .rows(let indices)?:
      var table: [Int32: [Scalar]] = [:]
      for (row, index) in indices.enumerated() {
        var sum = table[index] ?? Array(repeating: 0, count: width)
        for (column, value) in flow.row(row).enumerated() { sum[column] += value }
        table[index] = sum
      }
      gradient.weights = .table(table)
    case nil: break
    }
    if hasBias {
      gradient.bias = flow.multiplied(
        by: [Scalar](repeating: 1, count: flow.rowCount), transposingSelf: true)
    }
    return gradient
  }

  /// result += scale J g: s_ip · (g a_p) for every row.
  fileprivate func addProduct(
    with gradient: TermGradient<Scalar>, scale: Scalar, to result: inout [Scalar], _ rowCount: Int,
    _ exampleCount: Int
  ) {
    // t_np = g a_np, the change of what the layer computes.
    var change = Matrix<Scalar>(rowCount: exampleCount * positionCount, columnCount: width)
    switch (inputs, gradient.weights) {
    case (.vectors(let a)?, .matrix(let g)):
      change = a.multiplied(by: g, transposingOther: true)
    case (.rows(let indices)?, .table(let table)):
      change = Matrix(
        rows: indices.map { table[$0] ?? Array(repeating: 0, count: width) })
    default: break
    }
    if let bias = gradient.bias {
      change.withUnsafeMutableBufferPointer { values in
        guard let first = values.baseAddress else { return }
        for row in 0..<exampleCount * positionCount {
          addMultiple(1, bias, to: first + row * width, count: width)
        }
      }
    }
    change.values.withUnsafeBufferPointer { values in
      guard let first = values.baseAddress else { return }
      forEachRow(rowCount, exampleCount) { source, kernelRow, flowRow in
        let product = BLAS.dot(source, first + flowRow * width, count: width)
        result[kernelRow] += scale * Scalar(product)
      }
    }
  }

  /// Calls `body` with every s_ip, the kernel row i, and the row of example and position.
  private func forEachRow(
    _ rowCount: Int, _ exampleCount: Int, _ body: (UnsafePointer<Scalar>, Int, Int) -> Void
  ) {
    let (matrix, isShared) =
      switch rows {
      case .own(let matrix): (matrix, false)
      case .shared(let matrix): (matrix, true)
      }
    matrix.values.withUnsafeBufferPointer { values in
      guard let first = values.baseAddress else { return }
      for kernelRow in 0..<exampleCount * rowCount {
        for position in 0..<positionCount {
          let row = isShared ? kernelRow % rowCount : kernelRow * positionCount + position
          body(
            first + row * width, kernelRow, kernelRow / rowCount * positionCount + position)
        }
      }
    }
  }
}

/// The tiles of a tangent kernel: for a run of examples against another, all terms in one pass, so that
/// neither the products of inputs nor those of sensitivities are ever held whole.
struct KernelTiles<Scalar: RealScalar>: Sendable {
  let left, right: [KernelTerm<Scalar>]
  /// Kernel rows of one example.
  let rowCount: Int
  /// Whether both sides are the same examples.
  let isSymmetric: Bool

  /// The most positions of an example in any term.
  private let positionCount: Int

  init(
    left: [KernelTerm<Scalar>], right: [KernelTerm<Scalar>], rowCount: Int, isSymmetric: Bool
  ) {
    (self.left, self.right, self.rowCount) = (left, right, rowCount)
    self.isSymmetric = isSymmetric
    positionCount = left.reduce(1) { max($0, $1.positionCount) }
  }

  /// The most examples of a tile: enough for products to run at full speed, and few enough for what a
  /// term needs to stay in a second-level cache.
  var exampleLimit: Int {
    max(1, min(256, 320 / (rowCount * positionCount)))
  }

  /// Numbers that a tile of so many examples needs besides its result.
  func scratchCount(exampleCount: Int) -> Int {
    let products = exampleCount * positionCount
    let rows = products * rowCount
    return products * products + rows * rows + products * rowCount
  }

  /// Writes the kernel of `examples` (of the left factors) with `others` (of the right).
  ///
  /// - Parameter result: where the tile's first element goes, rows `leading` elements apart.
  func compute(
    _ examples: Range<Int>, _ others: Range<Int>, into result: UnsafeMutablePointer<Scalar>,
    leading: Int
  ) {
    let width = others.count * rowCount
    let scratch = UnsafeMutablePointer<Scalar>.allocate(
      capacity: scratchCount(exampleCount: max(examples.count, others.count)))
    defer { scratch.deallocate() }
    if left.isEmpty {
      for row in 0..<examples.count * rowCount {
        fill(result + row * leading, with: 0, count: width)
      }
    }
    for (index, (a, b)) in zip(left, right).enumerated() {
      TileTerm(
        left: a, right: b, rowCount: rowCount, examples: examples, others: others,
        isSymmetric: isSymmetric && examples == others, isFirst: index == 0
      )
      .add(to: result, leading: leading, scratch: scratch)
    }
  }
}

/// One term of one tile.
private struct TileTerm<Scalar: RealScalar> {
  let left, right: KernelTerm<Scalar>
  let rowCount: Int
  let examples, others: Range<Int>
  let isSymmetric: Bool
  /// Whether the result holds nothing yet.
  let isFirst: Bool

  private var positions: Int { left.positionCount }

  func add(
    to result: UnsafeMutablePointer<Scalar>, leading: Int, scratch: UnsafeMutablePointer<Scalar>
  ) {
    let (rows, columns) = (examples.count * positions, others.count * positions)
    let weights = scratch
    let expanded = weights + rows * columns
    let products = expanded + columns * rowCount
    inputProducts(into: weights)
    if positions > 1 {
      if case .shared = left.rows {
        sumOverPositions(weights)
      } else {
        multiplyRows(into: products)
        return contract(weights, products, into: result, leading)
      }
    }
    if case .own = left.rows {
      multiplyRows(into: products)
      accumulate(weights, products, expanded, linesPerExample: rowCount, into: result, leading)
    } else {
      shareRows(into: products)
      accumulate(weights, products, expanded, linesPerExample: 0, into: result, leading)
    }
  }

  // MARK: Products of inputs

  /// (a_p · a_q + b) times the scale of the term, `[examples · positions, others · positions]`.
  private func inputProducts(into weights: UnsafeMutablePointer<Scalar>) {
    let (rows, columns) = (examples.count * positions, others.count * positions)
    let bias: Scalar = left.hasBias ? 1 : 0
    switch (left.inputs, right.inputs) {
    case (.vectors(let a)?, .vectors(let b)?):
      let width = a.columnCount
      a.values.withUnsafeBufferPointer { a in
        b.values.withUnsafeBufferPointer { b in
          guard let a = a.baseAddress, let b = b.baseAddress else { return }
          multiply(
            a + examples.lowerBound * positions * width,
            b + others.lowerBound * positions * width, into: weights, rows: rows,
            columns: columns, inner: width)
        }
      }
    case (.rows(let a)?, .rows(let b)?):
      fill(weights, with: 0, count: rows * columns)
      for row in 0..<rows {
        let index = a[examples.lowerBound * positions + row]
        for column in 0..<columns where b[others.lowerBound * positions + column] == index {
          weights[row * columns + column] += 1
        }
      }
    default: fill(weights, with: 0, count: rows * columns)
    }
    if bias != 0 || left.scale != 1 {
      shift(weights, by: bias, scale: left.scale, count: rows * columns)
    }
  }

  /// Replaces the weights by their sums over the positions of both examples.
  private func sumOverPositions(_ weights: UnsafeMutablePointer<Scalar>) {
    let columns = others.count * positions
    for row in 0..<examples.count {
      for column in 0..<others.count {
        var sum: Scalar = 0
        for p in 0..<positions {
          for q in 0..<positions {
            sum += weights[(row * positions + p) * columns + column * positions + q]
          }
        }
        // What is read after this lies further on.
        weights[row * others.count + column] = sum
      }
    }
  }

  // MARK: Products of sensitivities

  private func multiplyRows(into products: UnsafeMutablePointer<Scalar>) {
    guard case .own(let a) = left.rows, case .own(let b) = right.rows else { return }
    let width = a.columnCount
    let perExample = rowCount * positions
    let columns = others.count * perExample
    a.values.withUnsafeBufferPointer { a in
      b.values.withUnsafeBufferPointer { b in
        guard let a = a.baseAddress, let b = b.baseAddress else {
          return fill(products, with: 0, count: examples.count * perExample * columns)
        }
        multiply(
          a + examples.lowerBound * perExample * width,
          b + others.lowerBound * perExample * width, into: products,
          rows: examples.count * perExample, columns: columns, inner: width)
      }
    }
  }

  /// C = A Bᵀ of contiguous matrices; half of the work where B is A.
  private func multiply(
    _ a: UnsafePointer<Scalar>, _ b: UnsafePointer<Scalar>, into c: UnsafeMutablePointer<Scalar>,
    rows: Int, columns: Int, inner: Int
  ) {
    if isSymmetric {
      BLAS.symmetricProduct(
        a, leadingA: inner, transposedA: false, into: c, leadingC: columns, size: rows,
        inner: inner)
    } else {
      BLAS.multiplyByTransposed(a, b, into: c, rows: rows, columns: columns, inner: inner)
    }
  }

  /// The products of one example's rows with those of all others: the same for every example.
  private func shareRows(into products: UnsafeMutablePointer<Scalar>) {
    guard case .shared(let a) = left.rows, case .shared(let b) = right.rows else { return }
    let once = a.multiplied(by: b, transposingOther: true)
    once.values.withUnsafeBufferPointer { once in
      for row in 0..<rowCount {
        for example in 0..<others.count {
          (products + (row * others.count + example) * rowCount)
            .update(from: once.baseAddress! + row * rowCount, count: rowCount)
        }
      }
    }
  }

  // MARK: Both together

  /// Adds weights ∘ products, each weight for all pairs of kernel rows of two examples.
  ///
  /// - Parameter linesPerExample: rows of `products` from one example to the next: 0 where all share them.
  private func accumulate(
    _ weights: UnsafeMutablePointer<Scalar>, _ products: UnsafeMutablePointer<Scalar>,
    _ expanded: UnsafeMutablePointer<Scalar>, linesPerExample: Int,
    into result: UnsafeMutablePointer<Scalar>,
    _ leading: Int
  ) {
    let columns = others.count * rowCount
    for row in 0..<examples.count {
      var factors = UnsafePointer(weights + row * others.count)
      if rowCount > 1 {
        repeatElements(factors, rowCount, into: expanded, count: others.count)
        factors = UnsafePointer(expanded)
      }
      for line in 0..<rowCount {
        let terms = products + (row * linesPerExample + line) * columns
        let target = result + (row * rowCount + line) * leading
        if isFirst {
          multiplyElements(factors, terms, to: target, count: columns)
        } else {
          addProducts(factors, terms, to: target, count: columns)
        }
      }
    }
  }

  /// Adds Σ_pq weights ∘ products.
  private func contract(
    _ weights: UnsafeMutablePointer<Scalar>, _ products: UnsafeMutablePointer<Scalar>,
    into result: UnsafeMutablePointer<Scalar>, _ leading: Int
  ) {
    let weightColumns = others.count * positions
    let columns = weightColumns * rowCount
    for line in 0..<examples.count * rowCount {
      if isFirst { fill(result + line * leading, with: 0, count: others.count * rowCount) }
      for p in 0..<positions {
        addContraction(
          weights + (line / rowCount * positions + p) * weightColumns,
          products + (line * positions + p) * columns, to: result + line * leading,
          examples: others.count, rows: rowCount, positions: positions)
      }
    }
  }
}

// MARK: - Loops

/// Sets all elements.
@inline(never)
@specialized(where S == Float)
@specialized(where S == Double)
func fill<S: RealScalar>(_ x: UnsafeMutablePointer<S>, with value: S, count: Int) {
  for index in 0..<count { x[index] = value }
}

/// x = scale (x + constant).
@inline(never)
@specialized(where S == Float)
@specialized(where S == Double)
private func shift<S: RealScalar>(
  _ x: UnsafeMutablePointer<S>, by constant: S, scale: S, count: Int
) {
  for index in 0..<count { x[index] = scale * (x[index] + constant) }
}

/// y += factor x.
@inline(never)
@specialized(where S == Float)
@specialized(where S == Double)
func addMultiple<S: RealScalar>(
  _ factor: S, _ x: UnsafePointer<S>, to y: UnsafeMutablePointer<S>, count: Int
) {
  for index in 0..<count { y[index] += factor * x[index] }
}

/// z = x ∘ y.
@inline(never)
@specialized(where S == Float)
@specialized(where S == Double)
func multiplyElements<S: RealScalar>(
  _ x: UnsafePointer<S>, _ y: UnsafePointer<S>, to z: UnsafeMutablePointer<S>, count: Int
) {
  for index in 0..<count { z[index] = x[index] * y[index] }
}

/// z += x ∘ y.
@inline(never)
@specialized(where S == Float)
@specialized(where S == Double)
func addProducts<S: RealScalar>(
  _ x: UnsafePointer<S>, _ y: UnsafePointer<S>, to z: UnsafeMutablePointer<S>, count: Int
) {
  for index in 0..<count { z[index] += x[index] * y[index] }
}

/// Every element `times` times.
@inline(never)
@specialized(where S == Float)
@specialized(where S == Double)
private func repeatElements<S: RealScalar>(
  _ x: UnsafePointer<S>, _ times: Int, into y: UnsafeMutablePointer<S>, count: Int
) {
  for index in 0..<count {
    let (value, start) = (x[index], index &* times)
    for offset in 0..<times { y[start &+ offset] = value }
  }
}

/// z[j, d] += Σ_q x[j, q] y[j, d, q] for all other examples j and their kernel rows d.
@inline(never)
@specialized(where S == Float)
@specialized(where S == Double)
private func addContraction<S: RealScalar>(
  _ x: UnsafePointer<S>, _ y: UnsafePointer<S>, to z: UnsafeMutablePointer<S>, examples: Int,
  rows: Int, positions: Int
) {
  for j in 0..<examples {
    for d in 0..<rows {
      var sum: S = 0
      let (a, b) = (x + j &* positions, y + (j &* rows &+ d) &* positions)
      for q in 0..<positions { sum += a[q] * b[q] }
      z[j &* rows &+ d] += sum
    }
  }
}

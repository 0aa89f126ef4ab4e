extension Matrix {
  /// The matrix product op(self) · op(other), in this precision.
  ///
  /// - Shapes: with nothing transposed, `[m, k]` · `[k, n]` gives `[m, n]`. With `transposingSelf` this
  ///   matrix is `[k, m]`, with `transposingOther` the other is `[n, k]`.
  /// - Precondition: the inner sizes agree.
  public func multiplied(
    by other: Matrix, transposingSelf: Bool = false, transposingOther: Bool = false
  ) -> Matrix {
    var result = Matrix(
      rowCount: transposingSelf ? columnCount : rowCount,
      columnCount: transposingOther ? other.rowCount : other.columnCount)
    result.addProduct(
      of: self, transposed: transposingSelf, and: other, transposed: transposingOther, keeping: 0)
    return result
  }

  /// Replaces this matrix C by `scale` op(A) · op(B) + `beta` C.
  ///
  /// - Parameter beta: what C is multiplied by first; where it is 0, C is not read.
  /// - Precondition: the shapes agree.
  public mutating func addProduct(
    of a: Matrix, transposed transposedA: Bool = false,
    and b: Matrix, transposed transposedB: Bool = false,
    scale: Scalar = 1, keeping beta: Scalar = 1
  ) {
    let rows = transposedA ? a.columnCount : a.rowCount
    let inner = transposedA ? a.rowCount : a.columnCount
    let columns = transposedB ? b.rowCount : b.columnCount
    let innerB = transposedB ? b.columnCount : b.rowCount
    precondition(
      inner == innerB,
      """
      product: [\(rows), \(inner)] · [\(innerB), \(columns)]: \(inner) columns cannot meet \
      \(innerB) rows
      """)
    precondition(
      rows == rowCount && columns == columnCount,
      "product: [\(rows), \(inner)] · [\(innerB), \(columns)] does not fit \(shapeDescription)")
    let leadingC = columnCount
    a.storage.withUnsafeBufferPointer { a0 in
      b.storage.withUnsafeBufferPointer { b0 in
        storage.withUnsafeMutableBufferPointer { c0 in
          guard let c = c0.baseAddress else { return }
          // Where the inner size is 0, A and B have no memory; C's serves as an address not read.
          BLAS.multiply(
            a0.baseAddress ?? UnsafePointer(c), leadingA: a.columnCount, transposedA: transposedA,
            b0.baseAddress ?? UnsafePointer(c), leadingB: b.columnCount, transposedB: transposedB,
            into: c, leadingC: leadingC, rows: rows, columns: columns, inner: inner,
            scale: scale, accumulate: beta)
        }
      }
    }
  }

  /// The products of all pairs of rows, self · selfᵀ: a symmetric matrix `[rowCount, rowCount]`.
  public var rowGram: Matrix { gram(transposed: false) }

  /// The products of all pairs of columns, selfᵀ · self: a symmetric matrix `[columnCount, columnCount]`.
  public var columnGram: Matrix { gram(transposed: true) }

  private func gram(transposed: Bool) -> Matrix {
    let size = transposed ? columnCount : rowCount
    let inner = transposed ? rowCount : columnCount
    if count == 0 { return Matrix(rowCount: size, columnCount: size) }
    return Matrix(rowCount: size, columnCount: size) { result in
      storage.withUnsafeBufferPointer { a in
        BLAS.symmetricProduct(
          a.baseAddress!, leadingA: columnCount, transposedA: transposed,
          into: result.baseAddress!, leadingC: size, size: size, inner: inner)
      }
    }
  }

  /// The product op(self) · `vector`.
  ///
  /// - Shapes: `vector` has `columnCount` elements and the result `rowCount`; with `transposingSelf`
  ///   the other way round.
  public func multiplied(by vector: [Scalar], transposingSelf: Bool = false) -> [Scalar] {
    let inner = transposingSelf ? rowCount : columnCount
    precondition(
      vector.count == inner,
      "product: \(shapeDescription)\(transposingSelf ? "ᵀ" : "") · [\(vector.count)]: "
        + "\(inner) columns cannot meet \(vector.count) elements")
    var result = [Scalar](repeating: 0, count: transposingSelf ? columnCount : rowCount)
    if count == 0 { return result }
    storage.withUnsafeBufferPointer { a in
      vector.withUnsafeBufferPointer { x in
        result.withUnsafeMutableBufferPointer { y in
          BLAS.multiply(
            a.baseAddress!, leadingA: columnCount, transposedA: transposingSelf, rows: rowCount,
            columns: columnCount, vector: x.baseAddress!, into: y.baseAddress!)
        }
      }
    }
    return result
  }
}

/// The inner product Σ x y, accumulated in `Double`.
///
/// - Precondition: both have the same number of elements.
public func dot<Scalar: RealScalar>(_ x: [Scalar], _ y: [Scalar]) -> Double {
  precondition(x.count == y.count, "dot: \(x.count) elements cannot meet \(y.count)")
  return x.withUnsafeBufferPointer { x in
    y.withUnsafeBufferPointer { y in
      guard let x0 = x.baseAddress, let y0 = y.baseAddress else { return 0 }
      return BLAS.dot(x0, y0, count: x.count)
    }
  }
}

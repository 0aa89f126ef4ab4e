import GrokKernels

extension Matrix {
  /// The matrix with rows and columns exchanged.
  public var transposed: Matrix {
    Matrix(rowCount: columnCount, columnCount: rowCount) { result in
      storage.withUnsafeBufferPointer { source in
        guard let from = source.baseAddress, let to = result.baseAddress else { return }
        GrokNumerics.transpose(
          from, leading: columnCount, into: to, leading: rowCount, rows: rowCount,
          columns: columnCount)
      }
    }
  }

  /// Makes a square matrix symmetric: what is below the diagonal becomes what is above.
  package mutating func mirrorUpperTriangle() {
    precondition(rowCount == columnCount, "mirror: \(shapeDescription) is not square")
    let size = rowCount
    storage.withUnsafeMutableBufferPointer {
      if let first = $0.baseAddress {
        GrokNumerics.mirrorUpperTriangle(first, leading: size, size: size)
      }
    }
  }
}

/// Writes `x` `[rows, columns]` transposed to `result`, rows of each `leading` elements apart.
package func transpose<S: RealScalar>(
  _ x: UnsafePointer<S>, leading: Int, into result: UnsafeMutablePointer<S>,
  leading resultLeading: Int, rows: Int, columns: Int
) {
  S.kernels.pointee.transpose(x, leading, result, resultLeading, rows, columns)
}

/// Makes a matrix `[size, size]` symmetric from its upper triangle, rows `leading` elements apart.
package func mirrorUpperTriangle<S: RealScalar>(
  _ c: UnsafeMutablePointer<S>, leading: Int, size: Int
) {
  // Blocks on the diagonal element by element, all others transposed.
  let side = 64
  for top in stride(from: 0, to: size, by: side) {
    let bottom = min(top + side, size)
    mirrorBlock(c + top * (leading + 1), leading: leading, size: bottom - top)
    transpose(
      c + top * leading + bottom, leading: leading, into: c + bottom * leading + top,
      leading: leading, rows: bottom - top, columns: size - bottom)
  }
}

@specialized(where S == Float)
@specialized(where S == Double)
private func mirrorBlock<S: RealScalar>(
  _ c: UnsafeMutablePointer<S>, leading: Int, size: Int
) {
  for row in 0..<size {
    for column in 0..<row { c[row &* leading &+ column] = c[column &* leading &+ row] }
  }
}

import GrokKernels

/// The elements of a matrix that are not exactly zero, so that products can leave out the others.
///
/// Pictures of handwriting are four fifths zeros, which would be two fifths of all arithmetic of a small network's
/// training step.
final class NonzeroTable<Scalar: RealScalar>: Sendable {
  let columnCount: Int
  let blockCount: Int
  /// `[rows, blocks + 1]`: where the elements of each block of columns begin, and where those of the row end.
  let starts: [Int32]
  /// The column of each, rising within a row.
  let columns: [Int32]
  let values: [Scalar]

  /// Columns of a block: the unit that gradients are shared out by.
  static var blockWidth: Int { 32 }
  /// The largest share of elements that are not zero at which leaving out the others is faster.
  static var largestShare: Double { 0.3 }

  /// The elements of `[rows, columns]`; `nil` where too few are zero, or where products are not the kernels' own.
  init?(_ matrix: Tensor<Scalar>) {
    guard matrix.shape.rank == 2, matrix.count > 0, Scalar.kernels.pointee.level != GK_PORTABLE
    else { return nil }
    let (rows, columns) = (matrix.shape[0], matrix.shape[1])
    let limit = min(Double(matrix.count) * Self.largestShare, Double(Int32.max))
    let found = matrix.withValues {
      nonzeroElements(
        of: $0, rowCount: rows, columnCount: columns, blockWidth: Self.blockWidth,
        limit: Int(limit))
    }
    guard let found else { return nil }
    columnCount = columns
    blockCount = (columns + Self.blockWidth - 1) / Self.blockWidth
    (starts, self.columns, values) = found
  }
}

/// The elements that are not zero with their columns, and where those of each block begin and those of each row end;
/// `nil` where there are more than `limit`.
@specialized(where S == Float)
@specialized(where S == Double)
private func nonzeroElements<S: RealScalar>(
  of all: UnsafeBufferPointer<S>, rowCount: Int, columnCount: Int, blockWidth: Int, limit: Int
) -> (starts: [Int32], columns: [Int32], values: [S])? {
  var count = 0
  for value in all { count &+= value == 0 ? 0 : 1 }
  guard count <= limit else { return nil }
  let blockCount = (columnCount + blockWidth - 1) / blockWidth
  var starts: [Int32] = []
  starts.reserveCapacity(rowCount * (blockCount + 1))
  var values: [S] = []
  let columns = [Int32](unsafeUninitializedCapacity: count + 1) { columns, found in
    values = [S](unsafeUninitializedCapacity: count + 1) { values, length in
      for row in 0..<rowCount {
        var column = 0
        while column < columnCount {
          starts.append(Int32(truncatingIfNeeded: found))
          let end = min(column &+ blockWidth, columnCount)
          while column < end {
            // Written always and kept where it counts: no branch to foretell.
            let value = all[row &* columnCount &+ column]
            columns[found] = Int32(truncatingIfNeeded: column)
            values[found] = value
            found &+= value == 0 ? 0 : 1
            column &+= 1
          }
        }
        starts.append(Int32(truncatingIfNeeded: found))
      }
      length = found
    }
  }
  return (starts, columns, values)
}

/// Some rows of a matrix whose nonzero elements are known.
final class NonzeroRows<Scalar: RealScalar>: @unchecked Sendable {
  let table: NonzeroTable<Scalar>
  private let firstRow: Int
  // Written only while nobody else refers to it.
  private var indices: [Int32]?

  init(_ table: NonzeroTable<Scalar>, from firstRow: Int = 0) {
    self.table = table
    self.firstRow = firstRow
  }

  private init(_ table: NonzeroTable<Scalar>, at indices: [Int32]) {
    self.table = table
    self.indices = indices
    firstRow = 0
  }

  /// A run of these rows.
  func rows(_ range: Range<Int>) -> NonzeroRows {
    if let indices { return NonzeroRows(table, at: Array(indices[range])) }
    return NonzeroRows(table, from: firstRow + range.lowerBound)
  }

  /// These rows at some indices, in `other` where nobody else refers to it.
  func gathered(_ indices: [Int32], reusing other: inout NonzeroRows?) -> NonzeroRows {
    let result: NonzeroRows
    if other != nil, isKnownUniquelyReferenced(&other), other!.table === table,
      other!.indices != nil
    {
      result = other!
    } else {
      result = NonzeroRows(table, at: [])
    }
    result.indices!.removeAll(keepingCapacity: true)
    for index in indices {
      result.indices!.append(self.indices?[Int(index)] ?? Int32(firstRow) + index)
    }
    return result
  }

  /// Calls `body` with what the kernels read.
  ///
  /// - Parameter stride: of rows of the result of a product.
  func withKernelOperand<Result>(stride: Int, _ body: (UnsafePointer<gk_nonzeros>) -> Result)
    -> Result
  {
    table.starts.withUnsafeBufferPointer { starts in
      table.columns.withUnsafeBufferPointer { columns in
        table.values.withUnsafeBufferPointer { values in
          (indices ?? []).withUnsafeBufferPointer { rows in
            var operand = gk_nonzeros(
              columns: table.columnCount, blocks: table.blockCount,
              width: NonzeroTable<Scalar>.blockWidth, starts: starts.baseAddress!,
              // A matrix of zeros has no elements; then nothing is read there.
              column: columns.baseAddress ?? starts.baseAddress!,
              values: values.baseAddress.map { UnsafeRawPointer($0) }
                ?? UnsafeRawPointer(starts.baseAddress!),
              rows: indices == nil ? nil : rows.baseAddress, first_row: firstRow, stride: stride)
            return body(&operand)
          }
        }
      }
    }
  }
}

extension Tensor {
  /// The same matrix, of which products leave out the elements that are exactly zero where these are many.
  ///
  /// They have the same bits as those of all elements, as long as the other operand is finite; the tensor must not be
  /// one to differentiate twice by. For data that stays as it is.
  public func notingZeros() -> Tensor {
    guard let table = NonzeroTable(self) else { return self }
    var result = self
    result.nonzeros = NonzeroRows(table)
    return result
  }

  /// ``gather(rows:)`` of data, reusing what `earlier`, an earlier batch of it, has known about its zeros.
  package func gather(rows indices: [Int32], inPlaceOf earlier: inout Tensor?) -> Tensor {
    var reused = earlier?.nonzeros
    earlier = nil
    var result = detached.withoutNonzeros.gather(rows: indices)
    result.nonzeros = nonzeros?.gathered(indices, reusing: &reused)
    return result
  }

  private var withoutNonzeros: Tensor {
    var result = self
    result.nonzeros = nil
    return result
  }
}

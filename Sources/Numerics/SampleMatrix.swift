/// Anything that can be read as a matrix of samples: one row per sample, one column per feature.
///
/// Measures accept any conforming type, so that a program's own array type needs three members and no
/// copy of its data:
///
/// ```swift
/// extension SensorLog: SampleMatrix {
///   var rowCount: Int { readings.count }
///   var columnCount: Int { readings.first?.count ?? 0 }
///   subscript(row: Int, column: Int) -> Double { Double(readings[row][column]) }
/// }
/// ```
///
/// A type whose rows lie in a file or a database gains by the other two members, which have defaults:
/// measures read it in blocks and never hold all of it. Where a measure is given workers it reads from
/// several threads at once.
public protocol SampleMatrix {
  /// The number of rows.
  var rowCount: Int { get }
  /// The number of columns.
  var columnCount: Int { get }
  /// The element in `row` and `column`, counted from 0.
  subscript(row: Int, column: Int) -> Double { get }

  /// The precision that large products of these samples are computed in; `.double` by default.
  var precision: Precision { get }

  /// Writes a block of elements, every one rounded to nearest, row after row.
  ///
  /// - Parameter destination: where the first element goes; the next row of the block goes `stride`
  ///   elements further on.
  func copy<Scalar: RealScalar>(
    rows: Range<Int>, columns: Range<Int>, to destination: UnsafeMutablePointer<Scalar>,
    stride: Int)
}

extension SampleMatrix {
  /// `.double`.
  public var precision: Precision { .double }

  /// Copies element by element.
  public func copy<Scalar: RealScalar>(
    rows: Range<Int>, columns: Range<Int>, to destination: UnsafeMutablePointer<Scalar>,
    stride: Int
  ) {
    for (index, row) in rows.enumerated() {
      let target = destination + index * stride
      for (offset, column) in columns.enumerated() { target[offset] = Scalar(self[row, column]) }
    }
  }
}

extension Matrix: SampleMatrix {
  /// That of its elements.
  public var precision: Precision { Scalar.precision }

  /// Copies row by row.
  public func copy<Other: RealScalar>(
    rows: Range<Int>, columns: Range<Int>, to destination: UnsafeMutablePointer<Other>, stride: Int
  ) {
    precondition(
      rows.lowerBound >= 0 && rows.upperBound <= rowCount && columns.lowerBound >= 0
        && columns.upperBound <= columnCount && stride >= columns.count,
      "copy: rows \(rows) and columns \(columns) are not all within \(shapeDescription)")
    storage.withUnsafeBufferPointer { source in
      for (index, row) in rows.enumerated() {
        let start = row * columnCount + columns.lowerBound
        convert(
          UnsafeBufferPointer(rebasing: source[start..<start + columns.count]),
          to: UnsafeMutableBufferPointer(start: destination + index * stride, count: columns.count))
      }
    }
  }

  /// The element in `row` and `column` as a `Double`.
  @_disfavoredOverload
  public subscript(row: Int, column: Int) -> Double {
    let element: Scalar = self[row, column]
    return Double(element)
  }
}

extension Array: SampleMatrix where Element == [Double] {
  /// The number of rows.
  public var rowCount: Int { count }
  /// The number of columns, read from the first row; 0 where there are no rows.
  public var columnCount: Int { first?.count ?? 0 }
  /// The element in `row` and `column`, counted from 0.
  public subscript(row: Int, column: Int) -> Double { self[row][column] }
}

extension Matrix {
  /// The samples as a matrix, every element rounded to nearest.
  ///
  /// A `Matrix` of the same precision is returned as it is, without a copy.
  ///
  /// - Precondition: rows of a nested array all have the same length.
  public init(_ samples: some SampleMatrix) {
    if let same = samples as? Matrix<Scalar> {
      self = same
    } else if let floats = samples as? Matrix<Float> {
      self.init(floats)
    } else if let doubles = samples as? Matrix<Double> {
      self.init(doubles)
    } else if let rows = samples as? [[Double]] {
      self.init(Matrix<Double>(rows: rows))
    } else {
      let (rowCount, columnCount) = (samples.rowCount, samples.columnCount)
      self.init(rowCount: rowCount, columnCount: columnCount) { result in
        guard let first = result.baseAddress else { return }
        samples.copy(
          rows: 0..<rowCount, columns: 0..<columnCount, to: first, stride: columnCount)
      }
    }
  }
}

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
public protocol SampleMatrix {
  /// The number of rows.
  var rowCount: Int { get }
  /// The number of columns.
  var columnCount: Int { get }
  /// The element in `row` and `column`, counted from 0.
  subscript(row: Int, column: Int) -> Double { get }
}

extension Matrix: SampleMatrix {
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
        for row in 0..<rowCount {
          for column in 0..<columnCount {
            result.initializeElement(
              at: row * columnCount + column, to: Scalar(samples[row, column]))
          }
        }
      }
    }
  }
}

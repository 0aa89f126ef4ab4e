@_exported import GrokNumerics

extension Plot {
  /// A matrix as colored cells, such as a kernel, a confusion matrix or a sweep over two settings.
  ///
  /// ```swift
  /// let plot = Plot(
  ///   "Test accuracy", x: .logarithmic("Weight decay"), y: .logarithmic("Initial scale"),
  ///   heatMap: Plot.HeatMap(accuracy, x: .numbers(decays), y: .numbers(scales)),
  ///   colorScale: .sequential("Test accuracy", range: 0...1))
  /// ```
  ///
  /// Cells that are not finite, or that a logarithmic color scale has no color for, are hatched. A
  /// matrix of more cells than the figure has room for is averaged on the color scale.
  public struct HeatMap: Sendable, Hashable {
    /// The numbers, row by row.
    public let values: [Double]
    /// The number of rows.
    public let rowCount: Int
    /// The number of columns.
    public let columnCount: Int
    /// What the columns stand for.
    public var x: Coordinates
    /// What the rows stand for.
    public var y: Coordinates

    /// Any matrix, or rows of numbers.
    ///
    /// - Precondition: all rows are equally long, and there are as many coordinates as columns and
    ///   rows.
    public init(
      _ matrix: some SampleMatrix, x: Coordinates = .indices, y: Coordinates = .indices
    ) {
      rowCount = matrix.rowCount
      columnCount = matrix.columnCount
      values = Matrix<Double>(matrix).values
      self.x = x
      self.y = y
      for (name, coordinates, count) in [("x", x, columnCount), ("y", y, rowCount)] {
        precondition(
          coordinates.count.map { $0 == count } ?? true,
          "Plot.HeatMap: \(coordinates.count ?? 0) \(name) coordinates for \(rowCount) rows and "
            + "\(columnCount) columns; expected \(count)")
      }
    }

    /// The number in a row and a column.
    public subscript(row: Int, column: Int) -> Double { values[row * columnCount + column] }

    /// What the columns or rows of a matrix stand for.
    public struct Coordinates: Sendable, Hashable {
      enum Kind: Sendable, Hashable {
        case indices
        case numbers([Double])
        case names([String])
      }

      let kind: Kind

      /// Their positions, counted from 0. Rows run from the top to the bottom, as matrices are
      /// written.
      public static let indices = Coordinates(kind: .indices)

      /// Numbers in the middle of the cells; the cells meet half way between them as drawn.
      ///
      /// - Precondition: `numbers` are finite and ascending.
      public static func numbers(_ numbers: [Double]) -> Coordinates {
        precondition(
          numbers.allSatisfy(\.isFinite)
            && zip(numbers, numbers.dropFirst()).allSatisfy { $0 < $1 },
          "Plot.HeatMap: coordinates must be finite and ascending")
        return Coordinates(kind: .numbers(numbers))
      }

      /// Names. Rows run from the top to the bottom.
      public static func names(_ names: [String]) -> Coordinates {
        Coordinates(kind: .names(names))
      }

      /// How many there are; `nil` for as many as it takes.
      var count: Int? {
        switch kind {
        case .indices: nil
        case .numbers(let numbers): numbers.count
        case .names(let names): names.count
        }
      }
    }
  }
}
